"""Steps 1 to 4: sources to articles. Fetch, parse, refine, store, each source by itself.

Articles and a feed's validators go into one transaction, so that a crash never
leaves the server saying "not modified" of items that we do not have.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from flows import fetch, parsing
from flows.settings import SEEDS, Settings
from models import sources, store, text
from models.database import Database
from models.errors import ConfigError, FetchError, SourceError
from models.values import (
    Article,
    Collected,
    Fault,
    Fetched,
    NotModified,
    ParsedFeed,
    Source,
    SourceName,
    SourceState,
    Validators,
)

Clock = Callable[[], datetime]
Progress = Callable[[Collected], None]

MAX_BACKOFF = timedelta(hours=6)


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
                answer = await _parse(feed, fetched) if isinstance(fetched, Fetched) else ParsedFeed(items=())
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
            parsed = await _parse(feed, answer)
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


async def _parse(feed: Source, answer: Fetched) -> ParsedFeed:
    return await parsing.shared().parse(
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
        named = replace(state, identity=added.identity, renamed_at=now if added.renamed else state.renamed_at)
        store.touch(session, source, named)
    return Collected(
        source=source.name,
        new=added.new,
        edited=added.edited,
        seen=added.seen,
        faults=(*parsed.faults, *faults, *added.faults),
    )


def _failed(feed: Source, state: SourceState, error: SourceError, now: datetime) -> SourceState:
    """Count a failure and wait longer each time; its validators stay as they were."""
    wait = min(feed.every * 2 ** min(state.failures, 8), max(MAX_BACKOFF, feed.every))
    wait = max(wait, error.after or timedelta(0)) if isinstance(error, FetchError) else wait
    return replace(state, failures=state.failures + 1, last_error=error.problem, next_at=now + wait)
