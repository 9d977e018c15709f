"""How the watch as a whole stands, for who looks from outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.values.asked import SourceState
from models.values.leases import LastRun
from models.values.names import ChannelName, SourceName


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the database says of the watch at one moment."""

    at: datetime
    runs: tuple[LastRun, ...] = ()
    undecided: int = 0  # articles
    oldest_undecided: datetime | None = None  # when it was first seen
    alerts: Mapping[str, int] = field(default_factory=dict)  # by state
    due_since: datetime | None = None  # of the alert that has waited longest, on a channel that is open
    disabled: tuple[ChannelName, ...] = ()
    stranded: tuple[ChannelName, ...] = ()  # alerts wait for it, and it is not on
    feeds: Mapping[SourceName, SourceState] = field(default_factory=dict)  # the enabled ones
    newest_story: datetime | None = None
    usual_gap: timedelta | None = None  # 19 of 20 stories came sooner after the one before

    @property
    def by_health(self) -> dict[str, int]:
        """Count the feeds by their health."""
        return dict(sorted(Counter(str(state.health) for state in self.feeds.values()).items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that a person should look at."""

    code: str  # kebab-case and stable: "late", "undecided", "dead-alerts"
    detail: str  # one sentence: what is wrong and what to do
