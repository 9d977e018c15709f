"""What one article costs as the archive grows: stored, decided, delivered to the outbox.

    python tests/bench/bench_archive.py 10000 100000 1000000

Fills an archive with old articles, then counts the processor's seconds that 400
new ones take through the real store and decide sweeps, best of three. Each size
gets days of its own, so that every window holds as much. The claim is a ratio:
the cost at the largest archive over the cost at the smallest.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from flows import pipeline, settings
from flows.words import open_lexicon
from models import store, text
from models.database import Database
from models.store.rows import article_row
from models.tables import ArticleRow, PlaceRow, ReadingRow, SightingRow, StoryRow
from models.values import Article, RawItem, Source, SourceName, SourceState

NEW = 400
SOURCE = Source(name=SourceName("bench"), url="https://bench.example/feed", language="en")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PLACES = ("Wonsan", "Sinuiju", "Kaesong", "Panmunjom", "Nampo", "Yongbyon", "Sinpo", "Hamhung")
DEEDS = ("fires missiles near", "holds drills at", "opens talks in", "repairs a bridge in", "floods hit")


def article(number: int, at: datetime) -> Article:
    """Make an article that shares words with many others, as news does."""
    place, deed = PLACES[number % len(PLACES)], DEEDS[number // 7 % len(DEEDS)]
    made = text.refine(
        RawItem(
            guid=f"g{number}",
            url=f"https://bench.example/news/{number}",
            title=f"North Korea {deed} {place}, report {number}",
            text=f"Officials said on day {number % 31} that unit {number} was involved in {place}. " * 3,
            published_at=at,
        ),
        SOURCE,
        at,
    )
    assert isinstance(made, Article)
    return made


def fill(database: Database, start: int, count: int) -> None:
    """Put old, decided articles into the archive, each a story of its own."""
    for first in range(start, start + count, 5_000):
        rows = [
            article(number, NOW - timedelta(days=30, seconds=number))
            for number in range(first, first + 5_000)
        ]
        with database.writing() as session:
            session.execute(insert(ArticleRow), [article_row(row) | {"state": "decided"} for row in rows])
            readings = [
                {
                    "article_id": row.id,
                    "language": "en",
                    "korea": True,
                    "score": 1.0,
                    "lexicon": "x",
                    "body": b"{}",
                }
                for row in rows
            ]
            session.execute(insert(ReadingRow), readings)
            stories = [
                {
                    "id": f"s{row.id[1:]}",
                    "anchor_id": row.id,
                    "title": row.title,
                    "language": "en",
                    "opened_at": row.at,
                    "last_at": row.at,
                }
                for row in rows
            ]
            session.execute(insert(StoryRow), stories)
            places = [
                {
                    "article_id": row.id,
                    "story_id": f"s{row.id[1:]}",
                    "joined": False,
                    "score": 0,
                    "margin": 0,
                    "reason": "",
                    "evidence": {},
                }
                for row in rows
            ]
            session.execute(insert(PlaceRow), places)
            seen = [
                {
                    "source": SOURCE.name,
                    "key": row.key,
                    "article_id": row.id,
                    "digest": "",
                    "outlet": "",
                    "link": "",
                    "seen_at": row.at,
                    "listed_at": row.at,
                }
                for row in rows
            ]
            session.execute(insert(SightingRow), seen)


def cost(database: Database, configured: settings.Settings, first: int, now: datetime) -> float:
    """Time new articles from the store to the outbox; processor seconds an article."""
    open_lexicon(configured)  # compiled once a process, and not what is measured
    fresh = [article(number, now + timedelta(seconds=number % 3600)) for number in range(first, first + NEW)]
    started = time.process_time()
    with database.writing() as session:
        store.add(session, SOURCE, fresh, state=SourceState(), now=now)
    decided = pipeline.decide_new(database, configured, clock=lambda: now)
    assert decided.articles == NEW
    return (time.process_time() - started) / NEW


def main(sizes: list[int]) -> None:
    """Print the cost of an article at each size of the archive."""
    folder = Path(tempfile.mkdtemp())
    (folder / "watch.toml").write_text('[[rule]]\nname = "all"\n', encoding="utf-8")
    configured = settings.load(
        folder / "watch.toml", env={"DATABASE_URL": f"sqlite:///{folder / 'bench.db'}"}
    )
    database = pipeline.open_database(configured)
    held, first, now, costs = 0, 10_000_000, NOW, []
    for size in sizes:
        fill(database, held, size - held)
        held = size
        runs = []
        for _ in range(4):
            runs.append(cost(database, configured, first, now))
            first += NEW
        now += timedelta(days=30)
        del runs[0]  # the first fills the window
        costs.append(min(runs))
        ratio = costs[-1] / costs[0]
        sys.stdout.write(f"{size:>9,} articles: {costs[-1] * 1000:.2f} ms each, {ratio:.2f}x\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
