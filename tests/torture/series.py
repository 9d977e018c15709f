"""Series of kills: every crash point, random ones, and against each mutant."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from desk import LAUNCH, LAUNCH_TEXT, Item, rss
from torture.harness import Bench, Figures
from torture.mutants import MUTANTS

from flows.clock import utc_now

NEWS = (
    (LAUNCH, LAUNCH_TEXT),
    (
        "IAEA chief says activity continues at North Korea's Yongbyon nuclear complex",
        "The head of the agency told its board that the reactor at Yongbyon keeps running.",
    ),
    (
        "Kim Jong Un and Xi Jinping meet in Beijing over trade",
        "North Korean leader Kim Jong Un met Chinese President Xi Jinping in Beijing on Friday.",
    ),
    (
        "South Korea fires warning shots as North Korean soldiers cross the demarcation line",
        "North Korean troops crossed the military demarcation line in the DMZ and returned after shots.",
    ),
    (
        "Hackers of North Korea's Lazarus stole 300 million dollars in cryptocurrency, FBI says",
        "The FBI blamed the Lazarus group for the theft of cryptocurrency from an exchange.",
    ),
)


# Where each mutant is weak: points that D0 visits, too. After the death two workers come at once,
# and find the alerts due.
WEAK = {
    "etag-early": "before INSERT INTO article",
    "mark-then-post": "send POST",
    "no-lease": "send POST",
    "random-ids": "answer POST",
}


def feeds() -> dict[str, list[str]]:
    """Write the feeds: "wire" grows from nothing to five stories, "flood" has a thousand."""
    now = utc_now()
    items = [
        Item(title=title, text=text, at=now - timedelta(hours=4 * n)) for n, (title, text) in enumerate(NEWS)
    ]
    flood = [
        Item(
            title=f"{title} (report {number})",
            text=f"Report {number} of the day. {text}",
            at=now - timedelta(hours=2 * number),
        )
        for number in range(1, 1001)
        for title, text in [NEWS[number % len(NEWS)]]
    ]
    return {
        "wire": [rss(items[:count], title="wire") for count in (0, 3, 5)],
        "flood": [rss(flood[:count], title="flood") for count in (50, 1000)],
    }


def every_point(bench: Bench, kind: str, *, step: int = 1) -> Figures:
    """Die at every crash point of a run, each on a database of its own."""
    total = Figures()
    for at in range(1, len(bench.points(kind)) + 1, step):
        total += bench.torture(kind, [at])
    return total


def random_kills(bench: Bench, kind: str, kills: int, *, workers: int, chance: random.Random) -> Figures:
    """Die at random events, a few times on each database, until there were so many kills."""
    total, points = Figures(), len(bench.points(kind))
    while total.kills < kills:
        few = min(chance.randint(3, 8), kills - total.kills)
        total += bench.torture(kind, list(_deaths(points, few, chance)), workers=workers)
    return total


def _deaths(points: int, few: int, chance: random.Random) -> Iterator[int]:
    """Draw events to die at, each in what the run before it left to do."""
    left = points
    for _ in range(few):
        at = chance.randint(1, left)
        yield at
        left = max(left - at, 40)  # even a run with nothing to do has more events than this


def mutants_caught(bench: Bench) -> list[str]:
    """Set each mutant on the harness; give those that it saw."""
    caught = []
    for name, mutant in MUTANTS.items():
        bench.mutant = mutant
        names = bench.points("sqlite")
        weak = [number for number, event in enumerate(names, 1) if event.startswith(WEAK[name])][:6]
        if any(not bench.torture("sqlite", [at], crew=2).good for at in weak * 3):
            caught.append(name)
        bench.mutant = None
    return caught
