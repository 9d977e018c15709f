"""Deliver: what is sent, and what the receiver made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from models.values.alerts import Alert


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
    left_out: str = ""  # which of several recipients it refused, by number; empty if none
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
