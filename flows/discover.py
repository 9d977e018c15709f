"""Looks at an address before it becomes a feed: what is there, and what it would alert."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from flows import collect, fetch
from flows.settings import Settings
from flows.words import open_lexicon
from models import decide, sources, stories, text
from models.errors import ParseError
from models.sources.links import feed_links
from models.values import Article, Fetched, Known, ParsedFeed, Source, Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed that was looked at, with its newest items first."""

    source: Source
    parsed: ParsedFeed
    articles: tuple[Article, ...]
    alerting: frozenset[str]  # ids of the articles that would have alerted
    others: tuple[tuple[str, str], ...] = ()  # further feeds that the page links: address, title


def look(source: Source, settings: Settings, *, now: datetime) -> Found:
    """Read the feed at an address, or the one that the page there links.

    Raises:
        SourceError: nothing there is a feed, or it cannot be reached.

    """
    source, parsed, others = asyncio.run(_feed(source, settings))
    source = replace(
        source,
        title=source.title or parsed.title or source.name,
        language=source.language or _language(parsed),
    )
    listing = sources.refined(parsed, source, now=now, cutoff=now - settings.alert_max_age)
    articles = sorted(listing.articles, key=lambda one: one.at, reverse=True)
    return Found(
        source=source,
        parsed=parsed,
        articles=tuple(articles),
        alerting=_alerting(source, articles, settings, now),
        others=others,
    )


def _language(parsed: ParsedFeed) -> str | None:
    """Return the language that a feed claims to be in, if there is such a language."""
    claimed = text.primary_language(parsed.language)
    return None if claimed is None or text.no_language(claimed) else claimed


async def _feed(source: Source, settings: Settings) -> tuple[Source, ParsedFeed, tuple[tuple[str, str], ...]]:
    source, answer = await _get(source, settings)
    try:
        return source, await collect.parse(source, answer), ()
    except ParseError as error:
        if error.code not in {"html-instead-of-feed", "not-a-feed"}:
            raise
        page, _ = sources.decode(answer.body, answer.content_type)
        links = feed_links(page, base_url=answer.url)
        if not links:
            raise
    there = replace(source, url=links[0][0], title=source.title or links[0][1])
    there, answer = await _get(there, settings)
    return there, await collect.parse(there, answer), links[1:]


async def _get(source: Source, settings: Settings) -> tuple[Source, Fetched]:
    """Fetch what stands at an address; give it with the address where it stands for good."""
    async with fetch.open_client(
        allow_private=source.allow_private, contact=settings.contact, proxy=source.proxy
    ) as client:
        answer = cast("Fetched", await fetch.get(client, source, Validators()))  # asked on no condition
    return replace(source, url=answer.moved_to or source.url), answer


def _alerting(source: Source, articles: list[Article], settings: Settings, now: datetime) -> frozenset[str]:
    """Judge the articles by the desk's rules as if nothing were known."""
    words = open_lexicon(settings)
    desk = replace(settings.desk, sources={**settings.desk.sources, source.name: source})
    waiting = sorted(articles, key=lambda one: one.at)
    readings = decide.read(waiting, words)
    placements = decide.place(waiting, readings, stories.Window(span=desk.window), now)
    outcome = decide.judge(waiting, readings, placements, Known(), desk, lexicon=words, now=now)
    return frozenset(made.article for made in outcome.decisions if made.outcome == "alert")
