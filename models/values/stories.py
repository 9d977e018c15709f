"""Decide: which story an article tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.values.articles import Article, Reading
from models.values.names import ArticleId, Bloc, ConceptId, StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article that stands in a story already, as `place` compares with it."""

    article: Article
    reading: Reading
    story: StoryId
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What an article is looked up by: keys of the index of candidates, and its terms."""

    keys: tuple[int, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """The article tells a known story."""

    story: StoryId
    score: float  # 0 to 1
    margin: float  # to the best other story; 1 if there is none
    reason: str  # one sentence for a person
    nearest: ArticleId | None = None  # the member it was joined by
    evidence: Mapping[str, float] = field(default_factory=dict)  # score by kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The article opens a story; `reason` says why it joined none."""

    story: StoryId
    reason: str
    score: float = 0.0  # of the best candidate that was refused
    nearest: ArticleId | None = None
    veto: str = ""  # the event parameter that kept the two apart


Placement = Join | Open


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where the articles of a batch went, and the words of the stories they went to."""

    placements: Mapping[ArticleId, Placement]
    words: Mapping[StoryId, bytes]  # packed


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The event that articles report."""

    id: StoryId
    title: str
    anchor: ArticleId
    opened_at: datetime
    last_at: datetime
    language: str = ""
    articles: int = 1
    concepts: tuple[ConceptId, ...] = ()
    outlets: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    blocs: tuple[Bloc, ...] = ()
    languages: tuple[str, ...] = ()
    alerts: int = 0
    merged_into: StoryId | None = None
