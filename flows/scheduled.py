"""The pipeline as Prefect flows: started on a schedule, seen in Prefect's pages.

Prefect starts runs and shows them; correctness lives in our own database. The
flows are async (a sync one loses a second to a heartbeat thread) and have a
task for each sweep, never one for each feed: a task run costs the server 45 ms.
`main` serves the deployments; `peninsula up` calls it in a process of its own.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from prefect import Flow, flow, get_run_logger, task
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Interval
from prefect.states import Completed
from prefect.types.entrypoint import EntrypointType

from flows import as_json, pipeline
from flows.deliver import utc_now
from flows.render import count
from flows.settings import Settings, duration, load
from flows.words import open_lexicon
from models.database import Database
from models.store import Pruned
from models.values import Collected, Decided, Report, Selection, Sent

DEPLOYMENT = "peninsula"
DELIVER_EVERY = timedelta(minutes=1)
PRUNE_EVERY = timedelta(hours=6)  # not once a night: a laptop sleeps then
PATIENCE = timedelta(seconds=10)
DRAIN = 15.0  # seconds a run in hand gets to finish when the watch is stopped
# How far ahead the first run of `watch` lies, not a whole interval: a newcomer wants to see it.
# The server needs up to ten seconds to put it on its list, and adds none that lies in the past.
FIRST_RUN = timedelta(seconds=20)


@flow(name="watch", flow_run_name="watch")
async def watch(
    feeds: list[str] | None = None,
    use_seeds: bool = True,  # noqa: FBT001, FBT002 - a box to tick in Prefect's form
    use_feeds: bool = True,  # noqa: FBT001, FBT002 - the same
    due_only: bool = False,  # noqa: FBT001, FBT002 - the same
    seeds: str | None = None,
) -> State[None]:
    """Collect from the sources, decide what is new, deliver the alerts.

    Args:
        feeds: Names of feeds to read; leave empty for all that are enabled.
        use_seeds: Read the folder of seed files.
        use_feeds: Read the feeds; without them no network is used to collect.
        due_only: Leave out feeds whose own interval has not passed yet.
        seeds: Another folder of seed files than watch.toml's.

    """
    started = time.monotonic()
    collected = await collect_task(feeds, use_seeds, use_feeds, due_only, seeds)
    decided = await decide_task()
    sent = await deliver_task(waiting_too=False)
    return await _finish(collected, decided, sent, time.monotonic() - started)


@flow(name="collect", flow_run_name="collect")
async def collect(
    feeds: list[str] | None = None,
    use_seeds: bool = True,  # noqa: FBT001, FBT002 - a box to tick in Prefect's form
    use_feeds: bool = True,  # noqa: FBT001, FBT002 - the same
    due_only: bool = False,  # noqa: FBT001, FBT002 - the same
    seeds: str | None = None,
) -> State[None]:
    """Read the sources and store what is new; decide and send nothing.

    Args:
        feeds: Names of feeds to read; leave empty for all that are enabled.
        use_seeds: Read the folder of seed files.
        use_feeds: Read the feeds.
        due_only: Leave out feeds whose own interval has not passed yet.
        seeds: Another folder of seed files than watch.toml's.

    """
    started = time.monotonic()
    collected = await collect_task(feeds, use_seeds, use_feeds, due_only, seeds)
    return await _finish(collected, Decided(), Sent(), time.monotonic() - started)


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
        collected = await collect_task(None, False, True, True, None)
        decided = await decide_task()
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
    settings, database = _open()
    try:
        return pipeline.prune(database, settings, now=utc_now(), older_than=None, dry_run=False)
    finally:
        database.close()


@task(name="collect")
async def collect_task(
    feeds: list[str] | None,
    use_seeds: bool,  # noqa: FBT001 - plain values cross a task's border
    use_feeds: bool,  # noqa: FBT001 - the same
    due_only: bool,  # noqa: FBT001 - the same
    seeds: str | None,
) -> list[Collected]:
    """Run the collect sweep, with one log line for each source."""
    settings, database = _open()
    folder = Path(seeds) if seeds else settings.seeds
    try:
        done = await pipeline.collect(
            database,
            settings,
            clock=utc_now,
            selection=Selection(
                seeds=folder if use_seeds else None,
                feeds=use_feeds,
                only=frozenset(feeds or ()),
                due_only=due_only,
            ),
        )
    finally:
        database.close()
    logger = get_run_logger()
    for source in done:
        if source.error:
            logger.warning("%s failed: %s", source.source, source.error)
        else:
            counts = (source.new, source.seen, len(source.faults), source.seconds)
            logger.info("%s: %d new, %d seen, %d faults, %.1f s", source.source, *counts)
    return done


@task(name="decide")
async def decide_task() -> Decided:
    """Run the decide sweep."""
    settings, database = _open()
    try:
        return pipeline.decide_new(database, settings, open_lexicon(settings), clock=utc_now)
    finally:
        database.close()


@task(name="deliver")
async def deliver_task(*, waiting_too: bool) -> Sent:
    """Run the deliver sweep; terminal alerts go to the run's log."""
    settings, database = _open()
    logger = get_run_logger()
    try:
        return await pipeline.deliver_due(
            database, settings, clock=utc_now, show=logger.info, patience=PATIENCE, waiting_too=waiting_too
        )
    finally:
        database.close()


def _any_due() -> bool:
    settings, database = _open()
    try:
        return pipeline.any_due(database, settings, utc_now())
    finally:
        database.close()


def _open() -> tuple[Settings, Database]:
    settings = load()
    return settings, pipeline.open_database(settings)


async def _finish(collected: list[Collected], decided: Decided, sent: Sent, seconds: float) -> State[None]:
    """Leave the run's tables in Prefect, and a state that counts what failed."""
    settings, database = _open()
    try:
        report = pipeline.tell(database, settings, collected, decided, sent, seconds=seconds)
    finally:
        database.close()
    for key, description, rows in _tables(report):
        if rows:
            await acreate_table_artifact(key=f"peninsula-{key}", table=rows, description=description)
    failed = sum(bool(source.error) for source in report.sources)
    told = [f"{count(len(report.stories), 'new story')}, {count(len(sent.delivered), 'alert')} delivered"]
    if failed:
        told.append(f"{count(failed, 'source')} failed")
    if sent.retried or sent.dead:
        told.append(f"{count(len(sent.retried), 'alert')} to be tried again, {len(sent.dead)} dead")
    return Completed(message="; ".join(told))


def _tables(report: Report) -> list[tuple[str, str, list[dict[str, object]]]]:
    """Give a report as the rows of three tables: (key, description, rows)."""
    told = as_json.of_report(report)
    sources = [
        {
            "source": row["source"],
            "new": row["new"],
            "seen": row["seen"],
            "faults": len(row["faults"]),
            "error": row["error"] or "",
            "seconds": row["seconds"],
        }
        for row in told["sources"]
    ]
    stories = [
        {
            "story": row["title"],
            "tags": ", ".join(row["concepts"]),
            "languages": " ".join(row["languages"]),
            "outlets": ", ".join(row["outlets"]),
        }
        for row in told["stories"]
    ]
    alerts = [
        {
            "story": row["title"],
            "channel": row["channel"],
            "state": row["state"],
            "attempts": row["attempts"],
            "id": row["id"],
        }
        for row in told["alerts"]
    ]
    return [
        ("sources", "What each source gave in this run.", sources),
        ("stories", "Stories that this run opened.", stories),
        ("alerts", "Alerts of this run and where they went.", alerts),
    ]


async def deployments(every: timedelta) -> list[RunnerDeployment]:
    """Give the five deployments: watch, deliver and prune on schedules, the others by hand.

    `prefect.yaml` holds the same for a work pool; a test holds them equal.
    """
    soon = Interval(every, anchor_date=utc_now() + FIRST_RUN)
    return [
        await _deployment(watch, schedule=soon, parameters={"due_only": True}),
        # A process of Prefect's costs seconds: the minute's one also reads feeds that cannot wait.
        await _deployment(deliver, interval=DELIVER_EVERY, parameters={"due_feeds": True}),
        await _deployment(collect),
        await _deployment(decide),
        await _deployment(prune, interval=PRUNE_EVERY),
    ]


async def _deployment(flow: Flow[..., Any], **options: Any) -> RunnerDeployment:
    return await flow.ato_deployment(
        DEPLOYMENT,
        description=str(flow.description).partition("\n")[0],  # the rest helps with the parameters
        entrypoint_type=EntrypointType.MODULE_PATH,  # the path form would put flows/ itself on sys.path
        **options,
    )


async def serve_deployments(every: timedelta) -> None:
    """Serve the deployments until SIGTERM; then pause their schedules and end."""
    runner = Runner()
    for deployment in await deployments(every):
        await runner.aadd_deployment(deployment)
    serving = asyncio.create_task(runner.start())
    # The runner's own handler of SIGTERM raises SystemExit amid the event loop: tracebacks, and runs
    # in hand that Prefect shows as running for ever. It is set in the first step of `start`.
    await asyncio.sleep(0)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _stop, runner, serving, [])
    with suppress(asyncio.CancelledError):
        await serving


def _stop(runner: Runner, serving: asyncio.Task[None], begun: list[asyncio.Task[None]]) -> None:
    """Begin the end, once; `begun` holds its task, which might be collected otherwise."""
    if not runner.started:
        serving.cancel()
    elif not begun:
        begun.append(asyncio.create_task(_drain(runner)))


async def _drain(runner: Runner) -> None:
    """Start no more runs, let those in hand finish, cancel what takes too long."""
    runner._scheduled_run_poller.stopping = True  # noqa: SLF001 - Prefect has no public way to drain
    until = time.monotonic() + DRAIN
    while runner._process_manager.flow_run_ids() and time.monotonic() < until:  # noqa: SLF001, ASYNC110 - nor an event
        await asyncio.sleep(0.2)
    await runner.astop()


def main() -> None:
    """Serve what `peninsula up` asks for, in a process of its own."""
    asyncio.run(serve_deployments(duration(os.environ.get("PENINSULA_EVERY") or "15m")))
