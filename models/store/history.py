"""The archive in the order in which the decide sweeps met it, for a replay on their clock.

Read a page at a time, each in a transaction of its own: a replay takes minutes,
and a reader that stays would keep the live watch from writing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy import Row as ResultRow
from sqlalchemy.orm import Session

from models.store.corrections import counted
from models.store.deciding import BEFORE_THE_RULE
from models.store.digests import DIGEST
from models.store.inserts import chunks
from models.store.listed import listed, sightings
from models.store.rows import alert, article, placement, reading
from models.stories import story_id
from models.tables import (
    AlertRow,
    ArticleRow,
    CorrectionRow,
    DecisionRow,
    InstallRow,
    PlaceRow,
    ReadingRow,
    RuleRow,
    VersionRow,
)
from models.values import ArticleId, Correction, Met, Open, Past, Placement, Raised, RuleName, StoryId, Turn

# Alerts about a story; the others are notices, and digests of several.
_ABOUT_A_STORY = (
    AlertRow.generation == 0,
    AlertRow.kind.startswith("story."),
    AlertRow.kind.not_like(f"{DIGEST}%"),
)


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
    corrected: dict[str, list[Correction]] = {}
    seen = sightings(session, ids)
    for part in chunks(ids):
        # Rows and no mapped objects, which cost a replay a third of its time.
        query = select(ArticleRow.__table__).where(ArticleRow.id.in_(part))
        texts |= {row.id: row for row in session.execute(query)}
        for table, kept in ((ReadingRow, readings), (PlaceRow, places)):
            query = select(table.__table__).where(table.article_id.in_(part))
            kept |= {row.article_id: row for row in session.execute(query)}
        edits = select(VersionRow).where(VersionRow.article_id.in_(part))
        old |= {(row.article_id, row.number): row for row in session.scalars(edits)}
        for one in _corrections(session, CorrectionRow.article_id.in_(part)):
            corrected.setdefault(one.article, []).append(one)
    found = []
    for turn in page:
        if turn.article not in places:
            continue
        row, read = texts[turn.article], readings.get(turn.article)
        text, said = listed(article(row), seen, turn.decided_at), reading(read) if read else None
        if turn.version != row.version:
            earlier = old[turn.article, turn.version]
            text, said = (
                replace(text, title=earlier.title, text=earlier.text, version=earlier.number),
                None,
            )
        moves = corrected.get(turn.article, ())
        found.append(
            Met(
                turn=turn,
                article=text,
                reading=said,
                placement=_at_that_time(placement(places[turn.article]), moves, turn),
                lexicon=read.lexicon if read else "",
                corrected=any(move.at < turn.decided_at for move in moves),
            )
        )
    return found


def _corrections(session: Session, *conditions: ColumnElement[bool]) -> list[Correction]:
    """Give what editors put elsewhere, in their order."""
    query = select(CorrectionRow.at, CorrectionRow.article_id, CorrectionRow.was_id, CorrectionRow.story_id)
    rows = session.execute(query.where(*conditions).order_by(CorrectionRow.at, CorrectionRow.article_id))
    return [Correction(at, ArticleId(id_), StoryId(was), StoryId(story)) for at, id_, was, story in rows]


def _at_that_time(placed: Placement, moves: Sequence[Correction], turn: Turn) -> Placement:
    """Give where an article stood when a sweep met it: an editor came later, or had been there."""
    if not moves:
        return placed
    story = next((move.story for move in reversed(moves) if move.at < turn.decided_at), moves[0].was)
    if story == story_id(turn.article):
        return Open(story=story, reason=placed.reason)
    return replace(placed, story=story)


def past(session: Session, rules: Collection[RuleName], *, since: datetime) -> Past:
    """Give what these rules did before a time, which counts in a replay, and since then."""
    before = select(AlertRow).where(*_ABOUT_A_STORY, AlertRow.rule.in_(rules), AlertRow.created_at < since)
    passed = select(DecisionRow.rule, DecisionRow.story_id).where(
        DecisionRow.rule.in_(rules), DecisionRow.reason == BEFORE_THE_RULE
    )
    births = select(RuleRow.name, RuleRow.since).where(RuleRow.name.in_(rules))
    corrections = tuple(_corrections(session))
    counts_for = counted(session, {made.story for made in corrections})
    return Past(
        install=session.scalars(select(InstallRow.token)).one(),
        alerts=tuple(
            alert(row) for row in session.scalars(before.order_by(AlertRow.created_at, AlertRow.id))
        ),
        raised=_raised(session, rules, since),
        corrections=corrections,
        births={RuleName(name): at for name, at in session.execute(births)},
        passed=frozenset(
            (RuleName(rule), story)
            for rule, told in session.execute(passed.distinct()).tuples()
            for story in {StoryId(told), *counts_for.get(StoryId(told), ())}
        ),
    )


def _raised(session: Session, rules: Collection[RuleName], since: datetime) -> tuple[Raised, ...]:
    """Give each story that alerted, once whatever its channels, under the id that it had then."""
    query = (
        select(AlertRow, ArticleRow.title, ArticleRow.outlet)
        .join(ArticleRow, ArticleRow.id == AlertRow.article_id)
        .where(*_ABOUT_A_STORY, AlertRow.rule.in_(rules), AlertRow.created_at >= since)
        .order_by(AlertRow.created_at, AlertRow.story_id, AlertRow.kind)
    )
    found: dict[tuple[RuleName, StoryId, str], Raised] = {}
    for row, title, outlet in session.execute(query):
        one = Raised(
            rule=RuleName(row.rule),
            story=StoryId(row.story_id),
            kind=row.kind,
            at=row.created_at,
            article=ArticleId(row.article_id),
            title=title,
            outlet=outlet,
        )
        found.setdefault(one.key, one)
    return tuple(found.values())
