"""What all commands share: options, and errors told in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from flows import fields, settings
from flows.soundness import open_database
from models.database import Database
from models.errors import PeninsulaError
from models.values import Selection

UNFINISHED = 3  # exit code: done, but not all of it went through

Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout and nothing else there.")]
Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="The watch.toml to use.", envvar="PENINSULA_CONFIG")
]

Seeds = Annotated[
    Path | None, typer.Option(help="A folder of seed files (.txt .md .html .xml); else watch.toml's.")
]
NoSeeds = Annotated[bool, typer.Option("--no-seeds", help="Leave the seed files out.")]
NoFeeds = Annotated[bool, typer.Option("--no-feeds", help="Leave the feeds out: no network is used.")]
Feed = Annotated[
    list[str] | None,
    typer.Option("--feed", help="Only this feed, and seeds only with --seeds; may be given again."),
]

Limit = Annotated[int, typer.Option(help="How many at most.", min=1, max=100_000)]
Since = Annotated[str | None, typer.Option(help='Only what is younger: "6h", "2d".')]


@contextmanager
def plainly() -> Iterator[None]:
    """Say an error in one line on stderr, with the exit code that goes with it."""
    try:
        yield
    except PeninsulaError as error:
        typer.echo(f"peninsula: {error}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("peninsula: stopped; what was not finished is taken up by the next run", err=True)
        raise typer.Exit(130) from None


@contextmanager
def opened(config: Path | None) -> Iterator[tuple[settings.Settings, Database]]:
    """Give settings and database to a command, and say its errors in one line."""
    with plainly():
        desk = settings.load(config)
        database = open_database(desk)
        try:
            yield desk, database
        finally:
            database.close()


def as_duration(value: str) -> timedelta:
    """Read a duration that somebody typed; a wrong one is wrong usage."""
    try:
        return settings.duration(value)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def as_zone(value: str) -> str:
    """Read a time zone that somebody typed; a wrong one is wrong usage."""
    try:
        return fields.zone(value)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def as_since(value: str | None) -> datetime | None:
    """Read how far back somebody wants to look."""
    return datetime.now(UTC) - as_duration(value) if value else None


def selected(
    desk: settings.Settings, *, seeds: Path | None, no_seeds: bool, no_feeds: bool, feed: list[str] | None
) -> Selection:
    """Give the sources that were asked for: with a feed named, no seeds unless they are named as well."""
    if feed and no_feeds:
        raise typer.BadParameter("--no-feeds leaves out what --feed names")
    if seeds and no_seeds:
        raise typer.BadParameter("--no-seeds leaves out what --seeds names")
    for name in feed or ():
        if name not in {known.name for known in desk.feeds}:
            raise typer.BadParameter(f'there is no feed "{name}"; see peninsula feeds list')
    folder = seeds or (None if no_seeds or feed else desk.seeds)
    return Selection(seeds=folder, feeds=not no_feeds, only=frozenset(feed or ()))


def feed_count(desk: settings.Settings, selection: Selection) -> int:
    """Count the feeds that a selection means."""
    enabled = [feed for feed in desk.feeds if feed.enabled]
    return len(selection.only or enabled) if selection.feeds else 0
