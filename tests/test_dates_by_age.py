"""Times told by their age, and news sitemaps, which have only those and titles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk import LAUNCH, NOW, Desk
from hypothesis import given
from hypothesis import strategies as st

from models import store
from models.sources import parse_feed
from models.text import refine
from models.text.ages import read_age
from models.values import Article, RawItem, Source, SourceName

HOUR = timedelta(hours=1)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Give a SQLite database: none of this depends on the kind."""
    return f"sqlite:///{tmp_path / 'peninsula.db'}"


@pytest.mark.parametrize(
    "written",
    ["2시간 전", "약 2시간 전", "2 hours ago", "2 hrs ago", "2時間前",
     "2小时前", "2小時前", "2 giờ trước", "2 часа назад",
     "il y a 2 heures", "vor 2 Stunden", "hace 2 horas", " 120 minutes ago ", "120분 전", "120分前"],
)  # fmt: skip
def test_an_age_is_read_in_every_language(written: str) -> None:
    assert read_age(written, NOW) == NOW - 2 * HOUR


@pytest.mark.parametrize(
    ("written", "before"),
    [
        ("방금 전", timedelta(0)),
        ("just now", timedelta(0)),
        ("어제", timedelta(days=1)),
        ("昨日", timedelta(days=1)),
        ("an hour ago", HOUR),
        ("3일 전", timedelta(days=3)),
        ("2週間前", timedelta(weeks=2)),
    ],
)
def test_words_for_near_times_are_read(written: str, before: timedelta) -> None:
    assert read_age(written, NOW) == NOW - before


@pytest.mark.parametrize(
    "written", ["", "hours ago", "2 hours", "in 2 hours", "2 hours ago today", "soon", "99999년 전"]
)
def test_what_is_no_age_is_none(written: str) -> None:
    assert read_age(written, NOW) is None


@given(st.text(max_size=50) | st.from_regex(r"\d{1,6} ?(년|years|時間|day)s? ?(전|ago|前)", fullmatch=True))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    at = read_age(text, NOW)
    assert at is None or at <= NOW


def refined(item: RawItem, now: datetime = NOW) -> Article:
    made = refine(item, Source(name=SourceName("e"), url="https://e.example/"), now)
    assert isinstance(made, Article)
    return made


def test_how_sure_a_date_is_is_kept_with_it() -> None:
    assert refined(RawItem(title="A", published_at=NOW)).dated == "stated"
    assert refined(RawItem(title="A")).dated == "none"
    far = refined(RawItem(title="A", published_at=NOW + timedelta(days=9)))
    assert (far.dated, far.published_at, far.at) == ("impossible", None, NOW)
    by_age = refined(RawItem(title="A", age="3시간 전"))
    assert (by_age.dated, by_age.published_at) == ("age", NOW - 3 * HOUR)


def test_an_age_that_grows_does_not_make_a_new_item() -> None:
    later = refined(RawItem(title="A", age="4시간 전"), NOW + HOUR)
    assert later.key == refined(RawItem(title="A", age="3시간 전")).key


def test_the_first_age_is_kept_through_the_whole_product(desk: Desk) -> None:
    def serve(age: str) -> None:
        desk.feed("herald")
        desk.documents["herald"] = (
            f"<rss version='2.0'><channel><item><title>{LAUNCH}</title>"
            f"<pubDate>{age}</pubDate></item></channel></rss>"
        )

    serve("3시간 전")
    assert desk.run().sources[0].new == 1
    desk.clock.turn(hours=1)
    serve("4시간 전")
    assert desk.run().sources[0].new == 0
    database = desk.open()
    with database.reading() as session:
        (found,) = store.filed(session)
    database.close()
    assert (found.article.published_at, found.article.dated) == (NOW - 3 * HOUR, "age")


SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<s:url><s:loc>https://a.kr/n/1</s:loc>
<image:image><image:loc>https://a.kr/p.jpg</image:loc><image:title>A photo</image:title>
</image:image><n:news><n:publication><n:name>하구신문</n:name><n:language>ko</n:language></n:publication>
<n:publication_date>2026-11-22T14:05:00+09:00</n:publication_date>
<n:title>북한 &amp;quot;발사&amp;quot;</n:title></n:news></s:url>
<s:url><s:loc>https://a.kr/about</s:loc></s:url></s:urlset>"""


def test_a_news_sitemap_is_read_and_a_page_without_news_is_a_fault() -> None:
    feed = parse_feed(SITEMAP.encode(), where="estuary")
    (item,) = feed.items
    assert (item.url, item.title, item.outlet, item.language) == (
        "https://a.kr/n/1",
        '북한 "발사"',
        "하구신문",
        "ko",
    )
    assert item.published_at == datetime(2026, 11, 22, 5, 5, tzinfo=UTC)
    assert feed.title == "하구신문"
    assert [(fault.where, fault.code) for fault in feed.faults] == [("estuary item 2", "bad-item")]


def test_a_lone_ampersand_in_a_sitemap_costs_no_item() -> None:
    item = "<url><loc>https://a.kr/?a=1&b=2&amp;c={0}</loc><n:news><n:title>Item {0}</n:title></n:news></url>"
    body = "<urlset xmlns:n='x'>" + "".join(map(item.format, range(9))) + "<url><loc>https://a.kr"
    parsed = parse_feed(body.encode(), where="estuary")
    assert [item.title for item in parsed.items] == [f"Item {n}" for n in range(9)]
    assert parsed.items[8].url == "https://a.kr/?a=1&b=2&c=8"
    assert [fault.code for fault in parsed.faults] == ["bad-item", "truncated"]


def test_a_sitemap_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    feed = parse_feed(SITEMAP[: SITEMAP.index("<s:url><s:loc>https://a.kr/about")].encode(), where="estuary")
    assert len(feed.items) == 1
    assert [fault.code for fault in feed.faults] == ["truncated"]
