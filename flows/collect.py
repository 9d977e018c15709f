"""Steps 1 to 4 for feeds: fetch, parse, refine, store, each feed by itself; `seeds` has the folder of files.

Articles and a feed's validators go into one transaction, so that a crash never
leaves the server saying "not modified" of items that we do not have.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
import time
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from flows import fetch, parsing
from flows.clock import Clock
from flows.settings import Settings
from flows.turns import Turns
from flows.writing import Writer
from models import sources, store
from models.database import Database
from models.errors import FetchError, OurError, PeninsulaError, SourceError
from models.sources import health, rhythm
from models.values import (
    Collected,
    Fault,
    Fetched,
    Listing,
    NotModified,
    ParsedFeed,
    Selection,
    Source,
    SourceState,
    Validators,
)

Progress = Callable[[Collected], None]
Chance = Callable[[], float]
# A feed's share of a transaction; None if what it was given cannot be told without the rest.
_Write = Callable[[Session], Collected | None]

_ALL = Selection()
_READ_WHOLE = timedelta(days=1)  # all entries of a document are read once in so long, at least
_GIVE_UP_THE_NEW_ADDRESS = 3  # failures in a row at it: perhaps the old one lives again


async def collect_feeds(
    database: Database,
    settings: Settings,
    *,
    clock: Clock,
    selection: Selection = _ALL,
    progress: Progress | None = None,
    chance: Chance = random.random,
) -> list[Collected]:
    """Fetch, parse and store the configured feeds, several at once, each by itself.

    Args:
        database: where articles and validators go.
        settings: which feeds, and how many at once.
        clock: the time.
        selection: which of the feeds.
        progress: told of each feed as it is done.
        chance: a number between 0 and 1, to spread the feeds over time.

    """
    began = clock()
    with database.reading() as session:
        states = store.source_states(session)
    chosen = [feed for feed in _chosen(settings, selection.only) if _in_shard(feed, selection)]
    if selection.due_only:
        chosen = [feed for feed in chosen if rhythm.is_due(states.get(feed.name, _NEW), began)]
    turns = Turns(settings.concurrency, settings.pause)
    async with fetch.Clients(contact=settings.contact) as clients:
        writer = Writer(database, tasks=len(chosen))
        desk = _Desk(writer, clients, settings, turns, clock, chance, began)

        async def one(feed: Source) -> Collected:
            try:
                done = await _collect_feed(desk, feed, states.get(feed.name, _NEW))
            finally:
                writer.leave()
            if progress:
                progress(done)
            return done

        tasks = [asyncio.create_task(one(feed)) for feed in chosen]
        try:
            done = await asyncio.gather(*tasks)
        finally:  # where the database fails one, none goes on with what is about to be closed
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    if settings.operations:
        with database.writing() as session:
            store.announce(session, settings.operations, clock())
    return done


def any_due(database: Database, settings: Settings, now: datetime) -> bool:
    """Whether a feed's own interval has passed: one look, for who asks every minute."""
    with database.reading() as session:
        states = store.source_states(session)
    return any(rhythm.is_due(states.get(feed.name, _NEW), now) for feed in _chosen(settings, ()))


async def check_feeds(
    settings: Settings, *, only: Collection[str] = (), progress: Progress | None = None
) -> list[tuple[Source, ParsedFeed | SourceError, float]]:
    """Fetch and read feeds without storing anything: what each answers, and in how many seconds."""
    turns = Turns(settings.concurrency, settings.pause)

    async def one(feed: Source) -> tuple[Source, ParsedFeed | SourceError, float]:
        answer: ParsedFeed | SourceError
        async with turns.turn(feed, feed.url):
            started = time.monotonic()
            try:
                fetched = await clients.get(feed, Validators())
                answer = await parse(feed, fetched) if isinstance(fetched, Fetched) else ParsedFeed(items=())
            except SourceError as error:
                answer = error
        if progress:
            progress(Collected(source=feed.name))
        return feed, answer, time.monotonic() - started

    async with fetch.Clients(contact=settings.contact) as clients:
        return await asyncio.gather(*(one(feed) for feed in _chosen(settings, only)))


async def parse(feed: Source, answer: Fetched) -> ParsedFeed:
    """Read a whole document, in a child, without a look at the archive."""
    return await parsing.shared().parse(
        answer.body,
        where=feed.name,
        content_type=answer.content_type,
        zone=feed.zone,
        base_url=answer.url,
    )


def take_in(
    database: Database,
    settings: Settings,
    answers: Sequence[tuple[Source, ParsedFeed | SourceError, float]],
    *,
    now: datetime,
) -> list[Collected]:
    """Store what feeds have answered, and nothing of the feeds themselves: for a rehearsal."""
    done = []
    with database.writing() as session:
        states = store.source_states(session)
        for feed, answer, seconds in answers:
            if isinstance(answer, SourceError):
                done.append(Collected(source=feed.name, error=answer.problem, seconds=seconds))
                continue
            state = states.get(feed.name, _NEW)
            listing = sources.refined(answer, feed, now=now, cutoff=_cutoff(state, settings, now))
            added = store.add(session, feed, listing.articles, state=state, now=now)
            done.append(
                Collected(
                    source=feed.name,
                    new=added.new,
                    edited=added.edited,
                    seen=added.seen,
                    faults=(*listing.faults, *added.faults),
                    seconds=seconds,
                )
            )
    return done


_NEW = SourceState()
_log = logging.getLogger(__name__)


def _chosen(settings: Settings, only: Collection[str]) -> list[Source]:
    return [feed for feed in settings.feeds if (feed.name in only if only else feed.enabled)]


def _cutoff(before: SourceState, settings: Settings, now: datetime) -> datetime:
    """Give the oldest publication time that may still alert; a clock once wrong put the last document ahead.

    It is not reckoned from the last look: what comes late may have been called unchanged until then.
    """
    return min(before.document_at or before.checked_at or now, now) - settings.alert_max_age


def _in_shard(feed: Source, selection: Selection) -> bool:
    """Say whether a feed is in this part: by host, for manners towards a server need one who asks it."""
    host = urlsplit(feed.url).netloc.casefold()
    return zlib.crc32(host.encode()) % selection.of == selection.shard - 1


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every feed of a sweep shares."""

    writer: Writer
    clients: fetch.Clients
    settings: Settings
    turns: Turns
    clock: Clock
    chance: Chance
    began: datetime

    def next_turn(self, period: timedelta, now: datetime) -> datetime:
        """Give when a feed of this sweep is to be asked again."""
        return rhythm.next_turn(period, self.chance(), began=self.began, now=now)


async def _collect_feed(desk: _Desk, feed: Source, state: SourceState) -> Collected:
    """Steps 1 to 4 for one feed; whatever is wrong with it stays its own."""
    if state.url and state.url != feed.url:  # watch.toml gives it another address: begin there anew
        state = replace(
            state,
            validators=Validators(),
            validators_lie=False,
            moved_to="",
            marks="",
            document_at=None,
            url=feed.url,
        )
    asked = replace(state, asked=state.asked + 1, url=feed.url)
    here = replace(feed, url=state.moved_to or feed.url)
    validators = Validators() if rhythm.wants_everything(state) else state.validators
    parsing_now, started = False, time.monotonic()
    try:
        async with desk.turns.turn(feed, here.url):
            started = time.monotonic()
            answer = await desk.clients.get(here, validators)
            read = replace(asked, checked_at=desk.clock(), failures=0, last_error="", last_code="")
            read = replace(read, validators=_validators(answer))
            if isinstance(answer, Fetched) and (answer.partial or _is_new(read, state)):
                # Parsed in the feed's own turn, so that documents do not pile up in memory where
                # they come faster than they are read.
                parsing_now = True
                listing = await _list(desk, feed, state, answer)
                taken = _taken_in(desk, feed, read, state, (answer, listing))
            else:
                taken = _rested(desk, feed, read, answer)
        done = await desk.writer.write(taken)
        if done is None and isinstance(answer, Fetched):  # in doubt: the whole document
            listing = await _list(desk, feed, replace(state, marks=""), answer)
            done = await desk.writer.write(_taken_in(desk, feed, read, state, (answer, listing)))
    except SourceError as error:
        done = await desk.writer.write(_failed(desk, feed, asked, error, parsing=parsing_now))
    except PeninsulaError:  # the database is everybody's
        raise
    except Exception as error:  # noqa: BLE001 - a fault of ours, on this feed: the others go on
        _log.exception("%s: a fault of ours", feed.name)
        fault = OurError(feed.name, error)
        done = await desk.writer.write(_failed(desk, feed, asked, fault, parsing=parsing_now))
    assert done is not None  # noqa: S101 - a whole document is never in doubt
    return replace(done, seconds=time.monotonic() - started)


def _validators(answer: Fetched | NotModified) -> Validators:
    if isinstance(answer, NotModified):
        return answer.validators
    return replace(answer.validators, body_hash=hashlib.sha256(answer.body).hexdigest())


def _is_new(read: SourceState, before: SourceState) -> bool:
    """Whether the document is another one than before; many servers send the same bytes again."""
    return read.validators.body_hash != before.validators.body_hash


async def _list(desk: _Desk, feed: Source, before: SourceState, answer: Fetched) -> Listing:
    """Read a document to articles; only its new entries, where that is certain to be enough."""
    now = desk.clock()
    whole = answer.partial or rhythm.wants_everything(before)
    old = before.whole_at is None or now - before.whole_at > _READ_WHOLE
    return await parsing.shared().read(
        answer.body,
        feed=feed,
        content_type=answer.content_type,
        base_url=answer.url,
        now=now,
        cutoff=_cutoff(before, desk.settings, now),
        marks="" if whole or old else before.marks,
    )


def _taken_in(
    desk: _Desk, feed: Source, read: SourceState, before: SourceState, got: tuple[Fetched, Listing]
) -> _Write:
    """Store a document, and with it what it taught about its feed.

    Entries are taken without the rest of their document only if they are new by every name.
    """
    (answer, listing), now = got, desk.clock()
    articles, unchanged, partial = listing.articles, listing.unchanged, answer.partial
    if listing.truncated:  # the whole document may come under the same validators
        read = replace(read, validators=Validators())
    dates = [article.published_at for article in articles]

    def write(session: Session) -> Collected | None:
        if unchanged and not store.is_new(session, feed, articles):
            return None
        added = store.add(session, feed, articles, state=read, now=now, unchanged=unchanged)
        fresh = set(added.articles)
        news = [article.published_at for article in articles if article.id in fresh]
        gap = rhythm.is_gap(before, added, listed=listing.total, partial=partial)
        learnt = rhythm.learn(read, added, dates, unchanged=unchanged, now=now, partial=partial)
        learnt = replace(
            learnt,
            identity=added.identity,
            renamed_at=now if added.renamed else read.renamed_at,
            moved_to=answer.moved_to or read.moved_to,
            advice=listing.advice if articles else read.advice,
            marks=before.marks if partial else sources.marks_after(listing, added),
            whole_at=read.whole_at if partial or unchanged else now,
            validators_lie=before.validators_lie or rhythm.has_lied(before, answer, news),
        )
        period = rhythm.next_period(feed, learnt, now=now, gap=gap, max_age=answer.max_age)
        learnt = replace(learnt, next_at=desk.next_turn(period, now))
        learnt, events = health.changed(feed, learnt, health.of_document(listing, learnt, now), now)
        events += health.happened(feed, before, learnt, now, renamed=added.renamed, gap=gap)
        store.touch(session, feed, learnt)
        store.tell(session, events)
        told = [
            Fault(where=feed.name, code=event.kind, detail=event.detail)
            for event in events
            if event.kind in {"gap", "validators"}
        ]
        return Collected(
            source=feed.name,
            new=added.new,
            edited=added.edited,
            seen=added.seen,
            articles=added.articles,
            faults=(*listing.faults, *added.faults, *told),
            events=events,
        )

    return write


def _rested(desk: _Desk, feed: Source, read: SourceState, answer: Fetched | NotModified) -> _Write:
    """Keep that a feed has nothing new; a server that sends the same bytes again says so, too."""
    now = desk.clock()
    learnt = replace(read, moved_to=answer.moved_to or read.moved_to)
    period = rhythm.next_period(feed, learnt, now=now, max_age=answer.max_age)
    learnt = replace(learnt, next_at=desk.next_turn(period, now))
    learnt, events = health.changed(feed, learnt, health.of_rest(learnt, now), now)
    return _remembered(feed, learnt, Collected(source=feed.name, unchanged=True, events=events))


def _failed(desk: _Desk, feed: Source, asked: SourceState, error: SourceError, *, parsing: bool) -> _Write:
    """Count a failure and wait longer each time; its validators stay as they were."""
    now = desk.clock()
    after = error.after if isinstance(error, FetchError) else None
    wait = rhythm.after_failure(feed, asked, chance=desk.chance(), asked=after)
    failed = replace(
        asked,
        failures=asked.failures + 1,
        last_error=error.problem,
        last_code=error.code,
        next_at=now + wait,
    )
    if failed.failures >= _GIVE_UP_THE_NEW_ADDRESS:
        failed = replace(failed, moved_to="")
    failed, events = health.changed(feed, failed, health.of_failure(failed, error, parsing=parsing), now)
    return _remembered(feed, failed, Collected(source=feed.name, error=error.problem, events=events))


def _remembered(feed: Source, state: SourceState, done: Collected) -> _Write:
    """Store nothing but what is known of the feed now."""

    def write(session: Session) -> Collected:
        store.touch(session, feed, state)
        store.tell(session, done.events)
        return done

    return write
