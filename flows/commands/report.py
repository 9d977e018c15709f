"""`peninsula report` and `peninsula feed`: an edition as a page, and as a feed for others."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows import render
from flows.clock import utc_now
from flows.commands.options import Config, as_duration, as_zone, opened
from flows.editions import gather
from flows.outfeed import matching, write_atom, write_json
from flows.page import write_page
from flows.site import describe
from models.errors import ConfigError
from models.values import RuleName


class Form(StrEnum):
    """The form of an output feed."""

    ATOM = "atom"
    JSON = "json"


File = Annotated[Path, typer.Argument(help='Where to write the page; "-" for stdout.')]
Span = Annotated[str, typer.Option("--since", help='How far back: "1d", "12h".')]
Zone = Annotated[str, typer.Option(help="IANA zone of the times on the page.")]


def report(
    file: File = Path("peninsula.html"),
    *,
    since: Span = "1d",
    zone: Zone = "Asia/Seoul",
    config: Config = None,
) -> None:
    """Write a page of the last day's stories, topics, who was first, and how the feeds do."""
    with opened(config) as (desk, database):
        edition = gather(database, desk, since=as_duration(since), now=utc_now())
        page = write_page(edition, zone=as_zone(zone))
        if str(file) == "-":
            sys.stdout.buffer.write(page.encode())  # the encoding that the page itself names
            sys.stdout.flush()
            return
        try:
            file.write_text(page, encoding="utf-8")
        except OSError as error:
            raise ConfigError(str(file), "", f"cannot be written ({error.strerror})") from None
        typer.echo(f"{render.count(len(edition.stories), 'story')} on {file}.")


def feed(
    form: Annotated[Form, typer.Argument(help="Atom or JSON Feed.")] = Form.ATOM,
    *,
    rule: Annotated[str | None, typer.Option(help="Only what this rule matched.")] = None,
    since: Span = "7d",
    url: Annotated[str, typer.Option(help="Where you publish it: the feed's own address.")] = "",
    config: Config = None,
) -> None:
    """Write the stories that alerted as a feed to stdout: one entry each, with an id that stays."""
    with opened(config) as (desk, database):
        if rule and rule not in {one.name for one in desk.desk.rules}:
            raise typer.BadParameter(f'there is no rule "{rule}"; see peninsula config show')
        now = utc_now()
        stories = matching(
            gather(database, desk, since=as_duration(since), now=now), RuleName(rule) if rule else None
        )
        about = replace(describe(database), address=url)
        body = write_atom(stories, about, now=now) if form is Form.ATOM else write_json(stories, about)
        sys.stdout.buffer.write(body)
        sys.stdout.flush()
