"""The body of an alert: what happened, who told it, why it alerts; frozen when due.

Due means here: when its rule's `group_wait` ends, or when it is first claimed,
whichever is first; without a `group_wait` at once. Byte-equal from then on.
Two shapes: `story.matched.v1` (a story, and its follow-ups) and `notice.v1`
(a digest of several, what befell a channel, a test); their JSON Schemas stand
beside this file.

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

from models.alerts.cutting import cut
from models.text import for_display
from models.values import (
    AlertId,
    Article,
    Channel,
    Chorus,
    Concept,
    ConceptId,
    Hit,
    Member,
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
MAX_BODY = 19_000
MAX_LISTED = 14_000  # bytes of a digest's list


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A story at the moment its alert falls due: the article that matched, and all that tell it."""

    id: AlertId
    story: StoryId
    article: Article
    reading: Reading
    members: Sequence[Member]
    chorus: Chorus  # who of the members is a source in its own right
    kind: str = "story.matched"
    news: str = ""  # of a follow-up: what changed


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
    data: dict[str, Any] = {
        "id": telling.id,
        "rule": rule.name,
        "urgent": rule.urgent,
        "news": for_display(telling.news)[:300],
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
            "families": len(telling.chorus.families),
            "blocs": len(telling.chorus.blocs),
            "languages": len(telling.chorus.languages),
            "copies": telling.chorus.copies,
        },
    }
    body = _written(telling.kind, "story.matched.v1", data, now)
    while len(body.encode("utf-8", "replace")) > MAX_BODY and data["sources"]:
        data["sources"] = data["sources"][:-1]  # ten titles of four bytes a character
        body = _written(telling.kind, "story.matched.v1", data, now)
    return body


def listing(
    kind: str, id_: AlertId, *, title: str, text: str, lines: Sequence[tuple[str, str, str]], now: datetime
) -> str:
    """Write the body of a digest, of what befell a channel, or of a test.

    Args:
        kind: "story.digest", "operations.channel-disabled", "peninsula.test", ...
        id_: of the alert.
        title: what happened, in a line.
        text: what it means and what to do.
        lines: of a digest: (title, URL, note) of each story; as many as fit are listed.
        now: when it is written.

    """
    listed, room = [], MAX_LISTED
    for headline, url, note in lines:
        line = {
            "title": _cut(headline, 200),
            "url": url if len(url) <= MAX_URL else "",
            "note": _cut(note, 200),
        }
        room -= len(json.dumps(line, ensure_ascii=False).encode())
        if room < 0:
            break
        listed.append(line)
    data = {
        "id": id_,
        "title": _cut(title, MAX_TITLE),
        "text": for_display(text)[:600],
        "count": len(lines),
        "lines": listed,
        "more": len(lines) - len(listed),
    }
    return _written(kind, "notice.v1", data, now)


def _written(kind: str, schema: str, data: Mapping[str, Any], now: datetime) -> str:
    return json.dumps(
        {"type": kind, "schema": schema, "timestamp": _stamp(now), "data": data},
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
    return cut(for_display(text), length)


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
