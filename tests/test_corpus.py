"""Several hundred feeds of our own: nothing mangled, nothing lost, nothing that raises."""

from __future__ import annotations

import io
import random
import re
import time
import warnings

import feedparser
import pytest
from corpus import BARE, TITLES_ONLY, UNDATED, Document, Entry, corpus

from models.errors import ParseError
from models.sources import parse_feed
from models.values import ParsedFeed, RawItem

DOCUMENTS = list(corpus())
FORMATS = sorted({document.name.partition(" in ")[0] for document in DOCUMENTS})


def read(document: Document) -> ParsedFeed:
    return parse_feed(document.body, where="estuary", content_type=document.content_type, zone="Asia/Seoul")


def found(item: RawItem) -> Entry:
    return Entry(
        title=item.title,
        text=item.text,
        url=item.url,
        guid=item.guid,
        at=item.published_at,  # type: ignore[arg-type]  # None is compared as well
    )


def expected(entry: Entry, name: str) -> Entry:
    text = "" if name in TITLES_ONLY else entry.text
    if name == "rss-2.0-content":
        text = f"{entry.text}\n\n{entry.title}"
    guid = "" if name in BARE | TITLES_ONLY and name != "rss-0.90" else entry.guid
    at = None if name in UNDATED else entry.at
    return Entry(title=entry.title, text=text, url=entry.url, guid=guid, at=at)  # type: ignore[arg-type]  # see above


@pytest.mark.parametrize("name", FORMATS)
def test_a_feed_of_any_format_in_any_encoding_gives_its_items_word_for_word(name: str) -> None:
    for document in DOCUMENTS:
        if document.name.partition(" in ")[0] != name:
            continue
        parsed = read(document)
        assert [found(item) for item in parsed.items] == [
            expected(entry, name) for entry in document.entries
        ], document.name
        codes = [fault.code for fault in parsed.faults]
        assert codes == (["malformed"] if name == "rss-2.0-prefix" else []), document.name
        assert parsed.title == ("Estuary" if "sitemap" not in name or name == "sitemap" else parsed.title)


def test_there_are_several_hundred_of_them() -> None:
    assert len(DOCUMENTS) > 450
    assert len({document.body for document in DOCUMENTS}) > 400


# Not compared: formats that feedparser does not know, of which it finds what damage put there, and
# codes of two and four bytes, where an odd byte moves all that follow.
OTHERS = re.compile("json|sitemap|utf-(16|32)")


def damaged(body: bytes, chance: random.Random) -> bytes:
    """Cut a document, flip or lose some of its bytes, repeat a part, or put what does not belong there."""
    broken = bytearray(body)
    place = chance.randrange(len(broken))
    match chance.randrange(5):
        case 0:
            del broken[place:]
        case 1:
            for _ in range(chance.randrange(1, 9)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
        case 2:
            del broken[place : place + chance.randrange(1, 99)]
        case 3:
            broken[place:place] = broken[place : place + chance.randrange(1, 99)] * chance.randrange(1, 20)
        case _:
            words = [
                b"\0",
                b"&#xD800;",
                b"<![CDATA[",
                b"]]>",
                b"<!--",
                b"<item>",
                b"</item>",
                b"\xff",
                b"<?xml?>",
            ]
            broken[place:place] = b"".join(chance.choices(words, k=4))
    return bytes(broken)


def entries_of_feedparser(body: bytes, content_type: str) -> int:
    """Count what feedparser finds in the same bytes by itself; it raises on some."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            document = feedparser.parse(io.BytesIO(body), response_headers={"content-type": content_type})
        except Exception:  # noqa: BLE001 - which is why it runs in a child
            return 0
    return len(document.get("entries", ()))


def test_of_damaged_feeds_no_less_is_found_than_feedparser_finds_and_none_takes_long() -> None:
    chance = random.Random(20261122)  # noqa: S311 - the same damage at each run
    slowest, less = 0.0, []
    for document in DOCUMENTS:
        body = damaged(document.body, chance)
        started = time.process_time()
        try:
            parsed = parse_feed(body, where="estuary", content_type=document.content_type)
            ours = len(parsed.items) + sum(fault.code == "bad-item" for fault in parsed.faults)
        except ParseError:
            ours = 0
        slowest = max(slowest, time.process_time() - started)
        if OTHERS.search(document.name):
            continue
        if ours < entries_of_feedparser(body, document.content_type):
            less.append((document.name, body))
    assert less == []
    assert slowest < 2
