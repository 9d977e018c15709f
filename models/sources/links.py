"""The feeds that a web page names as its own (`<link rel="alternate">`)."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from models.sources.markup import Soup
from models.text import one_line

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_HEAD = 512 * 1024  # characters: heads beyond that are no heads
_MOST = 20


class _Links(Soup):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "base" and not self.base:
            self.base = said.get("href", "")
        kind = said.get("type", "").partition(";")[0].strip().casefold()
        if tag == "link" and "alternate" in said.get("rel", "").casefold().split() and kind in _TYPES:
            self.found.append((said.get("href", ""), one_line(said.get("title", ""))))


def feed_links(page: str, *, base_url: str) -> tuple[tuple[str, str], ...]:
    """Return address and title of each feed that a page links, in its order.

    Feeds of comments come last: a page names its own before them or after.
    """
    parser = _Links()
    parser.feed(page[:_HEAD])
    found: dict[str, str] = {}
    for href, title in parser.found[:_MOST]:
        try:
            url = urljoin(urljoin(base_url, parser.base), href.strip())
            known = urlsplit(url).scheme in {"http", "https"} and bool(href.strip())
        except ValueError:
            continue
        if known:
            found.setdefault(url, title)
    return tuple(sorted(found.items(), key=lambda pair: "comments" in f"{pair[0]} {pair[1]}".casefold()))
