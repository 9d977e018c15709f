"""Stories from the command line: listed, merged, split."""

from __future__ import annotations

from typing import Annotated

import typer

from flows import render
from flows.clock import utc_now
from flows.commands.options import Config, Json, Limit, Since, as_since, opened
from models import store
from models.values import ArticleId, StoryId

app = typer.Typer(help="List stories about the peninsula; merge or split them.")


@app.callback(
    invoke_without_command=True, epilog="Examples: peninsula stories · peninsula stories --since 2d --json"
)
def stories(
    context: typer.Context,
    *,
    since: Since = None,
    limit: Limit = 30,
    json: Json = False,
    config: Config = None,
) -> None:
    """List stories about the peninsula, newest first; merge or split them."""
    if context.invoked_subcommand:
        return
    with opened(config) as (desk, database), database.reading() as session:
        found = store.story_list(session, desk.desk.sources, since=as_since(since), limit=limit)
    render.stories(found, json=json)


@app.command(epilog="Example: peninsula stories merge s4vgyenyuhp6r sfr3zdqlq2t6i")
def merge(first: str, second: str, *, config: Config = None) -> None:
    """Make two stories one, under the older one's id; nobody is alerted again."""
    with opened(config) as (_, database), database.writing(serial=True) as session:
        kept = store.merge(session, StoryId(first), StoryId(second), now=utc_now())
    typer.echo(f"Both are {kept} now; the other id leads there.")


@app.command(epilog="Example: peninsula stories split abqk3wtcpzx2y amr7h2g4n5xaa")
def split(
    articles: Annotated[list[str], typer.Argument(help="Articles of one story, to be a story of their own.")],
    *,
    config: Config = None,
) -> None:
    """Take articles out of their story into one of their own; nobody is alerted again."""
    with opened(config) as (_, database), database.writing(serial=True) as session:
        new = store.split(session, [ArticleId(id_) for id_ in articles], now=utc_now())
    typer.echo(f"They are the story {new} now.")
