"""When to ask a feed again: as often as it brings something new, and not more.

Two wishes pull at a feed's period. News should be seen soon, and nothing may enter
and leave the feed's window between two fetches; its server should be left in peace.
The first two are learnt from what the fetches brought, the last is what a document
and a server say (`<ttl>`, sy:updatePeriod, Cache-Control, Retry-After).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from models.values import Added, Fetched, Source, SourceState

MAX_BACKOFF = timedelta(hours=6)
UNCONDITIONAL = 100  # one fetch in so many asks for the whole document, whatever its validators

_HOUR = timedelta(hours=1)
_HALF_LIFE = 12.0  # hours in which what was learnt comes to count for half
_SHARE_OF_WINDOW = 0.25  # of a window may be new at a fetch; the rest is reserve for a burst
_NEWS_A_FETCH = 0.25  # every fourth fetch brings something, in the mean
_JITTER = 0.1
_EARLY = timedelta(seconds=5)
_SUPPOSED_ITEMS, _SUPPOSED_HOURS = 1 / 8, 1.0  # what a feed is held to have brought before it is known
_LEAST_MISSED = 3  # items: one may have been dated back


def learn(
    state: SourceState,
    added: Added,
    dates: Sequence[datetime | None],
    *,
    unchanged: int = 0,
    now: datetime,
    partial: bool = False,
) -> SourceState:
    """Return what is known of a feed's rhythm after a document.

    Of its first document all is new to us; the dates of its items, `dates`, say
    how fast they come. `unchanged` counts items that are left out. `partial`
    documents (226) show no window.
    """
    listed = len(dates) + unchanged
    fresh = listed - added.known
    written = sorted((date for date in dates if date and date <= now), reverse=True)
    if state.document_at is None:
        pace, newest = _pace_of(written[: len(written) // 2 + 1], now), written[0] if written else now
    else:
        hours = max((now - state.document_at) / _HOUR, 1 / 60)
        weight = 1 - 0.5 ** (hours / _HALF_LIFE)
        pace = _supposing(fresh, hours)
        if state.pace is not None:
            pace = state.pace + weight * (fresh / hours - state.pace)
        newest = now if fresh or not state.newest_at else state.newest_at
    return replace(
        state,
        pace=pace,
        newest_at=newest,
        document_at=now,
        listed=state.listed if partial else listed,
    )


def _pace_of(dates: Sequence[datetime], now: datetime) -> float | None:
    """Return how many items an hour came since the oldest of them, newest first, if two dates tell.

    The hours until now are counted: looked back from any moment, one less than the
    items by the time since the oldest is a Poisson stream's rate without bias.
    """
    return _supposing(len(dates) - 1, (now - dates[-1]) / _HOUR) if len(dates) > 1 else None


def _supposing(items: int, hours: float) -> float:
    """Return how many items an hour came, where few of them tell little.

    The mean of a rate's posterior under a gamma prior (Gelman et al., Bayesian Data
    Analysis, 2.6): two items five minutes apart are no 288 a day.
    """
    return (items + _SUPPOSED_ITEMS) / (hours + _SUPPOSED_HOURS)


def is_gap(state: SourceState, added: Added, *, listed: int, partial: bool = False) -> bool:
    """Whether items may have come and gone unseen: nothing of a document was known."""
    return bool(state.document_at and state.listed and listed and not added.known and not partial)


def next_period(
    source: Source, state: SourceState, *, now: datetime, gap: bool = False, max_age: timedelta | None = None
) -> timedelta:
    """Return how long to leave a feed alone after a fetch that went well.

    Between the feed's floor and ceiling; what the feed itself advises is heeded up
    to the ceiling, but never so long that its window could roll over unseen. Only
    `max_age` of the server, for which it would send the same bytes again, goes
    before that.
    """
    wished = source.every
    if state.pace is not None:
        wished = time_for(_NEWS_A_FETCH, _pace_today(state, now))
    wished = max(_within(wished, source), min(state.advice or timedelta(0), source.ceiling))
    if state.pace and state.listed:
        wished = min(wished, time_for(state.listed * _SHARE_OF_WINDOW, state.pace))
    if gap:
        wished = source.floor
    return max(_within(wished, source), min(max_age or timedelta(0), source.ceiling))


def _pace_today(state: SourceState, now: datetime) -> float:
    """Return the learnt pace, less where nothing came for longer than it would say."""
    quiet = (now - state.newest_at) / _HOUR if state.newest_at else 0.0
    return min(state.pace or 0.0, 1.5 / quiet) if quiet > 1 else state.pace or 0.0


def time_for(items: float, pace: float) -> timedelta:
    """Return how long so many items take, a year at most."""
    return _HOUR * min(items / max(pace, 1e-6), 24 * 365)


def after_failure(
    source: Source, state: SourceState, *, chance: float, asked: timedelta | None = None
) -> timedelta:
    """Return how long to wait after a failure: longer each time, and as long as the server asks.

    Args:
        source: the feed.
        state: what was known before this failure; `failures` counts the earlier ones.
        chance: between 0 and 1, spreads the feeds of a server that came down.
        asked: its Retry-After.

    """
    wait = min(source.every * 2 ** min(state.failures, 8), max(MAX_BACKOFF, source.every))
    return max(jittered(wait, chance, share=0.2), asked or timedelta(0))


def jittered(period: timedelta, chance: float, *, share: float = _JITTER) -> timedelta:
    """Return a period up to `share` shorter, so that feeds do not march in step.

    Never longer: a schedule that ticks as often as the period would miss its tick.
    """
    return period * (1 - share * chance)


def next_turn(period: timedelta, chance: float, *, began: datetime, now: datetime) -> datetime:
    """Return when a feed is to be asked again: a period from the beginning of the sweep.

    Its place in a sweep is not to cost it a tick: of 1,000 feeds asked every minute, a
    quarter waited for two. Of the period so much is given up for that as for chance.
    """
    start = min(max(began, now - period * _JITTER), now)  # a clock set back in mid-sweep began ahead
    return start + jittered(period, chance)


def is_due(state: SourceState, now: datetime) -> bool:
    """Whether a feed is to be asked; a time beyond a day ahead was set by a clock that was wrong.

    A run of a schedule begins now three seconds late, now six: who is due in the next few is
    asked by this one, unless its server is in trouble.
    """
    if state.next_at is None or state.next_at > now + timedelta(hours=25):
        return True
    early = timedelta(0)
    if state.checked_at and not state.failures:
        early = max(early, min(_EARLY, (state.next_at - state.checked_at) * _JITTER))
    return state.next_at - early <= now


def wants_everything(state: SourceState) -> bool:
    """Whether this fetch sends no validators: one in a hundred, and all where they lie."""
    return state.validators_lie or state.asked % UNCONDITIONAL == UNCONDITIONAL - 1


def has_lied(state: SourceState, answer: Fetched, fresh: Sequence[datetime | None]) -> bool:
    """Whether a server calls a document unchanged that has changed.

    Told by a fetch that sent no validators though there were some. Something of the
    document is new or edited (`fresh`, the dates of those items), and the validators are
    those of the old one; or most of it, three items at least, was published well before
    the last fetch, whose answer was that nothing is new.
    """
    old, news = state.validators, answer.validators
    if (
        state.validators_lie
        or not wants_everything(state)
        or not (old.etag or old.last_modified)
        or not fresh
    ):
        return False
    same = old.etag == news.etag if old.etag else old.last_modified == news.last_modified
    before = (state.checked_at - _HOUR) if state.checked_at else None
    missed = sum(date is not None and before is not None and date < before for date in fresh)
    return same or (missed >= _LEAST_MISSED and 2 * missed > len(fresh))


def _within(period: timedelta, source: Source) -> timedelta:
    return max(source.floor, min(period, source.ceiling))
