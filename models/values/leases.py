"""Who may work on something alone, for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to a kind of run, or to an alert, until it lapses."""

    name: str
    token: str  # fresh and random; only its bearer may renew it or record a result
    holder: str  # names the process, so that another can see that it died


class Taking(StrEnum):
    """What came of asking for a lease."""

    TAKEN = "taken"
    HELD = "held"  # another process is at work
    DONE = "done"  # a run that began after this one fell due has done its work


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """A kind of run, and how its last one went."""

    name: str
    began_at: datetime | None = None
    ended_at: datetime | None = None  # of the last that came to its end
    running: bool = False  # somebody holds its lease now
    said: str = ""
