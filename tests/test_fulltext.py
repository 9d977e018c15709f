"""The page behind a teaser: read where a rule touches it, and never at the item's cost."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from desk import LAUNCH, LAUNCH_TEXT, NOW, Desk, Item
from protego import Protego
from pytest_httpserver import HTTPServer
from werkzeug import Response

from flows import fulltext, parsing, settings
from models import store
from models.errors import ConfigError, FetchError, ParseError
from models.sources.fulltext import read_article
from models.text import refine
from models.values import Article, Filed, RawItem, Source, SourceName

TEASER = "North Korea fired two missiles on Sunday."
WHOLE = [
    LAUNCH_TEXT,
    "The two missiles were fired from a launcher near the airfield, the chiefs said; Busan's port is open.",
    "Japan's coast guard told ships to keep clear of what had fallen, and to report what they saw there.",
]
CLUTTER = (
    "<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>",
    "<footer>All rights reserved.</footer>",
)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One kind of database is enough here: what is stored is an edit like any other."""
    return f"sqlite:///{tmp_path / 'peninsula.db'}"


def page(*paragraphs: str, title: str = LAUNCH) -> str:
    words = "".join(f"<p>{said}</p>" for said in paragraphs)
    head = f"<head><title>{title}</title></head>"
    return (
        f"<html>{head}<body>{CLUTTER[0]}<article><h1>{title}</h1>{words}</article>{CLUTTER[1]}</body></html>"
    )


def serve(desk: Desk, *, link: str = "/news/1", text: str = TEASER, extra: str = "") -> None:
    url = desk.server.url_for(link)
    desk.server.expect_request("/robots.txt").respond_with_data("none", status=404)
    desk.feed("herald", Item(text=text, url=url, guid=link), extra=f"full_text = true\n{extra}")


def asked(desk: Desk, path: str) -> int:
    return sum(request.path == path for request, _ in desk.server.log)


def filed(desk: Desk) -> Filed:
    database = desk.open()
    with database.reading() as session:
        (found,) = store.filed(session)
    database.close()
    return found


def test_the_page_of_a_touched_teaser_is_read_once_and_its_text_decided(desk: Desk) -> None:
    serve(desk)
    desk.server.expect_request("/news/1").respond_with_data(page(*WHOLE), content_type="text/html")
    desk.rule("", "korea")
    desk.rule("query = '\"Busan\" AND north-korea'", "busan")
    done = desk.run().sources[0]
    assert (done.new, done.completed, done.faults) == (1, 1, ())
    found = filed(desk).article
    assert found.version == 2
    assert all(said in found.text for said in WHOLE)
    assert "Sport" not in found.text
    assert len(desk.shown) == 2  # a rule that only the whole text meets alerts, too
    desk.clock.turn(minutes=15)
    desk.run()
    assert asked(desk, "/news/1") == asked(desk, "/robots.txt") == 1
    assert len(desk.shown) == 2


def test_pages_that_no_rule_touches_and_those_of_other_feeds_are_left_alone(desk: Desk) -> None:
    dull = Item(title="Council passes budget", text="It met.", url=desk.server.url_for("/news/2"))
    desk.feed("dull", dull, extra="full_text = true")
    desk.feed("plain", Item(url=desk.server.url_for("/news/3")))
    desk.run()
    assert {request.path for request, _ in desk.server.log} == {"/feeds/dull", "/feeds/plain"}


@pytest.mark.parametrize("first", ["", TEASER])
def test_an_article_that_another_feed_listed_first_is_completed_by_the_one_that_wants_pages(
    desk: Desk, first: str
) -> None:
    url = desk.server.url_for("/news/1")
    desk.server.expect_request("/robots.txt").respond_with_data("none", status=404)
    desk.server.expect_request("/news/1").respond_with_data(page(*WHOLE), content_type="text/html")
    desk.rule('sources = ["herald"]\nany = ["missile-test"]')
    desk.rule("", "korea-too")
    desk.feed("front", Item(text=first, url=url))
    desk.feed("herald", extra="full_text = true")
    assert len(desk.run().alerts) == 1
    desk.feed("herald", Item(text=TEASER, url=url), extra="full_text = true")
    report = desk.run()
    assert [done.completed for done in report.sources] == [0, 1]
    assert len(desk.shown) == 2
    assert WHOLE[2] in filed(desk).article.text


def test_an_edited_teaser_is_completed_again(desk: Desk) -> None:
    desk.server.expect_request("/news/1").respond_with_data(page(*WHOLE), content_type="text/html")
    serve(desk)
    desk.run()
    desk.clock.turn(minutes=15)
    serve(desk, text=TEASER + " They flew 350 kilometers.")
    done = desk.run().sources[0]
    assert (done.edited, done.completed) == (1, 1)
    assert WHOLE[2] in filed(desk).article.text
    assert len(desk.shown) == 1


@pytest.mark.parametrize(
    ("rules", "status", "read"),
    [
        ("User-agent: *\nDisallow: /news/", 200, False),
        ("User-agent: peninsula-watch\nDisallow: /*/1$", 200, False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: peninsula-watch\nAllow: /", 200, True),
        ("", 404, True),
        ("", 403, True),
        ("", 429, False),
        ("", 503, False),
    ],
)
def test_robots_txt_is_heeded(
    desk: Desk,
    rules: str,
    status: int,
    read: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    desk.server.expect_request("/robots.txt").respond_with_data(rules, status=status)
    desk.server.expect_request("/news/1").respond_with_data(page(*WHOLE), content_type="text/html")
    serve(desk)
    done = desk.run().sources[0]
    assert (done.completed, asked(desk, "/news/1")) == (int(read), int(read))
    assert bool(done.faults) is not read
    assert len(desk.shown) == 1
    if not read:
        assert "robots.txt of its site asks us" in done.faults[0].detail


CONSENT = "We and our partners store cookies on your device to show advertisements that you may like. " * 8


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Response("no", status=404), "is not there"),
        (Response("no", status=500), "answers 500"),
        (Response(b"%PDF-1.7 " + b"x" * 999, content_type="application/pdf"), "no web page"),
        (Response("", content_type="text/html"), "holds no article"),
        (Response("<html><body>Loading ...</body></html>", content_type="text/html"), "holds no article"),
        (Response(page(CONSENT, title="Cookies"), content_type="text/html"), "another text"),
        (Response(b"\xff\xfe\x00" * 500, content_type="text/html"), "its page"),
        (Response(b"<p>", headers={"Content-Encoding": "br"}, content_type="text/html"), "compression"),
        (Response("x" * 6_000_000, content_type="text/html"), "more than 5 MiB"),
        (Response(status=302, headers={"Location": "file:///etc/passwd"}), "not http"),
        (Response(status=302, headers={"Location": "/news/1"}), "redirects"),
    ],
)
def test_whatever_is_wrong_with_a_page_the_teaser_stands_and_alerts(
    desk: Desk, answer: Response, words: str
) -> None:
    desk.server.expect_request("/news/1").respond_with_response(answer)
    serve(desk)
    report = desk.run()
    (fault,) = report.sources[0].faults
    assert fault.code == "full-text"
    assert words in fault.detail
    assert report.sources[0].error == ""
    assert (filed(desk).article.text, len(desk.shown)) == (TEASER, 1)


def test_a_redirect_into_a_site_that_forbids_it_gives_nothing(desk: Desk) -> None:
    other = f"http://127.0.0.1:{desk.server.port}/inner/1"
    desk.server.expect_request("/news/1").respond_with_data(status=302, headers={"Location": other})
    desk.server.expect_request("/inner/1").respond_with_data(page(*WHOLE), content_type="text/html")
    there = {"Host": f"127.0.0.1:{desk.server.port}"}
    rules = "User-agent: *\nDisallow: /inner/"
    desk.server.expect_request("/robots.txt", headers=there).respond_with_data(rules)
    serve(desk)
    assert desk.run().sources[0].completed == 0
    assert filed(desk).article.text == TEASER


def test_no_link_of_a_public_feed_leads_inside(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/secret").respond_with_data(page(*WHOLE), content_type="text/html")
    (tmp_path / "watch.toml").write_text("", encoding="utf-8")
    feed = Source(name=SourceName("estuary"), url="https://estuary.example/rss", full_text=True)
    item = RawItem(title=LAUNCH, text=TEASER, url=httpserver.url_for("/secret"))
    article = refine(item, feed, NOW)
    assert isinstance(article, Article)

    async def look() -> None:
        pages = fulltext._Pages(settings.load(tmp_path / "watch.toml", env={}))
        async with pages.client(feed) as client:
            pages._rules[httpserver.url_for("").rstrip("/")] = Protego.parse("")
            await pages.read(client, feed, article)

    with pytest.raises(FetchError) as caught:
        asyncio.run(look())
    assert caught.value.code == "private-address"
    assert httpserver.log == []


def test_pages_over_the_cap_and_out_of_time_are_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "MOST", 2)
    items = [
        Item(title=f"{LAUNCH}, report {n}", text=TEASER, url=desk.server.url_for(f"/news/{n}"), guid=f"{n}")
        for n in range(5)
    ]
    desk.feed("herald", *items, extra="full_text = true")
    desk.server.expect_request("/robots.txt").respond_with_data("none", status=404)
    desk.server.expect_request(re.compile("/news/.*")).respond_with_data(
        page(*WHOLE), content_type="text/html"
    )
    done = desk.run().sources[0]
    assert done.completed == 2
    assert [fault.detail for fault in done.faults] == [
        "3 articles keep their teasers: at most 2 pages and 60 s a run"
    ]


def test_a_run_does_not_wait_for_slow_pages_beyond_its_patience(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "PATIENCE", 0.0)
    serve(desk)
    done = desk.run().sources[0]
    assert (done.completed, len(done.faults), len(desk.shown)) == (0, 1, 1)


# --- the child ------------------------------------------------------------------------


def read(parsers: parsing.Parsers, body: bytes, **options: Any) -> str:
    return asyncio.run(parsers.article(body, where="estuary", title=LAUNCH, **options))


def test_a_child_reads_a_page_as_we_would_in_any_encoding() -> None:
    korean = "북한이 22일 오전 원산 일대에서 동해상으로 단거리 탄도미사일 두 발을 발사했다고 합참이 밝혔다. "
    title = "북한, 동해상으로 단거리 탄도미사일 발사"
    body = page(korean * 3, korean * 2, title=title).encode("cp949")
    parsers = parsing.Parsers(work="page", processes=1)
    try:
        said = {"where": "e", "title": title, "content_type": "text/html; charset=euc-kr"}
        told = asyncio.run(parsers.article(body, **said))
        assert told == read_article(body, **said)
        assert "단거리 탄도미사일" in told
        with pytest.raises(ParseError) as caught:
            read(parsers, body)
        assert caught.value.code == "other-article"
        (child,) = parsers._all
        peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{child.pid}/status").read_text("utf-8"))
        assert peak
        assert int(peak[1]) < 300 * 1024
    finally:
        parsers.close()


def test_a_page_that_holds_the_child_is_ended_and_the_next_is_served() -> None:
    parsers = parsing.Parsers(work="page", processes=1, seconds=0.6)
    try:
        with pytest.raises(ParseError) as caught:
            read(parsers, page(*["<b>" * 40 + f"Missile {n} " + "</b>" * 40 for n in range(20_000)]).encode())
        assert caught.value.code in {"parse_timeout", "parse_memory"}
        assert WHOLE[1] in read(parsers, page(*WHOLE).encode())
    finally:
        parsers.close()


def test_a_feed_that_wants_whole_texts_without_the_extra_is_told_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "find_spec", lambda _: None)
    file = tmp_path / "watch.toml"
    file.write_text('[[feed]]\nname = "a"\nurl = "https://a.example/"\nfull_text = true\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        settings.load(file, env={})
    assert 'full_text: needs an extra: pip install "peninsula-watch[fulltext]"' in str(caught.value)
