"""What a person asks the archive: articles, stories, alerts, and the ledger's why."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from models.store.corrections import ids_of
from models.store.inserts import chunks
from models.store.rows import alert, article, decision, placement, reading
from models.stories import chorus
from models.tables import (
    AlertRow,
    ArticleRow,
    DecisionRow,
    InstallRow,
    PlaceRow,
    ReadingRow,
    SightingRow,
    StoryRow,
    TagRow,
    VersionRow,
)
from models.text import canonical_url
from models.values import (
    AlertId,
    AlertState,
    ArticleId,
    ConceptId,
    Filed,
    Member,
    Source,
    SourceName,
    Story,
    StoryId,
)

_UNKNOWN = Source(name=SourceName(""))  # a feed that watch.toml no longer lists


def install(session: Session) -> str:
    """Give the token of this installation."""
    return session.scalars(select(InstallRow.token)).one()


def filed(
    session: Session,
    *,
    ids: Collection[ArticleId] | None = None,
    since: datetime | None = None,
    korea: bool | None = None,
    story: StoryId | None = None,
    concept: ConceptId | None = None,
    limit: int = 50,
) -> tuple[Filed, ...]:
    """Give articles with what was made of them, newest first."""
    query = (
        select(ArticleRow, ReadingRow, PlaceRow)
        .outerjoin(ReadingRow, ReadingRow.article_id == ArticleRow.id)
        .outerjoin(PlaceRow, PlaceRow.article_id == ArticleRow.id)
        .order_by(ArticleRow.at.desc(), ArticleRow.id)
        .limit(limit)
    )
    if ids is not None:
        query = query.where(ArticleRow.id.in_(ids))
    if since is not None:
        query = query.where(ArticleRow.at >= since)
    if korea is not None:
        query = query.where(ReadingRow.korea == korea)
    if story is not None:
        query = query.where(PlaceRow.story_id == story)
    if concept is not None:
        query = query.where(ArticleRow.id.in_(select(TagRow.article_id).where(TagRow.concept == concept)))
    rows = session.execute(query).all()
    found = [row[0].id for row in rows]
    decisions: dict[str, list[DecisionRow]] = {}
    sightings: dict[str, list[str]] = {}
    for part in chunks(found):
        for ruled in session.scalars(select(DecisionRow).where(DecisionRow.article_id.in_(part))):
            decisions.setdefault(ruled.article_id, []).append(ruled)
        seen = select(SightingRow.article_id, SightingRow.source).where(SightingRow.article_id.in_(part))
        for id_, source in session.execute(seen.order_by(SightingRow.seen_at)):
            sightings.setdefault(id_, []).append(source)
    return tuple(
        Filed(
            article=article(row),
            reading=reading(read) if read else None,
            story=StoryId(place.story_id) if place else None,
            placement=placement(place) if place else None,
            decisions=tuple(map(decision, decisions.get(row.id, ()))),
            sightings=tuple(map(SourceName, sightings.get(row.id, ()))),
        )
        for row, read, place in rows
    )


def find_article(session: Session, what: str) -> Filed | None:
    """Find an article by all that `locate` knows it by, or by words of its title, be it an earlier one."""
    was = select(VersionRow.article_id).where(VersionRow.title.icontains(what, autoescape=True))
    by_title = ArticleRow.title.icontains(what, autoescape=True), ArticleRow.id.in_(was)
    id_ = locate(session, what) or _first(session, *by_title)
    return filed(session, ids=[id_])[0] if id_ else None


def locate(session: Session, what: str) -> ArticleId | None:
    """Find an article by its id, the id of a story that it opened, or an address of it or of a copy."""
    url = canonical_url(what) or what
    copies = select(SightingRow.article_id).where(or_(SightingRow.link == what, SightingRow.url == url))
    return _first(
        session,
        ArticleRow.id == what,
        ArticleRow.id == select(StoryRow.anchor_id).where(StoryRow.id == what).scalar_subquery(),
        or_(ArticleRow.link == what, ArticleRow.url == url),
        ArticleRow.id.in_(copies),
    )


def _first(session: Session, *conditions: ColumnElement[bool]) -> ArticleId | None:
    """Give the newest article for which the first of these conditions holds that holds for any."""
    for condition in conditions:
        query = select(ArticleRow.id).where(condition).order_by(ArticleRow.at.desc()).limit(1)
        if id_ := session.scalars(query).first():
            return ArticleId(id_)
    return None


def story_list(
    session: Session,
    sources: Mapping[SourceName, Source],
    *,
    ids: Collection[StoryId] | None = None,
    since: datetime | None = None,
    korea: bool = True,
    limit: int = 50,
) -> tuple[Story, ...]:
    """Give stories, newest first, each with its outlets, families, languages and tags.

    Args:
        session: to read from.
        sources: for the family and bloc of each outlet.
        ids: only these.
        since: only those that an article joined since then.
        korea: only those with an article about the peninsula.
        limit: how many at most.

    """
    query = select(StoryRow).order_by(StoryRow.last_at.desc(), StoryRow.id).limit(limit)
    if ids is None:
        query = query.where(StoryRow.merged_into.is_(None))
    if ids is not None:
        query = query.where(StoryRow.id.in_(ids))
    if since is not None:
        query = query.where(StoryRow.last_at >= since)
    if korea:
        told = select(PlaceRow.story_id).join(ReadingRow, ReadingRow.article_id == PlaceRow.article_id)
        query = query.where(StoryRow.id.in_(told.where(ReadingRow.korea)))
    return tuple(_story(session, row, sources) for row in session.scalars(query).all())


def _story(session: Session, row: StoryRow, sources: Mapping[SourceName, Source]) -> Story:
    query = (
        select(ArticleRow.__table__, ReadingRow.body)
        .join(PlaceRow, PlaceRow.article_id == ArticleRow.id)
        .join(ReadingRow, ReadingRow.article_id == ArticleRow.id)
        .where(PlaceRow.story_id == row.id)
        .order_by(ArticleRow.at)
    )
    told = [
        Member(
            article=article(one),
            reading=reading(one),
            story=StoryId(row.id),
            family=sources.get(SourceName(one.source), _UNKNOWN).family or one.outlet,
        )
        for one in session.execute(query)
    ]
    ids = [member.article.id for member in told]
    sightings = select(SightingRow.outlet).where(SightingRow.article_id.in_(ids))
    outlets = [member.article.outlet for member in told]
    outlets += session.scalars(sightings.order_by(SightingRow.seen_at))
    voices = chorus(told, sources)
    tags = (
        select(TagRow.concept)
        .where(TagRow.article_id.in_(ids))
        .group_by(TagRow.concept)
        .order_by(func.min(TagRow.rank), func.count().desc(), TagRow.concept)
    )
    return Story(
        id=StoryId(row.id),
        title=row.title,
        anchor=ArticleId(row.anchor_id),
        opened_at=row.opened_at,
        last_at=row.last_at,
        language=row.language,
        articles=len(told),
        concepts=tuple(map(ConceptId, session.scalars(tags))),
        outlets=tuple(dict.fromkeys(outlets)),
        families=voices.families,
        blocs=voices.blocs,
        languages=voices.languages,
        copies=voices.copies,
        alerts=session.scalars(
            select(func.count()).select_from(AlertRow).where(AlertRow.story_id == row.id)
        ).one(),
        merged_into=StoryId(row.merged_into) if row.merged_into else None,
    )


def alert_states(
    session: Session,
    *,
    ids: Collection[str] | None = None,
    state: str | None = None,
    channel: str | None = None,
    story: StoryId | None = None,
    digest: AlertId | None = None,
    since: datetime | None = None,
    limit: int = 50,
) -> tuple[AlertState, ...]:
    """Give alerts and how far their delivery is, newest first; of those that `digest` tells, if named."""
    query = (
        select(AlertRow, StoryRow.title)
        .outerjoin(StoryRow, StoryRow.id == AlertRow.story_id)
        .order_by(AlertRow.created_at.desc(), AlertRow.id)
        .limit(limit)
    )
    if ids is not None:
        query = query.where(AlertRow.id.in_(ids))
    if state is not None:
        query = query.where(AlertRow.state == state)
    if channel is not None:
        query = query.where(AlertRow.channel == channel)
    if story is not None:
        query = query.where(AlertRow.story_id.in_(ids_of(story)))
    if digest is not None:
        query = query.where(AlertRow.digest_id == digest)
    if since is not None:
        query = query.where(AlertRow.created_at >= since)
    return tuple(
        AlertState(
            alert=alert(row),
            state=row.state,
            attempts=row.attempts,
            next_at=row.next_at,
            title=json.loads(row.body)["data"].get("title") or title or "",  # a digest has one of its own
            delivered_at=row.delivered_at,
            status=row.last_status,
            reason=row.last_reason or "",
            digest=AlertId(row.digest_id) if row.digest_id else None,
        )
        for row, title in session.execute(query)
    )
