"""The product on one page: collect, decide, deliver.

Three sweeps, each safe to repeat, each finding its own work in the database.
The command line and the Prefect flows call the same functions. Kill the process
at any line: before a commit nothing of that step happened, after it the next
sweep finds the work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from flows import leases
from flows.clock import Clock
from flows.collect import Progress, any_due, collect_feeds
from flows.deliver import Show
from flows.filing import file_new
from flows.intake import collect
from flows.sending import deliver_due
from flows.settings import Settings
from flows.soundness import open_database
from flows.words import open_lexicon
from flows.writing import despite_deadlocks
from models import alerts, decide, store, stories
from models.database import Database
from models.lexicon import Lexicon
from models.values import (
    Article,
    Collected,
    Decided,
    Desk,
    Lease,
    Outcome,
    Preview,
    Reading,
    Report,
    Rule,
    Selection,
    Sent,
    Story,
    StoryId,
    Taking,
)

__all__ = [
    "any_due",
    "collect",
    "collect_feeds",
    "decide_new",
    "decide_these",
    "deliver_due",
    "open_database",
    "stories_since",
    "tell",
    "watch",
]

BATCH = 500  # articles decided in one transaction; fewer where they are long


# --- decide: articles to stories and alerts ---------------------------------------


def decide_new(database: Database, settings: Settings, *, clock: Clock) -> Decided:
    """Read, place and judge every article that is waiting, a batch a transaction.

    One process decides at a time. Another that asks meanwhile leaves its articles to
    that one, which ends only in a transaction that found nothing left.
    """
    lease = leases.new("decide")
    with database.writing() as session:
        taken = store.take(session, lease, clock(), gone=leases.gone(session))
    if taken is not Taking.TAKEN:
        return Decided(elsewhere=True)
    done = Decided()
    try:
        while not _is_over(database, settings, lease, clock()):
            done += _decide_waiting(database, settings, lease, clock)
    except BaseException:
        leases.give_back(database, lease, clock())
        raise
    with database.writing() as session:
        store.mind_silence(session, clock(), times=settings.silence)
    return done


def _has_work(session: Session, settings: Settings) -> bool:
    """Whether an article waits to be decided, or a rule to look back."""
    return bool(store.undecided(session, 1)) or not store.is_settled(session, settings.desk.rules)


def _is_over(database: Database, settings: Settings, lease: Lease, now: datetime) -> bool:
    """Whether nothing is left, which gives the lease back, or another process took the work over."""
    with database.writing(serial=True) as session:
        if not store.renew(session, lease, now):
            return True
        if _has_work(session, settings):
            return False
        store.give_back(session, lease, now, said="")
        return True


def _decide_waiting(database: Database, settings: Settings, lease: Lease, clock: Clock) -> Decided:
    """Decide what waits; compiling the words would be a third of a run that brings nothing new."""
    words = open_lexicon(settings)
    done = Decided(previews=_settle(database, settings, words, clock()))
    memory = stories.Memory()
    while batch := despite_deadlocks(
        lambda: _decide_batch(database, settings, words, memory, lease, clock())
    ):
        done += batch
    return done


def _settle(database: Database, settings: Settings, words: Lexicon, now: datetime) -> tuple[Preview, ...]:
    """Let rules that are new look back, so that they do not alert on the past."""
    desk = settings.desk

    def judge(rule: Rule, article: Article, reading: Reading) -> tuple[bool, str, str]:
        return alerts.judge(rule, article, reading, desk.sources.get(article.source))

    with database.writing(serial=True) as session:
        since = now - max(desk.window, settings.alert_max_age)
        return store.settle(session, desk.rules, judge, since=since, lexicon=words.version, now=now)


def _decide_batch(
    database: Database,
    settings: Settings,
    words: Lexicon,
    memory: stories.Memory,
    lease: Lease,
    now: datetime,
) -> Decided | None:
    """Decide a batch; None if nothing is left, or another process took the work over."""
    with database.writing(serial=True) as session:
        if not store.renew(session, lease, now):
            return None
        waiting = store.undecided(session, BATCH)
        if not waiting:
            return None
        outcome = decide_these(session, waiting, settings.desk, words, memory, now)
    return decide.summary(outcome)


def decide_these(
    session: Session,
    waiting: Sequence[Article],
    desk: Desk,
    words: Lexicon,
    memory: stories.Memory,
    now: datetime,
) -> Outcome:
    """Read articles, place and judge them, and write what follows, all in the session's transaction.

    The past is asked three times, each time for less: the sums of the stories that share
    a key with the batch, the members of those that come near, the alerts of those that it tells.
    """
    readings = decide.read(waiting, words)
    clues = decide.clues(waiting, readings, memory)
    nearby = store.nearby(session, waiting, clues, window=desk.window)
    unplaced = [article for article in waiting if article.id not in nearby.placed]
    window = decide.window(clues, nearby, desk, memory)
    asked = decide.asked(unplaced, readings, window, now)
    window.recall(store.members(session, asked, desk.sources, most=stories.SINGLY))
    placements = decide.place(unplaced, readings, window, now)
    places = {**nearby.placed, **{id_: placed.story for id_, placed in placements.items()}}
    matched = decide.matched(waiting, readings, places, desk)
    known = store.recall(
        session, places, placed=nearby.placed, matched=matched, sources=desk.sources, now=now
    )
    outcome = decide.judge(waiting, readings, placements, known, desk, lexicon=words, now=now)
    store.apply(
        session, outcome, clues, words=window.packed(), lexicon=words.version, window=desk.window, now=now
    )
    return outcome


# --- a run: the three in a row -------------------------------------------------------------


async def watch(
    database: Database,
    settings: Settings,
    *,
    clock: Clock,
    show: Show,
    selection: Selection,
    patience: timedelta = timedelta(0),
    progress: Progress | None = None,
    preview: Callable[[Report], None] | None = None,
) -> Report:
    """Collect, decide, deliver; let search know the new articles; tell what happened.

    Args:
        database: the archive and outbox.
        settings: sources, rules and channels.
        clock: the time.
        show: prints an alert of a terminal channel.
        selection: which of the sources.
        patience: how long to stay for delivery attempts that fall due soon.
        progress: told of each feed as it is done.
        preview: told of sources and stories before anything is sent.

    """
    started = time.monotonic()
    with database.reading() as session:
        waits = _has_work(session, settings)
    if waits:
        open_lexicon(settings)  # where words are needed for sure, their mistakes are told before any fetch
    collected = await collect(database, settings, clock=clock, selection=selection, progress=progress)
    decided = decide_new(database, settings, clock=clock)
    if preview:
        preview(tell(database, settings, collected, decided, Sent(), seconds=0.0))
    sent = await deliver_due(database, settings, clock=clock, show=show, patience=patience)
    file_new(database)
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


def stories_since(
    database: Database, settings: Settings, since: datetime, *, limit: int = 50
) -> tuple[Story, ...]:
    """Give the stories about the peninsula that an article joined since then, newest first."""
    with database.reading() as session:
        return store.story_list(session, settings.desk.sources, since=since, limit=limit)
