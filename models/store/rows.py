"""Between rows and values: the one place that knows both shapes."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Row as ResultRow

from models.tables import AlertRow, ArticleRow, DecisionRow, PlaceRow, ReadingRow
from models.values import (
    Alert,
    AlertId,
    Article,
    ArticleId,
    ChannelName,
    ConceptId,
    Decision,
    Hidden,
    Hit,
    Join,
    Open,
    Placement,
    Reading,
    RuleName,
    SourceName,
    StoryId,
    Term,
)


def article_row(article: Article) -> dict[str, Any]:
    """Give an article's columns."""
    return {
        "id": article.id,
        "source": article.source,
        "key": article.key,
        "url": article.url,
        "link": article.link,
        "title": article.title,
        "text": article.text,
        "language": article.language,
        "outlet": article.outlet,
        "published_at": article.published_at,
        "dated": article.dated,
        "first_seen_at": article.first_seen_at,
        "at": article.at,
        "fingerprint": article.fingerprint,
        "fresh": article.fresh,
        "version": article.version,
        "state": "new",
    }


def article(row: ArticleRow | ResultRow[Any]) -> Article:
    """Give the article of a row."""
    return Article(
        id=ArticleId(row.id),
        source=SourceName(row.source),
        key=row.key,
        url=row.url,
        link=row.link,
        title=row.title,
        text=row.text,
        language=row.language,
        outlet=row.outlet,
        published_at=row.published_at,
        dated=row.dated,  # type: ignore[arg-type]  # written from the same literals
        first_seen_at=row.first_seen_at,
        fingerprint=row.fingerprint,
        fresh=row.fresh,
        version=row.version,
    )


def reading_row(article_id: ArticleId, reading: Reading, lexicon: str) -> dict[str, Any]:
    """Give a reading's columns."""
    return {
        "article_id": article_id,
        "language": reading.language,
        "korea": reading.korea,
        "score": reading.score,
        "lexicon": lexicon,
        "body": orjson.dumps(reading),
    }


def reading(row: ReadingRow | ResultRow[Any]) -> Reading:
    """Give the reading of a row."""
    data = orjson.loads(row.body)
    return Reading(
        language=data["language"],
        korea=data["korea"],
        score=data["score"],
        concepts=tuple(map(ConceptId, data["concepts"])),
        hits=tuple(Hit(**hit) for hit in data["hits"]),
        hidden=tuple(Hidden(**hidden) for hidden in data["hidden"]),
        terms=tuple(Term(**term) for term in data["terms"]),
        why=data["why"],
    )


def place_row(article_id: ArticleId, placement: Placement) -> dict[str, Any]:
    """Give a placement's columns."""
    joined = isinstance(placement, Join)
    return {
        "article_id": article_id,
        "story_id": placement.story,
        "joined": joined,
        "score": placement.score,
        "margin": placement.margin if isinstance(placement, Join) else 0.0,
        "reason": placement.reason,
        "nearest": placement.nearest,
        "veto": "" if isinstance(placement, Join) else placement.veto,
        "evidence": dict(placement.evidence) if isinstance(placement, Join) else {},
    }


def placement(row: PlaceRow | ResultRow[Any]) -> Placement:
    """Give the placement of a row."""
    nearest = ArticleId(row.nearest) if row.nearest else None
    story = StoryId(row.story_id)
    if not row.joined:
        return Open(story=story, reason=row.reason, score=row.score, nearest=nearest, veto=row.veto)
    return Join(
        story=story,
        score=row.score,
        margin=row.margin,
        reason=row.reason,
        nearest=nearest,
        evidence=row.evidence,
    )


def decision(row: DecisionRow) -> Decision:
    """Give the decision of a ledger row."""
    return Decision(
        article=ArticleId(row.article_id),
        rule=RuleName(row.rule),
        outcome=row.outcome,  # type: ignore[arg-type]  # written from the same literals
        reason=row.reason,
        detail=row.detail,
        score=row.score,
        story=StoryId(row.story_id),
        rule_version=row.rule_version,
        lexicon_version=row.lexicon_version,
    )


def alert(row: AlertRow) -> Alert:
    """Give the alert of an outbox row."""
    return Alert(
        id=AlertId(row.id),
        channel=ChannelName(row.channel),
        rule=RuleName(row.rule),
        story=StoryId(row.story_id or ""),
        article=ArticleId(row.article_id or ""),
        body=row.body,
        due_at=row.next_at,
        kind=row.kind,
        generation=row.generation,
        urgent=row.urgent,
        open_until=row.open_until,
    )
