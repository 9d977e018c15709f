"""The product on one page: collect, decide, deliver.

Three sweeps, each safe to repeat, each finding its own work in the database.
The command line and the Prefect flows call the same functions. Kill the process
at any line: before a commit nothing of that step happened, after it the next
sweep finds the work.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

from flows import deliver
from flows.collect import Clock, Progress, collect_feeds, collect_seeds
from flows.settings import Settings, bundled
from flows.words import open_lexicon
from models import alerts, decide, store
from models.database import Database
from models.lexicon import Lexicon
from models.values import (
    AlertId,
    Channel,
    ChannelName,
    Claim,
    Collected,
    Decided,
    Delivered,
    Report,
    Sent,
    StoryId,
    Verdict,
)

Show = Callable[[str], None]

BATCH = 200  # articles decided in one transaction
SLACK_PACE = 1.0  # seconds between messages: Slack takes one a second for each webhook


def open_database(settings: Settings) -> Database:
    """Open the database and bring its schema up to date."""
    database = Database(settings.database_url)
    database.migrate(bundled("alembic"))
    return database


# --- collect: sources to articles --------------------------------------------------


async def collect(
    database: Database,
    settings: Settings,
    *,
    clock: Clock,
    seeds: Path | None,
    feeds: bool = True,
    only: Collection[str] = (),
    due_only: bool = False,
    progress: Progress | None = None,
) -> list[Collected]:
    """Store what is new in the seeds and feeds; whatever is wrong with one stays its own.

    Args:
        database: where articles and validators go.
        settings: which feeds, and how many at once.
        clock: the time.
        seeds: a folder of seed files; None leaves them out.
        feeds: whether to read the feeds.
        only: names of feeds; empty for all that are enabled.
        due_only: leave out feeds whose own interval has not passed yet.
        progress: told of each feed as it is done.

    """
    done = collect_seeds(database, settings, seeds, clock=clock) if seeds else []
    if feeds:
        done += await collect_feeds(
            database, settings, clock=clock, only=only, due_only=due_only, progress=progress
        )
    return done


# --- decide: articles to stories and alerts ---------------------------------------


def decide_new(database: Database, settings: Settings, words: Lexicon, *, clock: Clock) -> Decided:
    """Read, place and judge every article that is waiting, a batch a transaction."""
    done = Decided()
    while True:
        batch = _decide_batch(database, settings, words, clock())
        if not batch.articles:
            return done
        done = Decided(
            articles=done.articles + batch.articles,
            matched=done.matched + batch.matched,
            baseline=done.baseline + batch.baseline,
            opened=done.opened + batch.opened,
            alerts=done.alerts + batch.alerts,
        )


def _decide_batch(database: Database, settings: Settings, words: Lexicon, now: datetime) -> Decided:
    desk = settings.desk
    with database.writing(serial=True) as session:
        waiting = store.undecided(session, BATCH)
        readings = decide.read(waiting, words)
        probes = decide.probes(waiting, readings)
        known = store.recall(session, waiting, probes, window=desk.window, sources=desk.sources)
        outcome = decide.decide(waiting, readings, known, desk, lexicon=words, now=now)
        store.apply(session, outcome, probes, lexicon=words.version, window=desk.window, now=now)
    return decide.summary(outcome)


# --- deliver: alerts to channels -------------------------------------------------------


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
    with database.writing() as session:
        gone = [holder for holder in store.holders(session) if deliver.is_gone(holder)]
        store.release(session, clock(), gone=gone)
    drains = (
        _drain(database, channel, clock=clock, show=show, until=clock() + patience, waiting_too=waiting_too)
        for channel in settings.desk.channels.values()
    )
    results = [result for drained in await asyncio.gather(*drains) for result in drained.items()]
    with database.reading() as session:
        upcoming = store.waiting(session, settings.desk.channels, clock())
    return Sent(
        delivered=tuple(id_ for id_, state in results if state == "delivered"),
        retried=tuple(id_ for id_, state in results if state in {"pending", "lost"}),
        dead=tuple(id_ for id_, state in results if state == "dead"),
        next_at=upcoming,
    )


async def _drain(
    database: Database, channel: Channel, *, clock: Clock, show: Show, until: datetime, waiting_too: bool
) -> dict[AlertId, str]:
    """Send one channel's alerts in turn; give the last state of each that was tried."""
    states: dict[AlertId, str] = {}
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(deliver.open_client(allow_private=channel.allow_private))
        while True:
            claim = _claim(database, channel, clock(), waiting_too=waiting_too, tried=states)
            if claim is None:
                if not await _another_is_near(database, channel.name, clock, until):
                    return states
                continue
            verdict = await _send(client, claim, channel, clock, show)
            with database.writing() as session:
                jitter = random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, guards nothing
                states[claim.alert.id] = store.record(session, claim, verdict, clock(), jitter=jitter)
            if channel.kind == "slack":
                await asyncio.sleep(SLACK_PACE)


def _claim(
    database: Database, channel: Channel, now: datetime, *, waiting_too: bool, tried: Collection[AlertId]
) -> Claim | None:
    with database.writing() as session:
        return store.claim(
            session,
            [channel.name],
            now,
            token=secrets.token_hex(16),
            holder=deliver.holder(),
            waiting_too=waiting_too,
            skip=tried if waiting_too else (),
        )


async def _send(client: deliver.Client, claim: Claim, channel: Channel, clock: Clock, show: Show) -> Verdict:
    if channel.kind == "terminal":
        show(alerts.terminal_text(claim.alert, channel))
        return Delivered()
    return await deliver.post(client, alerts.request_for(claim, channel, clock()), clock)


async def _another_is_near(database: Database, channel: ChannelName, clock: Clock, until: datetime) -> bool:
    with database.reading() as session:
        upcoming = store.waiting(session, [channel], clock())
    if upcoming is None or upcoming > until:
        return False
    await asyncio.sleep(max(0.05, (upcoming - clock()).total_seconds()))
    return True


# --- a run: the three in a row -------------------------------------------------------------


async def watch(  # noqa: PLR0913 - a run by hand has these switches
    database: Database,
    settings: Settings,
    *,
    clock: Clock,
    show: Show,
    seeds: Path | None,
    feeds: bool = True,
    only: Collection[str] = (),
    due_only: bool = False,
    patience: timedelta = timedelta(0),
    progress: Progress | None = None,
    preview: Callable[[Report], None] | None = None,
) -> Report:
    """Collect, decide, deliver; tell what happened.

    Args:
        database: the archive and outbox.
        settings: sources, rules and channels.
        clock: the time.
        show: prints an alert of a terminal channel.
        seeds: a folder of seed files; None leaves them out.
        feeds: whether to read the feeds.
        only: names of feeds; empty for all that are enabled.
        due_only: leave out feeds whose own interval has not passed yet.
        patience: how long to stay for delivery attempts that fall due soon.
        progress: told of each feed as it is done.
        preview: told of sources and stories before anything is sent.

    """
    started = time.monotonic()
    words = open_lexicon(settings)
    collected = await collect(
        database,
        settings,
        clock=clock,
        seeds=seeds,
        feeds=feeds,
        only=only,
        due_only=due_only,
        progress=progress,
    )
    decided = decide_new(database, settings, words, clock=clock)
    if preview:
        preview(tell(database, settings, collected, decided, Sent(), seconds=0.0))
    sent = await deliver_due(database, settings, clock=clock, show=show, patience=patience)
    return tell(database, settings, collected, decided, sent, seconds=time.monotonic() - started)


def tell(
    database: Database,
    settings: Settings,
    collected: Iterable[Collected],
    decided: Decided,
    sent: Sent,
    *,
    seconds: float,
) -> Report:
    """Put a run's report together, with the stories and alerts it is about."""
    tried = {*decided.alerts, *sent.delivered, *sent.retried, *sent.dead}
    opened: tuple[StoryId, ...] = decided.opened
    with database.reading() as session:
        stories = store.story_list(session, settings.desk.sources, ids=opened, limit=len(opened) or 1)
        states = store.alert_states(session, ids=tried, limit=len(tried) or 1)
    return Report(
        sources=tuple(collected),
        decided=decided,
        sent=sent,
        stories=stories,
        alerts=states,
        seconds=seconds,
    )
