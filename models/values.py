"""The nouns: every value that crosses a file's border, frozen.

A value holds facts and nothing else: no row, no client, no clock. Times are
aware UTC `datetime`, durations `timedelta`, texts `str` in NFC. Read top down:
what a source lists, what an article is, what it says, which story it tells,
what a rule decides, what is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Literal, NewType

SourceName = NewType("SourceName", str)
ArticleId = NewType("ArticleId", str)
StoryId = NewType("StoryId", str)
AlertId = NewType("AlertId", str)
ConceptId = NewType("ConceptId", str)
RuleName = NewType("RuleName", str)
ChannelName = NewType("ChannelName", str)

Field = Literal["title", "lead", "body"]
Ruling = Literal["alert", "same-story", "baseline", "no-match"]
Dated = Literal["stated", "age", "impossible", "none"]  # how sure a publication time is
Identity = Literal["guid", "url", "url-date", "title"]  # what a source's items are known by


class Bloc(StrEnum):
    """Whose press a source belongs to; corroboration counts them apart."""

    DPRK = "dprk"
    ROK = "rok"
    US = "us"
    JAPAN = "japan"
    CHINA = "china"
    RUSSIA = "russia"
    OTHER = "other"


class Health(StrEnum):
    """How a feed does, against its own rhythm."""

    NEW = "new"  # not asked yet
    HEALTHY = "healthy"
    REDIRECTED = "redirected"  # answers from another address, for good
    UNDATED = "undated"  # none of its items says when
    STALE = "stale"  # nothing new for much longer than is usual for it
    SILENT = "silent"  # nothing new for so long that it may be abandoned
    EMPTY = "empty"  # a feed without items
    HTML = "html-instead-of-feed"
    PARSE_ERROR = "parse-error"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    UNREACHABLE = "unreachable"  # failed fetches in a row: never taken for silence


# --- collect: what a source lists -----------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A configured feed, or the seeds (`url` empty)."""

    name: SourceName
    url: str = ""
    title: str = ""
    language: str | None = None  # BCP 47 primary tag: "ko", "en", ...
    family: str = ""  # publisher family: two feeds of one house are one voice; "" if outlets differ
    bloc: Bloc = Bloc.OTHER
    zone: str = "UTC"  # IANA zone of dates that carry none
    every: timedelta = timedelta(minutes=15)  # until its rhythm is learnt
    floor: timedelta = timedelta(minutes=2)  # never asked more often
    ceiling: timedelta = timedelta(hours=1)  # nor more seldom, while it answers
    enabled: bool = True
    allow_private: bool = False  # may stand on an intranet address
    note: str = ""  # where the feed was last seen alive, and what to know of it
    tags: tuple[str, ...] = ()  # the folders it lay in, in an OPML file
    keep: timedelta | None = None  # how long its articles stay; None: as long as all others

    @property
    def is_seeds(self) -> bool:
        """Seeds are handed in by a person: always new, never polled."""
        return not self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a feed's server gave us to ask "changed since?" with."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None  # sha256 hex of the last body stored in full


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A document that came over the wire, whole."""

    body: bytes
    content_type: str
    validators: Validators
    url: str  # where the last redirect led
    status: int
    moved_to: str = ""  # the same, where every redirect said that it is for good
    partial: bool = False  # 226: only what is new since the validators
    max_age: timedelta | None = None  # of Cache-Control


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that nothing changed."""

    validators: Validators = Validators()
    moved_to: str = ""
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """What a source lists, before we trust any of it."""

    guid: str = ""
    url: str = ""
    title: str = ""
    text: str = ""  # plain text: the longest of content, summary, description
    published_at: datetime | None = None
    age: str = ""  # what stands for a time and is none by itself: "3시간 전"
    language: str | None = None
    outlet: str = ""  # who wrote it, where the item says so
    position: int = 0  # 0-based place in the document, for faults
    shared_url: bool = False  # other items of the document link there too: it names none of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A bad item, feed or file: counted, kept and shown, never raised."""

    where: str  # "yonhap-ko item 3", "seeds/articles/a.txt"
    code: str  # kebab-case and stable: "no-title", "bad-date", "fetch-timeout"
    detail: str = ""  # one sentence for a person: what is wrong and what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A document of a source, read: its items and what was wrong with it."""

    items: tuple[RawItem, ...]
    faults: tuple[Fault, ...] = ()
    title: str = ""
    language: str | None = None
    encoding: str = "utf-8"  # the one that decoded the document
    advice: timedelta | None = None  # how long it asks to be left alone: <ttl>, sy:updatePeriod


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

    @property
    def at(self) -> datetime:
        """When it was published as far as we know, else when we saw it first."""
        return self.published_at or self.first_seen_at


# --- decide: what an article says -------------------------------------------


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


# --- decide: which story it tells -------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article that stands in a story already, as `place` compares with it."""

    article: Article
    reading: Reading
    story: StoryId
    family: str = ""


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


# --- decide: what a rule makes of it ----------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the decider has to know of the past to place a batch."""

    members: tuple[Member, ...] = ()  # candidates, of every story that may be joined
    stories: Mapping[StoryId, Story] = field(default_factory=dict)
    placed: Mapping[ArticleId, StoryId] = field(default_factory=dict)  # edits keep theirs
    alerted: Mapping[tuple[ChannelName, RuleName, StoryId], AlertId] = field(default_factory=dict)
    told: tuple[Alert, ...] = ()  # every alert of these stories, follow-ups too
    passed: frozenset[tuple[RuleName, StoryId]] = frozenset()  # older than the rule: baseline
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


# --- what a person asks for ------------------------------------------------


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

    validators: Validators = Validators()
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """Something that happened to a feed and is told once."""

    source: SourceName
    at: datetime
    kind: Literal["health", "moved", "renamed", "gap"]
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
    faults: tuple[Fault, ...] = ()


# --- what a run has to say -------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one source gave in one sweep."""

    source: SourceName
    new: int = 0
    edited: int = 0
    seen: int = 0
    faults: tuple[Fault, ...] = ()
    unchanged: bool = False  # the server said "not modified"
    error: str = ""  # why the source as a whole failed
    seconds: float = 0.0
    events: tuple[FeedEvent, ...] = ()  # what happened to the feed and is told once


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What one decide sweep made of what was waiting."""

    articles: int = 0
    matched: int = 0
    baseline: int = 0  # matched, and older than what the watch alerts on
    opened: tuple[StoryId, ...] = ()
    alerts: tuple[AlertId, ...] = ()
    previews: tuple[Preview, ...] = ()  # of rules that are new


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What one deliver sweep sent."""

    delivered: tuple[AlertId, ...] = ()
    retried: tuple[AlertId, ...] = ()  # not taken yet, will be tried again
    dead: tuple[AlertId, ...] = ()
    next_at: datetime | None = None  # when the next attempt falls due
    held: int = 0  # due, and kept back: a rate, quiet hours, a disabled channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run, told: sources, the new stories, the alerts."""

    sources: tuple[Collected, ...] = ()
    decided: Decided = Decided()
    sent: Sent = Sent()
    stories: tuple[Story, ...] = ()  # opened in this run, about the peninsula
    alerts: tuple[AlertState, ...] = ()  # that fell due or were tried in this run
    seconds: float = 0.0

    @property
    def whole(self) -> bool:
        """Whether every source was read and no alert is left waiting or dead."""
        failed = any(source.error for source in self.sources)
        return not (failed or self.sent.retried or self.sent.dead)


# --- deliver: what is sent --------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An alert leased to one sender until `until`."""

    alert: Alert
    token: str
    attempt: int  # 1-based
    until: datetime
    uncertain: bool = False  # an earlier attempt may have arrived
    answers: str = ""  # the receipt of the story's first alert, which this one follows up


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One e-mail, ready to send."""

    url: str = field(repr=False)  # smtp(s)://user:password@host:port
    sender: str
    to: tuple[str, ...]
    message: bytes
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP POST, ready to send."""

    url: str = field(repr=False)
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    allow_private: bool = False
    answers_in: Literal["status", "slack"] = "status"  # where the receiver says whether it took it


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The receiver took it."""

    status: int | None = None
    receipt: str = ""  # its own name for the message
    answer: str = field(default="", compare=False)  # how its answer begins, for `channels test`


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Not taken, or not known to be: send again, under the same id."""

    reason: str
    after: timedelta | None = None  # the receiver's Retry-After
    status: int | None = None
    uncertain: bool = False
    answer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """Will never be taken as it is: kept, shown, replayable by hand."""

    reason: str
    status: int | None = None
    disable: bool = False  # the receiver wants no more (410)
    answer: str = field(default="", compare=False)


Verdict = Delivered | Retry | Dead
