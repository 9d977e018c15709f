"""Lists of feeds as readers exchange them: OPML in by listparser, out by ElementTree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from models.errors import ParseError
from models.sources.decoding import decode
from models.sources.markup import Soup
from models.text import no_language, one_line, primary_language
from models.values import Source

_FEED_SCHEME = re.compile(r"^feed:(?=https?://)", re.IGNORECASE)  # "feed:https://...", of old readers


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A feed of a list: where, what it is called, its language, and the folders it lies in."""

    url: str
    title: str = ""
    language: str = ""  # empty where none is claimed, or one that there is not
    tags: tuple[str, ...] = ()


class _Languages(Soup):
    """Reads an attribute of outlines that listparser leaves out."""

    def __init__(self) -> None:
        super().__init__()
        self.claimed: dict[str, str] = {}

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if language := said.get("language"):
            self.claimed.setdefault((said.get("xmlurl") or "").strip(), language)

    def of(self, url: str) -> str:
        language = primary_language(self.claimed.get(url))
        return "" if language is None or no_language(language) else language


def read_opml(body: bytes, *, where: str) -> tuple[Listed, ...]:
    """Return the feeds of an OPML file, each address once, its folders as tags.

    Addresses are as they stand there, whether they can be asked or not.

    Raises:
        ParseError: It is no OPML, or lists no feed.

    """
    import listparser  # noqa: PLC0415 - one command in a desk's life needs it

    text, _ = decode(body)
    languages = _Languages()
    languages.feed(text)
    # Bytes and never text: given the text of an address, listparser fetches it.
    found = listparser.parse(text.encode("utf-8", "replace"))
    listed: dict[str, Listed] = {}
    for feed in found.get("feeds", ()):
        url = _FEED_SCHEME.sub("", one_line(str(feed.get("url", "")))).replace("feed://", "https://", 1)
        folders = [one_line(" / ".join(path)) for path in feed.get("categories", ()) if path]
        if url:
            earlier = listed.get(url, Listed(url=url))
            listed[url] = Listed(
                url=url,
                title=earlier.title or one_line(str(feed.get("title", ""))),
                language=earlier.language or languages.of(str(feed.get("url", ""))),
                tags=tuple(dict.fromkeys((*earlier.tags, *filter(None, folders)))),
            )
    if not listed:
        raise ParseError(
            where, "not-opml", "lists no feed: it is no OPML file, or an empty one", permanent=True
        )
    return tuple(listed.values())


def write_opml(feeds: Iterable[Source], *, title: str) -> bytes:
    """Return feeds as OPML 2.0, in folders by their first tag, all tags kept as categories."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    folders: dict[str, ET.Element] = {"": body}
    for feed in feeds:
        place = body
        for name in feed.tags[0].split(" / ") if feed.tags else ():
            path = f"{place.get('text', '')}\n{name}"
            if path not in folders:
                folders[path] = ET.SubElement(place, "outline", text=name)
            place = folders[path]
        said = {
            "type": "rss",
            "text": feed.title or feed.name,
            "title": feed.title or feed.name,
            "xmlUrl": feed.url,
        }
        if feed.language:
            said["language"] = feed.language
        if feed.tags[1:]:
            said["category"] = ",".join("/" + tag.replace(" / ", "/") for tag in feed.tags[1:])
        ET.SubElement(place, "outline", said)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
