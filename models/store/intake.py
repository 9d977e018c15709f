"""Stores what a source lists: one transaction per source, its validators last.

A feed's validators commit with its articles or not at all: were they saved
first, a crash in between would make the next fetch a 304 and lose the items.
What is new is decided by membership (a sighting of this key by this source),
never by a date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from models.store.rows import article, article_row, chunks, insert_new
from models.tables import ArticleRow, SightingRow, SourceRow, VersionRow
from models.values import Added, Article, ArticleId, Source, SourceName, SourceState, Validators

# Word for word the same text is a copy for so long; later it is news that repeats itself,
# such as a weekly notice.
_COPIES = timedelta(days=14)


def source_states(session: Session) -> dict[SourceName, SourceState]:
    """Give what is remembered of every source."""
    return {SourceName(row.name): _state(row) for row in session.scalars(select(SourceRow))}


def source_state(session: Session, name: SourceName) -> SourceState:
    """Give what is remembered of one source; the empty state if it is new."""
    row = session.get(SourceRow, name)
    return _state(row) if row else SourceState()


def _state(row: SourceRow) -> SourceState:
    return SourceState(
        validators=Validators(etag=row.etag, last_modified=row.last_modified, body_hash=row.body_hash),
        checked_at=row.checked_at,
        next_at=row.next_at,
        failures=row.failures,
        last_error=row.last_error or "",
    )


def touch(session: Session, source: Source, state: SourceState) -> None:
    """Keep what a fetch taught about a source."""
    row = session.get(SourceRow, source.name) or SourceRow(name=source.name)
    row.url = source.url
    row.etag = state.validators.etag
    row.last_modified = state.validators.last_modified
    row.body_hash = state.validators.body_hash
    row.checked_at = state.checked_at
    row.next_at = state.next_at
    row.failures = state.failures
    row.last_error = state.last_error or None
    session.add(row)


def add(
    session: Session, source: Source, articles: Sequence[Article], *, state: SourceState, now: datetime
) -> Added:
    """Store the articles of one complete document, then what was learnt of its source.

    An article is known by (source, key); else by its canonical URL; else by its
    fingerprint, word for word. Known under another source it gets a sighting.
    Its own source showing another text makes a version, to be decided again.
    """
    items = list({item.key: item for item in articles}.values())
    seen = _sightings(session, source.name, [item.key for item in items])
    counts = {"new": 0, "edited": 0, "seen": 0}
    unseen = [item for item in items if item.key not in seen]
    twins = _twins(session, unseen)
    for item in items:
        if sighting := seen.get(item.key):
            edited = sighting.digest != _digest(item) and _edit(session, sighting, item, now)
            counts["edited" if edited else "seen"] += 1
            continue
        twin = twins.get(item.url) or twins.get(item.fingerprint)
        if twin is None:
            insert_new(session, ArticleRow, [article_row(item)])
            counts["new"] += 1
            twins |= {key: item.id for key in (item.url, item.fingerprint) if key}
        else:
            counts["seen"] += 1
        insert_new(session, SightingRow, [_sighting(item, source, twin or item.id, now)])
    touch(session, source, state)
    return Added(**counts)


def _sightings(session: Session, source: SourceName, keys: list[str]) -> dict[str, SightingRow]:
    found: dict[str, SightingRow] = {}
    for part in chunks(keys):
        query = select(SightingRow).where(SightingRow.source == source, SightingRow.key.in_(part))
        found |= {row.key: row for row in session.scalars(query)}
    return found


def _twins(session: Session, items: list[Article]) -> dict[str, ArticleId]:
    """Find articles that are there already under the same URL or with the same words."""
    found: dict[str, ArticleId] = {}
    for part in chunks(items):
        urls = [item.url for item in part if item.url]
        prints = [item.fingerprint for item in part if item.fingerprint]
        copied = and_(ArticleRow.fingerprint.in_(prints), ArticleRow.at >= part[0].first_seen_at - _COPIES)
        columns = (ArticleRow.id, ArticleRow.url, ArticleRow.fingerprint)
        query = select(*columns).where(or_(ArticleRow.url.in_(urls), copied))
        for id_, url, fingerprint in session.execute(query):
            found |= {key: ArticleId(id_) for key in (url, fingerprint) if key}
    return found


def _sighting(item: Article, source: Source, article_id: ArticleId, now: datetime) -> dict[str, object]:
    return {
        "source": source.name,
        "key": item.key,
        "article_id": article_id,
        "digest": _digest(item),
        "outlet": item.outlet,
        "link": item.link,
        "seen_at": now,
    }


def _digest(item: Article) -> str:
    return hashlib.sha256(f"{item.title}\n{item.text}".encode("utf-8", "replace")).hexdigest()[:32]


def _edit(session: Session, sighting: SightingRow, item: Article, now: datetime) -> bool:
    """Keep the old text as a version and put the new one in its place."""
    sighting.digest = _digest(item)
    row = session.get_one(ArticleRow, sighting.article_id)
    kept = article(row)
    if kept.source != item.source or (kept.title, kept.text) == (item.title, item.text):
        return False  # a copy elsewhere was edited: the article is its first source's text
    session.add(
        VersionRow(article_id=kept.id, number=kept.version, title=kept.title, text=kept.text, until=now)
    )
    changes = {
        "title": item.title,
        "text": item.text,
        "fingerprint": item.fingerprint,
        "version": kept.version + 1,
        "state": "new",
    }
    session.execute(update(ArticleRow).where(ArticleRow.id == kept.id).values(changes))
    return True
