"""The product as a source for others: matching stories as Atom and as JSON Feed.

One entry per story. Its id is made of this installation's name and the story's
id, which never change; `updated` moves when an article joins. Atom is RFC 4287,
the other jsonfeed.org/version/1.1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from flows.page.html import web
from models.edition import Edition, Told, shown_lag
from models.text import for_display
from models.values import RuleName

_ATOM = "http://www.w3.org/2005/Atom"
_BORN = "2026"  # of tag: names, RFC 4151


@dataclass(frozen=True, slots=True, kw_only=True)
class Outfeed:
    """What both forms say of the feed as a whole."""

    install: str
    title: str = "peninsula-watch"
    home: str = ""  # address of the page
    address: str = ""  # of the feed itself


def matching(edition: Edition, rule: RuleName | None = None) -> tuple[Told, ...]:
    """Give the stories that alerted, by one rule if it is named."""
    return tuple(
        one for one in edition.stories if any(rule in (None, state.alert.rule) for state in one.alerts)
    )


def write_atom(stories: Sequence[Told], about: Outfeed, *, now: datetime) -> bytes:
    """Write stories as an Atom feed."""
    feed = ET.Element("feed", xmlns=_ATOM)
    _put(feed, "id", _tag(about, "stories"))
    _put(feed, "title", about.title)
    _put(feed, "updated", _stamp(max((one.story.last_at for one in stories), default=now)))
    _put(_put(feed, "author"), "name", "peninsula-watch")
    _put(feed, "generator", "peninsula-watch")
    if about.address:
        ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=about.address)
    if about.home:
        ET.SubElement(feed, "link", rel="alternate", type="text/html", href=about.home)
    for one in stories:
        _entry(feed, one, about)
    ET.indent(feed)
    body: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _entry(feed: ET.Element, one: Told, about: Outfeed) -> None:
    entry = ET.SubElement(feed, "entry", {"xml:lang": one.story.language or "und"})
    _put(entry, "id", _tag(about, one.story.id))
    _put(entry, "title", _clean(one.story.title))
    _put(entry, "updated", _stamp(one.story.last_at))
    _put(entry, "published", _stamp(one.story.opened_at))
    if link := _link(one):
        ET.SubElement(entry, "link", rel="alternate", href=link)
    for outlet in one.story.outlets[:10]:
        _put(_put(entry, "author"), "name", _clean(outlet))
    for concept in one.story.concepts:
        ET.SubElement(entry, "category", term=concept)
    _put(entry, "content", _text(one)).set("type", "text")


def write_json(stories: Sequence[Told], about: Outfeed) -> bytes:
    """Write stories as a JSON Feed."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": about.title,
        **({"home_page_url": about.home} if about.home else {}),
        **({"feed_url": about.address} if about.address else {}),
        "items": [
            {
                "id": _tag(about, one.story.id),
                **({"url": link} if (link := _link(one)) else {}),
                "title": _clean(one.story.title),
                "content_text": _text(one),
                "date_published": _stamp(one.story.opened_at),
                "date_modified": _stamp(one.story.last_at),
                "language": one.story.language,
                "authors": [{"name": _clean(outlet)} for outlet in one.story.outlets[:10]],
                "tags": list(one.story.concepts),
            }
            for one in stories
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def _tag(about: Outfeed, name: str) -> str:
    return f"tag:peninsula-watch,{_BORN}:{about.install}/{name}"


def _link(one: Told) -> str:
    return next((link for voice in one.voices if (link := web(voice.link))), "")


def _text(one: Told) -> str:
    """Give how the story begins, and who told it when."""
    lead = _clean(one.text)[:600]
    told = "; ".join(f"{_clean(voice.outlet)} ({shown_lag(voice.lag)})" for voice in one.voices[:20])
    return f"{lead}\n\n{told}" if lead else told


def _clean(text: str) -> str:
    """Give a text as XML may hold it: no control characters, no lone surrogates."""
    kept = "".join(letter for letter in for_display(text) if letter >= " " and letter not in "\ufffe\uffff")
    return kept.encode("utf-8", "replace").decode("utf-8")


def _put(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text or None
    return child


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
