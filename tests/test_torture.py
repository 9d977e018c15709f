"""The fault plan in the gate: fifty kills and four mutants, races, a late sender, a clock that jumps.

`make torture` does the same at length.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from torture.clocks import jumps
from torture.harness import Bench, Figures
from torture.mutants import MUTANTS
from torture.races import overrun, race
from torture.series import NEWS, every_point, feeds, mutants_caught, random_kills
from torture.world import world

KINDS = ("sqlite", "postgresql")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def bench(postgresql: str) -> Iterator[Bench]:
    """Give a place to torture the product in: in memory, since SIGKILL leaves the same behind there."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with (
        TemporaryDirectory(dir=memory if memory.is_dir() else None) as name,
        world(feeds(), Path(name)) as address,
    ):
        made = Bench(folder=Path(name), address=address, postgresql=postgresql)
        made.warm()
        yield made


def test_fifty_kills_lose_nothing_and_repeat_at_most_one_each(bench: Bench) -> None:
    assert len(bench.expected) == len(NEWS)
    total = Figures()
    for kind in KINDS:
        for workers in (1, 2):
            chance = random.Random(f"{kind}{workers}")  # noqa: S311 - a fixed seed
            total += random_kills(bench, kind, 10, workers=workers, chance=chance)
    total += every_point(bench, "sqlite", step=max(1, len(bench.points("sqlite")) // 10))
    assert total.kills >= 50
    assert total.good, str(total)


def test_every_mutant_is_caught(bench: Bench) -> None:
    assert mutants_caught(bench) == list(MUTANTS)


@pytest.mark.parametrize("kind", KINDS)
def test_two_collectors_and_two_senders_at_once_make_each_story_one_alert_and_one_attempt(
    bench: Bench, kind: str
) -> None:
    figures = race(bench, kind, 50)
    assert (figures.alerts, figures.lost, figures.repeats) == (50, 0, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sender_that_slept_through_its_lease_repeats_one_alert_and_changes_no_row(
    bench: Bench, kind: str
) -> None:
    figures = overrun(bench, kind)
    assert figures.good, str(figures)
    assert figures.repeats == 1


def test_a_clock_that_jumps_loses_nothing_and_doubles_nothing(bench: Bench) -> None:
    figures = jumps(bench, "sqlite", step=9)
    assert figures.runs >= 12
    assert figures.good, str(figures)
    assert figures.repeats == 0
