"""The feeds from the command line: how they do, what they answer, which there are."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from flows import discover, render, render_feeds, settings, watch_file
from flows.clock import utc_now
from flows.collect import check_feeds
from flows.commands.options import UNFINISHED, Config, Json, opened, plainly
from models import store
from models.errors import ConfigError, PeninsulaError, SourceError
from models.sources.opml import read_opml, write_opml
from models.text import for_display
from models.values import Source, SourceName, SourceState

app = typer.Typer(help="The configured feeds.", no_args_is_help=True)

Name = Annotated[str, typer.Option("--name", help="What to call it; else made of its address.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A tag; may be given again.")]
Language = Annotated[str, typer.Option("--language", help='"ko", "en", ...; else what the feed says.')]
Private = Annotated[bool, typer.Option("--allow-private", help="It stands on an intranet or here.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Look, and write nothing.")]


@app.command("list", epilog="Example: peninsula feeds list --json")
def list_feeds(*, json: Json = False, config: Config = None) -> None:
    """List the configured feeds and how each does."""
    with opened(config) as (desk, database), database.reading() as session:
        states = store.source_states(session)
    render_feeds.feeds(desk.feeds, states, json=json)


@app.command(epilog="Example: peninsula feeds show yonhap-ko-northkorea")
def show(name: str, *, json: Json = False, config: Config = None) -> None:
    """Say what is known of one feed: its health, its rhythm, and what happened to it."""
    with opened(config) as (desk, database), database.reading() as session:
        _known_feeds(desk, [name])
        feed = next(feed for feed in desk.feeds if feed.name == name)
        state = store.source_states(session).get(feed.name, SourceState())
        events = store.feed_events(session, source=feed.name)
    render_feeds.feed(feed, state, events, json=json)


@app.command(epilog="Examples: peninsula feeds check · peninsula feeds check yonhap-ko")
def check(
    names: Annotated[list[str] | None, typer.Argument(help="Feeds; else all that are enabled.")] = None,
    *,
    json: Json = False,
    config: Config = None,
) -> None:
    """Ask feeds and say what each answers; store nothing."""
    with plainly():
        desk = settings.load(config)
        _known_feeds(desk, names)
        count = len(names or [feed for feed in desk.feeds if feed.enabled])
        with render.progress(count, quiet=json) as progress:
            answers = asyncio.run(check_feeds(desk, only=names or (), progress=progress))
        render_feeds.feed_answers(answers, json=json)
        if any(isinstance(answer, SourceError) for _, answer, _ in answers):
            raise typer.Exit(UNFINISHED)


@app.command(epilog="Example: peninsula feeds add https://www.38north.org/ --tag analysis")
def add(
    url: Annotated[str, typer.Argument(help="The address of a feed, or of a page that links one.")],
    *,
    name: Name = "",
    tag: Tags = None,
    language: Language = "",
    allow_private: Private = False,
    dry_run: DryRun = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Look at a feed, show what would have alerted, and write it into watch.toml."""
    with plainly():
        desk = settings.load(config)
        url = url if "://" in url else f"https://{url}"
        called = name or watch_file.name_for(url, (feed.name for feed in desk.feeds))
        source = Source(
            name=SourceName(called),
            url=url,
            language=language or None,
            allow_private=allow_private,
            proxy="" if allow_private else desk.proxy,
        )
        try:
            found = discover.look(source, desk, now=utc_now())
        except SourceError as error:
            if error.code != "private-address":
                raise
            raise PeninsulaError(str(error).replace("allow_private = true", "--allow-private")) from None
        _not_there_yet(desk, found.source.url)
        if not dry_run:
            watch_file.add(desk.file, [_new(found.source, tag or ())])
        render_feeds.found_feed(found, "" if dry_run else str(desk.file), json=json)


@app.command("import", epilog="Example: peninsula feeds import subscriptions.opml")
def import_feeds(
    file: Annotated[Path, typer.Argument(help="An OPML file.")],
    *,
    allow_private: Private = False,
    dry_run: DryRun = False,
    config: Config = None,
) -> None:
    """Write the feeds of an OPML file into watch.toml, its folders as tags; ask none of them."""
    with plainly():
        desk = settings.load(config)
        try:
            body = file.read_bytes()
        except OSError as error:
            raise ConfigError(str(file), "", f"cannot be read ({error.strerror})") from None
        known = {feed.url for feed in desk.feeds}
        taken = {str(feed.name) for feed in desk.feeds}
        new, left_out = [], []
        listed = read_opml(body, where=str(file))
        for one in listed:
            if one.url in known:
                continue
            try:
                settings.feed_url(one.url)
            except ValueError as error:
                left_out.append(f'  left out: "{for_display(one.title)}": {error}')
                continue
            called = watch_file.name_for(one.url, taken)
            taken.add(called)
            new.append(
                watch_file.NewFeed(
                    name=called,
                    url=one.url,
                    title=one.title,
                    language=one.language,
                    tags=one.tags,
                    allow_private=allow_private,
                )
            )
        if new and not dry_run:
            watch_file.add(desk.file, new)
        there = len(listed) - len(new) - len(left_out)
        verb = "would be added" if dry_run else "added"
        typer.echo(f"{render.count(len(new), 'feed')} {verb} to {desk.file}, {there} there already.")
        for line in left_out:
            typer.echo(line)


@app.command(epilog="Example: peninsula feeds export > subscriptions.opml")
def export(*, config: Config = None) -> None:
    """Write the feeds that are enabled as OPML to stdout, their tags as folders."""
    with plainly():
        feeds = [feed for feed in settings.load(config).feeds if feed.enabled]  # OPML knows no "off"
        sys.stdout.buffer.write(write_opml(feeds, title="peninsula-watch"))


def _new(source: Source, tags: Iterable[str]) -> watch_file.NewFeed:
    return watch_file.NewFeed(
        name=source.name,
        url=source.url,
        title=source.title,
        language=source.language or "",
        tags=tuple(tags),
        allow_private=source.allow_private,
    )


def _not_there_yet(desk: settings.Settings, url: str) -> None:
    for feed in desk.feeds:
        if feed.url == url:
            raise ConfigError(str(desk.file), f'[[feed]] "{feed.name}"', "has this address already")


def _known_feeds(desk: settings.Settings, names: list[str] | None) -> None:
    for name in names or ():
        if name not in {feed.name for feed in desk.feeds}:
            raise typer.BadParameter(f'there is no feed "{name}"; see peninsula feeds list')
