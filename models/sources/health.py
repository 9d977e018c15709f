"""How a feed does, against its own rhythm; told once when it changes and once when it recovers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from models.errors import SourceError
from models.sources.rhythm import time_for
from models.values import FeedEvent, Health, Listing, Source, SourceState

WELL = frozenset({Health.NEW, Health.HEALTHY})

GAP = "none of its items was known: some may have come and gone unseen; it is asked more often from now"

LIES = "its server called it unchanged while it had changed: it is always asked for in full from now"

_FAILURES = 3  # in a row before a feed is called unreachable: one time-out is the weather
_LEAST_STALE = timedelta(days=2)  # weekends and holidays are no illness
_LEAST_SILENT = timedelta(days=14)
_STALE = 8  # times the usual distance between two items
_SILENT = 40
_CODES = {
    "html-instead-of-feed": Health.HTML,
    "http-410": Health.GONE,
    "http-401": Health.FORBIDDEN,
    "http-403": Health.FORBIDDEN,
    "http-451": Health.FORBIDDEN,
}


def of_failure(state: SourceState, error: SourceError, *, parsing: bool) -> tuple[Health, str]:
    """Return the health of a feed whose fetch or document failed.

    `state` counts this failure. A server that did not answer once leaves the
    health as it was.
    """
    if error.code in _CODES:
        return _CODES[error.code], error.problem
    if parsing:
        return Health.PARSE_ERROR, error.problem
    if state.failures >= _FAILURES:
        return Health.UNREACHABLE, f"failed {state.failures} times in a row: {error.problem}"
    return state.health, state.health_detail


def of_document(listing: Listing, state: SourceState, now: datetime) -> tuple[Health, str]:
    """Return the health of a feed that was read."""
    if not listing.total and not listing.faults:
        return Health.EMPTY, "is a feed without items: look whether it moved"
    quiet = _of_time(state, now)
    dated = listing.unchanged or any(item.dated in {"stated", "impossible"} for item in listing.articles)
    if quiet is None and not dated:
        return Health.UNDATED, "none of its items has a date: whatever is new to us counts as new"
    return quiet or _of_address(state)


def of_rest(state: SourceState, now: datetime) -> tuple[Health, str]:
    """Return the health of a feed that answered that nothing changed."""
    if state.health in {Health.EMPTY, Health.UNDATED}:
        return state.health, state.health_detail
    return _of_time(state, now) or _of_address(state)


def _of_time(state: SourceState, now: datetime) -> tuple[Health, str] | None:
    quiet = now - state.newest_at if state.newest_at else timedelta(0)
    usual = time_for(1, state.pace) if state.pace else _LEAST_SILENT / _SILENT
    days = f"{quiet / timedelta(days=1):.0f} days"
    if quiet > max(_LEAST_SILENT, _SILENT * usual):
        return Health.SILENT, f"brought nothing new for {days}: look whether it still lives"
    if quiet > max(_LEAST_STALE, _STALE * usual):
        return Health.STALE, f"brought nothing new for {days}, which is long for it"
    return None


def _of_address(state: SourceState) -> tuple[Health, str]:
    if state.moved_to:
        return Health.REDIRECTED, "moved for good: its new address is remembered; put it into watch.toml"
    return Health.HEALTHY, ""


def changed(
    source: Source, state: SourceState, health: tuple[Health, str], now: datetime
) -> tuple[SourceState, tuple[FeedEvent, ...]]:
    """Return the state with its health, and the event to tell if that is another one."""
    now_is, detail = health
    if now_is == state.health:
        return replace(state, health_detail=detail), ()
    after = replace(state, health=now_is, health_at=now, health_detail=detail)
    if state.health in WELL and now_is in WELL:
        return after, ()  # the first fetch of a feed went well
    recovered = f"is {now_is} again after {state.health}" if now_is == Health.HEALTHY else detail
    event = FeedEvent(
        source=source.name, at=now, kind="health", state=now_is, was=state.health, detail=recovered
    )
    return after, (event,)


def happened(
    source: Source, before: SourceState, after: SourceState, now: datetime, *, renamed: int, gap: bool
) -> tuple[FeedEvent, ...]:
    """Return what else a document showed that is told once: a move, a mass renaming, a gap, a lie."""
    told = []
    if after.moved_to != before.moved_to and after.moved_to:
        said = "moved for good: its new address is remembered, its history kept"
        told.append(("moved", said))
    if renamed:
        told.append(("renamed", f"{renamed} known items came under new names: re-mapped, none alerts"))
    if gap:
        told.append(("gap", GAP))
    if after.validators_lie and not before.validators_lie:
        told.append(("validators", LIES))
    return tuple(
        FeedEvent(source=source.name, at=now, kind=kind, state=kind, detail=said)  # type: ignore[arg-type]  # the literals above
        for kind, said in told
    )
