"""Only the new entries of a document are read, and what comes of it is as if all had been."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from flows.settings import bundled
from models import store
from models.database import Database
from models.sources import marks_after, read_listing
from models.sources.listing import cut
from models.tables import ArticleRow, SightingRow, VersionRow
from models.values import Listing, Source, SourceName, SourceState

FEED = Source(name=SourceName("estuary"), url="https://estuary.example/rss", language="ko")
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
HEAD = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title><ttl>30</ttl>'


def entry(number: int, **parts: str) -> str:
    given = {
        "title": f"북한 소식 {number}",
        "link": f"https://estuary.example/{number}",
        "guid": f"e-{number}",
        "description": f"Report {number} of the day.",
        "pubDate": f"Sun, 22 Nov 2026 0{number % 6}:00:00 GMT",
    } | parts
    return (
        "<item>"
        + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in given.items() if text)
        + "</item>"
    )


def document(entries: Sequence[str], *, head: str = HEAD) -> bytes:
    return f"{head}{''.join(entries)}</channel></rss>".encode()


def read(body: bytes, marks: str = "", *, now: datetime = NOW) -> Listing:
    return read_listing(body, feed=FEED, base_url=FEED.url, now=now, cutoff=None, marks=marks)


TEN = [entry(number) for number in range(10)]


def test_a_document_that_is_cut_short_is_told_though_all_its_entries_are_known() -> None:
    before = read(document(TEN))
    body = document([*TEN, entry(10)])
    after = read(body[: body.rindex(b"<item>")], before.marks)
    assert (after.unchanged, after.marks, after.truncated) == (0, "", True)
    assert not before.truncated


def test_of_a_document_that_gained_an_entry_only_that_one_is_read() -> None:
    before = read(document(TEN))
    assert (len(before.articles), before.unchanged) == (10, 0)
    body = document([entry(10), *TEN])
    after, whole = read(body, before.marks), read(body)
    assert (after.articles, after.unchanged, after.total) == (whole.articles[:1], 10, 11)
    assert (after.marks, after.advice) == (whole.marks, whole.advice)


def test_a_list_of_addresses_before_the_entries_is_not_part_of_them() -> None:
    def rdf(numbers: range) -> bytes:
        items = "".join(
            f"<item rdf:about='https://estuary.example/{n}'><title>Report {n}</title>"
            f"<link>https://estuary.example/{n}</link><dc:date>2026-11-22T0{n % 6}:00:00Z</dc:date></item>"
            for n in numbers
        )
        listed = "".join(f"<rdf:li rdf:resource='https://estuary.example/{n}'/>" for n in numbers)
        return (
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
            " xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>T</title>"
            f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>{items}</rdf:RDF>"
        ).encode()

    after = read(rdf(range(1, 11)), read(rdf(range(10))).marks)
    assert ([article.title for article in after.articles], after.unchanged) == (["Report 10"], 9)


def test_of_a_document_with_nothing_new_nothing_is_read() -> None:
    marks = read(document(TEN)).marks
    after = read(document(TEN[:9], head=HEAD + "<lastBuildDate>now</lastBuildDate>"), marks)
    assert (after.articles, after.unchanged) == ((), 9)


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (TEN, [entry(number, title="edited") for number in range(4)] + TEN[4:]),  # a third and more
        ([*TEN, entry(10, link="https://estuary.example/1")], [entry(11), *TEN]),  # a shared link
        ([*TEN, entry(10, guid="e-1")], [entry(11), *TEN]),  # a shared guid
        ([*TEN, entry(10, title="", description="")], [entry(11), *TEN]),  # a fault
        ([*TEN, "<item><title>a & b</title></item>"], [entry(11), *TEN]),  # not well-formed
        (TEN, [entry(10, pubDate=""), *TEN]),  # without a date
        (TEN, [entry(10, title="", description=""), *TEN]),  # a fault in the new one
        (TEN, [entry(10, link="https://estuary.example/11"), entry(11), *TEN]),  # new ones share a link
        (TEN, ["<item><item/></item>", *TEN]),
        (TEN, [*TEN, "<item>"]),
    ],
)  # fmt: skip
def test_in_doubt_all_is_read(then: list[str], now: list[str]) -> None:
    body = document(now)
    after = read(body, read(document(then)).marks)
    assert after == read(body)
    assert after.unchanged == 0


def test_an_entry_is_another_one_under_another_root() -> None:
    moved = HEAD.replace("<rss", '<rss xml:base="https://other.example/"')
    assert read(document([entry(10), *TEN], head=moved), read(document(TEN)).marks).unchanged == 0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("<rss><item>a</item><item>b</item></rss>", 2),
        ("<rss><item>a<![CDATA[</item><item>]]></item></rss>", 1),
        ("<rss><!-- <item> --><item>a</item><?x </item>?></rss>", 1),
        ("<feed><ENTRY a='b'>a</ENTRY><a:entry\n>b</a:entry></feed>", 2),
        ("<rss><items/><itemx></itemx><item>a</item></rss>", 1),
        ("<rss><item/><item>a</item></rss>", 0),
        ("<rss><item>a<item>b</item></item></rss>", 0),
        ("<rss></item><item>a</item></rss>", 0),
        ("<rss><item>a<![CDATA[ </item></rss>", 0),
        ("<rss><item>a</item", 0),
        ("<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><item>a</item></rss>", 0),
        ('{"items": ["<item>a</item>"]}', 0),
        ("", 0),
    ],
)
def test_where_entries_begin_and_end(text: str, count: int) -> None:
    spans = cut(text)
    assert len(spans) == count
    assert all(text[end - 1] == ">" and text[begin] == "<" for begin, end in spans)


# --- the archive, read by marks and read whole -------------------------------------------


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("listing") / "empty.db"
    database = Database(f"sqlite:///{file}")
    database.migrate(bundled("alembic"))
    database.close()
    return file


def take_in(database: Database, body: bytes, state: SourceState, now: datetime) -> SourceState:
    """Do as `flows.collect` does."""
    with database.writing() as session:
        listing = read(body, state.marks, now=now)
        if listing.unchanged and not store.is_new(session, FEED, listing.articles):
            listing = read(body, now=now)
        added = store.add(session, FEED, listing.articles, state=state, now=now, unchanged=listing.unchanged)
    return SourceState(
        identity=added.identity,
        marks=marks_after(listing, added),
        renamed_at=now if added.renamed else state.renamed_at,
    )


def archive(empty: Path, bodies: list[bytes], *, by_marks: bool) -> list[object]:
    file = empty.with_name(f"by-marks-{by_marks}.db")
    shutil.copy(empty, file)
    database, state = Database(f"sqlite:///{file}"), SourceState()
    for number, body in enumerate(bodies):
        state = take_in(database, body, state, NOW + timedelta(minutes=number))
        if not by_marks:
            state = SourceState(identity=state.identity, renamed_at=state.renamed_at)
    with database.reading() as session:
        held = [
            session.execute(select(*columns).order_by(columns[0], columns[1])).all()
            for columns in (
                (ArticleRow.id, ArticleRow.version, ArticleRow.title, ArticleRow.text, ArticleRow.at),
                (VersionRow.article_id, VersionRow.number, VersionRow.title, VersionRow.text),
                (
                    SightingRow.key,
                    SightingRow.article_id,
                    SightingRow.guid,
                    SightingRow.url,
                    SightingRow.digest,
                ),
            )
        ]
    database.close()
    return [state.identity, held]


PARTS = {
    "title": ["", "북한 소식 1", "Weekly notice", "another title"],
    "guid": ["", "e-1", "e-2", "https://estuary.example/3"],
    "link": ["https://estuary.example/1", "https://estuary.example/2", "https://estuary.example/", ""],
    "description": ["", "Report 1 of the day.", "Something else happened."],
    "pubDate": ["", "Sun, 22 Nov 2026 01:00:00 GMT"],
}  # fmt: skip
ENTRIES = st.integers(0, 30).map(entry) | st.builds(
    entry,
    st.integers(0, 30),
    **{name: st.sampled_from(texts) for name, texts in PARTS.items()},
)


@st.composite
def histories(draw: st.DrawFn) -> list[bytes]:
    """Draw documents of one feed as time goes by; each changes a little of the one before."""
    entries = list(TEN)
    bodies = [document(entries)]
    for start in draw(st.lists(st.integers(10, 60), min_size=1, max_size=5)):
        usual = [entry(start + place) for place in range(draw(st.integers(0, 3)))]
        odd = draw(st.lists(ENTRIES, max_size=draw(st.sampled_from([0, 0, 1, 2]))))
        entries = [*usual, *odd, *entries][: draw(st.integers(8, 14))]
        if draw(st.integers(0, 4)) == 0:
            entries[draw(st.integers(0, len(entries) - 1))] = draw(ENTRIES)
        bodies.append(document(entries))
    return bodies


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=histories())
def test_an_archive_read_by_marks_holds_what_one_read_whole_holds(empty: Path, bodies: list[bytes]) -> None:
    assert archive(empty, bodies, by_marks=True) == archive(empty, bodies, by_marks=False)
