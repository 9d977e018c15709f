"""The promise under kill -9, in the gate: fifty kills, both databases, one and two workers, four mutants."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from torture.harness import Bench, Figures
from torture.mutants import MUTANTS
from torture.series import NEWS, document, every_point, mutants_caught, random_kills
from torture.world import world

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def bench(postgresql: str) -> Iterator[Bench]:
    """Give a place to torture the product in: in memory, since SIGKILL leaves the same behind there."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with (
        TemporaryDirectory(dir=memory if memory.is_dir() else None) as name,
        world(document(), Path(name)) as address,
    ):
        made = Bench(folder=Path(name), address=address, postgresql=postgresql)
        made.warm()
        yield made


def test_fifty_kills_lose_nothing_and_repeat_at_most_one_each(bench: Bench) -> None:
    assert len(bench.expected) == len(NEWS)
    total = Figures()
    for kind in ("sqlite", "postgresql"):
        for workers in (1, 2):
            chance = random.Random(f"{kind}{workers}")  # noqa: S311 - a fixed seed
            total += random_kills(bench, kind, 10, workers=workers, chance=chance)
    total += every_point(bench, "sqlite", step=max(1, len(bench.points("sqlite")) // 10))
    assert total.kills >= 50
    assert total.good, str(total)


def test_every_mutant_is_caught(bench: Bench) -> None:
    assert mutants_caught(bench) == list(MUTANTS)
