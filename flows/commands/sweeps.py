"""A run and its sweeps by hand: run, decide, deliver; the first, `collect`, has a file of its own."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, TypeVar

import typer

from flows import heartbeat, leases, pipeline, render, settings
from flows.clock import utc_now
from flows.commands import shown
from flows.commands.collect import tell
from flows.commands.options import (
    UNFINISHED,
    Config,
    Feed,
    Json,
    NoFeeds,
    NoSeeds,
    Seeds,
    as_duration,
    feed_count,
    opened,
    selected,
)
from flows.rehearsal import rehearse
from models.database import Database
from models.errors import OutputError
from models.values import Decided, Report, Selection, Sent

MaxAge = Annotated[
    str | None,
    typer.Option("--since", help='How old what alerts may be: alert_max_age for this run, as "2d".'),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would happen; keep nothing, send nothing.")
]
Now = Annotated[bool, typer.Option("--now", help="Try alerts that wait for a later attempt, too.")]
Patience = Annotated[
    str, typer.Option(help='How long to stay for attempts that are due soon: "0s", "20s", "10m".')
]

T = TypeVar("T")


@dataclass
class _Output:
    """What a run prints before its alerts are sent: where it cannot be written, they go out all the same."""

    error: OSError | None = None

    def guard(self, tell: Callable[[T], None]) -> Callable[[T], None]:
        """Print with `tell` until the first time that it fails."""

        def told(what: T) -> None:
            if self.error is None:
                try:
                    tell(what)
                except OSError as error:
                    self.error = error

        return told


def run(  # noqa: PLR0913 - a run by hand has these switches
    *,
    seeds: Seeds = None,
    no_seeds: NoSeeds = False,
    no_feeds: NoFeeds = False,
    feed: Feed = None,
    since: MaxAge = None,
    dry_run: DryRun = False,
    patience: Patience = "20s",
    json: Json = False,
    config: Config = None,
) -> None:
    """Collect, decide and deliver, once, and tell what happened."""
    with opened(config) as (configured, database):
        desk = replace(configured, alert_max_age=as_duration(since)) if since else configured
        selection = selected(desk, seeds=seeds, no_seeds=no_seeds, no_feeds=no_feeds, feed=feed)
        if dry_run:
            with render.progress(feed_count(desk, selection), quiet=json) as progress:
                would = rehearse(database, desk, selection, clock=utc_now, progress=progress)
            shown.rehearsal(would, json=json)
            raise typer.Exit(0 if would.whole else UNFINISHED)
        output = _Output()
        with render.progress(feed_count(desk, selection), quiet=json) as progress:
            work = functools.partial(
                pipeline.watch,
                database,
                desk,
                clock=utc_now,
                show=_hold if json else render.show,
                selection=selection,
                patience=as_duration(patience),
                progress=output.guard(progress) if progress else None,
                preview=None if json else output.guard(render.preview),
            )
            report = asyncio.run(_noted(database, desk, selection, work))
        if output.error:
            raise OutputError(output.error)
        tell(report, desk, json=json, previewed=True)


def decide(*, json: Json = False, config: Config = None) -> None:
    """Tag, group and judge what is waiting; alerts fall due, nothing is sent."""
    with opened(config) as (desk, database):
        decided = pipeline.decide_new(database, desk, clock=utc_now)
        report = pipeline.tell(database, desk, (), decided, Sent(), seconds=0.0)
        tell(report, desk, json=json)


def deliver(
    *, now: Now = False, patience: Patience = "20s", json: Json = False, config: Config = None
) -> None:
    """Send the alerts that are due."""
    with opened(config) as (desk, database):
        sent = asyncio.run(
            pipeline.deliver_due(
                database,
                desk,
                clock=utc_now,
                show=_hold if json else render.show,
                patience=as_duration(patience),
                waiting_too=now,
            )
        )
        report = pipeline.tell(database, desk, (), Decided(), sent, seconds=0.0)
        tell(report, desk, json=json)


async def _noted(
    database: Database, desk: settings.Settings, selection: Selection, work: Callable[[], Awaitable[Report]]
) -> Report:
    """Run the watch, note its end where it is a whole one, and tell the desk's monitor."""
    if selection.only or not selection.feeds:
        return await work()
    async with leases.running(database, "watch", clock=utc_now) as run:
        report = await work()
        run.said = render.outcome(report)
    if desk.heartbeat and report.good and (problem := await heartbeat.beat(desk.heartbeat)):
        typer.echo(f"peninsula: heartbeat: {problem}", err=True)
    return report


def _hold(_text: str) -> None:
    """Show nothing: under --json an alert stands in the report."""
