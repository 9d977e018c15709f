"""`peninsula search`: titles and texts, in every script."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from flows import as_json, render
from flows.commands.options import Config, Json, Limit, as_duration, opened
from flows.commands.progress import counting
from flows.filing import file_new
from flows.words import look_up
from models import search as words
from models import store, text
from models.values import ConceptId, Filed, SourceName, StoryId


def _language(value: str | None) -> str | None:
    """Refuse a language that there is not, rather than find nothing in it."""
    if value is not None and (problem := text.no_language(value)):
        raise typer.BadParameter(problem)
    return text.primary_language(value)


Query = Annotated[
    list[str] | None,
    typer.Argument(help='Words that all have to be there; "a phrase", begin*; -unwanted: -- goes before it.'),
]
Since = Annotated[str | None, typer.Option(help='Published since: "2d", or a day such as 2026-11-01.')]
Language = Annotated[
    str | None, typer.Option(callback=_language, help='Only in this language: "ko", "en", ...')
]
Until = Annotated[str | None, typer.Option(help="Published before, the same way.")]


def search(  # noqa: PLR0913 - conditions that may be put together
    query: Query = None,
    *,
    concept: Annotated[str | None, typer.Option(help="Only with this tag.")] = None,
    story: Annotated[str | None, typer.Option(help="Only of this story.")] = None,
    source: Annotated[str | None, typer.Option(help="Only of this feed.")] = None,
    language: Language = None,
    since: Since = None,
    until: Until = None,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first; else best first.")] = False,
    limit: Limit = 20,
    json: Json = False,
    config: Config = None,
) -> None:
    """Search titles and texts in every script; 북한 finds 북한이, 미사일 finds 탄도미사일."""
    terms = words.read_query(" ".join(query or ()))
    wanted = store.Wanted(
        terms=terms,
        concept=ConceptId(concept) if concept else None,
        story=StoryId(story) if story else None,
        source=SourceName(source) if source else None,
        language=language,
        since=_when(since),
        until=_when(until),
    )
    if wanted == store.Wanted():
        raise typer.BadParameter("say what to look for: words, or --concept, --story, --source, --since ...")
    with opened(config) as (desk, database):
        with counting("filing", quiet=json) as progress:
            file_new(database, most=None, progress=progress)
        with database.reading() as session:
            ids = store.find(session, wanted, limit=limit, newest=newest)
            found = {one.article.id: one for one in store.filed(session, ids=ids, limit=len(ids) or 1)}
        if concept and not ids:
            look_up(desk, concept)
    ranked = [found[id_] for id_ in ids]
    if json:
        as_json.show([_as_json(one, terms) for one in ranked])
    else:
        for one in ranked:
            _print(one, terms)
        typer.echo(f"{render.count(len(ranked), 'article')} found.", err=True)


def _when(value: str | None) -> datetime | None:
    if value is None:
        return None
    with suppress(ValueError):
        day = datetime.fromisoformat(value)
        return day if day.tzinfo else day.replace(tzinfo=UTC)
    try:
        return datetime.now(UTC) - as_duration(value)
    except typer.BadParameter as error:
        raise typer.BadParameter(f"{error.message}; nor is it a day such as 2026-11-01") from None


def _as_json(one: Filed, terms: tuple[words.Term, ...]) -> dict[str, Any]:
    part, inside = words.snippet(one.article.text, terms)
    return as_json.of_article(one) | {
        "title_found": words.spans(one.article.title, terms),
        "snippet": part,
        "snippet_found": inside,
    }


def _print(one: Filed, terms: tuple[words.Term, ...]) -> None:
    console, article = render.open_console(), one.article
    console.print(_marked(article.title, words.spans(article.title, terms), "bold"), soft_wrap=True)
    language = one.reading.language if one.reading else article.language or "?"
    told = f"{article.at:%Y-%m-%d %H:%M} · {article.outlet} · {language} · {article.id}"
    render.print_line(console, (f"  {told}" + (f" · story {one.story}" if one.story else ""), "dim"))
    part, inside = words.snippet(article.text, terms)
    if part:
        console.print(Text("  ").append_text(_marked(part, inside, "")), soft_wrap=True)


def _marked(text: str, found: list[tuple[int, int]], style: str) -> Text:
    """Set off what was found by brackets and, at a terminal, colour."""
    shown, last = Text(style=style), 0
    for start, end in found:
        shown.append(text[last:start]).append(f"[{text[start:end]}]", style="bold yellow")
        last = end
    return shown.append(text[last:])
