"""The fast door: well-formed feeds of ordinary shape, read by expat alone.

Most feeds use the same three dozen elements. For those this file gives word for word
what feedparser gives, at a tenth of its cost (its own tree, URL and date work for
fields that nobody here reads). It knows a grammar, and declines whatever is not in
it: an element or namespace it has not heard of, markup inside a text, an element that
comes twice, a DOCTYPE, a byte that is no XML. Whoever it declines goes to feedparser.
tests/test_ordinary.py holds the two equal, field by field.
"""

from __future__ import annotations

import functools
import re
from typing import Any
from urllib.parse import urljoin
from xml.parsers import expat

Entry = dict[str, Any]  # feedparser's names: id, link, title, summary, content, published, ...

_SPACES = {
    "": "",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/rss/1.0/": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/rss/1.0/modules/syndication/": "sy:",
    "http://purl.org/rss/1.0/modules/slash/": "slash:",
    "http://wellformedweb.org/CommentAPI/": "wfw:",
    "http://search.yahoo.com/mrss/": "media:",
}
_XML = "http://www.w3.org/xml/1998/namespace"  # in lower case, as all names are compared
_ABOUT = "http://www.w3.org/1999/02/22-rdf-syntax-ns# about"

# What may stand in what: a name of this table, "=field" for a text that is kept under that
# name, "" for one that nobody reads and that holds no element.
_PEOPLE = dict.fromkeys(["name", "email", "uri"], "")
_FEED = {
    "title": "=title",
    "language": "=language",
    "ttl": "=ttl",
    "sy:updateperiod": "=sy_updateperiod",
    "sy:updatefrequency": "=sy_updatefrequency",
    "image": "image",
    "author": "people",
    "contributor": "people",
    "link": "",
}
_UNREAD = (
    "description", "subtitle", "copyright", "rights", "generator", "docs", "id", "icon", "logo", "category",
    "managingeditor", "webmaster", "pubdate", "lastbuilddate", "updated", "published", "rating",
    "sy:updatebase", "dc:creator", "dc:rights", "dc:date", "dc:subject",
)  # fmt: skip
_UNREAD_OF_ITEM = (
    "category", "comments", "enclosure", "rights", "dc:creator", "dc:subject", "dc:rights", "slash:comments",
    "slash:section", "slash:department", "slash:hit_parade", "wfw:comment", "wfw:commentrss",
    "media:thumbnail", "media:credit",
)  # fmt: skip
_FEED |= dict.fromkeys(_UNREAD, "")
_GRAMMAR: dict[str, dict[str, str]] = {
    "document": {"rss": "rss", "feed": "feed", "rdf:rdf": "rdf"},
    "rss": {"channel": "channel"},
    "rdf": {"channel": "channel", "item": "item", "image": "image"},
    "channel": _FEED | {"item": "item", "items": "items", "skiphours": "hours", "skipdays": "hours"},
    "feed": _FEED | {"entry": "item"},
    "items": {"rdf:seq": "seq"},
    "seq": {"rdf:li": ""},
    "hours": {"hour": "", "day": ""},
    "image": dict.fromkeys(["title", "url", "link", "width", "height", "description"], ""),
    "people": _PEOPLE,
    "pictures": {"media:credit": "", "media:thumbnail": "", "media:rating": "", "media:copyright": ""},
    "item": {
        "title": "=title",
        "link": "=link",
        "guid": "=id",
        "id": "=id",
        "description": "=summary",
        "summary": "=summary",
        "content": "=content",
        "content:encoded": "=content",
        "pubdate": "=published",
        "published": "=published",
        "updated": "=updated",
        "dc:date": "=updated",
        "language": "=language",
        "dc:language": "=language",
        "source": "=source",
        "author": "people",
        "contributor": "people",
        "media:content": "pictures",
    }
    | dict.fromkeys(_UNREAD_OF_ITEM, ""),
}
_TYPES = {"", "text", "html", "text/plain", "text/html"}
_HTML = {"text/html", "html", "application/xhtml+xml", "xhtml"}

_C1 = re.compile("[\x80-\x9f]")  # feedparser reads them as Windows-1252
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)/+")


class _Declined(Exception):  # noqa: N818 - no error: somebody else's turn
    """The document is not of the shape that this file knows."""


def read_ordinary(text: str, base_url: str = "") -> tuple[Entry, list[Entry]] | None:
    """Return head and entries as feedparser names them, or None: let feedparser read it.

    `text` is the document decoded; what its declaration says of an encoding does
    not count. Only the fields are there that `models.sources.feeds` reads.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text or (not text.isascii() and _C1.search(text)):
        return None
    reader = _Reader(base_url)
    try:
        reader.parser.Parse(text, True)
    except (_Declined, expat.ExpatError, UnicodeEncodeError):
        return None
    return (reader.head, reader.entries) if reader.entries else None


class _Reader:
    """Walks the grammar; gives up at the first thing that is not in it."""

    def __init__(self, base: str) -> None:
        self.head: Entry = {}
        self.entries: list[Entry] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._base = base
        self._here = "document"  # a name of the grammar
        self._around: list[str] = []
        self._into = self.head
        self._words: list[str] = []
        self._language = ""
        self._about = ""
        self._permalink = False  # of an entry without a link: its id is one

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        there = _GRAMMAR.get(self._here, _NOTHING).get(_name(tag))
        if there is None:
            raise _Declined
        self._around.append(self._here)
        self._here = there
        if there == "item":
            self._into, self._about, self._permalink = {}, "", False
            self.entries.append(self._into)
        elif there == "=id":
            self._permalink = True
        if attributes:
            self._look_at({name.lower(): value for name, value in attributes.items()})
        field = self._here[1:] if self._here[:1] == "=" else ""
        if field:
            if field in self._into and field != "content":
                raise _Declined  # which of the two counts, feedparser knows
            self._words = []
            self.parser.CharacterDataHandler = self._words.append

    def _look_at(self, attributes: dict[str, str]) -> None:
        """Heed the attributes that mean something to us; decline what shifts meanings."""
        here = self._here
        if len(self._around) == 1:
            self._at_root(attributes)
        elif f"{_XML} base" in attributes or "base" in attributes:
            raise _Declined
        elif here in {"item", "channel"}:
            if attributes.keys() - {_ABOUT, f"{_XML} lang"}:
                raise _Declined
            self._about = attributes.get(_ABOUT, "")
        elif here == "=id":
            self._permalink = attributes.get("ispermalink", "true") == "true"
        elif here == "=link":
            self._link(attributes)
        elif here[:1] == "=" and not _is_plain(attributes):
            raise _Declined

    def _at_root(self, attributes: dict[str, str]) -> None:
        if attributes.keys() & {"base", "lang"}:
            raise _Declined
        base = attributes.get(f"{_XML} base")
        if base is not None:
            self._base = _resolved(self._base, base)
            if not self._base.startswith(("http://", "https://")):
                raise _Declined
        if self._here != "rdf":  # there feedparser does not look
            self._language = attributes.get(f"{_XML} lang", "").replace("_", "-")

    def _link(self, attributes: dict[str, str]) -> None:
        """Take an Atom link; it holds no text."""
        if "href" not in attributes or attributes.keys() & {"url", "uri"}:
            raise _Declined
        self._here = ""
        html = attributes.get("type", "text/html").lower() in _HTML
        if html and attributes.get("rel", "alternate").lower() == "alternate":
            self._into["link"] = _resolved(self._base, attributes["href"])

    def _end(self, _: str) -> None:
        there, self._here = self._here, self._around.pop()
        if there[:1] == "=":
            self.parser.CharacterDataHandler = None
            self._keep(there[1:], _mended("".join(self._words).strip()))
        elif there == "item":
            entry, self._into = self._into, self.head
            if self._permalink:
                entry.setdefault("link", entry.get("id", ""))
            entry.setdefault("id", self._about)
        elif self._here == "document" and self._language:
            self.head.setdefault("language", self._language)

    def _keep(self, field: str, value: str) -> None:
        into = self._into
        if field == "content":
            into.setdefault("content", []).append({"value": value})
            return
        if field == "source":
            into["source"] = {"title": value}
            return
        if field == "link" and ";" in value:
            raise _Declined  # half a character reference, or a path's parameters
        if value and (field == "link" or (field == "id" and self._permalink)):
            value = _resolved(self._base, value)
        into[field] = value


_NOTHING: dict[str, str] = {}


def _is_plain(attributes: dict[str, str]) -> bool:
    """Tell whether a text stands as it is: not XHTML, not base64, not elsewhere."""
    return attributes.get("type", "").lower() in _TYPES and not attributes.keys() & {"mode", "src"}


@functools.lru_cache(maxsize=512)
def _name(tag: str) -> str:
    """Return an element's name as the grammar has it; one that is in no grammar if unknown."""
    space, _, local = tag.rpartition(" ")
    return _SPACES.get(space, "?") + local.lower()


def _resolved(base: str, address: str) -> str:
    try:
        return urljoin(base, _SLASHES.sub(r"\1", address))
    except ValueError:
        return ""


def _mended(value: str) -> str:
    """Return UTF-8 that somebody took for Latin-1 as what it was, as feedparser does."""
    if value.isascii():
        return value
    try:
        return value.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return value
