"""What the database keeps for grouping: article by article, it groups as the whole stream does."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from desk import NOW, Desk
from sqlalchemy import select

from flows import pipeline
from flows.streams.grouping import group_lines
from flows.words import read_lexicon
from models import store, text
from models.database import Database
from models.store.words import count, counts
from models.stories.rarity import HALVE_AT
from models.tables import PlaceRow, SightingRow
from models.values import Article, RawItem, Source, SourceName, SourceState

LAUNCH_DAY = Path(__file__).parent / "data" / "launch_day.jsonl"
SOURCE = Source(name=SourceName("wire"), url="https://wire.example/feed")


def arrive(database: Database, desk: Desk, rows: list[dict[str, str]]) -> None:
    """Store articles, and decide them."""
    taken = []
    for row in rows:
        published = datetime.fromisoformat(row["timestamp"])
        item = RawItem(
            guid=row["id"], url="", title=row["title"], text=row["lead"], published_at=published,
            language=row["lang"], outlet=row["publisher"],
        )  # fmt: skip
        article = text.refine(item, SOURCE, published)
        assert isinstance(article, Article)
        taken.append(article)
    with database.writing() as session:
        store.add(session, SOURCE, taken, state=SourceState(), now=NOW)
    pipeline.decide_new(database, desk.settings(), clock=desk.clock)


def partition(pairs: list[tuple[str, str]]) -> set[frozenset[str]]:
    """Give the groups, whatever they are called."""
    groups: dict[str, set[str]] = {}
    for name, group in pairs:
        groups.setdefault(group, set()).add(name)
    return {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize("at_once", [pytest.param(1, marks=pytest.mark.slow), 60])
def test_the_database_groups_as_the_stream_does(desk: Desk, at_once: int) -> None:
    lines = LAUNCH_DAY.read_text(encoding="utf-8").splitlines()
    streamed = [
        (row["id"], row["story"]) for row in group_lines(lines, read_lexicon()) if isinstance(row, dict)
    ]
    rows = [json.loads(line) for line in lines]
    with closing(desk.open()) as database:
        for start in range(0, len(rows), at_once):
            arrive(database, desk, rows[start : start + at_once])
        with database.reading() as session:
            placed = select(SightingRow.key, PlaceRow.story_id).join(
                PlaceRow, PlaceRow.article_id == SightingRow.article_id
            )
            stored = [(key, story) for key, story in session.execute(placed)]
    assert partition(stored) == partition(streamed)


def test_terms_are_counted_over_all_articles_and_old_ones_forgotten(desk: Desk) -> None:
    with closing(desk.open()) as database, database.writing() as session:
        count(session, [("missile", "wonsan"), ("missile",), ("x" * 80,)])
        assert counts(session, ["missile", "wonsan", "flood"]) == (3, {"missile": 2, "wonsan": 1})
        count(session, [("missile",)] * (HALVE_AT - 3))
        assert counts(session, ["missile", "wonsan"]) == (HALVE_AT // 2, {"missile": (HALVE_AT - 1) // 2})
