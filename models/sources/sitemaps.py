"""News sitemaps (sitemaps.org with Google's news extension) to `RawItem`s.

Houses without a feed have one of these: the articles of two days, each with title,
date and language, and no text.
"""

from __future__ import annotations

from xml.parsers import expat

from models.sources.dates import read_date
from models.sources.markup import plain_title
from models.text import one_line
from models.values import ParsedFeed, RawItem

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
    """Return the head of a sitemap, its items, and what was wrong with it."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    problem = ""
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        problem = f"not well-formed, read as far as it goes: {one_line(str(error))[:200]}"
    items = [_item(entry, place, zone) for place, entry in enumerate(reader.entries)]
    outlet = next((one_line(entry["name"]) for entry in reader.entries if entry.get("name")), "")
    return ParsedFeed(items=(), title=outlet), items, problem


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
