"""Collect: what a source is, what it lists, what may be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from models.values.names import Bloc, SourceName


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
    full_text: bool = False  # the pages of its articles are read, where a rule touches them
    proxy: str = field(default="", repr=False)  # URL of one that it is fetched through
    note: str = ""  # where the feed was last seen alive, and what to know of it
    tags: tuple[str, ...] = ()  # the folders it lay in, in an OPML file
    keep: timedelta | None = None  # how long its articles stay; None: as long as all others
    heard: bool = False  # a rule listens to it by name: what another source listed first counts here, too
    cap: int = 0  # alerts in an hour and a channel over which its stories go in a digest; 0: none

    @property
    def is_seeds(self) -> bool:
        """Seeds are handed in by a person: always new, never polled."""
        return not self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which sources a sweep reads."""

    seeds: Path | None = None  # a folder of seed files; None leaves them out
    feeds: bool = True  # without them no network is used to collect
    only: frozenset[str] = frozenset()  # names of feeds; empty for all that are enabled
    due_only: bool = False  # leave out feeds whose own interval has not passed yet
    shard: int = 1  # which part of the feeds, when several workers share them
    of: int = 1  # how many parts there are


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
    shared: bool = False  # some items share a link or a guid
