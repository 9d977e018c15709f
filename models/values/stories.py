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
    """What an article is looked up by: its keys, each with its number in the index, and its terms."""

    keys: Mapping[str | int, int]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """What the articles of a batch may join: stories by their sums, and under which keys they stand."""

    words: Mapping[StoryId, bytes] = field(default_factory=dict)  # the sums, packed, as far as they were kept
    filed: Mapping[int, tuple[StoryId, ...]] = field(default_factory=dict)  # by number, newest last
    placed: Mapping[ArticleId, StoryId] = field(default_factory=dict)  # edits keep theirs
    articles: int = 0  # counted so far, in how many of which each term of the batch stood:
    terms: Mapping[str, int] = field(default_factory=dict)


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
class Chorus:
    """Who tells a story in its own right."""

    families: tuple[str, ...]
    blocs: tuple[Bloc, ...]
    languages: tuple[str, ...]
    copies: int = 0  # articles that copy another's text or relay an agency that speaks already


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
    copies: int = 0  # of its articles, those that are no source of their own
    alerts: int = 0
    merged_into: StoryId | None = None
