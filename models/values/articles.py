"""Decide: what an article is and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.values.names import ArticleId, ConceptId, Dated, Field, SourceName
from models.values.sources import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text with one identity, however many sources list it."""

    id: ArticleId
    source: SourceName  # that listed it first
    key: str  # identity within the source: guid, else URL, else hash of title and date
    url: str  # canonical; "" where the item has none
    link: str  # as the source gave it, for people to click
    title: str
    text: str
    language: str | None  # what the item or its feed declares
    outlet: str
    published_at: datetime | None
    first_seen_at: datetime
    fingerprint: str  # of the folded title and text; equal for a word-for-word copy
    fresh: bool = True  # False: older than what the watch alerts on (baseline)
    version: int = 1
    dated: Dated = "none"  # "age": reckoned from first_seen_at; "impossible": dropped
    guid: str = ""  # as the source gives it, behaving or not
    heading: str = ""  # digest of the folded title
    also: tuple[SourceName, ...] = ()  # other sources that list it, as far as the archive was asked

    @property
    def listed_by(self) -> tuple[SourceName, ...]:
        """The sources that list it, the first one first."""
        return (self.source, *self.also)

    @property
    def at(self) -> datetime:
        """When it was published as far as we know, else when we saw it first."""
        return self.published_at or self.first_seen_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A document of a source as articles; entries known by their markup are only counted."""

    articles: tuple[Article, ...]
    faults: tuple[Fault, ...] = ()
    shared: bool = False  # some entries share a link or a guid
    advice: timedelta | None = None
    marks: str = ""  # marks of all its entries, for the next reading; "": read the next one whole
    unchanged: int = 0  # entries left out, since the last document held them word for word

    @property
    def total(self) -> int:
        """How many articles the document lists."""
        return len(self.articles) + self.unchanged

    @property
    def truncated(self) -> bool:
        """Whether the document was cut short on its way."""
        return any(fault.code == "truncated" for fault in self.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A concept found in a text."""

    concept: ConceptId
    form: str  # the words as they stand in the article
    field: Field
    start: int  # offsets into the article's title or text, in code points
    end: int
    weight: float
    because: str = ""  # the condition that let a conditional form in
    kind: str = ""  # of the concept: person, country, topic, ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A form that was seen and not counted: the reason why not."""

    concept: ConceptId
    form: str
    field: Field
    start: int
    end: int
    because: str  # "false friend ff-ko-geobuk", "inside 북한산", "needs dprk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One line of a score's sum."""

    concept: ConceptId
    form: str
    field: Field
    weight: float
    factor: float
    value: float  # what it adds, after factor and caps
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the lexicon makes of one text."""

    language: str
    korea: bool
    score: float
    concepts: tuple[ConceptId, ...] = ()  # tags, strongest first; none unless `korea`
    hits: tuple[Hit, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    terms: tuple[Term, ...] = ()
    why: str = ""  # one sentence: what let it in, or what would have been needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """An entry of the lexicon, as far as people meet it."""

    id: ConceptId
    kind: str  # country, place, person, organisation, media, weapon, event, topic
    label: str
    label_ko: str = ""
