"""`peninsula backfill`: articles of the past into the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows import as_json, render
from flows.backfill import backfill as filled
from flows.clock import utc_now
from flows.commands.options import UNFINISHED, Config, Json, opened
from flows.commands.progress import counting
from flows.filing import file_new

Files = Annotated[
    list[Path], typer.Argument(help="JSON Lines (.jsonl), saved feeds (.xml .rss .atom .json), texts, pages.")
]
Alert = Annotated[
    bool, typer.Option("--alert", help="Let rules alert on what they match; else all is silent.")
]


def backfill(files: Files, *, alert: Alert = False, json: Json = False, config: Config = None) -> None:
    """Store articles of the past, each met when it was published; alert on none unless asked.

    A line of JSON Lines has a title or a text, and may have url, guid, date (published_at, timestamp:
    as people write it, or in Unix seconds), lang, publisher, and as source the name of a feed. It is
    left out if its date cannot be read; without one it counts as met now, and does not alert.
    """
    with opened(config) as (desk, database):
        with counting("filling", quiet=json) as progress:
            done = filled(database, desk, files, now=utc_now(), alert=alert, progress=progress)
        with counting("filing for search", quiet=json) as progress:
            file_new(database, most=None, progress=progress)
    if json:
        faults = [{"where": f.where, "code": f.code, "detail": f.detail} for f in done.faults]
        told = {"articles": done.articles, "new": done.new, "matched": done.matched}
        as_json.show(
            told | {"stories": done.stories, "alerts": done.alerts, "undated": done.undated, "faults": faults}
        )
    else:
        for fault in done.faults:
            typer.echo(f"{fault.where}: {fault.detail or fault.code}", err=True)
        counts = (
            f"{done.new} of {render.count(done.articles, 'article')} new",
            f"{done.matched} about the peninsula",
        )
        due = f", {render.count(done.alerts, 'alert')} due: peninsula deliver sends them" if alert else ""
        typer.echo(f"{', '.join(counts)}, {render.count(done.stories, 'new story')}{due}.")
        if done.undated:
            quiet = ", and do not alert" if alert else ""
            typer.echo(
                f"Without a date: {render.count(done.undated, 'article')}; they count as met now{quiet}."
            )
    if done.faults:
        raise typer.Exit(UNFINISHED)
