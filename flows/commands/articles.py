"""Articles from the command line: listed, explained."""

from __future__ import annotations

from typing import Annotated

import typer

from flows import render, render_explained
from flows.commands import shown
from flows.commands.options import Config, Json, Limit, Since, as_since, opened
from flows.words import look_up, open_lexicon
from models import store
from models.errors import PeninsulaError
from models.values import ConceptId, StoryId


def articles(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those not about the peninsula.")] = False,
    story: Annotated[str | None, typer.Option(help="Only of this story.")] = None,
    concept: Annotated[str | None, typer.Option(help="Only with this tag.")] = None,
    since: Since = None,
    limit: Limit = 50,
    json: Json = False,
    config: Config = None,
) -> None:
    """List articles with their tags, newest first."""
    with opened(config) as (desk, database), database.reading() as session:
        found = store.filed(
            session,
            since=as_since(since),
            korea=None if everything else True,
            story=StoryId(story) if story else None,
            concept=ConceptId(concept) if concept else None,
            limit=limit,
        )
        if concept and not found:
            look_up(desk, concept)
    render.articles(found, json=json)


def explain(
    what: Annotated[str, typer.Argument(help="The id of an article or a story, a URL, or words of a title.")],
    *,
    json: Json = False,
    config: Config = None,
) -> None:
    """Say of an article or a story why it alerted, or why not."""
    if not what.strip():
        raise typer.BadParameter("say what to explain: an id, a URL, or words of a title")
    with opened(config) as (desk, database), database.reading() as session:
        found = store.find_article(session, what)
        if found is None:
            raise PeninsulaError(
                f'no article or story has the id, URL or title "{what}"; see peninsula articles --all'
            )
        sent = store.alert_states(session, story=found.story) if found.story else ()
        told = store.filed(session, story=found.story, limit=500) if what == found.story else ()
    render_explained.explanation(found, sent, open_lexicon(desk), json=json)
    if told and not json:
        shown.rulings(told)
