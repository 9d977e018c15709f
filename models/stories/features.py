"""What is compared of an article: terms, facts, a text sample, event parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from models.stories.copies import Sketch, sketch
from models.stories.events import Parameters, parameters
from models.stories.facts import facts
from models.stories.keys import keys, word_keys
from models.stories.marks import Revision, revision, without_dateline
from models.stories.names import name_terms, names
from models.stories.parties import Parties, parties
from models.stories.terms import terms
from models.values import Article, ArticleId, Reading

WHOLE_TEXT = 300  # characters; a text this long is more than a teaser
_NO_EVENT = Parameters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What an article is named by."""

    id: ArticleId
    hour: float  # of its time, since 1970
    dated: bool
    outlet: str
    title: str  # without wire marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Features(Heading):
    """An article as the comparison sees it; costs no more to hold than its text."""

    at: datetime
    language: str
    fingerprint: str
    mark: Revision
    terms: dict[str, float]
    sketch: Sketch
    keys: tuple[str | int, ...]
    events: Parameters
    facts: dict[str, float]
    mass: float  # the sum of the facts' weights
    parties: Parties = field(default_factory=Parties)
    korea: bool = False
    whole: bool = field(default=False)  # its text is the article's, not a teaser's


def features(article: Article, reading: Reading) -> Features:
    """Take from an article what it is compared by."""
    mark = revision(article.title)
    text = without_dateline(article.text)
    language = reading.language or article.language or ""
    events = parameters(mark.title, text, language=language, published=article.published_at)
    told = facts(reading, events)
    weights = _terms(article, reading)
    sample = sketch(text or mark.title)
    return Features(
        id=article.id,
        at=article.at,
        dated=article.published_at is not None,
        language=language,
        outlet=article.outlet or article.source,
        fingerprint=article.fingerprint,
        title=mark.title,
        mark=mark,
        terms=weights,
        keys=keys(weights, told, sample),
        hour=article.at.timestamp() / 3600,
        sketch=sample,
        events=events,
        facts=told,
        mass=sum(told.values()),
        parties=parties(reading),
        korea=reading.korea,
        whole=len(text) >= WHOLE_TEXT,
    )


def outline(article: Article, reading: Reading) -> tuple[dict[str, float], tuple[str, ...]]:
    """Give an article's terms and the keys of its words and concepts, at a quarter of `features`' cost."""
    weights = _terms(article, reading)
    return weights, word_keys(weights, facts(reading, _NO_EVENT))


def _terms(article: Article, reading: Reading) -> dict[str, float]:
    """Weigh an article's words, with each name that the lexicon knows as one term."""
    title, text = article.title, article.text
    found_names = tuple(names(reading))
    for hit in found_names:
        if hit.field == "title":
            title = _blanked(title, hit.start, hit.end)
        else:
            text = _blanked(text, hit.start, hit.end)
    found = terms(revision(title).title, without_dateline(text))
    return found | name_terms(found_names)


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]
