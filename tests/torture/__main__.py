"""`make torture KILLS=200`: D0 to D2, D5, D6 and D9 of the fault plan, at length; the last line tells."""

from __future__ import annotations

import functools
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from databases import local_postgresql
from torture.clocks import jumps
from torture.harness import Bench, Figures
from torture.mutants import MUTANTS
from torture.races import OVERRUN, overrun, race
from torture.series import every_point, feeds, mutants_caught, random_kills
from torture.world import world

KINDS = ("sqlite", "postgresql")


def main() -> int:
    """Run it all; 0 if the promise held and every mutant was caught."""
    kills = int(os.environ.get("KILLS", "200"))
    say = functools.partial(print, flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with local_postgresql() as uri, world(feeds(), folder) as address:
            bench = Bench(folder=folder, address=address, postgresql=uri)
            bench.warm()
            say(f"{len(bench.expected)} stories expected; {len(bench.points('sqlite'))} crash points")
            total = Figures()
            for what, figures in series(bench, kills):
                say(f"{what}: {figures}{'' if figures.good else ' WRONG'}")
                total += figures
            caught = mutants_caught(bench)
            say(f"D2 mutants caught: {', '.join(caught) or 'none'}")
    good = total.good and len(caught) == len(MUTANTS)
    say(f"torture: {total}; mutants caught {len(caught)} of {len(MUTANTS)}: {'good' if good else 'WRONG'}")
    return 0 if good else 1


def series(bench: Bench, kills: int) -> Iterator[tuple[str, Figures]]:
    """Run each series in turn; give what it was, and what it came to."""
    stride = max(1, 200 // kills)
    yield "D0 every crash point, sqlite", every_point(bench, "sqlite", step=stride)
    for mode in ("good", "bad"):
        for kind in KINDS:
            for workers in (1, 2):
                bench.mode, chance = mode, random.Random(f"{mode}{kind}{workers}")  # noqa: S311 - fixed seeds
                found = random_kills(bench, kind, kills // 8, workers=workers, chance=chance)
                yield f"D1 {mode} receiver, {kind}, {workers} workers", found
    bench.mode = "good"
    for number in range(max(2, kills // 10)):
        kind = KINDS[number % 2]
        yield f"D5 two of each at once, 1000 stories, {kind}", race(bench, kind, 1000)
    for kind in KINDS:
        yield f"D6 asleep for {OVERRUN.seconds} s in mid-post, {kind}", overrun(bench, kind, asleep=OVERRUN)
        yield f"D9 the clock jumps, {kind}", jumps(bench, kind, step=stride)


if __name__ == "__main__":
    sys.exit(main())
