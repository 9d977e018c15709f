"""Who an article is: fingerprint, id, and `refine`, the last step before the store."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from models.text.ages import read_age
from models.text.folding import clean, first_sentence, fold, fold_clean, one_line
from models.text.languages import primary_language
from models.text.urls import canonical_url
from models.values import Article, ArticleId, Dated, Fault, RawItem, Source, SourceName

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(hours=24)  # wrong zones put an item up to 14 hours into the future
_LONGEST_KEY = 500  # a unique index in PostgreSQL refuses entries of more than 2,700 bytes
_LONGEST_URL = 1_500
_LEAST_WEIGHT = 80  # of letters, a Hangul or Han character counting two
_LEAST_TEXT = 40
_NO_LETTERS = re.compile(r"[\W_]+")  # all that str.isalnum() denies


def fingerprint(title: str, text: str) -> str:
    """Return a digest that word-for-word copies share, or "" if too short to trust.

    Title and text are what `clean` gave.
    Letters and digits only count, so that spacing, quotes and case may differ.
    A title without a text is never enough: "N. Korea fires ballistic missile
    toward East Sea" has headed many different launches.
    """
    head = _letters(title)
    body = _letters(text).removeprefix(head)
    if not _weighs(body, _LEAST_TEXT) or not _weighs(head + body, _LEAST_WEIGHT):
        return ""
    return _digest(head + "\n" + body)


def heading_of(title: str) -> str:
    """Return a digest of the title as comparisons see it."""
    return _digest(fold(title))


def article_id(source: SourceName, key: str, url: str) -> ArticleId:
    """Return "a" and 12 characters that name the article, the same on every machine.

    Made of the canonical URL, so that two feeds give one article; of source and
    key where there is none.
    """
    name = url or f"{source}\n{key}"
    digest = hashlib.sha256(name.encode("utf-8", "replace")).digest()[:10]
    return ArticleId("a" + base64.b32encode(digest).decode("ascii")[:12].lower())


def refine(
    item: RawItem, source: Source, now: datetime, *, cutoff: datetime | None = None
) -> Article | Fault:
    """Return the article that an item is, or the fault that keeps it from being one.

    Dates outside 1990 to `now` + 24 h are dropped: `first_seen_at` then stands
    for them. `cutoff` is the oldest publication time that may still alert;
    seeds and undated items always may.
    """
    text = clean(item.text)
    title = one_line(item.title) or first_sentence(text)
    if not title:
        return Fault(
            where=f"{source.name} item {item.position + 1}",
            code="no-title",
            detail="the item has neither title nor text: nothing to read, left out",
        )
    # A time reckoned from an age differs at each look: it is no part of a name.
    written = item.published_at or (read_age(item.age, now) if item.age else None)
    published_at = _within(written, now)
    url = "" if item.shared_url else _own_address(item.url)
    key = _key(item.guid) or url or _digest(f"{fold(title)}\n{item.published_at or ''}")
    return Article(
        id=article_id(source.name, key, url),
        source=source.name,
        key=key,
        url=url,
        link=_link(item.url),
        title=title,
        text=text,
        language=primary_language(source.language) or primary_language(item.language),
        outlet=one_line(item.outlet) or source.title or source.name,
        published_at=published_at,
        first_seen_at=now,
        fingerprint=fingerprint(title, text),
        fresh=source.is_seeds or cutoff is None or published_at is None or published_at >= cutoff,
        dated=_dated(item, published_at),
        guid=_key(item.guid),
        heading=heading_of(title),
    )


def _within(at: datetime | None, now: datetime) -> datetime | None:
    return at if at is not None and _EARLIEST <= at <= now + _AHEAD else None


def _dated(item: RawItem, published_at: datetime | None) -> Dated:
    if published_at is None:
        return "impossible" if item.published_at else "none"
    return "stated" if item.published_at else "age"


def _own_address(url: str) -> str:
    """Return the canonical URL if it can name one article: not a front page."""
    canonical = canonical_url(url)
    parts = urlsplit(canonical)
    if len(canonical) > _LONGEST_URL or (parts.path in {"", "/"} and not parts.query):
        return ""
    return canonical


def _link(url: str) -> str:
    """Return the address for people to click; scripts and files are none."""
    address = one_line(url)
    return address if address.casefold().startswith(("http://", "https://")) else ""


def _key(guid: str) -> str:
    key = one_line(guid)
    return key if len(key) <= _LONGEST_KEY else _digest(key)


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", fold_clean(text).replace(" ", ""))


def _weighs(letters: str, least: int) -> bool:
    """Tell whether a run of letters says enough: a wide character counts two."""
    if len(letters) >= least:
        return True
    return len(letters) + sum(unicodedata.east_asian_width(letter) == "W" for letter in letters) >= least


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
