"""The fast door and feedparser read the same, field by field, whatever the fast door takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.sources import decode
from models.sources.feeds import _read_by_feedparser, _with_characters
from models.sources.ordinary import read_ordinary

ROOT = Path(__file__).parent.parent
BASE = "https://estuary.example/feeds/all.xml"

SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)
RSS = f"<rss version='2.0' {SPACES}{{0}}><channel>{{1}}{{2}}</channel></rss>"
ATOM = f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}{{0}}>{{1}}{{2}}</feed>'
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    f'{SPACES}{{0}}><channel rdf:about="https://estuary.example/">{{1}}'
    '<items><rdf:Seq><rdf:li rdf:resource="a"/></rdf:Seq></items></channel>{2}</rdf:RDF>'
)
PIECES: dict[str, list[str]] = json.loads((ROOT / "tests/data/feed_pieces.json").read_text(encoding="utf-8"))
# What most documents are made of; with all elements alike, the fast door would decline nearly all.
RARE = ("<unknown", "<undeclared", "<media:t", "<media:d", "<body", "<dc:title")
USUAL = [element for element in PIECES["elements"] if not element.startswith(RARE)]
ITEMS = (
    "<item>{}</item>",
    "<item>{}</item>",
    "<item rdf:about='https://estuary.example/1'>{}</item>",
    "<item lastmod='x'>{}</item>",
)


@st.composite
def elements(draw: st.DrawFn, most: int) -> str:
    pool = draw(st.sampled_from([USUAL, USUAL, PIECES["elements"]]))
    chosen = draw(st.lists(st.sampled_from(pool), max_size=most, unique=draw(st.booleans())))
    return "".join(
        element.replace("{text}", draw(st.sampled_from(PIECES["texts"]))).replace(
            "{address}", draw(st.sampled_from(PIECES["addresses"]))
        )
        for element in chosen
    )


@st.composite
def documents(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from([RSS, ATOM, RDF]))
    item = "<entry>{}</entry>" if head is ATOM else draw(st.sampled_from(ITEMS))
    item = item if head is RDF else item.replace("rdf:about", "about")
    items = "".join(
        item.replace("{}", inside) for inside in draw(st.lists(elements(6), min_size=1, max_size=3))
    )
    return head.format(draw(st.sampled_from(PIECES["roots"])), draw(elements(3)), items)


def compared(text: str, base: str) -> bool:
    """Compare the two; whether the fast door took the document."""
    text, lost = _with_characters(text)
    found = read_ordinary(text, base)
    if found is None or lost:
        return False
    head, entries, problem = _read_by_feedparser(text, "estuary", base)
    assert not problem
    assert _shown(found[0], ("title", "language", "ttl", "sy_updateperiod", "sy_updatefrequency")) == _shown(
        head, ("title", "language", "ttl", "sy_updateperiod", "sy_updatefrequency")
    )
    assert [_entry(entry) for entry in found[1]] == [_entry(entry) for entry in entries]
    return True


def _entry(entry: Any) -> dict[str, Any]:
    fields = (
        "id",
        "link",
        "title",
        "published",
        "created",
        "updated",
        "language",
        "publisher",
        "feedburner_origlink",
    )
    texts = {part.get("value", "") for part in dict.get(entry, "content", ())} | {
        dict.get(entry, "summary", "")
    }
    source = dict.get(entry, "source") or {}
    return _shown(entry, fields) | {"texts": texts - {""}, "source": source.get("title") or ""}


def _shown(part: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: dict.get(part, field) or "" for field in fields}


@settings(max_examples=400, deadline=None)
@given(documents(), st.sampled_from([BASE, BASE, ""]))
def test_whatever_the_fast_door_takes_feedparser_reads_the_same(document: str, base: str) -> None:
    compared(document, base)


@pytest.mark.parametrize(
    "path",
    [*ROOT.glob("seeds/feeds/*.xml"), *ROOT.glob("tests/data/item.[ra]*"), ROOT / "tests/data/mixed.xml"],
    ids=lambda path: path.name,
)
def test_the_feeds_at_hand_take_the_fast_door(path: Path) -> None:
    text, _ = decode(path.read_bytes())
    assert compared(text.lstrip("\ufeff \t\r\n"), BASE)


@pytest.mark.parametrize(
    "inside",
    [
        "<title>a</title><title>b</title>",
        "<title>a<b>c</b></title>",
        "<title type='xhtml'>a</title>",
        "<media:title>a</media:title>",
        "<title>a</title><unknown/>",
        "<link>https://a.example/?a&amp;b;c</link>",
        "<title>a & b</title>",
        "<title>&nbsp;</title>",
        "<title>a\x85</title>",
        "<description xml:base='https://b.example/'>a</description>",
    ],
)
def test_what_is_not_in_its_grammar_it_declines(inside: str) -> None:
    assert read_ordinary(RSS.format("", "", f"<item>{inside}</item>"), BASE) is None
    assert read_ordinary(RSS.format("", "", "<item><title>a</title></item>"), BASE) is not None


@pytest.mark.parametrize(
    "document",
    [
        "",
        "<rss",
        "<html><body/></html>",
        "<!DOCTYPE rss><rss><channel><item/></channel></rss>",
        "<rss><channel/></rss>",
    ],
)
def test_no_ordinary_feed_is_declined(document: str) -> None:
    assert read_ordinary(document, BASE) is None
