"""`make torture KILLS=200`: every crash point, random kills, bad receivers, mutants; the last line tells."""

from __future__ import annotations

import functools
import os
import random
import sys
import tempfile
from pathlib import Path

from databases import local_postgresql
from torture.harness import Bench, Figures
from torture.mutants import MUTANTS
from torture.series import document, every_point, mutants_caught, random_kills
from torture.world import world


def main() -> int:
    """Run it all; 0 if the promise held and every mutant was caught."""
    kills = int(os.environ.get("KILLS", "200"))
    say = functools.partial(print, flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with local_postgresql() as uri, world(document(), folder) as address:
            bench = Bench(folder=folder, address=address, postgresql=uri)
            bench.warm()
            say(f"{len(bench.expected)} stories expected; {len(bench.points('sqlite'))} crash points")
            total = every_point(bench, "sqlite", step=max(1, 200 // kills))
            say(f"D0 every crash point, sqlite: {total}")
            for mode in ("good", "bad"):
                bench.mode = mode
                for kind in ("sqlite", "postgresql"):
                    for workers in (1, 2):
                        chance = random.Random(f"{mode}{kind}{workers}")  # noqa: S311 - fixed seeds
                        found = random_kills(bench, kind, kills // 8, workers=workers, chance=chance)
                        wrong = "" if found.good else " WRONG"
                        say(f"D1 {mode} receiver, {kind}, {workers} workers: {found}{wrong}")
                        total += found
            bench.mode = "good"
            caught = mutants_caught(bench)
            say(f"D2 mutants caught: {', '.join(caught) or 'none'}")
    good = total.good and len(caught) == len(MUTANTS)
    say(f"torture: {total}; mutants caught {len(caught)} of {len(MUTANTS)}: {'good' if good else 'WRONG'}")
    return 0 if good and isinstance(total, Figures) else 1


if __name__ == "__main__":
    sys.exit(main())
