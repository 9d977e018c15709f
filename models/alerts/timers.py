"""When an alert may leave: group_wait, digests, quiet hours; in Alertmanager's words.

A rule's `group_wait` holds a new alert for a moment, so that it names a second
source. Until it ends the decider may write the body anew; the first claim, or
its end, freezes it for ever. A channel's `digest` and `quiet_hours` only choose
the time of sending: they change no body. What one feed alerts over its cap in an hour
leaves in a digest when the hour is over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.values import Alert, ArticleId, Channel, ChannelName, Rule, Source, SourceName

_DAY = timedelta(days=1)


def due_at(rule: Rule, channel: Channel, now: datetime, *, last: datetime | None = None) -> datetime:
    """Say when an alert that is decided now falls due.

    A follow-up keeps its cooldown, or leaves in the digest that tells of the story before it. All
    are put off by a day at most: to the outbox, what is due much later is of a clock that jumped.

    Args:
        rule: for its group_wait and cooldown, and whether it is urgent.
        channel: for its digest.
        now: when it is decided.
        last: of a follow-up: when the story's alert before it leaves.

    """
    every = timedelta(0) if rule.urgent else channel.digest or timedelta(0)
    if every and last is not None and now < last <= now + _DAY:
        return last
    wanted = now + rule.group_wait if last is None else max(now, last + rule.cooldown)
    ready = min(wanted, now + _DAY - every)
    return next_digest(channel, ready) if every else ready


def next_digest(channel: Channel, at: datetime) -> datetime:
    """Give the next time a channel's digest is sent: the hours of its zone, a day from `digest_at`.

    On the days of 23 or 25 hours an hourly digest still comes each hour, and a daily
    one at its hour.
    """
    every = channel.digest or _DAY
    zone = ZoneInfo(channel.zone)
    start = channel.digest_at if every == _DAY else time(0)
    base = datetime.combine(at.astimezone(zone).date(), start, zone)
    if base > at:
        base -= _DAY
    tomorrow = (base + _DAY).astimezone(at.tzinfo)
    passed = (at - base) // every
    return tomorrow if every == _DAY else min(base.astimezone(at.tzinfo) + (passed + 1) * every, tomorrow)


def spilling(
    made: Sequence[Alert],
    feeds: Mapping[ArticleId, Source],
    channels: Mapping[ChannelName, Channel],
    recent: Mapping[tuple[ChannelName, SourceName], int],
) -> list[Alert]:
    """Give the alerts of a sweep, with those marked that are over their feed's cap in this hour.

    Args:
        made: in the order in which they count; what is urgent counts and passes.
        feeds: which feed each article is of that made one due.
        channels: those that send digests only have no need of a cap.
        recent: how many of each channel and feed the last hour had before.

    """
    counts = Counter(recent)
    passed = []
    for alert in made:
        feed = feeds[alert.article]
        counts[alert.channel, feed.name] += 1
        over = 0 < feed.cap < counts[alert.channel, feed.name]
        if over and not alert.urgent and channels[alert.channel].digest is None:
            why = f"{feed.name} is over its {feed.cap} alerts an hour"
            passed.append(replace(alert, spilt=why, open_until=None))
        else:
            passed.append(alert)
    return passed


def quiet_since(channel: Channel, now: datetime) -> datetime | None:
    """Say when the quiet hours began that a channel is in; None if it is in none."""
    began, ends = last_quiet(channel, now)
    return began if began <= now < ends else None


def wakes_at(channel: Channel, now: datetime) -> datetime | None:
    """Say when the quiet hours end that a channel is in; None if it is in none."""
    began, ends = last_quiet(channel, now)
    return ends if began <= now < ends else None


def last_quiet(channel: Channel, now: datetime) -> tuple[datetime, datetime]:
    """Give the begin and end of the quiet hours that began last; the epoch twice if it has none."""
    if channel.quiet is None:
        return _NEVER, _NEVER
    zone = ZoneInfo(channel.zone)
    start, end = channel.quiet
    today = now.astimezone(zone).date()
    for day in (today, today - _DAY):
        began = datetime.combine(day, start, zone)
        if began <= now:
            ends = datetime.combine(day if end > start else day + _DAY, end, zone)
            return began.astimezone(now.tzinfo), ends.astimezone(now.tzinfo)
    return _NEVER, _NEVER


_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
