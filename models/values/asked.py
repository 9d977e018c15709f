"""What a person asks for: the rows behind the lists and pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from models.values.alerts import Alert, Decision
from models.values.articles import Article, Reading
from models.values.names import AlertId, ArticleId, Health, Identity, RuleName, SourceName, StoryId
from models.values.sources import Fault, Validators
from models.values.stories import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """An article as it stands in the archive, with what was made of it."""

    article: Article
    reading: Reading | None = None  # None until a decide sweep has read it
    story: StoryId | None = None
    placement: Placement | None = None
    decisions: tuple[Decision, ...] = ()
    sightings: tuple[SourceName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertState:
    """An alert and how far its delivery is."""

    alert: Alert
    state: str  # pending, sending, delivered, dead, dropped, bundled (told by `digest`)
    attempts: int
    next_at: datetime
    title: str = ""
    delivered_at: datetime | None = None
    status: int | None = None
    reason: str = ""
    digest: AlertId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to send an alert, as it is on record."""

    number: int
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str = ""
    status: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """What is remembered of a channel, and how many of its alerts wait."""

    state: str = "active"  # or "disabled"
    reason: str = ""
    failing_since: datetime | None = None
    not_before: datetime | None = None
    pending: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a new rule would have alerted on, had it been there before."""

    rule: RuleName
    stories: int
    newest: str = ""  # title


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between fetches."""

    validators: Validators = field(default_factory=Validators)
    checked_at: datetime | None = None  # last fetch that was stored or "not modified"
    next_at: datetime | None = None
    failures: int = 0
    last_error: str = ""
    last_code: str = ""  # of that error
    url: str = ""  # as watch.toml said when it was last asked
    moved_to: str = ""  # where permanent redirects led from there
    identity: Identity = "guid"
    renamed_at: datetime | None = None  # when it last gave known items new names
    asked: int = 0  # fetches so far
    document_at: datetime | None = None  # when its last whole document was stored
    listed: int = 0  # items in that document
    pace: float | None = None  # new items an hour, learnt
    newest_at: datetime | None = None  # when it last brought something new
    advice: timedelta | None = None  # between fetches, as its document and server ask
    health: Health = Health.NEW
    health_at: datetime | None = None  # since when
    health_detail: str = ""
    validators_lie: bool = False  # its server called changed documents unchanged
    marks: str = ""  # marks of the entries of its last document, if they can be told apart by them
    whole_at: datetime | None = None  # when all entries of a document were last read


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """An item that a source listed before, as far as it can be known again."""

    key: str
    article: ArticleId
    guid: str = ""
    url: str = ""
    heading: str = ""
    title: str = ""
    text: str = ""  # its beginning
    published_at: datetime | None = None
    link: str = ""
    listed_at: datetime | None = None  # the last time that it was listed; None: just now


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """Something that happened to a feed and is told once."""

    source: SourceName
    at: datetime
    kind: Literal["health", "moved", "renamed", "gap", "silence", "validators"]
    state: str
    was: str = ""
    detail: str = ""  # one sentence: what happened and what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What storing a source's items changed."""

    new: int = 0
    edited: int = 0
    seen: int = 0
    known: int = 0  # of its items, those that this source listed before
    identity: Identity = "guid"
    renamed: int = 0  # known items that came under new names, all at once
    steady: bool = True  # each known item came under the name that it had
    articles: tuple[ArticleId, ...] = ()  # those that are new or edited
    faults: tuple[Fault, ...] = ()
