"""The deliver sweep: alerts that are due, leased, sent and recorded, each channel by itself.

A part of `flows.pipeline`. No transaction is open while anything is on the wire:
the claim commits before the socket opens, the result after the answer.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from flows import deliver, leases
from flows.clock import Clock
from flows.deliver import Show
from flows.settings import Settings
from models import alerts, store
from models.database import Database
from models.errors import DatabaseError
from models.values import AlertId, Channel, ChannelName, Claim, Retry, Sent, Verdict

PAUSES = (0.5, 1.0, 2.0)  # seconds before the database is asked again; each time it waits for its lock
SILENT = 2  # attempts in a row without an answer: the channel rests until the next sweep
SLACK_PACE = timedelta(
    seconds=1
)  # between messages, whoever sends: Slack takes one a second for each webhook
_SLACKS = {"slack", "slack-bot"}


async def deliver_due(
    database: Database,
    settings: Settings,
    *,
    clock: Clock,
    show: Show,
    patience: timedelta = timedelta(0),
    waiting_too: bool = False,
) -> Sent:
    """Send every alert that is due, each channel by itself, so that none blocks another.

    Args:
        database: the outbox.
        settings: the channels.
        clock: the time.
        show: prints an alert of a terminal channel.
        patience: how long to stay for attempts that fall due soon.
        waiting_too: try alerts whose next attempt lies ahead, once, now.

    """
    channels = settings.desk.channels
    with database.writing() as session:
        store.release(session, clock(), gone=leases.gone(session))
    until = time.monotonic() + patience.total_seconds()
    results: dict[AlertId, str] = {}
    for _ in range(2):  # the second time for what the first had to tell of a channel's trouble
        drains = (
            _drain(database, settings, channel, clock, show, until, waiting_too=waiting_too)
            for channel in channels.values()
        )
        before = len(results)
        for drained in await asyncio.gather(*drains, return_exceptions=True):
            if isinstance(drained, BaseException):
                raise drained
            results |= drained
        if waiting_too or len(results) == before or "dead" not in results.values():
            break
    with database.reading() as session:
        upcoming = store.waiting(session, channels, clock())
        held = store.held(session, channels, clock())
    return Sent(
        delivered=tuple(id_ for id_, state in results.items() if state == "delivered"),
        retried=tuple(id_ for id_, state in results.items() if state in {"pending", "lost"}),
        dead=tuple(id_ for id_, state in results.items() if state == "dead"),
        next_at=_not_asleep(settings, upcoming, clock()),
        held=held,
    )


def _others(settings: Settings, channel: Channel) -> list[ChannelName]:
    """Name the channels on which a channel's trouble may be told, `operations` first, the terminal last."""
    rest = [other for other in settings.desk.channels.values() if other.name != channel.name]
    rest.sort(key=lambda other: (other.name not in settings.operations, other.kind == "terminal"))
    return [other.name for other in rest]


def _not_asleep(settings: Settings, upcoming: datetime | None, now: datetime) -> datetime | None:
    """Put a time off to the morning where every channel is in its quiet hours."""
    wakes = [alerts.wakes_at(channel, now) for channel in settings.desk.channels.values()]
    if upcoming is None or not wakes or None in wakes:
        return upcoming
    return max(upcoming, min(at for at in wakes if at))


async def _drain(
    database: Database,
    settings: Settings,
    channel: Channel,
    clock: Clock,
    show: Show,
    until: float,
    *,
    waiting_too: bool,
) -> dict[AlertId, str]:
    """Send one channel's alerts in turn; give the last state of each that was tried.

    A receiver that is down costs two deadlines and not one for each alert; the rest
    stay due, with their attempts.
    """
    states: dict[AlertId, str] = {}
    others = _others(settings, channel)
    proxy = "" if channel.allow_private else settings.proxy
    silent = 0
    async with deliver.open_client(allow_private=channel.allow_private, proxy=proxy) as client:
        while True:
            claim = _claim(database, channel, clock(), waiting_too=waiting_too, tried=states)
            if claim is None:
                waiting_too = False  # each was tried once; from here on as planned
                if not await _another_is_near(database, channel, clock, until):
                    return states
                continue
            verdict = await deliver.send(client, claim, channel, clock, show)
            states[claim.alert.id] = await _record(database, claim, verdict, clock, others)
            silent = silent + 1 if isinstance(verdict, Retry) and verdict.status is None else 0
            if silent == SILENT:
                return states
            if channel.kind in _SLACKS:
                await asyncio.sleep(SLACK_PACE.total_seconds())


def _claim(
    database: Database, channel: Channel, now: datetime, *, waiting_too: bool, tried: Collection[AlertId]
) -> Claim | None:
    """Lease the next alert that the channel takes now; bundle first what leaves together."""
    with database.writing() as session:
        gate = store.gate(session, channel, now)
        if not gate.open:
            return None
        claim = store.claim(
            session,
            [channel.name],
            now,
            token=secrets.token_hex(16),
            holder=leases.holder(),
            waiting_too=waiting_too,
            skip=tried if waiting_too else (),
            urgent_only=gate.urgent_only,
        )
        if claim is not None:
            pace = SLACK_PACE if channel.kind in _SLACKS else timedelta(0)
            store.spend(session, channel, now, pace=pace)
        return claim


async def _record(
    database: Database, claim: Claim, verdict: Verdict, clock: Clock, others: Sequence[ChannelName]
) -> str:
    """Put on record what came of an attempt, though the database refuse it three times.

    Of an alert that its receiver took and nobody noted, the receiver would get a second one.
    """
    jitter = random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, guards nothing
    for pause in PAUSES:
        try:
            with database.writing() as session:
                return store.record(session, claim, verdict, clock(), jitter=jitter, others=others)
        except DatabaseError:
            await asyncio.sleep(pause)
    with database.writing() as session:
        return store.record(session, claim, verdict, clock(), jitter=jitter, others=others)


async def _another_is_near(database: Database, channel: Channel, clock: Clock, until: float) -> bool:
    """Wait for the channel's next attempt, if it falls due before `until` (monotonic seconds)."""
    now = clock()
    with database.reading() as session:
        upcoming = store.waiting(session, [channel.name], now)
    if upcoming is None or alerts.quiet_since(channel, now):
        return False
    wait = (upcoming - now).total_seconds()
    if time.monotonic() + max(wait, 0) > until:
        return False
    await asyncio.sleep(max(0.05, wait))
    return clock() > now
