"""What a run has to say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from models.values.asked import AlertState, FeedEvent, Preview
from models.values.names import AlertId, ArticleId, SourceName, StoryId
from models.values.sources import Fault
from models.values.stories import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one source gave in one sweep."""

    source: SourceName
    new: int = 0
    edited: int = 0
    seen: int = 0
    faults: tuple[Fault, ...] = ()
    articles: tuple[ArticleId, ...] = ()  # those that are new or edited
    completed: int = 0  # of them, those whose whole text was read from their page
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
    elsewhere: bool = False  # another process was deciding: it takes what waits

    def __add__(self, batch: Decided) -> Decided:
        """Count a further batch in."""
        return replace(
            self,
            articles=self.articles + batch.articles,
            matched=self.matched + batch.matched,
            baseline=self.baseline + batch.baseline,
            opened=self.opened + batch.opened,
            alerts=self.alerts + batch.alerts,
            previews=self.previews + batch.previews,
        )


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

    @property
    def good(self) -> bool:
        """Whether the run did what it is for: not every source failed."""
        return not self.sources or any(not source.error for source in self.sources)
