"""Between collect and decide: the whole text of articles of which a feed gives a teaser.

Only for feeds with `full_text = true`, and only for articles that a rule touches as they
are: a desk that watches missiles does not fetch the sports pages. The page goes through
the same guard, deadline, limits and host's turn as a feed, robots.txt is heeded, and it
is read in killable children of its own. Whatever fails, the article stays as its feed gave
it, and the run's report says so.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import httpx

from flows import fetch, parsing
from flows.clock import Clock
from flows.settings import Settings
from flows.turns import Turns
from flows.words import open_lexicon
from models import alerts, sources, store
from models.database import Database
from models.errors import FetchError, SourceError
from models.values import Article, ArticleId, Collected, Fault, Fetched, Source, SourceName, Validators

if TYPE_CHECKING:
    from protego import Protego

MOST = 30  # pages of one feed in one sweep
PATIENCE = 60.0  # seconds for all of them: alerts wait for it
_AGENT = "peninsula-watch"
_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.5"


async def complete(
    database: Database, settings: Settings, collected: Sequence[Collected], *, clock: Clock
) -> list[Collected]:
    """Give what was collected with the texts of touched articles completed, and what failed."""
    feeds = {feed.name: feed for feed in settings.feeds if feed.full_text}
    # By the feed that shows it now: another one may have listed it first, and may want no pages.
    fresh = {id_: done.source for done in collected if done.source in feeds for id_ in done.articles}
    if not fresh:
        return list(collected)
    pages = _Pages(settings)
    wanted = _touched(database, settings, fresh)
    told = await asyncio.gather(
        *(_complete_feed(database, pages, feeds[name], articles, clock) for name, articles in wanted.items())
    )
    by_feed = dict(zip(wanted, told, strict=True))
    return [
        replace(done, completed=by_feed[done.source][0], faults=(*done.faults, *by_feed[done.source][1]))
        if done.source in by_feed
        else done
        for done in collected
    ]


def _touched(
    database: Database, settings: Settings, fresh: Mapping[ArticleId, SourceName]
) -> dict[SourceName, list[Article]]:
    """Find the articles that a rule matches as they are, and that have a page of their own."""
    words = open_lexicon(settings)
    with database.reading() as session:
        found = [
            replace(item.article, also=item.sightings)
            for item in store.filed(session, ids=fresh, limit=len(fresh))
        ]
    wanted: defaultdict[SourceName, list[Article]] = defaultdict(list)
    for article in found:
        reading = words.read(article.title, article.text, article.language)
        source = settings.desk.sources.get(article.source)
        rules = settings.desk.rules if article.fresh and article.url and article.link else ()
        if any(alerts.judge(rule, article, reading, source)[0] for rule in rules):
            wanted[fresh[article.id]].append(article)
    return dict(wanted)


async def _complete_feed(
    database: Database, pages: _Pages, feed: Source, articles: Sequence[Article], clock: Clock
) -> tuple[int, list[Fault]]:
    """Complete a feed's articles, newest first, as many as there is time for."""
    done, faults, left = 0, [], list(articles)
    try:
        async with asyncio.timeout(PATIENCE), pages.client(feed) as client:
            for article in articles[:MOST]:
                try:
                    text = await pages.read(client, feed, article)
                except SourceError as error:
                    faults.append(_fault(article, error.problem))
                else:
                    with database.writing() as session:
                        done += store.complete(session, article, text, now=clock())
                left.remove(article)
    except TimeoutError:
        pass  # told below, with those over the cap
    if left:
        said = f"{len(left)} articles keep their teasers: at most {MOST} pages and {PATIENCE:.0f} s a run"
        faults.append(Fault(where=feed.name, code="full-text", detail=said))
    return done, faults


def _fault(article: Article, problem: str) -> Fault:
    where = f"{article.source} {article.id}"
    return Fault(where=where, code="full-text", detail=f"{problem}; its feed's words stand")


class _Pages:
    """The pages of a sweep: each host in turn, and its robots.txt read once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turns = Turns(settings.concurrency, settings.pause)
        self._rules: dict[str, Protego] = {}

    @asynccontextmanager
    async def client(self, feed: Source) -> AsyncIterator[httpx.AsyncClient]:
        """Open a client for the pages of a feed, as guarded as for the feed."""
        async with fetch.open_client(
            allow_private=feed.allow_private, contact=self._settings.contact, proxy=feed.proxy
        ) as client:
            client.headers["Accept"] = _ACCEPT
            yield client

    async def read(self, client: httpx.AsyncClient, feed: Source, article: Article) -> str:
        """Return the text that the page of an article holds.

        Raises:
            SourceError: it cannot be had, may not be, or is no article.

        """
        await self._ask_leave(client, feed, article.link)
        page = await self._get(client, feed, article.link)
        if _host(page.url) != _host(article.link):  # a redirect led to a house with rules of its own
            await self._ask_leave(client, feed, page.url)
        return await parsing.shared("page").article(
            page.body, where=feed.name, content_type=page.content_type, title=article.title
        )

    async def _get(self, client: httpx.AsyncClient, feed: Source, url: str) -> Fetched:
        async with self._turns.turn(feed, url):
            return cast("Fetched", await fetch.get(client, replace(feed, url=url), Validators()))

    async def _ask_leave(self, client: httpx.AsyncClient, feed: Source, url: str) -> None:
        host = _host(url)
        if host not in self._rules:
            self._rules[host] = await self._robots(client, feed, host)
        if not self._rules[host].can_fetch(url, _AGENT):
            raise FetchError(feed.name, "robots", "robots.txt of its site asks us to leave its page alone")

    async def _robots(self, client: httpx.AsyncClient, feed: Source, host: str) -> Protego:
        """Return a site's rules: all is open without a file, nothing if it cannot be told (RFC 9309)."""
        from protego import Protego  # noqa: PLC0415 - of the extra

        try:
            answer = await self._get(client, feed, f"{host}/robots.txt")
        except FetchError as error:
            if re.fullmatch(r"http-4(?!29)\d\d", error.code):
                return Protego.parse("")
            return Protego.parse("User-agent: *\nDisallow: /")
        return Protego.parse(sources.decode(answer.body, answer.content_type)[0])


def _host(url: str) -> str:
    """Return scheme, host and port of an address: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".casefold()
