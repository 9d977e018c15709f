"""Trip wires: what a sweep may cost, counted in calls and statements, which no busy machine changes."""

from __future__ import annotations

import asyncio
import cProfile
import pstats
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from desk import Clock, Desk, Item
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from flows import pipeline
from models import sources, store, text
from models.sources.feeds import _read_by_feedparser, _with_characters
from models.sources.ordinary import read_ordinary
from models.tables import metadata
from models.values import Article, RawItem, Source, SourceName, SourceState

FEED = Source(name=SourceName("estuary"), url="https://estuary.example/rss", language="en")
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
FEEDS, ITEMS = 20, 10


def document(numbers: range) -> bytes:
    items = "".join(
        f"<item><title>Report {number} of the day</title><link>https://estuary.example/{number}</link>"
        f"<guid isPermaLink='false'>e-{number}</guid><pubDate>Sun, 22 Nov 2026 01:00:00 GMT</pubDate>"
        f"<description>&lt;p&gt;Report {number}, &lt;b&gt;told&lt;/b&gt;.&lt;/p&gt;</description>"
        "</item>"
        for number in reversed(numbers)
    )
    return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


def calls(work: Callable[[], object]) -> int:
    """Count the function calls of some work."""
    work()  # what is loaded or compiled once is not what it costs
    profile = cProfile.Profile()
    profile.runcall(work)
    total: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]  # not in the stubs
    return total


def test_a_document_with_one_new_entry_costs_a_tenth_of_a_new_one() -> None:
    def read(body: bytes, marks: str = "") -> str:
        return sources.read_listing(
            body, feed=FEED, base_url=FEED.url, now=NOW, cutoff=None, marks=marks
        ).marks

    marks = read(document(range(40)))
    whole = calls(lambda: read(document(range(1, 41))))
    assert calls(lambda: read(document(range(1, 41)), marks)) < whole / 10


def test_the_fast_door_costs_a_quarter_of_feedparser() -> None:
    text, _ = _with_characters(document(range(40)).decode())
    slow = calls(lambda: _read_by_feedparser(text, "estuary", ""))
    assert calls(lambda: read_ordinary(text)) < slow / 4


def test_a_sweep_takes_a_handful_of_statements_a_feed_and_few_commits(desk: Desk, clock: Clock) -> None:
    counts = {"statements": 0, "commits": 0}

    def executed(*_: object) -> None:
        counts["statements"] += 1

    def committed(_: object) -> None:
        counts["commits"] += 1

    def sweep() -> tuple[float, int]:
        counts.update(statements=0, commits=0)
        asyncio.run(pipeline.collect_feeds(database, desk.settings(), clock=clock))
        clock.turn(minutes=1)
        return counts["statements"] / FEEDS, counts["commits"]

    shown = {f"feed{feed}": [article(feed, place) for place in range(ITEMS)] for feed in range(FEEDS)}
    for name, items in shown.items():
        desk.feed(name, *items)
    database = desk.open()
    event.listen(Engine, "before_cursor_execute", executed)
    event.listen(Engine, "commit", committed)
    try:
        cold, warm = sweep(), sweep()
        for feed, (name, items) in enumerate(shown.items()):
            desk.feed(name, article(feed, ITEMS), *items)
        churn = sweep()
    finally:
        event.remove(Engine, "before_cursor_execute", executed)
        event.remove(Engine, "commit", committed)
        database.close()
    assert [cold[0] < 8, warm[0] < 3, churn[0] < 8] == [True] * 3, (cold, warm, churn)
    assert max(cold[1], warm[1], churn[1]) <= FEEDS / 2, (cold, warm, churn)


def test_what_a_feed_listed_before_is_found_without_reading_all_its_past() -> None:
    def stored(numbers: range) -> int:
        """Store items; count SQLite's steps, in hundreds."""
        steps = [0]
        items = []
        for number in numbers:
            raw = RawItem(guid=f"g{number}", url=f"https://estuary.example/{number}", title=f"Bread {number}")
            made = text.refine(raw, FEED, NOW)
            assert isinstance(made, Article)
            items.append(made)
        held = session.connection().connection.dbapi_connection
        held.set_progress_handler(lambda: steps.__setitem__(0, steps[0] + 1), 100)  # type: ignore[union-attr]
        store.add(session, FEED, items, state=SourceState(), now=NOW)
        session.flush()
        return steps[0]

    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with Session(engine) as session:
        young = stored(range(20))
        stored(range(100, 1_600))
        assert stored(range(20, 40)) < 2 * young
    engine.dispose()


def article(feed: int, place: int) -> Item:
    """Make an item of which nothing is known elsewhere."""
    return Item(
        title=f"Bakery {feed} sells bread number {place}",
        text=f"It is bread number {place} of bakery {feed}.",
        guid=f"{feed}-{place}",
        url=f"https://estuary.example/{feed}/{place}",
        at=NOW - timedelta(hours=place),
    )
