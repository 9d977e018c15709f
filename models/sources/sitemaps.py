"""News sitemaps (sitemaps.org with Google's news extension) to `RawItem`s.

Houses without a feed have one of these: the articles of two days, each with title,
date and language, and no text.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from models.sources.dates import read_date
from models.sources.markup import plain_title
from models.text import one_line
from models.values import ParsedFeed, RawItem

_ROOT = re.compile(r"<((?:\w+:)?urlset)\b[^<>]*>", re.IGNORECASE)
_URL = re.compile(r"<((?:\w+:)?url)\b[^<>]*>(?:(?!<\1\b).)*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_KEPT = {"loc", "title", "publication_date", "lastmod", "name", "language"}


class _Reader:
    """Collects the words of each <url>, whatever the prefixes are called."""

    def __init__(self) -> None:
        self.entries: list[dict[str, str]] = []
        self._path: list[str] = []
        self._words: list[str] = []

    def start(self, name: str, _: dict[str, str]) -> None:
        local = name.rpartition(" ")[2].casefold()
        self._path.append(local)
        self._words = []
        if local == "url":
            self.entries.append({})

    def text(self, words: str) -> None:
        self._words.append(words)

    def end(self, name: str) -> None:
        local = name.rpartition(" ")[2].casefold()
        # <image:loc> and <video:title> are those of a picture, not of the article.
        inside = self._path[-2] if len(self._path) > 1 else ""
        if local in _KEPT and inside in {"url", "news", "publication"} and self.entries:
            self.entries[-1].setdefault(local, "".join(self._words))
        self._path.pop()
        self._words = []


def read_sitemap(text: str, *, zone: str) -> tuple[ParsedFeed, list[RawItem | str], str]:
    """Return the head of a sitemap, its items, and what was wrong with it.

    In one that is not well-formed each `<url>` is read by itself, so that a fault in
    one costs at most its own item.
    """
    entries, error = _read(text)
    problem = ""
    if error:
        problem = f"not well-formed, read item by item: {error}"
        root = _ROOT.search(text)
        end = f"</{root[1]}>" if root else ""
        blocks = [root[0] + block[0] + end for block in _URL.finditer(text)] if root else []
        entries = [entry for block in blocks for entry in _read(block)[0]]
    items = [_item(entry, place, zone) for place, entry in enumerate(entries)]
    outlet = next((one_line(entry["name"]) for entry in entries if entry.get("name")), "")
    return ParsedFeed(items=(), title=outlet), items, problem


def _read(text: str) -> tuple[list[dict[str, str]], str]:
    """Return the words of each <url>, as far as the document is well-formed, and where it is not."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return reader.entries, one_line(str(error))[:200]
    return reader.entries, ""


def _item(entry: dict[str, str], place: int, zone: str) -> RawItem | str:
    title = plain_title(entry.get("title", ""))
    if not title:
        return "has no title: not a news sitemap"
    return RawItem(
        url=one_line(entry.get("loc", "")),
        title=title,
        published_at=read_date(entry.get("publication_date", ""), zone)
        or read_date(entry.get("lastmod", ""), zone),
        language=one_line(entry.get("language", "")) or None,
        outlet=one_line(entry.get("name", "")),
        position=place,
    )
