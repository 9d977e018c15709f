"""Decide: what a rule makes of a story, and the alert that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from models.values.articles import Article, Reading
from models.values.names import (
    AlertId,
    ArticleId,
    ChannelName,
    ConceptId,
    RuleName,
    Ruling,
    SourceName,
    StoryId,
)
from models.values.sources import Source
from models.values.stories import Member, Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What to alert on, and where to. Empty conditions hold for everything."""

    name: RuleName
    channels: tuple[ChannelName, ...]
    minimum_score: float = 0.8
    any: tuple[ConceptId, ...] = ()
    all: tuple[ConceptId, ...] = ()
    none: tuple[ConceptId, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[SourceName, ...] = ()
    query: str = ""  # in the language of models.alerts.rules; parses, or settings refused it
    version: str = ""  # hash of its text, for the ledger
    urgent: bool = False  # passes quiet hours, digests and floods
    group_wait: timedelta = timedelta(0)  # an alert waits so long for a second source to name
    repeat: tuple[str, ...] = ()  # follow-ups: "second-family", "sources-5", ...
    cooldown: timedelta = timedelta(minutes=30)  # between two alerts of one story
    official: str = ""  # a query: what an official confirmation or denial is; "" is ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `count` alerts in any `per`, in bursts of at most `count`."""

    count: int
    per: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where alerts go. `url` and the secrets never reach a message or a log."""

    name: ChannelName
    kind: str  # "terminal", "webhook", "slack", "slack-bot", "email", "apprise"
    url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)  # signing key of a webhook, token of a Slack bot
    old_secret: str = field(default="", repr=False)  # signs as well while keys are changed over
    to: str = ""  # a Slack bot's channel id
    rate: Rate | None = None
    flood: int = 0  # more alerts than this at once become one digest; 0: never
    digest: timedelta | None = None  # collects alerts, and sends them together this often
    digest_at: time = time(8)  # when in its zone a daily digest is sent
    quiet: tuple[time, time] | None = None  # from, till: nothing but what is urgent is sent
    language: str = "en"
    zone: str = "UTC"
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the desk has configured, as far as decisions depend on it."""

    rules: tuple[Rule, ...]
    channels: Mapping[ChannelName, Channel]
    sources: Mapping[SourceName, Source]
    window: timedelta = timedelta(hours=72)  # how long a story stays open to new articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A ledger row: what one rule made of one article, and why."""

    article: ArticleId
    rule: RuleName
    outcome: Ruling
    reason: str  # stable code: "matched", "story-alerted", "score-below", ...
    detail: str  # one sentence for a person
    score: float
    story: StoryId
    rule_version: str = ""
    lexicon_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An outbox row: one per channel, rule, story and kind, for ever."""

    id: AlertId
    channel: ChannelName
    rule: RuleName
    story: StoryId
    article: ArticleId
    body: str  # the JSON that a webhook gets, frozen when it fell due
    due_at: datetime
    kind: str = "story.matched"
    generation: int = 0
    urgent: bool = False
    open_until: datetime | None = None  # group_wait: until then the body may name more sources
    spilt: str = ""  # why it is told in its feed's digest of the hour and not by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the decider has to know of the stories that a batch tells, to judge it."""

    members: tuple[Member, ...] = ()  # decided before
    placed: Mapping[ArticleId, StoryId] = field(default_factory=dict)  # edits keep theirs
    alerted: Mapping[tuple[ChannelName, RuleName, StoryId], AlertId] = field(default_factory=dict)
    told: tuple[Alert, ...] = ()  # every alert of these stories, follow-ups too
    passed: frozenset[tuple[RuleName, StoryId]] = frozenset()  # older than the rule: baseline
    recent: Mapping[tuple[ChannelName, SourceName], int] = field(default_factory=dict)  # of the last hour
    install: str = ""  # this installation's token: alert ids are derived from it


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything one decide sweep wants written, in one transaction."""

    articles: tuple[Article, ...]
    readings: Mapping[ArticleId, Reading]
    placements: Mapping[ArticleId, Placement]  # none for an edit: it keeps its place
    decisions: tuple[Decision, ...]
    alerts: tuple[Alert, ...]
    rewritten: tuple[Alert, ...] = ()  # still in their group_wait: they name more sources now
