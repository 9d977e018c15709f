"""Stores what a source lists, its validators (`feeds`) last and in the same transaction.

A feed's validators commit with its articles or not at all: were they saved
first, a crash in between would make the next fetch a 304 and lose the items.
What is new is decided by membership (a sighting of this key by this source),
never by a date.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from models.sources.trust import Identified, identify
from models.store.inserts import chunks, insert_new
from models.store.rows import article, article_row
from models.tables import ArticleRow, SightingRow, VersionRow
from models.values import Added, Article, ArticleId, Fault, Sighted, Source, SourceName, SourceState

# Word for word the same text is a copy for so long; later it is news that repeats itself,
# such as a weekly notice.
_COPIES = timedelta(days=14)


def is_new(session: Session, source: Source, articles: Sequence[Article]) -> bool:
    """Whether the source listed none of the articles before, under any of their names."""
    session.flush()
    connection = session.connection()
    return not any(
        connection.execute(_any_named(), {"source": source.name, **_names(part)}).first()
        for part in chunks(list(articles), 200)
    )


def add(
    session: Session,
    source: Source,
    articles: Sequence[Article],
    *,
    state: SourceState,
    now: datetime,
    unchanged: int = 0,
    of_one_site: bool = True,
) -> Added:
    """Store the articles of one document; `touch` then keeps what was learnt of its source.

    `unchanged` counts items of the document that are left out, since nothing is new in
    them; those that are handed in then have to be new (`is_new`). Articles that are
    not `of_one_site` are never taken for each other by their titles.

    An article is known by what its source listed before (`models.sources.trust`);
    else by its canonical URL; else by its fingerprint, word for word. Known under
    another source it gets a sighting, and is decided again if a rule listens to this
    source by name, or if this one has the text of what was a headline alone. Its own
    source showing another text makes a version, to be decided again.
    """
    items = _latest(articles)
    twice = len(articles) - len(items)
    rows, known = ({}, []) if unchanged else _sighted(session, source.name, items)
    found = identify(items, known, state, now, of_one_site=of_one_site)
    twins, headlines = _twins(session, [one.article for one in found.items if one.sighted is None])
    counts = {"new": 0, "edited": 0, "seen": 0}
    listed, newcomers, sightings = [], [], []
    changed: list[ArticleId] = []  # new, edited or heard
    heard: list[ArticleId] = []  # listed by another source before
    texts: dict[ArticleId, str] = {}  # of what another source listed as a headline
    for one in found.items:
        item = one.article
        if one.sighted:
            row = rows[one.sighted.key]
            edited = _know_again(
                session, row, item, now, rename=one.how == "renamed" and item.key not in rows
            )
            counts["edited" if edited else "seen"] += 1
            changed += [one.sighted.article] if edited else []
            listed.append(row.key)
            continue
        twin = twins.get(item.url) or twins.get(item.fingerprint)
        if twin is None:
            newcomers.append(article_row(item))
            counts["new"] += 1
            changed.append(item.id)
            twins |= {key: item.id for key in (item.url, item.fingerprint) if key}
        else:
            counts["seen"] += 1
            if source.heard:
                heard.append(twin)
            if twin in headlines and item.text:
                texts[twin] = item.text
        sightings.append(_sighting(item, source, twin or item.id, now))
    session.flush()
    # In one order whoever writes: PostgreSQL has two that insert the same articles wait for each other.
    insert_new(session, ArticleRow, sorted(newcomers, key=lambda row: str(row["id"])))
    insert_new(session, SightingRow, sightings)
    if heard:  # as another version: who decides it just now has not seen who else lists it
        anew = {"version": ArticleRow.version + 1, "state": "new", "decided_at": None}
        session.execute(update(ArticleRow).where(ArticleRow.id.in_(heard)).values(anew))
    changed += [*heard, *(id_ for id_, text in texts.items() if _fill(session, id_, text, now))]
    for part in chunks(listed):
        these = update(SightingRow).where(SightingRow.source == source.name, SightingRow.key.in_(part))
        session.execute(these.values(listed_at=now), execution_options={"synchronize_session": False})
    counts["seen"] += unchanged
    return Added(
        **counts,
        articles=tuple(changed),
        known=unchanged + sum(one.sighted is not None for one in found.items),
        identity=found.identity,
        renamed=found.renamed,
        steady=all(one.sighted is None or one.sighted.key == one.article.key for one in found.items),
        faults=_faults(source, found, state, twice),
    )


def _latest(articles: Sequence[Article]) -> list[Article]:
    """Leave of what is listed twice the latest by its date, else the first."""
    latest: dict[str, Article] = {}
    for item in articles:
        kept = latest.setdefault(item.key, item)
        if item.published_at and (kept.published_at is None or item.published_at > kept.published_at):
            latest[item.key] = item
    return list(latest.values())


def _faults(source: Source, found: Identified, state: SourceState, twice: int) -> tuple[Fault, ...]:
    """Say what a document showed of its source's names."""
    told = []
    if twice:
        said = f"{twice} items are listed twice: of each the latest is read, or the first if no date tells"
        told.append(Fault(where=source.name, code="listed-twice", detail=said))
    if found.renamed:
        said = (
            f"{found.renamed} known items came under new guids or addresses: taken for the same, none alerts"
        )
        told.append(Fault(where=source.name, code="renamed", detail=said))
    if found.reused:
        said = f"{found.reused} guids or addresses stand on other texts than before: read as new articles"
        told.append(Fault(where=source.name, code="name-reused", detail=said))
    if found.identity != state.identity:
        said = f"its items are known by {found.identity} from now on: by {state.identity} they are not"
        told.append(Fault(where=source.name, code="identity", detail=said))
    return tuple(told)


def _sighted(
    session: Session, source: SourceName, items: list[Article]
) -> tuple[dict[str, SightingRow], list[Sighted]]:
    """Find what the source listed before under any of the items' names, oldest first."""
    rows: dict[str, SightingRow] = {}
    known: dict[str, Sighted] = {}
    if not session.connection().execute(_any(), {"source": source}).first():
        return rows, []  # its first document: there is nothing to compare it with
    columns = (SightingRow, ArticleRow.title, func.substr(ArticleRow.text, 1, 400), ArticleRow.published_at)
    for part in chunks(items, 200):
        query = select(*columns).join(ArticleRow, ArticleRow.id == SightingRow.article_id)
        query = query.where(_named(source, part)).order_by(SightingRow.seen_at, SightingRow.key)
        for row, title, text, published_at in session.execute(query):
            rows[row.key] = row
            known[row.key] = Sighted(
                key=row.key,
                article=ArticleId(row.article_id),
                guid=row.guid,
                url=row.url,
                heading=row.heading,
                title=title,
                text=text,
                published_at=published_at,
                link=row.link,
                listed_at=row.listed_at,
            )
    return rows, list(known.values())


def _named(source: SourceName, items: list[Article]) -> ColumnElement[bool]:
    """Give the condition that a sighting of the source has a name of one of the items.

    The source stands in each part: said once before all three, SQLite read
    every sighting of the feed, 2 ms an article at a million.
    """
    columns = {"key": SightingRow.key, "url": SightingRow.url, "heading": SightingRow.heading}
    wanted = _names(items).items()
    return or_(
        *(and_(SightingRow.source == source, columns[name].in_(these)) for name, these in wanted if these)
    )


def _names(items: list[Article]) -> dict[str, list[str]]:
    """Give all that the items may have been listed under."""
    return {
        "key": [item.key for item in items],
        "url": [item.url for item in items if item.url],
        "heading": [item.heading for item in items if item.heading],
    }


# Statements of Core that are made once: to build one of these for each feed takes longer than to
# execute it.


@functools.cache
def _any() -> Select[tuple[str]]:
    """Whether a source has ever listed anything."""
    return select(SightingRow.key).where(SightingRow.source == bindparam("source")).limit(1)


@functools.cache
def _any_named() -> Select[tuple[str]]:
    """Whether a source has listed anything under the names of `_names`; its condition is that of `_named`."""
    source = SightingRow.source == bindparam("source")
    columns = (SightingRow.key, SightingRow.url, SightingRow.heading)
    parts = (and_(source, column.in_(bindparam(column.key, expanding=True))) for column in columns)
    return select(SightingRow.key).where(or_(*parts)).limit(1)


@functools.cache
def _same() -> Select[tuple[str, str, str, str]]:
    """Find the articles under a URL, or with a fingerprint and no older than a time."""
    copied = and_(
        ArticleRow.fingerprint.in_(bindparam("fingerprints", expanding=True)),
        ArticleRow.at >= bindparam("since"),
    )
    under = ArticleRow.url.in_(bindparam("urls", expanding=True))
    beginning = func.substr(ArticleRow.text, 1, 1)
    return select(ArticleRow.id, ArticleRow.url, ArticleRow.fingerprint, beginning).where(or_(under, copied))


def _know_again(session: Session, row: SightingRow, item: Article, now: datetime, *, rename: bool) -> bool:
    """Keep what a known item is called today; whether its text was edited."""
    changes = {"guid": item.guid, "url": item.url, "heading": item.heading, "link": item.link}
    for name, value in changes.items():
        if value and getattr(row, name) != value:
            setattr(row, name, value)
    edited = row.digest != _digest(item) and _edit(session, row, item, now)
    if rename:
        row.key = item.key
    return edited


def _twins(session: Session, items: list[Article]) -> tuple[dict[str, ArticleId], set[ArticleId]]:
    """Find articles that are there, under the same URL or with the same words; name those without text."""
    found: dict[str, ArticleId] = {}
    headlines: set[ArticleId] = set()
    for part in chunks(items):
        wanted = {
            "urls": [item.url for item in part if item.url],
            "fingerprints": [item.fingerprint for item in part if item.fingerprint],
            "since": part[0].first_seen_at - _COPIES,
        }
        for id_, url, fingerprint, beginning in session.connection().execute(_same(), wanted):
            found |= {key: ArticleId(id_) for key in (url, fingerprint) if key}
            headlines |= set() if beginning else {ArticleId(id_)}
    return found, headlines


def _sighting(item: Article, source: Source, article_id: ArticleId, now: datetime) -> dict[str, object]:
    return {
        "source": source.name,
        "key": item.key,
        "article_id": article_id,
        "digest": _digest(item),
        "outlet": item.outlet,
        "link": item.link,
        "seen_at": now,
        "guid": item.guid,
        "url": item.url,
        "heading": item.heading,
        "listed_at": now,
    }


def _digest(item: Article) -> str:
    return hashlib.sha256(f"{item.title}\n{item.text}".encode("utf-8", "replace")).hexdigest()[:32]


def _edit(session: Session, sighting: SightingRow, item: Article, now: datetime) -> bool:
    """Keep the old text as a version and put the new one in its place."""
    sighting.digest = _digest(item)
    row = session.get_one(ArticleRow, sighting.article_id, with_for_update={"key_share": True})
    kept = article(row)
    if kept.source != item.source or (kept.title, kept.text) == (item.title, item.text):
        return False  # a copy elsewhere was edited: the article is its first source's text
    changes = {"title": item.title, "text": item.text, "fingerprint": item.fingerprint}
    _replace(session, row, changes, now)
    return True


def complete(session: Session, item: Article, text: str, *, now: datetime) -> bool:
    """Put the whole text of an article in its teaser's place; false if it was edited meanwhile.

    The fingerprint stays that of what its feed says, and so does what its feed is
    compared with: neither a copy of the teaser nor the next fetch is an edit.
    """
    row = session.get(ArticleRow, item.id, with_for_update={"key_share": True})
    if row is None or row.version != item.version or len(text) <= len(row.text):
        return False
    _replace(session, row, {"text": text}, now)
    return True


def _fill(session: Session, id_: ArticleId, text: str, now: datetime) -> bool:
    """Give an article that was a headline alone the text that another source has; false if it has one."""
    row = session.get_one(ArticleRow, id_, with_for_update={"key_share": True})
    if row.text:
        return False
    _replace(session, row, {"text": text}, now)
    return True


def _replace(session: Session, row: ArticleRow, changes: dict[str, str], now: datetime) -> None:
    """Keep a text as a version, and have what stands in its place decided again."""
    old = VersionRow(article_id=row.id, number=row.version, title=row.title, text=row.text, until=now)
    old.decided_at = row.decided_at
    session.add(old)
    values = {**changes, "version": row.version + 1, "state": "new", "decided_at": None, "filed": False}
    session.execute(update(ArticleRow).where(ArticleRow.id == row.id).values(values))
