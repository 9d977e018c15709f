"""Judges how the watch stands: what is late, stuck, dead or silent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from models.values import Standing, Trouble

LEAST_SILENCE = timedelta(hours=3)  # no desk needs to know sooner
_LEAST_GAPS = 20  # fewer say nothing of what is usual
_START = timedelta(minutes=5)  # a run takes a while, and Prefect a while to start it
_OVERDUE = timedelta(minutes=15)  # deliveries leave every minute
_MANY = 0.5  # of the feeds: then it is the network, not the feeds
_RUNS = ("watch", "due feeds", "collect")
NOT_ON = "is not on: configure it or set its variable, and its alerts leave"


def usual_gap(times: Iterable[datetime]) -> timedelta | None:
    """Give the time between two events that 19 of 20 stay under; None if there were too few.

    The median would call every night a silence: news sleeps, too.
    """
    ordered = sorted(times)
    gaps = sorted(after - before for before, after in pairwise(ordered))
    return gaps[int(len(gaps) * 0.95)] if len(gaps) >= _LEAST_GAPS else None


def is_silent(newest: datetime | None, usual: timedelta | None, now: datetime, *, times: int) -> bool:
    """Whether no story came for so many times the usual gap; `times` of zero never."""
    if newest is None or usual is None or not times:
        return False
    return now - newest > max(times * usual, LEAST_SILENCE)


def amiss(standing: Standing, *, every: timedelta, silence: int) -> tuple[Trouble, ...]:
    """Say what a person should look at, the gravest first.

    Args:
        standing: how it stands.
        every: the interval of the watch.
        silence: how many usual gaps without a story are too many.

    """
    found = [*_runs(standing, 2 * every + _START), *_work(standing, 2 * every + _START)]
    found += _feeds(standing)
    if is_silent(standing.newest_story, standing.usual_gap, standing.at, times=silence):
        quiet = told(standing.at - (standing.newest_story or standing.at))
        usual = told(standing.usual_gap or timedelta(0))
        detail = f"no new story for {quiet}, usually at most {usual}: do the feeds still come?"
        found.append(Trouble(code="silence", detail=detail))
    return tuple(found)


def last_end(standing: Standing) -> datetime | None:
    """Say when a run that reads feeds last came to its end."""
    ends = [run.ended_at for run in standing.runs if run.ended_at and run.name.startswith(_RUNS)]
    return max(ends, default=None)


def _runs(standing: Standing, limit: timedelta) -> Iterator[Trouble]:
    last = last_end(standing)
    if last is None:
        yield Trouble(code="no-run", detail="no run over the feeds has ended yet: try peninsula run")
    elif last - standing.at > limit:
        ahead = told(last - standing.at)
        yield Trouble(code="late", detail=f"the last run ended {ahead} from now: the clock was ahead")
    elif standing.at - last > limit:
        ago = told(standing.at - last)
        yield Trouble(code="late", detail=f"the last run ended {ago} ago: is peninsula up still there?")


def _work(standing: Standing, limit: timedelta) -> Iterator[Trouble]:
    at = standing.at
    if standing.oldest_undecided and at - standing.oldest_undecided > limit:
        waits = told(at - standing.oldest_undecided)
        detail = f"{standing.undecided} articles are undecided, one for {waits}: peninsula decide"
        yield Trouble(code="undecided", detail=detail)
    if standing.due_since and at - standing.due_since > _OVERDUE:
        waits = told(at - standing.due_since)
        yield Trouble(code="undelivered", detail=f"an alert has been due for {waits}: peninsula deliver")
    if dead := standing.alerts.get("dead", 0):
        detail = f"dead alerts: {dead}; peninsula alerts --state dead lists them, then replay or drop them"
        yield Trouble(code="dead-alerts", detail=detail)
    for name in standing.disabled:
        detail = f"channel {name} is disabled: peninsula channels enable {name}"
        yield Trouble(code="channel-disabled", detail=detail)
    for name in standing.stranded:
        detail = f"channel {name} {NOT_ON}; or peninsula alerts drop --channel {name}"
        yield Trouble(code="channel-off", detail=detail)


def _feeds(standing: Standing) -> Iterator[Trouble]:
    asked = [state for state in standing.feeds.values() if state.asked]
    failing = [state for state in asked if state.failures]
    if asked and len(failing) > _MANY * len(asked):
        detail = f"{len(failing)} of {len(asked)} feeds fail: is the network there? peninsula feeds list"
        yield Trouble(code="feeds-failing", detail=detail)


def told(span: timedelta) -> str:
    """Say a time span in its largest fitting unit: "40 s", "12 min", "3 h", "9 days"."""
    seconds = span.total_seconds()
    units: Sequence[tuple[float, str]] = ((172_800, "days"), (7200, "h"), (120, "min"))
    sizes = {"days": 86_400, "h": 3600, "min": 60}
    unit = next((name for least, name in units if seconds >= least), "s")
    return f"{seconds / sizes.get(unit, 1):.0f} {unit}"
