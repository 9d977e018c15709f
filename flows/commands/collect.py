"""The first sweep by hand: collect. It loads what reading feeds takes, and no more."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager, nullcontext

import typer

from flows import as_json, intake
from flows.clock import utc_now
from flows.collect import Progress
from flows.commands.options import (
    UNFINISHED,
    Config,
    Feed,
    Json,
    NoFeeds,
    NoSeeds,
    Seeds,
    feed_count,
    opened,
    selected,
)
from flows.settings import Settings
from models.values import Report


def collect(
    *,
    seeds: Seeds = None,
    no_seeds: NoSeeds = False,
    no_feeds: NoFeeds = False,
    feed: Feed = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Read the sources and store what is new; decide and send nothing."""
    with opened(config) as (desk, database):
        selection = selected(desk, seeds=seeds, no_seeds=no_seeds, no_feeds=no_feeds, feed=feed)
        with _progress(0 if json else feed_count(desk, selection)) as progress:
            work = intake.collect(database, desk, clock=utc_now, selection=selection, progress=progress)
            done = asyncio.run(work)
        tell(Report(sources=tuple(done)), desk, json=json)


def _progress(feeds: int) -> AbstractContextManager[Progress | None]:
    if not feeds:
        return nullcontext()
    from flows import render  # noqa: PLC0415 - rich: a program that reads JSON need not wait for it

    return render.progress(feeds, quiet=False)


def tell(report: Report, desk: Settings, *, json: bool, previewed: bool = False) -> None:
    """Print what came of a sweep; exit code 3 if not all of it went through."""
    if json:
        as_json.show(as_json.of_report(report))
    else:
        from flows import render  # noqa: PLC0415 - as above

        if not previewed:
            render.preview(report)
        render.report(report, desk)
    if not report.whole:
        raise typer.Exit(UNFINISHED)
