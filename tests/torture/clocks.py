"""A clock that jumps between any two steps of a run, by an hour or by more than a year (D9)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from torture.harness import Bench, Figures, ended
from torture.product import watch
from torture.world import posts

from flows.clock import utc_now

JUMPS = tuple(sign * timedelta(hours=hours) for hours in (1, 24 * 400) for sign in (1, -1))


@dataclass
class Jumping:
    """A clock that is right until it is read for the `at`-th time, and wrong from then on."""

    at: int
    by: timedelta
    read: int = 0

    def __call__(self) -> datetime:
        """Give the time."""
        self.read += 1
        return utc_now() + (self.by if self.read >= self.at else timedelta(0))


def readings(bench: Bench) -> int:
    """Count how often a run reads the clock."""
    held = bench.configured(bench.fresh("sqlite"), f"read-{uuid4().hex[:8]}")
    file, clock = bench.folder / f"read-{uuid4().hex[:8]}", Jumping(0, timedelta(0))

    async def counted() -> None:
        await watch(held, clock=clock)
        file.write_text(str(clock.read))

    ended([bench.fork(counted)])
    return int(file.read_text())


def jumped(bench: Bench, kind: str, at: int, by: timedelta) -> Figures:
    """Run with a clock that jumps, then with the right one, while the feed grows; compare.

    The receiver is busy when it hears of a story first, so that the wrong clock also
    plans a second attempt. The last run is two hours later.
    """
    url, log, mode = bench.fresh(kind), f"jump-{uuid4().hex[:8]}", bench.mode
    bench.mode = "busy"
    held, bench.mode = bench.configured(url, log), mode
    stage = bench.folder / f"{log}.stage"
    clocks: list[Callable[[], datetime]] = [utc_now, Jumping(at, by), utc_now]
    for number, clock in enumerate(clocks):
        stage.write_text(str(number))
        ended([bench.fork(functools.partial(watch, held, clock=clock))])
    ended([bench.fork(functools.partial(watch, held, clock=lambda: utc_now() + timedelta(hours=2)))])
    return bench.compare(url, posts(bench.folder / log), kills=0)


def jumps(bench: Bench, kind: str, *, step: int = 1) -> Figures:
    """Let the clock jump at every reading (or at each `step`-th), by each of JUMPS."""
    total = Figures()
    for by in JUMPS:
        for at in range(1, readings(bench) + 1, step):
            total += jumped(bench, kind, at, by)
    return total
