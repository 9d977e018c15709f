"""The archive in the order in which the decide sweeps met it, for a replay on their clock.

Read a page at a time, each in a transaction of its own: a replay takes minutes,
and a reader that stays would keep the live watch from writing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row as ResultRow
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.store.deciding import BEFORE_THE_RULE
from models.store.digests import DIGEST
from models.store.rows import alert, article, chunks, placement, reading
from models.tables import (
    AlertRow,
    ArticleRow,
    CorrectionRow,
    DecisionRow,
    InstallRow,
    PlaceRow,
    ReadingRow,
    RuleRow,
    StoryRow,
    VersionRow,
)
from models.values import ArticleId, Met, Past, Raised, RuleName, StoryId, Turn

# Alerts about a story; the others are notices, and digests of several.
_ABOUT_A_STORY = AlertRow.generation == 0, AlertRow.kind.startswith("story."), AlertRow.kind != DIGEST


def last_sweep(session: Session) -> datetime | None:
    """Say when a decide sweep last met an article."""
    return session.scalars(select(func.max(ArticleRow.decided_at))).one()


def turns(session: Session, since: datetime) -> list[Turn]:
    """Give what the sweeps met since then, in their order, earlier versions included."""
    texts = select(ArticleRow.decided_at, ArticleRow.at, ArticleRow.id, ArticleRow.version).where(
        ArticleRow.decided_at >= since
    )
    edited = (
        select(VersionRow.decided_at, ArticleRow.at, ArticleRow.id, VersionRow.number)
        .join(ArticleRow, ArticleRow.id == VersionRow.article_id)
        .where(VersionRow.decided_at >= since)
    )
    found: list[Turn] = []
    for query in (texts, edited):  # a part at a time: rows take more room than turns
        rows = session.execute(query.execution_options(yield_per=10_000))
        found += (Turn(decided, at, ArticleId(id_), version) for decided, at, id_, version in rows)
    found.sort()
    return found


def met(session: Session, page: Sequence[Turn]) -> list[Met]:
    """Give the articles of some turns, with what was made of them; the removed are left out."""
    ids = list({turn.article for turn in page})
    texts: dict[str, ResultRow[Any]] = {}
    readings: dict[str, ResultRow[Any]] = {}
    places: dict[str, ResultRow[Any]] = {}
    old: dict[tuple[str, int], VersionRow] = {}
    corrected: set[str] = set()
    for part in chunks(ids):
        # Rows and no mapped objects, which cost a replay a third of its time.
        query = select(ArticleRow.__table__).where(ArticleRow.id.in_(part))
        texts |= {row.id: row for row in session.execute(query)}
        for table, kept in ((ReadingRow, readings), (PlaceRow, places)):
            query = select(table.__table__).where(table.article_id.in_(part))
            kept |= {row.article_id: row for row in session.execute(query)}
        edits = select(VersionRow).where(VersionRow.article_id.in_(part))
        old |= {(row.article_id, row.number): row for row in session.scalars(edits)}
        corrected.update(
            session.scalars(select(CorrectionRow.article_id).where(CorrectionRow.article_id.in_(part)))
        )
    found = []
    for turn in page:
        if turn.article not in places:
            continue
        row, read = texts[turn.article], readings.get(turn.article)
        text, said = article(row), reading(read) if read else None
        if turn.version != row.version:
            earlier = old[turn.article, turn.version]
            text, said = (
                replace(text, title=earlier.title, text=earlier.text, version=earlier.number),
                None,
            )
        found.append(
            Met(
                turn=turn,
                article=text,
                reading=said,
                placement=placement(places[turn.article]),
                lexicon=read.lexicon if read else "",
                corrected=turn.article in corrected,
            )
        )
    return found


def past(session: Session, rules: Collection[RuleName], *, since: datetime) -> Past:
    """Give what these rules did before a time, which counts in a replay, and since then."""
    roots = {
        StoryId(id_): StoryId(into)
        for id_, into in session.execute(
            select(StoryRow.id, StoryRow.merged_into).where(StoryRow.merged_into.is_not(None))
        )
        if into
    }
    parts: dict[StoryId, tuple[StoryId, ...]] = {}
    splits = select(StoryRow.id, StoryRow.split_from).where(StoryRow.split_from.is_not(None))
    for id_, old in session.execute(splits.order_by(StoryRow.id)):
        whole = StoryId(old or "")
        parts[whole] = (*parts.get(whole, ()), StoryId(id_))
    before = select(AlertRow).where(*_ABOUT_A_STORY, AlertRow.rule.in_(rules), AlertRow.created_at < since)
    passed = select(DecisionRow.rule, DecisionRow.story_id).where(
        DecisionRow.rule.in_(rules), DecisionRow.reason == BEFORE_THE_RULE
    )
    births = select(RuleRow.name, RuleRow.since).where(RuleRow.name.in_(rules))
    return Past(
        install=session.scalars(select(InstallRow.token)).one(),
        alerts=tuple(
            alert(row) for row in session.scalars(before.order_by(AlertRow.created_at, AlertRow.id))
        ),
        raised=_raised(session, rules, since, roots),
        roots=roots,
        parts=parts,
        births={RuleName(name): at for name, at in session.execute(births)},
        passed=frozenset(
            (RuleName(rule), StoryId(story)) for rule, story in session.execute(passed.distinct())
        ),
    )


def _raised(
    session: Session, rules: Collection[RuleName], since: datetime, roots: dict[StoryId, StoryId]
) -> tuple[Raised, ...]:
    """Give each story that alerted, once whatever its channels, under the id that it has today."""
    query = (
        select(AlertRow, ArticleRow.title, ArticleRow.outlet)
        .join(ArticleRow, ArticleRow.id == AlertRow.article_id)
        .where(*_ABOUT_A_STORY, AlertRow.rule.in_(rules), AlertRow.created_at >= since)
        .order_by(AlertRow.created_at, AlertRow.story_id, AlertRow.kind)
    )
    found: dict[tuple[RuleName, StoryId, str], Raised] = {}
    for row, title, outlet in session.execute(query):
        story = roots.get(StoryId(row.story_id), StoryId(row.story_id))
        one = Raised(
            rule=RuleName(row.rule),
            story=story,
            kind=row.kind,
            at=row.created_at,
            article=ArticleId(row.article_id),
            title=title,
            outlet=outlet,
        )
        found.setdefault(one.key, one)
    return tuple(found.values())
