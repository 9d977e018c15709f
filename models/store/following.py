"""A story followed: its articles with their earlier texts, near-misses, alerts and attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.store.archive import alert_states, filed
from models.store.corrections import root
from models.store.inserts import chunks
from models.store.upkeep import attempts
from models.tables import AlertRow, ArticleRow, PlaceRow, StoryRow, VersionRow
from models.values import AlertId, AlertState, ArticleId, Attempt, Filed, StoryId

_AROUND = timedelta(days=7)  # near-misses are looked for so long before and after a story
_MOST = 500  # articles of a story


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A text that an article had until it was edited."""

    number: int
    title: str
    text: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """An article that was as like a story as its members are, and is kept apart by a fact."""

    article: ArticleId
    title: str
    outlet: str
    at: datetime
    story: StoryId  # the one that it tells
    near: ArticleId  # the one that it is like
    veto: str
    reason: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """An alert of a story, with every try and the receiver's own name for it."""

    state: AlertState
    fell_due: datetime
    receipt: str
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """All that is known of a story."""

    id: StoryId
    members: tuple[Filed, ...]  # oldest first
    earlier: dict[ArticleId, tuple[Earlier, ...]]
    near: tuple[NearMiss, ...]
    alerts: tuple[Sending, ...]  # in the order in which they fell due
    merged: tuple[StoryId, ...] = ()  # ids that lead here


def follow(session: Session, story: StoryId) -> Followed:
    """Give all that is known of a story; a merged one's id leads to the one that is kept.

    Raises:
        PeninsulaError: there is no such story.

    """
    kept = root(session, story)
    members = tuple(reversed(filed(session, story=kept, limit=_MOST)))
    ids = [one.article.id for one in members]
    merged = tuple(
        StoryId(id_)
        for id_ in session.scalars(
            select(StoryRow.id).where(StoryRow.merged_into == kept).order_by(StoryRow.opened_at)
        )
    )
    return Followed(
        id=kept,
        members=members,
        earlier=_earlier(session, ids),
        near=_near(session, members, {kept, *merged}),
        alerts=tuple(
            sorted(
                (one for id_ in (kept, *merged) for one in _sendings(session, id_)),
                key=lambda one: (one.fell_due, one.state.alert.id),
            )
        ),
        merged=merged,
    )


def _earlier(session: Session, ids: Sequence[ArticleId]) -> dict[ArticleId, tuple[Earlier, ...]]:
    found: dict[ArticleId, tuple[Earlier, ...]] = {}
    for part in chunks(list(ids)):
        query = select(VersionRow).where(VersionRow.article_id.in_(part)).order_by(VersionRow.number)
        for row in session.scalars(query):
            old = Earlier(number=row.number, title=row.title, text=row.text, until=row.until)
            id_ = ArticleId(row.article_id)
            found[id_] = (*found.get(id_, ()), old)
    return found


def _near(session: Session, members: Sequence[Filed], stories: set[StoryId]) -> tuple[NearMiss, ...]:
    """Find what a veto kept out of a story, and what it keeps the story itself out of."""
    if not members:
        return ()
    ids = [one.article.id for one in members]
    first, last = members[0].article.at - _AROUND, members[-1].article.at + _AROUND
    query = (
        select(ArticleRow, PlaceRow)
        .join(PlaceRow, PlaceRow.article_id == ArticleRow.id)
        .where(ArticleRow.at.between(first, last), PlaceRow.veto != "")
        .where(or_(PlaceRow.nearest.in_(ids), PlaceRow.article_id.in_(ids)))
        .order_by(ArticleRow.at, ArticleRow.id)
    )
    return tuple(
        NearMiss(
            article=ArticleId(row.id),
            title=row.title,
            outlet=row.outlet,
            at=row.at,
            story=StoryId(place.story_id),
            near=ArticleId(place.nearest or ""),
            veto=place.veto,
            reason=place.reason,
            score=place.score,
        )
        for row, place in session.execute(query)
        if not (place.story_id in stories and place.nearest in ids)
    )


def _sendings(session: Session, story: StoryId) -> list[Sending]:
    states = {state.alert.id: state for state in alert_states(session, story=story, limit=_MOST)}
    query = select(AlertRow.id, AlertRow.created_at, AlertRow.receipt).where(AlertRow.story_id == story)
    return [
        Sending(
            state=states[AlertId(id_)],
            fell_due=created,
            receipt=receipt or "",
            attempts=attempts(session, AlertId(id_)),
        )
        for id_, created, receipt in session.execute(query)
        if id_ in states
    ]
