"""JSON Feed 1.0 and 1.1 (jsonfeed.org) to `RawItem`s."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from models.errors import ParseError
from models.sources.dates import read_date
from models.sources.markup import plain_text, plain_title
from models.text import clean, one_line
from models.values import ParsedFeed, RawItem


def read_json_feed(
    text: str, *, where: str, zone: str, base_url: str
) -> tuple[ParsedFeed, list[RawItem | str]]:
    """Return the head of a JSON Feed, and for each item the item or what is wrong with it.

    Raises:
        ParseError: The document is no JSON, or no feed.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise ParseError(where, "not-json", "begins like JSON and is none: look at the address") from None
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise ParseError(where, "not-a-feed", 'is JSON without "items": not a JSON Feed, look at the address')
    head = ParsedFeed(
        items=(),
        title=plain_title(_text(document, "title")),
        language=one_line(_text(document, "language")) or None,
    )
    return head, [_item(item, place, zone=zone, base_url=base_url) for place, item in enumerate(items)]


def _item(item: object, place: int, *, zone: str, base_url: str) -> RawItem | str:
    if not isinstance(item, dict):
        return "is no object"
    bodies = [
        plain_text(_text(item, "content_html")),
        clean(_text(item, "content_text")),
        plain_text(_text(item, "summary")),
    ]
    name = one_line(_text(item, "id"))
    page = name if name.startswith(("http://", "https://")) else ""  # as the format asks for
    address = _text(item, "url") or _text(item, "external_url") or page
    return RawItem(
        guid=name,
        url=_absolute(base_url, one_line(address)),
        title=plain_title(_text(item, "title")),
        text=max(bodies, key=len),
        published_at=read_date(_text(item, "date_published"), zone)
        or read_date(_text(item, "date_modified"), zone),
        age=one_line(_text(item, "date_published"))[:60],
        language=one_line(_text(item, "language")) or None,
        position=place,
    )


def _absolute(base_url: str, address: str) -> str:
    try:
        return urljoin(base_url, address) if address else ""
    except ValueError:  # "http://[": the item has its text still
        return ""


def _text(item: Mapping[str, Any], key: str) -> str:
    """Return a value as text: publishers write ids as numbers."""
    value = item.get(key)
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""
