"""Which sources list an article: the first has its text, a rule may listen to another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store.inserts import chunks
from models.tables import SightingRow
from models.values import Article, ArticleId, SourceName

Sightings = dict[ArticleId, list[tuple[datetime, SourceName]]]  # by article: since when, and by whom


def sightings(session: Session, ids: Collection[ArticleId]) -> Sightings:
    """Give who lists each of these articles, and since when, the first one first."""
    found: Sightings = {}
    columns = (SightingRow.article_id, SightingRow.seen_at, SightingRow.source)
    for part in chunks(list(ids)):
        query = select(*columns).where(SightingRow.article_id.in_(part))
        for id_, seen_at, source in session.execute(query.order_by(SightingRow.seen_at, SightingRow.source)):
            found.setdefault(ArticleId(id_), []).append((seen_at, SourceName(source)))
    return found


def listed(article: Article, seen: Sightings, until: datetime | None = None) -> Article:
    """Give an article with the other sources that listed it, at a time or by now."""
    others = (
        source
        for seen_at, source in seen.get(article.id, ())
        if source != article.source and (until is None or seen_at <= until)
    )
    return replace(article, also=tuple(dict.fromkeys(others)))


def with_sightings(session: Session, articles: Sequence[Article]) -> tuple[Article, ...]:
    """Give articles with all the sources that list them."""
    seen = sightings(session, [article.id for article in articles])
    return tuple(
        listed(article, seen) if len(seen.get(article.id, ())) > 1 else article for article in articles
    )
