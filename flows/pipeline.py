"""The product on one page: collect, decide, deliver.

Three sweeps, each safe to repeat, each finding its own work in the database.
The command line and the Prefect flows call the same functions. Kill the process
at any line: before a commit nothing of that step happened, after it the next
sweep finds the work.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import secrets
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from flows import deliver, fetch
from flows.settings import SEEDS, Settings, bundled
from models import alerts, decide, lexicon, sources, store, text
from models.database import Database
from models.errors import ConfigError, FetchError, SourceError
from models.lexicon import Lexicon
from models.values import (
    AlertId,
    Article,
    Channel,
    ChannelName,
    Claim,
    Collected,
    Decided,
    Delivered,
    Fault,
    Fetched,
    NotModified,
    ParsedFeed,
    Report,
    Sent,
    Source,
    SourceName,
    SourceState,
    StoryId,
    Validators,
    Verdict,
)

Clock = Callable[[], datetime]
Progress = Callable[[Collected], None]
Show = Callable[[str], None]

BATCH = 200  # articles decided in one transaction
SLACK_PACE = 1.0  # seconds between messages: Slack takes one a second for each webhook
MAX_BACKOFF = timedelta(hours=6)


# --- ready: the database and the words ---------------------------------------


def open_database(settings: Settings) -> Database:
    """Open the database and bring its schema up to date."""
    database = Database(settings.database_url)
    database.migrate(bundled("alembic"))
    return database


def open_lexicon(settings: Settings) -> Lexicon:
    """Compile the desk's concepts, and check that rules name known ones."""
    words = read_lexicon(*lexicon_files(settings))
    for rule in settings.desk.rules:
        for key in ("any", "all", "none"):
            for concept in getattr(rule, key):
                if concept not in words.concepts:
                    place = f'[[rule]] "{rule.name}" {key}'
                    raise ConfigError(str(settings.file), place, f'the lexicon has no concept "{concept}"')
    return words


def read_lexicon(shipped: dict[str, str] | None = None, own: dict[str, str] | None = None) -> Lexicon:
    """Compile concepts: ours, and the desk's own over them."""
    return _compiled(tuple((shipped or _shipped()).items()), tuple((own or {}).items()))


def lexicon_files(settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
    """Read the files of the lexicon, by name: ours, and the desk's own."""
    own = {}
    for path in settings.lexicon:
        try:
            own[str(path)] = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(str(settings.file), "watch.lexicon", f"{path}: {error}") from None
    return _shipped(), own


def _shipped() -> dict[str, str]:
    folder = bundled("seeds") / "lexicon"
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))}


@lru_cache(maxsize=2)
def _compiled(shipped: tuple[tuple[str, str], ...], own: tuple[tuple[str, str], ...]) -> Lexicon:
    """Compile the same words once a process: it takes a third of a second."""
    return lexicon.load(dict(shipped), own=dict(own))


# --- collect: sources to articles ----------------------------------------------


def collect_seeds(database: Database, settings: Settings, folder: Path, *, clock: Clock) -> list[Collected]:
    """Store the articles of a folder of seed files: one line of report for each file."""
    if not folder.is_dir():
        raise ConfigError(str(folder), "", "there is no such folder of seeds; name one with --seeds")
    source = settings.desk.sources[SEEDS]
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in sources.SEED_SUFFIXES)
    return [
        _collect_seed(database, source, path, path.relative_to(folder).as_posix(), clock) for path in paths
    ]


def _collect_seed(database: Database, source: Source, path: Path, name: str, clock: Clock) -> Collected:
    started, shown = time.monotonic(), SourceName(f"{source.name}/{name}")
    try:
        parsed = sources.read_seed(name, path.read_bytes())
    except (OSError, SourceError) as error:
        return Collected(source=shown, error=str(error), seconds=time.monotonic() - started)
    added = _store(database, source, parsed, SourceState(checked_at=clock()), cutoff=None, now=clock())
    return replace(added, source=shown, seconds=time.monotonic() - started)


async def collect_feeds(
    database: Database,
    settings: Settings,
    *,
    clock: Clock,
    only: Collection[str] = (),
    due_only: bool = False,
    progress: Progress | None = None,
) -> list[Collected]:
    """Fetch, parse and store the configured feeds, several at once, each by itself.

    Args:
        database: where articles and validators go.
        settings: which feeds, and how many at once.
        clock: the time.
        only: names of feeds; empty for all that are enabled.
        due_only: leave out feeds whose own interval has not passed yet.
        progress: told of each feed as it is done.

    """
    with database.reading() as session:
        states = store.source_states(session)
    chosen = [feed for feed in settings.feeds if (feed.name in only if only else feed.enabled)]
    if due_only:
        chosen = [feed for feed in chosen if (states.get(feed.name, _NEW).next_at or clock()) <= clock()]
    slots = asyncio.Semaphore(settings.concurrency)

    async def one(feed: Source) -> Collected:
        async with slots:
            done = await _collect_feed(database, settings, feed, states.get(feed.name, _NEW), clock)
        if progress:
            progress(done)
        return done

    return await asyncio.gather(*(one(feed) for feed in chosen))


async def check_feeds(
    settings: Settings, *, only: Collection[str] = (), progress: Progress | None = None
) -> list[tuple[Source, ParsedFeed | SourceError, float]]:
    """Fetch and read feeds without storing anything: what each answers, and in how many seconds."""
    chosen = [feed for feed in settings.feeds if (feed.name in only if only else feed.enabled)]
    slots = asyncio.Semaphore(settings.concurrency)

    async def one(feed: Source) -> tuple[Source, ParsedFeed | SourceError, float]:
        async with slots:
            started = time.monotonic()
            answer: ParsedFeed | SourceError
            try:
                fetched = await _fetch(feed, Validators())
                answer = _parse(feed, fetched) if isinstance(fetched, Fetched) else ParsedFeed(items=())
            except SourceError as error:
                answer = error
        if progress:
            progress(Collected(source=feed.name))
        return feed, answer, time.monotonic() - started

    return await asyncio.gather(*(one(feed) for feed in chosen))


_NEW = SourceState()


async def _collect_feed(
    database: Database, settings: Settings, feed: Source, state: SourceState, clock: Clock
) -> Collected:
    """Steps 1 to 4 for one feed; whatever is wrong with it stays its own."""
    started = time.monotonic()
    try:
        answer = await _fetch(feed, state.validators)
        read = replace(state, checked_at=clock(), next_at=clock() + feed.every, failures=0, last_error="")
        if not isinstance(answer, Fetched):
            with database.writing() as session:
                store.touch(session, feed, replace(read, validators=answer.validators))
            done = Collected(source=feed.name, unchanged=True)
        else:
            parsed = _parse(feed, answer)
            cutoff = (state.checked_at or clock()) - settings.alert_max_age
            body_hash = hashlib.sha256(answer.body).hexdigest()
            read = replace(read, validators=replace(answer.validators, body_hash=body_hash))
            done = _store(database, feed, parsed, read, cutoff=cutoff, now=clock())
    except SourceError as error:
        with database.writing() as session:
            store.touch(session, feed, _failed(feed, state, error, clock()))
        done = Collected(source=feed.name, error=error.problem)
    return replace(done, seconds=time.monotonic() - started)


async def _fetch(feed: Source, validators: Validators) -> Fetched | NotModified:
    async with fetch.open_client(allow_private=feed.allow_private) as client:
        return await fetch.get(client, feed, validators)


def _parse(feed: Source, answer: Fetched) -> ParsedFeed:
    return sources.parse_feed(
        answer.body,
        where=feed.name,
        content_type=answer.content_type,
        zone=feed.zone,
        base_url=answer.url,
    )


def _store(
    database: Database,
    source: Source,
    parsed: ParsedFeed,
    state: SourceState,
    *,
    cutoff: datetime | None,
    now: datetime,
) -> Collected:
    """Steps 3 and 4: items to articles, articles and validators into one transaction."""
    refined = [text.refine(item, source, now, cutoff=cutoff) for item in parsed.items]
    articles = [item for item in refined if isinstance(item, Article)]
    faults = [item for item in refined if isinstance(item, Fault)]
    with database.writing() as session:
        added = store.add(session, source, articles, state=state, now=now)
    return Collected(
        source=source.name,
        new=added.new,
        edited=added.edited,
        seen=added.seen,
        faults=(*parsed.faults, *faults),
    )


def _failed(feed: Source, state: SourceState, error: SourceError, now: datetime) -> SourceState:
    """Count a failure and wait longer each time; its validators stay as they were."""
    wait = min(feed.every * 2 ** min(state.failures, 8), max(MAX_BACKOFF, feed.every))
    wait = max(wait, error.after or timedelta(0)) if isinstance(error, FetchError) else wait
    return replace(state, failures=state.failures + 1, last_error=error.problem, next_at=now + wait)


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
        store.apply(session, outcome, probes, lexicon=words.version, now=now)
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
    collected = collect_seeds(database, settings, seeds, clock=clock) if seeds else []
    if feeds:
        collected += await collect_feeds(
            database, settings, clock=clock, only=only, due_only=due_only, progress=progress
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
