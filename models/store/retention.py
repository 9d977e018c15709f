"""What may go: articles that are old, that no feed lists any more, and that alerted nobody.

An article that a feed still lists stays whatever its age: forgotten, it would be new
again at the next fetch. So does what was listed since the limit, for feeds that drop
an item and bring it back; and a story that alerted, with all that tells it. What waits
for a decision has none yet, and what waits for delivery is a story that alerted.

The archive may be large and a writer holds up all others, so what may go is looked up
first (`prunable`) and goes batch by batch, each looked at again in its own transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select, true
from sqlalchemy.orm import Session

from models.store.inserts import chunks
from models.store.words import forget_story_words
from models.tables import (
    AlertRow,
    ArticleRow,
    CorrectionRow,
    DecisionRow,
    FeedEventRow,
    PlaceRow,
    ProbeRow,
    ReadingRow,
    SearchRow,
    SightingRow,
    SourceRow,
    StoryRow,
    TagRow,
    VersionRow,
)
from models.values import SourceName

_BATCH = 500  # articles removed in one transaction: a tenth of a second
# Whatever hangs on an article, before the article itself.
_PARTS = (
    SearchRow,
    VersionRow,
    SightingRow,
    ReadingRow,
    TagRow,
    ProbeRow,
    DecisionRow,
    CorrectionRow,
    PlaceRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was removed, and what was old enough and stayed, with the reason."""

    articles: int = 0
    stories: int = 0
    listed: int = 0  # a feed lists them still, or did since the limit
    alerted: int = 0  # their story alerted, or is told by an article that stays
    events: int = 0  # what happened to feeds: moves, gaps, changes of health


@dataclass(frozen=True, slots=True, kw_only=True)
class Prunable:
    """What may go now: the counts, and the articles in batches that hold whole stories."""

    counts: Pruned
    batches: tuple[tuple[str, ...], ...]


def prunable(
    session: Session,
    limits: Mapping[SourceName, datetime | None],
    *,
    rest: datetime | None,
    only: Sequence[str] | None = None,
) -> Prunable:
    """Find what is older than its source's limit and held by nothing.

    Args:
        session: to read from.
        limits: for each configured source, before when its articles may go; None for never.
        rest: the same for sources that are not configured any more.
        only: look at these articles alone.

    """
    old = _old(session, limits, rest, only)
    listed = _listed(session, old, limits)
    going = {id_: story for id_, (story, _) in old.items() if id_ not in listed}
    held = _held_stories(session, going)
    free = {id_: story for id_, story in going.items() if story is None or story not in held}
    counts = Pruned(
        articles=len(free),
        stories=len({story for story in free.values() if story}),
        listed=len(listed),
        alerted=len(going) - len(free),
        events=len(_old_events(session, limits, rest)) if only is None else 0,
    )
    return Prunable(counts=counts, batches=tuple(_batches(free)))


def prune(
    session: Session,
    limits: Mapping[SourceName, datetime | None],
    *,
    rest: datetime | None,
    only: Sequence[str] | None = None,
) -> Pruned:
    """Remove what `prunable` finds."""
    found = prunable(session, limits, rest=rest, only=only)
    for ids in found.batches:
        query = select(PlaceRow.story_id).where(PlaceRow.article_id.in_(ids)).distinct()
        _remove(session, ids, session.scalars(query).all())
    return found.counts


def forget_events(
    session: Session, limits: Mapping[SourceName, datetime | None], *, rest: datetime | None
) -> int:
    """Remove what happened to feeds before the limits; say how many such events there were."""
    ids = _old_events(session, limits, rest)
    for part in chunks(ids):
        session.execute(delete(FeedEventRow).where(FeedEventRow.id.in_(part)))
    return len(ids)


def _old_events(
    session: Session, limits: Mapping[SourceName, datetime | None], rest: datetime | None
) -> list[int]:
    """Find what happened to feeds before the limits, but for the last word on the watch's silence."""
    latest = max(filter(None, (*limits.values(), rest)), default=None)
    if latest is None:
        return []
    silence = session.scalars(select(func.max(FeedEventRow.id)).where(FeedEventRow.kind == "silence")).one()
    query = select(FeedEventRow.id, FeedEventRow.source, FeedEventRow.at)
    query = query.where(FeedEventRow.at < latest, FeedEventRow.id != (silence or 0))
    found = session.execute(query).tuples()
    return [id_ for id_, name, at in found if (limit := limits.get(SourceName(name), rest)) and at < limit]


def _batches(free: Mapping[str, str | None]) -> list[tuple[str, ...]]:
    """Put articles into batches, those of a story into one."""
    told: dict[str, list[str]] = {}
    for id_, story in free.items():
        told.setdefault(story or id_, []).append(id_)
    batches: list[list[str]] = [[]]
    for ids in told.values():
        if batches[-1] and len(batches[-1]) + len(ids) > _BATCH:
            batches.append([])
        batches[-1] += ids
    return [tuple(batch) for batch in batches if batch]


def _old(
    session: Session,
    limits: Mapping[SourceName, datetime | None],
    rest: datetime | None,
    only: Sequence[str] | None,
) -> dict[str, tuple[str | None, datetime]]:
    """Find decided articles beyond their limit: id to story and limit."""
    groups = [(ArticleRow.source == name, limit) for name, limit in limits.items()]
    groups.append((ArticleRow.source.not_in(list(limits)) if limits else true(), rest))
    found: dict[str, tuple[str | None, datetime]] = {}
    for of_source, limit in groups:
        if limit is None:
            continue
        query = select(ArticleRow.id, PlaceRow.story_id).outerjoin(
            PlaceRow, PlaceRow.article_id == ArticleRow.id
        )
        query = query.where(of_source, ArticleRow.at < limit, ArticleRow.state != "new")
        parts = [query] if only is None else [query.where(ArticleRow.id.in_(ids)) for ids in chunks([*only])]
        for part in parts:
            found |= {id_: (story, limit) for id_, story in session.execute(part)}
    return found


def _listed(
    session: Session,
    old: Mapping[str, tuple[str | None, datetime]],
    limits: Mapping[SourceName, datetime | None],
) -> set[str]:
    """Find those that stand in a configured source's last document, or did since the limit."""
    found: set[str] = set()
    still = and_(SightingRow.source.in_(list(limits)), SightingRow.listed_at >= SourceRow.whole_at)
    for part in chunks(list(old)):
        query = (
            select(SightingRow.article_id, SightingRow.listed_at, still)
            .outerjoin(SourceRow, SourceRow.name == SightingRow.source)
            .where(SightingRow.article_id.in_(part))
        )
        for id_, listed_at, is_there in session.execute(query):
            if is_there or listed_at >= old[id_][1]:
                found.add(id_)
    return found


def _held_stories(session: Session, going: Mapping[str, str | None]) -> set[str]:
    """Find stories that alerted, that an editor touched, or that an article tells which stays."""
    held: set[str] = set()
    for part in chunks(sorted({story for story in going.values() if story})):
        alerted = select(AlertRow.story_id).where(AlertRow.story_id.in_(part))
        merged = select(StoryRow.merged_into).where(StoryRow.merged_into.in_(part))
        edited = or_(StoryRow.merged_into.is_not(None), StoryRow.split_from.is_not(None))
        moved = select(StoryRow.id).where(StoryRow.id.in_(part), edited)
        split = select(StoryRow.split_from).where(StoryRow.split_from.in_(part))
        corrected = select(CorrectionRow.story_id).where(CorrectionRow.story_id.in_(part))
        for query in (alerted, merged, moved, split, corrected):
            held.update(name for name in session.scalars(query) if name)
        members = select(PlaceRow.article_id, PlaceRow.story_id).where(PlaceRow.story_id.in_(part))
        held.update(story for id_, story in session.execute(members) if id_ not in going)
        anchors = select(StoryRow.anchor_id, StoryRow.id).where(StoryRow.id.in_(part))
        held.update(story for id_, story in session.execute(anchors) if going.get(id_) != story)
        ruled = select(DecisionRow.article_id, DecisionRow.story_id).where(DecisionRow.story_id.in_(part))
        held.update(story for id_, story in session.execute(ruled) if going.get(id_) != story)
    return held


def _remove(session: Session, ids: Sequence[str], stories: Sequence[str]) -> None:
    for part in chunks([*ids]):
        for table in _PARTS:
            session.execute(delete(table).where(table.article_id.in_(part)))
    for part in chunks([*stories]):
        forget_story_words(session, part)
        session.execute(delete(StoryRow).where(StoryRow.id.in_(part)))
    for part in chunks([*ids]):
        session.execute(delete(ArticleRow).where(ArticleRow.id.in_(part)))
