"""The pipeline as Prefect flows: started on a schedule, seen in Prefect's pages.

Prefect starts runs and shows them; correctness lives in our own database. The
flows are async (a sync one loses a second to a heartbeat thread) and have a
task for each sweep, never one for each feed: a task run costs the server 45 ms.
`flows.serving` serves them; `prefect.yaml` names them for workers.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.runtime import flow_run
from prefect.states import Completed

from flows import artifacts, as_json, filing, heartbeat, keeping, leases, monitor, pipeline
from flows.clock import utc_now
from flows.render import count, outcome
from flows.settings import Settings, load
from flows.words import open_lexicon
from models.database import Database
from models.errors import PeninsulaError
from models.store import Pruned
from models.values import Collected, Decided, Selection, Sent, Taking

DAY = timedelta(days=1)
_TIMES = frozenset({"no-run", "late"})  # troubles that this run ends by ending
PATIENCE = timedelta(seconds=10)
BEGINNING = timedelta(seconds=0.3)  # about what Prefect takes to begin a run; it rounds that to none
_OPEN: ContextVar[tuple[Settings, Database] | None] = ContextVar("_OPEN", default=None)  # the run's own


def seconds_until(due: datetime) -> float:
    """Say how long to wait: no more than 20 seconds, for this clock may be behind the server's."""
    return min(20.0, max(0.0, (due - utc_now()).total_seconds()))


def _prepare() -> None:
    """Load what a run with news needs, compile the words, and wait until just before the run's time.

    Prefect starts a run's process some seconds early: what is done there, no alert waits for (a
    second). Prefect would wait, too, but in whole seconds (3.8): two runs stood up to a second
    further apart than their interval. What is wrong with watch.toml the run itself says.
    """
    for module in ("models.stories.window", "models.stories.tellers", "models.store.deciding", "numpy"):
        import_module(module)
    with suppress(PeninsulaError):
        open_lexicon(load())
    time.sleep(seconds_until(flow_run.scheduled_start_time - BEGINNING))


if "PREFECT__FLOW_RUN_ID" in os.environ:
    _prepare()


@flow(name="watch", flow_run_name="watch")
async def watch(
    feeds: list[str] | None = None,
    use_seeds: bool = True,  # noqa: FBT001, FBT002 - a box to tick in Prefect's form
    use_feeds: bool = True,  # noqa: FBT001, FBT002 - the same
    due_only: bool = False,  # noqa: FBT001, FBT002 - the same
    seeds: str | None = None,
    shard: int = 1,
    of: int = 1,
) -> State[None]:
    """Collect from the sources, decide what is new, deliver the alerts.

    Args:
        feeds: Names of feeds to read; leave empty for all that are enabled.
        use_seeds: Read the folder of seed files.
        use_feeds: Read the feeds; without them no network is used to collect.
        due_only: Leave out feeds whose own interval has not passed yet.
        seeds: Another folder of seed files than watch.toml's.
        shard: Which part of the feeds, when several workers share them; the first reads the seeds.
        of: How many such parts there are; all feeds of a host are in one.

    """
    await asyncio.sleep(seconds_until(_due() or utc_now()))
    selection = _selection(feeds, seeds, use_seeds=use_seeds, use_feeds=use_feeds, due_only=due_only)
    async with _alone("watch", replace(selection, shard=shard, of=of)) as run:
        if reason := _gives_way(run):
            return Completed(message=reason)
        started = time.monotonic()
        collected = await collect_task(replace(selection, shard=shard, of=of))
        decided = await decide_task()
        sent = await deliver_task(waiting_too=False)
        state = await _finish(collected, decided, sent, time.monotonic() - started)
        run.said = state.message
    return state


@flow(name="collect", flow_run_name="collect")
async def collect(
    feeds: list[str] | None = None,
    use_seeds: bool = True,  # noqa: FBT001, FBT002 - a box to tick in Prefect's form
    use_feeds: bool = True,  # noqa: FBT001, FBT002 - the same
    due_only: bool = False,  # noqa: FBT001, FBT002 - the same
    seeds: str | None = None,
    shard: int = 1,
    of: int = 1,
) -> State[None]:
    """Read the sources and store what is new; decide and send nothing.

    Args:
        feeds: Names of feeds to read; leave empty for all that are enabled.
        use_seeds: Read the folder of seed files.
        use_feeds: Read the feeds.
        due_only: Leave out feeds whose own interval has not passed yet.
        seeds: Another folder of seed files than watch.toml's.
        shard: Which part of the feeds, when several workers share them; the first reads the seeds.
        of: How many such parts there are; all feeds of a host are in one.

    """
    selection = _selection(feeds, seeds, use_seeds=use_seeds, use_feeds=use_feeds, due_only=due_only)
    async with _alone("collect", replace(selection, shard=shard, of=of)) as run:
        if reason := _gives_way(run):
            return Completed(message=reason)
        started = time.monotonic()
        collected = await collect_task(replace(selection, shard=shard, of=of))
        state = await _finish(collected, Decided(), Sent(), time.monotonic() - started)
        run.said = state.message
    return state


@flow(name="decide", flow_run_name="decide")
async def decide() -> State[None]:
    """Tag, group and judge the articles that are waiting; alerts fall due, nothing is sent."""
    started = time.monotonic()
    return await _finish([], await decide_task(), Sent(), time.monotonic() - started)


@flow(name="deliver", flow_run_name="deliver")
async def deliver(
    waiting_too: bool = False,  # noqa: FBT001, FBT002 - a box to tick in Prefect's form
    due_feeds: bool = False,  # noqa: FBT001, FBT002 - the same
) -> State[None]:
    """Send the alerts that are due.

    Args:
        waiting_too: Try alerts that wait for a later attempt as well, once, now.
        due_feeds: First read feeds whose own interval has passed, and decide.

    """
    started = time.monotonic()
    collected, decided = [], Decided()
    if due_feeds and _any_due():
        async with _alone("due feeds", Selection(due_only=True), unless="watch") as run:
            if run.taking is Taking.TAKEN:
                collected = await collect_task(Selection(due_only=True))
                decided = await decide_task()
                run.said = ""
    sent = await deliver_task(waiting_too=waiting_too)
    tried = [*sent.delivered, *sent.retried, *sent.dead]
    if not tried and not collected:  # the usual minute: nothing was due, and no page needs to say so
        return Completed(message="nothing was due")
    return await _finish(collected, decided, sent, time.monotonic() - started)


@flow(name="prune", flow_run_name="prune")
async def prune() -> State[None]:
    """Remove articles older than `keep`; what a feed lists or a story with alerts needs stays."""
    done = await prune_task()
    return Completed(message=f"{count(done.articles, 'article')} and {count(done.stories, 'story')} removed")


@task(name="prune")
async def prune_task() -> Pruned:
    """Prune the archive, as far as watch.toml says how long articles stay."""
    with _opened() as (settings, database):
        return keeping.prune(database, settings, now=utc_now(), older_than=None, dry_run=False)


def _selection(
    feeds: list[str] | None, seeds: str | None, *, use_seeds: bool, use_feeds: bool, due_only: bool
) -> Selection:
    """Give what a run's parameters select."""
    folder = Path(seeds) if seeds else load().seeds
    return Selection(
        seeds=folder if use_seeds else None,
        feeds=use_feeds,
        only=frozenset(feeds or ()),
        due_only=due_only,
    )


@asynccontextmanager
async def _alone(name: str, selection: Selection, *, unless: str = "") -> AsyncIterator[leases.Run]:
    """Hold the lease of a kind of run, each shard's its own; a run of chosen feeds needs none."""
    if selection.only or not selection.feeds:
        yield leases.Run(Taking.TAKEN)
        return
    part = f"{name} {selection.shard}/{selection.of}" if selection.of > 1 else name
    with _opened() as (_, database):
        async with leases.running(database, part, clock=utc_now, due=_due(), unless=unless) as run:
            yield run


def _due() -> datetime | None:
    """Say when a schedule meant this run to begin; None if a person asked for it."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    return run.expected_start_time if run and run.auto_scheduled else None


def _gives_way(run: leases.Run) -> str:
    """Say why a run that a schedule began has nothing to do; one that a person asked for goes ahead."""
    if _due() is None or run.taking is Taking.TAKEN:
        return ""
    if run.taking is Taking.HELD:
        return "another run is at work; this one gives way"
    return "missed: a run that began later has done its work"


@task(name="collect")
async def collect_task(selection: Selection) -> list[Collected]:
    """Run the collect sweep, with a log line for each source that has something to tell."""
    with _opened() as (settings, database):
        done = await pipeline.collect(database, settings, clock=utc_now, selection=selection)
    logger = get_run_logger()
    logger.info("%s, %d with nothing new", count(len(done), "source"), sum(one.unchanged for one in done))
    for source in done:
        if source.unchanged and not source.events:
            continue  # a line for each would be a million a day, and 0.3 s before each minute's alerts
        facts = {"facts": {"event": "source", **as_json.of_source(source)}}
        if source.error:
            logger.warning("%s failed: %s", source.source, source.error, extra=facts)
        else:
            counts = (source.new, source.seen, len(source.faults), source.seconds)
            logger.info("%s: %d new, %d seen, %d faults, %.1f s", source.source, *counts, extra=facts)
    return done


@task(name="decide")
async def decide_task() -> Decided:
    """Run the decide sweep."""
    with _opened() as (settings, database):
        # In a thread, for it computes: the run's lease and Prefect's heartbeat go on meanwhile.
        return await asyncio.to_thread(pipeline.decide_new, database, settings, clock=utc_now)


@task(name="deliver")
async def deliver_task(*, waiting_too: bool) -> Sent:
    """Run the deliver sweep, then let search know the new articles; terminal alerts go to the log."""
    logger = get_run_logger()
    with _opened() as (settings, database):
        sent = await pipeline.deliver_due(
            database, settings, clock=utc_now, show=logger.info, patience=PATIENCE, waiting_too=waiting_too
        )
        await asyncio.to_thread(filing.file_new, database)
    return sent


def _any_due() -> bool:
    with _opened() as (settings, database):
        return pipeline.any_due(database, settings, utc_now())


@contextmanager
def _opened() -> Iterator[tuple[Settings, Database]]:
    """Give watch.toml and the database, opened once a run: 50 ms each time where there are 1,000 feeds."""
    if found := _OPEN.get():
        yield found
        return
    settings = load()
    database = pipeline.open_database(settings)
    token = _OPEN.set((settings, database))
    try:
        yield settings, database
    finally:
        _OPEN.reset(token)
        database.close()


async def _finish(collected: list[Collected], decided: Decided, sent: Sent, seconds: float) -> State[None]:
    """Leave what came of a run in Prefect's pages, and a state that counts what failed."""
    with _opened() as (settings, database):
        report = pipeline.tell(database, settings, collected, decided, sent, seconds=seconds)
        standing, troubles = monitor.look(settings, database)
        # Six seconds over fifty stories of two hundred articles: only when an article is new among them.
        today = pipeline.stories_since(database, settings, utc_now() - DAY) if decided.articles else None
    troubles = tuple(trouble for trouble in troubles if trouble.code not in _TIMES)
    await artifacts.leave(settings, report, standing, troubles, today)
    if collected and settings.heartbeat and report.good:
        problem = await heartbeat.beat(settings.heartbeat)
        if problem:
            get_run_logger().warning("heartbeat: %s", problem)
    return Completed(message=outcome(report))
