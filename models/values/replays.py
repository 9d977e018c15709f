"""Replay: the archive as the decide sweeps met it, and what a change would have made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from models.values.alerts import Alert
from models.values.articles import Article, Reading
from models.values.names import ArticleId, RuleName, StoryId
from models.values.stories import Placement


class Turn(NamedTuple):
    """When a decide sweep met which version of which article; sorts as the sweeps went."""

    decided_at: datetime
    at: datetime
    article: ArticleId
    version: int


class Correction(NamedTuple):
    """An article that an editor put into another story, and when; sorts as the editor went."""

    at: datetime
    article: ArticleId
    was: StoryId
    story: StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """An article as a decide sweep met it."""

    turn: Turn
    article: Article
    reading: Reading | None  # None of an earlier version: its reading is not kept
    placement: Placement  # at that time
    lexicon: str = ""  # version of the words that made the reading
    corrected: bool = False  # an editor had put it there: no other words move it


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A story that a rule alerted on, on whatever channels."""

    rule: RuleName
    story: StoryId
    kind: str
    at: datetime  # when it fell due
    article: ArticleId  # that made it due
    title: str
    outlet: str

    @property
    def key(self) -> tuple[RuleName, StoryId, str]:
        """What makes two the same alert."""
        return self.rule, self.story, self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the ledger and the outbox know of the time that is replayed, and of the time before."""

    install: str
    alerts: tuple[Alert, ...] = ()  # that fell due before; they count
    raised: tuple[Raised, ...] = ()  # since then, as it really went
    corrections: tuple[Correction, ...] = ()  # an editor's, of all times, in their order
    births: Mapping[RuleName, datetime] = field(default_factory=dict)  # since when a rule is what it is
    passed: frozenset[tuple[RuleName, StoryId]] = frozenset()  # older than the rule: the ledger's baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """Alerts that a change makes one, or one that it makes several."""

    one: Raised
    several: tuple[Raised, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a change makes of the alerts, in the order of time."""

    added: tuple[Raised, ...] = ()
    removed: tuple[Raised, ...] = ()
    merged: tuple[Regrouped, ...] = ()  # several before, one after
    split: tuple[Regrouped, ...] = ()  # one before, several after
    moved: tuple[tuple[Raised, Raised], ...] = ()  # the same story, at another time: before, after

    @property
    def nothing(self) -> bool:
        """Whether the change changes no alert."""
        return not (self.added or self.removed or self.merged or self.split or self.moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A replay, told."""

    rules: tuple[RuleName, ...]
    since: datetime
    until: datetime
    articles: int
    before: tuple[Raised, ...]
    after: tuple[Raised, ...]
    difference: Difference
    read_anew: int = 0  # articles of which other words are found
    missing: tuple[Raised, ...] = ()  # the ledger has them, a replay of today's rule has not
    extra: tuple[Raised, ...] = ()  # the other way round

    @property
    def days(self) -> list[tuple[date, int, int]]:
        """Alerts a day, before and after; days without any are left out."""
        counts: dict[date, list[int]] = {}
        for side, alerts in enumerate((self.before, self.after)):
            for alert in alerts:
                counts.setdefault(alert.at.date(), [0, 0])[side] += 1
        return [(day, *counts[day]) for day in sorted(counts)]  # type: ignore[misc]  # two of them

    @property
    def length(self) -> float:
        """How many days were replayed, at least one."""
        return max(1.0, (self.until - self.since).total_seconds() / 86_400)
