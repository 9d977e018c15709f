"""Documents that list items, to `RawItem`s. The only file that knows feedparser.

Well-formed feeds of ordinary shape take a faster door, `ordinary`.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from html.entities import html5
from typing import Any
from xml.parsers import expat

from models.errors import ParseError
from models.sources.dates import read_date
from models.sources.decoding import decode
from models.sources.jsonfeed import read_json_feed
from models.sources.limits import MOST_CHARACTERS, within_limits
from models.sources.markup import plain_text, plain_title
from models.sources.ordinary import read_ordinary
from models.sources.sitemaps import read_sitemap
from models.sources.trust import mark_shared
from models.text import one_line
from models.values import Fault, ParsedFeed, RawItem

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_SAFE_EXPAT = (2, 4, 1)  # since then it stops entities that multiply (CVE-2013-0340)
_NO_XML = "&"  # before a document: the strict parser stops at once, and the loose one takes over
_DECLARATION = re.compile(r"<\?xml\b[^>]*\?>\s*")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# References that may name no character: too large, or a control.
_CHARACTER = re.compile(
    r"&#(?:x0*([0-9a-fA-F]{4,}|1?[0-9a-fA-F])(?![0-9a-fA-F])|0*(\d{5,}|[12]?\d|3[01])(?!\d));?"
)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30});")
_FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel|urlset)\b", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf|urlset)\s*>", re.IGNORECASE)
_LAST = 4096  # characters of a document: its end, and the comments that servers write behind it
_SITEMAP = re.compile(r"<(?:\w+:)?urlset\b", re.IGNORECASE)
_HTML_ROOT = re.compile(r"<!doctype\s+html|<html\b|<head\b|<body\b", re.IGNORECASE)
# Three inputs on which feedparser is quadratic, each a feed's own fault: see RELIABILITY (b) 8.
_SUBSET = re.compile(r"\s*(?:<!--[^>]{0,1000}-->\s*)?<!DOCTYPE[^>\[]*\[[^\]]{4096,}\]\s*>", re.IGNORECASE)
_LONG_AUTHOR = re.compile(
    r"(<(author|dc:creator|managingEditor|webMaster|itunes:author)\b[^<>]*>)[^<]{512,}", re.IGNORECASE
)
_LONG_TAG = re.compile(r"<[^<>!?][^<>]{65536}")
_COMMENTS = re.compile(r"(?:<!--\s*){16,}")
# An ampersand that begins no reference, as in "?id=1&sect=2"; the loose parser reads "?id=1§=2".
# What may hold one is passed over whole.
_LONE = re.compile(r"(<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z))|&(?!#?\w{1,31};)", re.DOTALL)


def parse_feed(
    body: bytes, *, where: str, content_type: str = "", zone: str = "UTC", base_url: str = ""
) -> ParsedFeed:
    """Return the items of an RSS, RDF, Atom or JSON feed and what was wrong with it.

    `where` names the feed in faults and errors, `zone` is that of dates which
    carry none, `base_url` that of links without a host.

    Raises:
        ParseError: The document is no feed, or cannot be read as one.
    """
    return parse_text(*decode(body, content_type), where=where, zone=zone, base_url=base_url)


def parse_text(text: str, encoding: str, *, where: str, zone: str, base_url: str) -> ParsedFeed:
    """Return what `parse_feed` does, of a document that is decoded; `encoding` is the one that did."""
    text = text.lstrip("\ufeff \t\r\n")
    _refuse(text, where)
    if text.startswith("{"):
        head, items = read_json_feed(text, where=where, zone=zone, base_url=base_url)
        problem = ""
    elif _SITEMAP.search(text, 0, 4096):
        document, left_out = _prepared(text)
        head, items, problem = read_sitemap(document, zone=zone)
        problem = "; ".join(filter(None, (problem, *left_out)))
    else:
        head, items, problem = _read_xml(text, where=where, zone=zone, base_url=base_url)
    faults = [_fault(where, place, said) for place, said in enumerate(items) if isinstance(said, str)]
    read, cut = within_limits([item for item in items if isinstance(item, RawItem)], where=where)
    faults += cut
    if problem:
        code = "malformed" if is_closed(text) else "truncated"
        faults.append(Fault(where=where, code=code, detail=problem))
    if encoding.endswith("/replace"):
        lost = text.count("\ufffd")
        faults.append(
            Fault(
                where=where,
                code="bad-bytes",
                detail=f"{lost} places are no {encoding[:-8]} and stand as U+FFFD",
            )
        )
    marked = mark_shared(read)
    return replace(head, items=tuple(marked), faults=tuple(faults), encoding=encoding, shared=marked != read)


def is_closed(text: str) -> bool:
    """Whether a document ends its root: what does not was cut short on its way."""
    return bool(_CLOSED.search(text, max(0, len(text) - _LAST)))


def warm_up() -> None:
    """Load what nearly every document needs, so that the first one is not charged for it."""
    item = b"<item><title>a &lt;b&gt;b&lt;/b&gt;</title></item>"
    parse_feed(b"<rss version='2.0'><channel>" + item + b"</channel></rss>", where="warm-up")


def _refuse(text: str, where: str) -> None:
    """Raise for a document that is no feed or that the parser would hang on."""
    if expat.version_info < _SAFE_EXPAT:
        raise ParseError(
            where, "old-expat", "is not read: this Python's expat lets entities fill the memory; update it"
        )
    if not text:
        raise ParseError(where, "empty-document", "answered with an empty document")
    if len(text) > MOST_CHARACTERS:
        raise ParseError(
            where,
            "too-large",
            f"has {len(text):,} characters, more than the {MOST_CHARACTERS:,} that are read",
        )
    if _LONG_TAG.search(text):
        raise ParseError(where, "hostile-markup", "holds a tag of more than 64 KB, which no feed has")
    if (
        not text.startswith("{")
        and not _FEED_ROOT.search(text, 0, 65536)
        and _HTML_ROOT.search(text, 0, 4096)
    ):
        raise ParseError(
            where,
            "html-instead-of-feed",
            "answered with a web page, not a feed: find the feed's own address in a browser",
        )


def _read_xml(
    text: str, *, where: str, zone: str, base_url: str
) -> tuple[ParsedFeed, list[RawItem | str], str]:
    readable, lost = _with_characters(text)
    found = None if lost else read_ordinary(readable, base_url)
    head, entries, problem = (*found, "") if found else _read_by_feedparser(text, where, base_url)
    items = [_entry(entry, place, zone=zone) for place, entry in enumerate(entries)]
    read = ParsedFeed(
        items=(),
        title=plain_title(_said(head, "title")),
        language=one_line(_said(head, "language")) or None,
        advice=_advice(head),
    )
    return read, items, problem


def _read_by_feedparser(text: str, where: str, base_url: str) -> tuple[Any, list[Any], str]:
    """Return head, entries and what was wrong."""
    prepared, cut = _prepared(text)
    try:
        document = _parsed(prepared, base_url)
    except ParseError as error:  # a name space with a blank in it makes its strict parser raise
        document, failed = {}, error.problem
    else:
        failed = "is neither RSS, Atom nor JSON Feed: look at the address"
    if not document.get("version") and not document.get("entries") and _FEED_ROOT.search(text, 0, 65536):
        document = _parsed(_NO_XML + prepared, base_url)
    head, entries = document.get("feed", {}), list(document.get("entries", ()))
    if not document.get("version") and not entries:
        raise ParseError(where, "not-a-feed", failed)
    if broken := document.get("bozo_exception"):
        cut.insert(0, f"not well-formed, read as far as it goes: {one_line(str(broken))[:200]}")
    return head, entries, "; ".join(cut)


def _parsed(prepared: str, base_url: str) -> dict[str, Any]:
    """Return what feedparser makes of a document, by its strict parser or else by its loose one.

    Raises:
        ParseError: it fails on it altogether.
    """
    import feedparser  # noqa: PLC0415 - a run in which every feed says "not modified" needs no parser

    try:
        # A stream and never bytes or text: feedparser opens a file or fetches a URL whose
        # name it is given. Both HTML passes are off: they take two thirds of the time and
        # nh3 does their work.
        document = feedparser.parse(
            io.BytesIO(prepared.encode("utf-8", "replace")),
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": base_url,
            },
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except MemoryError:
        raise  # says something of this process, not only of the document
    except Exception as error:  # noqa: BLE001 - whatever a parser makes of a document, it is the feed that failed
        raise ParseError("", "parser-failed", f"cannot be read ({type(error).__name__})") from None
    return dict(document)


def _advice(head: Any) -> timedelta | None:
    """Return how long a feed asks to be left alone: RSS `<ttl>`, else the syndication module."""
    ttl = _said(head, "ttl").strip()
    if ttl.isascii() and ttl.isdigit() and len(ttl) < 7:
        return timedelta(minutes=int(ttl))
    period = _PERIODS.get(_said(head, "sy_updateperiod").strip().casefold())
    often = _said(head, "sy_updatefrequency").strip()
    times = int(often) if often.isascii() and often.isdigit() and len(often) < 5 else 1
    return period / max(1, times) if period else None


def _prepared(text: str) -> tuple[str, list[str]]:
    """Return the document as expat can read it, and what was taken out of it for that."""
    cut = []
    declaration = _DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    text, lost = _with_characters(_CONTROL.sub("", text))
    if lost:
        cut.append(f"{lost} references to no character stand as U+FFFD")
    if subset := "<!ENTITY" in text and _SUBSET.match(text):  # entities by the thousand; a few stay
        text = text[subset.end() :]
        cut.append("a DOCTYPE that declares entities by the thousand was left out")
    whole = len(text)
    text = _LONE.sub(lambda found: found[1] or "&amp;", text)
    if len(text) > whole:
        cut.append(f"{(len(text) - whole) // 4} ampersands that begin no reference stand for themselves")
    text, authors = _LONG_AUTHOR.subn(r"\1", text)
    text, comments = _COMMENTS.subn("<!-- ", text)
    if authors or comments:
        cut.append(f"{authors + comments} overlong authors or heaps of comments were left out")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}', cut


def _with_characters(text: str) -> tuple[str, int]:
    """Return the document with references that every parser can read, in CDATA, too.

    The number is that of references to no character, which stand as U+FFFD.
    """
    readable = _CHARACTER.sub(_possible, text)
    lost = readable.count("\ufffd") - text.count("\ufffd") if readable is not text else 0
    return (_ENTITY.sub(_named, readable) if "<!ENTITY" not in text else readable), lost


def _possible(reference: re.Match[str]) -> str:
    """Return a character reference, or U+FFFD for one that names no character.

    `&#xD800;`, `&#x110000;` and twenty digits make feedparser raise.
    """
    digits = reference.group(1) or reference.group(2)
    number = int(digits, 16 if reference.group(1) else 10) if len(digits) <= 8 else -1
    allowed = (
        number in {9, 10, 13}
        or 0x20 <= number <= 0xD7FF
        or 0xE000 <= number <= 0xFFFD
        or 0x10000 <= number <= 0x10FFFF
    )
    return reference.group() if allowed else "\ufffd"


def _named(entity: re.Match[str]) -> str:
    """Return an HTML entity as its character: without a DTD `&nbsp;` is no XML."""
    character = html5.get(entity.group(1) + ";", "")
    return entity.group() if not character or set(character) & set("<>&\"'") else character


def _entry(entry: Any, place: int, *, zone: str) -> RawItem | str:
    """Return the item that feedparser found, or what is wrong with it."""
    try:
        outlet = _outlet(entry)
        texts = [_said(part, "value") for part in dict.get(entry, "content", ())]
        texts += [_said(entry, "summary"), _said(entry, "description")]
        dates = [_said(entry, key) for key in ("published", "created", "updated")]
        return RawItem(
            guid=one_line(_said(entry, "id")),
            url=one_line(_said(entry, "feedburner_origlink") or _said(entry, "link")),
            title=_without_outlet(plain_title(_said(entry, "title")), outlet),
            text=max((plain_text(text) for text in texts), key=len),
            published_at=next((at for words in dates if (at := read_date(words, zone))), None),
            age=one_line(next(filter(None, dates), ""))[:60],
            language=one_line(_said(entry, "language")) or None,
            outlet=outlet,
            position=place,
        )
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - one entry of a shape nobody has seen must not cost the others
        return f"cannot be read ({type(error).__name__})"


def _outlet(entry: Any) -> str:
    """Return who wrote the item: news searches name it in `<source>`.

    `dc:creator` is left: in most feeds it is a reporter, and no house.
    """
    source = dict.get(entry, "source") or {}
    return plain_title(_said(source, "title") or _said(entry, "publisher"))


def _without_outlet(title: str, outlet: str) -> str:
    """Return a headline without the " - Outlet" that a news search adds."""
    for dash in (" - ", " – ", " | "):
        if outlet and title.endswith(dash + outlet):
            return title.removesuffix(dash + outlet).rstrip() or title
    return title


def _said(part: Any, key: str) -> str:
    """Return the words under a key.

    `dict.get`, because feedparser's own maps a missing `updated` to `published`
    with a DeprecationWarning.
    """
    value = dict.get(part, key) if isinstance(part, dict) else None
    return value if isinstance(value, str) else ""


def _fault(where: str, place: int, problem: str) -> Fault:
    return Fault(
        where=f"{where} item {place + 1}", code="bad-item", detail=f"{problem}: left out, the rest is read"
    )
