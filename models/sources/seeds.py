"""Documents as people save them: one article a text or page, many a saved feed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from models.errors import ParseError
from models.sources.dates import find_date, read_date
from models.sources.decoding import decode
from models.sources.feeds import parse_feed
from models.sources.furniture import without_furniture
from models.sources.limits import within_limits
from models.sources.markup import plain_title
from models.sources.pages import Page, read_page
from models.text import clean, first_sentence, fold
from models.values import ParsedFeed, RawItem

TEXTS = frozenset({".txt", ".md", ".markdown", ".text"})
PAGES = frozenset({".html", ".htm", ".xhtml"})
FEEDS = frozenset({".xml", ".rss", ".atom", ".rdf", ".json"})
SEED_SUFFIXES = TEXTS | PAGES | FEEDS

_HEADING = re.compile(r"^#{1,6}\s+|^(?:title|headline|제목|タイトル|标题|標題)\s?[::：]\s*", re.IGNORECASE)
_EMPHASIS = re.compile(r"^(\*\*|__|\*|_)(?P<words>.+)\1$")
_UNDERLINE = re.compile(r"^(?:={3,}|-{3,})$")
_FRONT = re.compile(r"\A---\n(?P<keys>(?:[\w-]+[ \t]*:.*\n|[ \t]+.*\n|\n)+?)---\n")
_PLACEHOLDER = re.compile(r"^!\[[^\]]*\]\([^)]*\)[\s|]*$")
_ADDRESS = re.compile(
    r"^(?:(?:url|link|source|원문|출처|出典|来源|nguồn|источник|quelle|fuente)\s?[:：]\s*)?(https?://\S+)$",
    re.IGNORECASE,
)

# A dateline names place and house in brackets before the first sentence. House alone:
# "(Baonghean) - ", "SEOUL, Nov. 22 (Yonhap) -- "; place and house: "(서울=연합뉴스)",
# "[평양=뉴시스]", "【東京＝共同】", "ソウル（聯合ニュース）".
_DATELINES = tuple(
    re.compile(pattern)
    for pattern in (
        r"^[(\[（［【](?P<place>[^()\[\]（）［］【】=＝/]{1,30})[=＝/](?P<outlet>[^()\[\]（）［］【】=＝]{2,40})[)\]）］】]",
        r"^[(\[（](?P<outlet>[^()\[\]（）=]{2,40})[)\]）]\s?(?:\.?[-–—―ー]{1,2}|[:：])\s?",
        r"^(?P<place>[^\s()（）][^()（）]{1,50}?)\s?[(（](?P<outlet>[^()（）]{2,30})[)）]\s?(?:\.?[-–—―ー]{1,2}|[:：=＝.])\s?",
        r"^(?P<place>[^\s()（）。]{1,12})[（](?P<outlet>[^()（）]{2,20})[）](?=\S)",
        r"^(?P<place>[А-ЯЁ][А-ЯЁ -]{2,30}),\s\d{1,2}\s\w+\.?\s?/(?P<outlet>[^/]{2,20})/",
    )
)
# "(22일 서울)", "(5 Dec)", "(2026)": a date in brackets is no house.
_NO_OUTLET = re.compile(r"^\W*\d|\d\s?[일日]")
_LABEL = re.compile(r"^[\s\W]*(?:[^\W\d]+[\s\W]*){0,5}$")
_HEAD_LINES = 8
_LONGEST_TITLE = 250


def parse_seed(text: str, *, name: str) -> RawItem:
    """Return the one article of a saved text: title, outlet, time and body.

    The first line is the title; pictures, captions and the tail of the web page
    are cut. A text without furniture loses nothing. `name` is the file's within its
    folder of seeds, for its identity: with another title under the same name it is
    another article.
    """
    text = clean(text)
    front = _FRONT.match(text)
    keys = _front_matter(front["keys"]) if front else {}
    lines = text[front.end() if front else 0 :].split("\n")
    title, lines = (plain_title(keys["title"]), lines) if keys.get("title") else _title(lines)
    return _item(
        Page(
            title=title,
            lines=tuple(lines),
            outlet=keys.get("outlet", "") or keys.get("publisher", ""),
            url=keys.get("url", "") or keys.get("link", ""),
            published_at=read_date(keys.get("date", "") or keys.get("published", "")),
            language=keys.get("language") or keys.get("lang"),
        ),
        name=name,
    )


def read_seed(name: str, body: bytes) -> ParsedFeed:
    """Return what a seed file holds, by its suffix: a text, a web page or a feed.

    Raises:
        ParseError: The suffix is not known, or the file holds nothing to read.
    """
    suffix = PurePath(name).suffix.casefold()
    if suffix in FEEDS:
        return _saved_feed(name, parse_feed(body, where=name))
    if suffix not in TEXTS | PAGES:
        known = " ".join(sorted(SEED_SUFFIXES))
        raise ParseError(
            name, "unknown-suffix", f"is not read: a seed file ends in one of {known}", permanent=True
        )
    text, encoding = decode(body)
    item = _item(read_page(text), name=name) if suffix in PAGES else parse_seed(text, name=name)
    if not item.title and not item.text:
        raise ParseError(name, "empty-document", "holds no text", permanent=True)
    items, faults = within_limits([item], where=name)
    return ParsedFeed(items=tuple(items), faults=tuple(faults), encoding=encoding, language=item.language)


def _saved_feed(name: str, feed: ParsedFeed) -> ParsedFeed:
    """Return a feed read from a file, its items told apart from other files' items.

    All seeds are one source: a guid such as "12" would meet that of another feed.
    """
    items = tuple(
        replace(
            item,
            guid=f"{name}:{item.guid}" if item.guid and ":" not in item.guid else item.guid,
            outlet=item.outlet or feed.title,
            language=item.language or feed.language,
        )
        for item in feed.items
    )
    return replace(feed, items=items)


def _item(page: Page, *, name: str) -> RawItem:
    lines = without_furniture(list(page.lines))
    text = clean("\n".join(lines))
    head = [line for line in lines if line][:_HEAD_LINES]
    return RawItem(
        guid=f"{name}:{hashlib.sha256(fold(page.title).encode()).hexdigest()[:8]}",
        url=page.url or _address(head),
        title=page.title,
        text=text,
        published_at=page.published_at or _published(head),
        language=page.language,
        outlet=page.outlet or _outlet(head),
    )


def _front_matter(keys: str) -> dict[str, str]:
    """Return the simple keys of a markdown file's head."""
    pairs = (line.partition(":") for line in keys.split("\n") if ":" in line and not line.startswith(" "))
    return {key.strip().casefold(): value.strip().strip("\"'") for key, _, value in pairs}


def _title(lines: list[str]) -> tuple[str, list[str]]:
    """Return the first line that holds words, as a title, and the lines below it."""
    for here, line in enumerate(lines):
        if not line or _PLACEHOLDER.match(line) or _UNDERLINE.match(line):
            continue
        words = _HEADING.sub("", line).strip(" #")
        emphasis = _EMPHASIS.match(words)
        if len(words) > _LONGEST_TITLE:  # begins with its first paragraph: no title line
            return first_sentence(words), lines[here:]
        below = lines[here + 1 :]
        if below and _UNDERLINE.match(below[0]):
            below = below[1:]
        return plain_title(emphasis["words"] if emphasis else words), below
    return "", []


def _outlet(head: list[str]) -> str:
    """Return the house that a dateline within the first lines names, or ""."""
    for line in head:
        for dateline in _DATELINES:
            found = dateline.match(line)
            if found and not _NO_OUTLET.search(found["outlet"]):
                return found["outlet"].strip()
    return ""


def _published(head: list[str]) -> datetime | None:
    """Return the time on a line of its own, such as "입력 2026.11.22 14:00"."""
    for line in head:
        found = find_date(line) if len(line) <= 80 else None
        if found and _LABEL.match(found[1]):
            return found[0]
    return None


def _address(head: list[str]) -> str:
    """Return the address that stands on a line of its own under the title."""
    return next((found.group(1) for line in head if (found := _ADDRESS.match(line))), "")
