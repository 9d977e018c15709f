"""The archive's size from the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from flows import as_json, keeping, render
from flows.clock import utc_now
from flows.commands.options import Config, Json, as_duration, opened

OlderThan = Annotated[
    str | None, typer.Option("--older-than", help='"90d"; else `keep` of watch.toml and of each feed.')
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count, and remove nothing.")]


def prune(
    *, older_than: OlderThan = None, dry_run: DryRun = False, json: Json = False, config: Config = None
) -> None:
    """Remove old articles; what a feed still lists, and stories with alerts, stay."""
    with opened(config) as (desk, database):
        age = as_duration(older_than) if older_than else None
        if age == timedelta(0):
            raise typer.BadParameter("0 would remove all that may go: the least is 1s")
        done = keeping.prune(database, desk, now=utc_now(), older_than=age, dry_run=dry_run)
        if json:
            told = {"articles": done.articles, "stories": done.stories, "feed_events": done.events}
            told |= {"dry_run": dry_run}
            as_json.show(told | {"still_listed": done.listed, "held_by_story": done.alerted})
            return
        verb = "would be removed" if dry_run else "removed"
        articles, stories = render.count(done.articles, "article"), render.count(done.stories, "story")
        counts = f"{articles}, {stories} and {render.count(done.events, 'event')} of feeds {verb}"
        stayed = f"{done.listed} old ones are still listed, {done.alerted} belong to a story that stays"
        typer.echo(f"{counts}; {stayed}.")
