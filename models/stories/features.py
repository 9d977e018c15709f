"""What is compared of an article: terms, concepts, a text sample, event parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from models.stories.copies import Sketch, sketch
from models.stories.events import Parameters, parameters
from models.stories.marks import Revision, revision, without_dateline
from models.stories.terms import terms
from models.values import Article, ArticleId, Reading

WHOLE_TEXT = 600  # characters; a text this long is more than a lead


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """An article as the comparison sees it; costs no more to hold than its text."""

    id: ArticleId
    at: datetime
    dated: bool
    language: str
    outlet: str
    family: str
    fingerprint: str
    title: str  # without wire marks
    mark: Revision
    terms: dict[str, float]
    concepts: dict[str, float]
    sketch: Sketch
    events: Parameters
    whole: bool = field(default=False)  # its text is the article's, not a teaser's


def features(article: Article, reading: Reading, family: str = "") -> Features:
    """Take from an article what it is compared by."""
    mark = revision(article.title)
    text = without_dateline(article.text)
    concepts: dict[str, float] = {}
    for hit in reading.hits:
        weight = 1.0 if hit.field == "title" else 0.6 if hit.field == "lead" else 0.3
        concepts[hit.concept] = max(weight, concepts.get(hit.concept, 0.0))
    language = reading.language or article.language or ""
    return Features(
        id=article.id,
        at=article.at,
        dated=article.published_at is not None,
        language=language,
        outlet=article.outlet or article.source,
        family=family or article.outlet or article.source,
        fingerprint=article.fingerprint,
        title=mark.title,
        mark=mark,
        terms=terms(mark.title, text),
        concepts=concepts,
        sketch=sketch(text or mark.title),
        events=parameters(mark.title, text, language=language, published=article.published_at),
        whole=len(text) >= WHOLE_TEXT,
    )
