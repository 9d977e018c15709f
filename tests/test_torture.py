"""The promise under kill -9, in the gate: fifty kills, both databases, one and two workers, four mutants."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from torture.harness import Bench, Figures
from torture.mutants import MUTANTS
from torture.series import NEWS, document, every_point, mutants_caught, random_kills
from torture.world import world

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def bench(tmp_path: Path, postgresql: str) -> Iterator[Bench]:
    """Give a place to torture the product in."""
    with world(document(), tmp_path) as address:
        made = Bench(folder=tmp_path, address=address, postgresql=postgresql)
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
