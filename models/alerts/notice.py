"""The body of an alert: what happened, who told it, why it alerts; frozen when due.

The body is the JSON that a webhook receives, to the byte, on every attempt, so
that signatures and a receiver's own deduplication hold. Other channels render
from the same body, so that all channels say the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.text import for_display
from models.values import (
    AlertId,
    Article,
    Channel,
    Concept,
    ConceptId,
    Hit,
    Member,
    Placement,
    Reading,
    Rule,
    Source,
    SourceName,
    StoryId,
)

# Standard Webhooks asks for bodies below 20 kB; these caps keep the longest at about 12.
MAX_SOURCES = 10
MAX_CONCEPTS = 20
MAX_WORDS = 5
MAX_TITLE = 300
MAX_URL = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A story at the moment its alert falls due: the article that matched, and all that tell it."""

    id: AlertId
    story: StoryId
    article: Article
    reading: Reading
    placement: Placement | None
    members: Sequence[Member]


def freeze(
    telling: Telling,
    rule: Rule,
    channel: Channel,
    *,
    concepts: Mapping[ConceptId, Concept],
    sources: Mapping[SourceName, Source],
    now: datetime,
) -> str:
    """Write the body of an alert as JSON."""
    article, reading = telling.article, telling.reading
    voices = [_voice(member.article, member.reading.language, sources) for member in telling.members]
    told = _first_per_outlet(voices)
    data = {
        "id": telling.id,
        "rule": rule.name,
        "story": {"id": telling.story, "title": _cut(telling.members[0].article.title, MAX_TITLE)},
        "article": _voice(article, reading.language, sources) | {"id": article.id},
        "score": round(reading.score, 3),
        "why": for_display(reading.why)[:500],
        "concepts": [
            {"id": concept, "label": label(concepts, concept, channel.language), "found": words}
            for concept, words in _found(reading)[:MAX_CONCEPTS]
        ],
        "sources": told[:MAX_SOURCES],
        "counts": {
            "articles": len(telling.members),
            "outlets": len({voice["outlet"] for voice in voices}),
            "families": len({voice["family"] for voice in voices}),
            "languages": len({voice["language"] for voice in voices}),
        },
    }
    return json.dumps(
        {"type": "story.matched", "timestamp": _stamp(now), "data": data},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def label(concepts: Mapping[ConceptId, Concept], concept: ConceptId, language: str) -> str:
    """Name a concept in the reader's language; its id where nobody named it."""
    entry = concepts.get(concept)
    if entry is None:
        return concept
    return (entry.label_ko if language == "ko" else "") or entry.label


def _voice(article: Article, language: str, sources: Mapping[SourceName, Source]) -> dict[str, Any]:
    source = sources.get(article.source)
    return {
        "outlet": _cut(article.outlet, 100),
        "source": article.source,
        "family": _cut((source.family if source else "") or article.outlet, 100),
        "bloc": str(source.bloc) if source else "other",
        "language": language,
        "title": _cut(article.title, MAX_TITLE),
        "url": article.link if len(article.link) <= MAX_URL else article.url[:MAX_URL],
        "published_at": _stamp(article.published_at) if article.published_at else None,
        "first_seen_at": _stamp(article.first_seen_at),
    }


def _first_per_outlet(voices: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: dict[str, dict[str, Any]] = {}
    for voice in voices:
        seen.setdefault(voice["outlet"], voice)
    return list(seen.values())


def _found(reading: Reading) -> list[tuple[ConceptId, list[str]]]:
    """Each tag with the words that gave it, as they stand in the article."""
    words: dict[ConceptId, dict[str, None]] = {concept: {} for concept in reading.concepts}
    for hit in sorted(reading.hits, key=_by_weight):
        if hit.concept in words and len(words[hit.concept]) < MAX_WORDS:
            words[hit.concept].setdefault(_cut(hit.form, 60))
    return [(concept, list(forms)) for concept, forms in words.items()]


def _by_weight(hit: Hit) -> float:
    return -hit.weight


def _cut(text: str, length: int) -> str:
    shown = for_display(text)
    return shown if len(shown) <= length else shown[: length - 1].rstrip() + "…"


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
