"""The deployments, served by Prefect's runner: what `peninsula up` keeps alive beside its server.

`prefect.yaml` holds the same deployments for a work pool. Missed runs do not pile
up: those of the time that the watch was away are taken off the list, for the first
new one does their work. Nor does a run that was cut with its machine stay "running".
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Interval
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType

from flows import scheduled
from flows.clock import utc_now
from flows.settings import duration

DEPLOYMENT = "peninsula"
CUT = "ended with the watch that had started it; the next run does its work"
DELIVER_EVERY = timedelta(minutes=1)
PRUNE_EVERY = timedelta(hours=6)  # not once a night: a laptop sleeps then
DRAIN = 15.0  # seconds a run in hand gets to finish when the watch is stopped
# How far ahead the first run of `watch` lies, not a whole interval: a newcomer wants to see it.
# The server needs up to ten seconds to put it on its list, and adds none that lies in the past.
FIRST_RUN = timedelta(seconds=20)
# Prefect looks every ten seconds for runs that begin within so long, and a run's process needs five
# to be ready: with its own ten, one run in three began up to four seconds late.
AHEAD = timedelta(seconds=20)


async def deployments(every: timedelta) -> list[RunnerDeployment]:
    """Give the five deployments: watch, deliver and prune on schedules, the others by hand.

    `prefect.yaml` holds the same for a work pool; a test holds them equal.
    """
    soon = Interval(every, anchor_date=utc_now() + FIRST_RUN)
    return [
        await _deployment(scheduled.watch, schedule=soon, parameters={"due_only": True}),
        # A process of Prefect's costs seconds: the minute's one also reads feeds that cannot wait.
        await _deployment(scheduled.deliver, interval=DELIVER_EVERY, parameters={"due_feeds": True}),
        await _deployment(scheduled.collect),
        await _deployment(scheduled.decide),
        await _deployment(scheduled.prune, interval=PRUNE_EVERY),
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
    # Where runs follow one another closely, five at once are all that it takes.
    runner = Runner(prefetch_seconds=10 if every < 2 * AHEAD else AHEAD.total_seconds())
    ids = [await runner.aadd_deployment(deployment) for deployment in await deployments(every)]
    async with get_client() as client:
        await forget_missed(client, ids, utc_now())
        await close_cut(client, ids)
    serving = asyncio.create_task(runner.start())
    # The runner's own handler of SIGTERM raises SystemExit amid the event loop: tracebacks, and runs
    # in hand that Prefect shows as running for ever. It is set in the first step of `start`.
    await asyncio.sleep(0)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _stop, runner, serving, [])
    with suppress(asyncio.CancelledError):
        await serving


async def forget_missed(client: PrefectClient, ids: list[UUID], now: datetime) -> int:
    """Take runs off the list that a schedule meant for the past; say how many.

    What a person asked for stays: it was meant.
    """
    missed = 0
    while found := await _late(client, ids, now):
        for run in found:
            await client.delete_flow_run(run.id)
        missed += len(found)
    return missed


async def close_cut(client: PrefectClient, ids: list[UUID]) -> int:
    """Call runs crashed that an earlier runner left "running" for ever; say how many.

    The deployments are served by one runner, and this is its start: it has none in hand.
    One whose process outlived its runner corrects the record itself when it ends.
    """
    cut = await _runs(client, ids, StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
    for run in cut:
        await client.set_flow_run_state(run.id, Crashed(message=CUT), force=True)
    return len(cut)


async def _late(client: PrefectClient, ids: list[UUID], now: datetime) -> list[FlowRun]:
    before = FlowRunFilterExpectedStartTime(before_=now)  # type: ignore[arg-type]  # its own datetime
    runs = await _runs(client, ids, StateType.SCHEDULED, expected_start_time=before)
    return [run for run in runs if run.auto_scheduled]


async def _runs(client: PrefectClient, ids: list[UUID], *states: StateType, **which: Any) -> list[FlowRun]:
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states)))
    return await client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=ids)),
        flow_run_filter=FlowRunFilter(state=state, **which),
        limit=200,
    )


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
