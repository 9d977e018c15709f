"""A saved web page to its title, its lines of text and what its head says of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

from models.sources.dates import read_date
from models.sources.markup import Soup
from models.text import clean, one_line


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BLOCKS = _names(
    "address article aside blockquote body br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr li main nav ol p pre section table td th tr ul"
)
_SKIPPED = _names(
    "aside button figcaption figure footer form iframe nav noscript script select style svg template textarea"
)
_VOID = _names("area base br col embed hr img input link meta param source track wbr")
_REGIONS = ("body", "main", "article", "articlebody")
_LEAST_REGION = 200  # characters: a shorter <article> is a teaser in a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A saved document before its furniture is cut."""

    title: str
    lines: tuple[str, ...]
    outlet: str = ""
    url: str = ""
    published_at: datetime | None = None
    language: str | None = None


def read_page(markup: str) -> Page:
    """Return what a saved page holds: its main text, else all of it.

    The main text is the longest element marked as the article's body, else
    `<article>`, `<main>`, `<body>`. Never raises: HTML has no errors.
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    outlet = reader.meta.get("og:site_name", "")
    title = reader.meta.get("og:title") or one_line(reader.heading) or one_line(reader.title)
    for dash in (" - ", " | ", " – ", " :: "):
        title = title.removesuffix(dash + outlet) if outlet else title
    lines = clean(_main_text(reader.regions)).split("\n")
    return Page(
        title=one_line(title),
        lines=tuple(line for line in lines if one_line(line) != one_line(title)),
        outlet=one_line(outlet),
        url=reader.address or reader.meta.get("og:url", ""),
        published_at=_published(reader),
        language=reader.language,
    )


def _main_text(regions: dict[str, list[str]]) -> str:
    best = ""
    for name in _REGIONS:
        longest = max(regions.get(name, [""]), key=len)
        if len(longest.strip()) >= _LEAST_REGION or not best:
            best = longest
    return best


def _published(reader: _Reader) -> datetime | None:
    for key in ("article:published_time", "datepublished", "pubdate", "date", "dc.date", "dc.date.issued"):
        at = read_date(reader.meta.get(key, ""))
        if at:
            return at
    found = re.search(r'"datePublished"\s*:\s*("[^"]{4,40}")', reader.data)
    try:
        return read_date(json.loads(found.group(1), strict=False)) if found else None
    except ValueError:  # JavaScript's "\x2B" is no JSON
        return None


class _Reader(Soup):
    """Collects the text of each region of a page while it is read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, str] = {}
        self.regions: dict[str, list[str]] = {"body": [""]}
        self.title = self.heading = self.address = self.data = ""
        self.language: str | None = None
        self._open: list[str] = []
        self._inside: list[tuple[str, int, list[str]]] = [("body", 0, [])]  # name, depth, pieces
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self._head(tag, said)
        if tag in _BLOCKS:
            self._add("\n")
        if tag in _VOID:
            return
        self._open.append(tag)
        if tag in _SKIPPED:
            self._skipped.append(tag)
        region = (
            "articlebody" if "articlebody" in f"{said.get('itemprop')}{said.get('id')}".casefold() else tag
        )
        if region in {"main", "article", "articlebody"}:
            self._inside.append((region, len(self._open), []))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._add("\n")
        if tag not in self._open:
            return
        while self._open:
            while len(self._inside) > 1 and self._inside[-1][1] >= len(self._open):
                name, _, pieces = self._inside.pop()
                self.regions.setdefault(name, []).append("".join(pieces))
            closed = self._open.pop()
            if self._skipped and self._skipped[-1] == closed:
                self._skipped.pop()
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        here = self._open[-1] if self._open else ""
        if here == "title" and not self._skipped:
            self.title += data
        elif here == "script" and "datePublished" in data and not self.data:
            self.data = data
        elif not self._skipped:
            if "h1" in self._open and len(self.heading) < 500:
                self.heading += data
            self._add(re.sub(r"\s+", " ", data))

    def close(self) -> None:
        """Read what is left; regions that were never closed end here."""
        super().close()
        for name, _, pieces in self._inside:
            self.regions.setdefault(name, []).append("".join(pieces))

    def _add(self, piece: str) -> None:
        if not self._skipped:
            for _, _, pieces in self._inside:
                pieces.append(piece)

    def _head(self, tag: str, said: dict[str, str]) -> None:
        if tag == "html":
            self.language = said.get("lang") or None
        elif tag == "meta":
            name = (said.get("property") or said.get("name") or said.get("itemprop") or "").casefold()
            self.meta.setdefault(name, one_line(said.get("content", "")))
        elif tag == "link" and said.get("rel", "").casefold() == "canonical":
            self.address = self.address or said.get("href", "")
        elif tag == "time" and said.get("datetime"):
            self.meta.setdefault("date", said["datetime"])
