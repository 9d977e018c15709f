"""Feeds found, added, imported and exported; watch.toml keeps its comments."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest
from desk import LAUNCH, Desk, Item, rss
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner

from flows import fields, settings, watch_file
from flows.cli import app
from models.errors import ConfigError, ParseError
from models.sources.links import feed_links
from models.sources.opml import Listed, read_opml, write_opml
from models.values import Source, SourceName

OPML = """<?xml version="1.0" encoding="UTF-8"?><opml version="1.0"><head><title>mine</title></head><body>
<outline text="DPRK"><outline text="Press"><outline type="rss" text="연합 &amp; 북한" xmlUrl="https://a.kr/rss"/></outline></outline>
<outline type="rss" text="B" xmlUrl="https://b.kr/rss"/>
<outline text="again" xmlUrl="feed://b.kr/rss" type="rss"/>
<outline text="again" xmlUrl="feed:https://b.kr/rss" type="rss"/>
<outline type="rss" text="bad" xmlUrl="javascript:1"/></body></opml>"""


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Give a SQLite database: none of this depends on the kind."""
    return f"sqlite:///{tmp_path / 'peninsula.db'}"


def peninsula(desk: Desk, *arguments: str) -> tuple[int, str, str]:
    env = {"DATABASE_URL": desk.database_url, "PENINSULA_CONFIG": str(desk.folder / "watch.toml")}
    done = CliRunner().invoke(app, arguments, env=env)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def listed(desk: Desk, *arguments: str) -> Any:
    code, out, err = peninsula(desk, *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_folders_are_tags_and_a_feed_listed_twice_is_one() -> None:
    assert read_opml(OPML.encode(), where="x.opml") == (
        Listed(url="https://a.kr/rss", title="연합 & 북한", tags=("DPRK / Press",)),
        Listed(url="https://b.kr/rss", title="B"),
        Listed(url="javascript:1", title="bad"),
    )


@pytest.mark.parametrize("body", [b"", b"hello", b"http://127.0.0.1:9/x.opml", b"<opml/>", b"\xff\xfe"])
def test_what_lists_no_feed_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(ParseError) as caught:
        read_opml(body, where="x.opml")
    assert str(caught.value).startswith("x.opml: ")


def test_an_export_can_be_imported_again() -> None:
    feeds = [
        Source(
            name=SourceName("a"),
            url="https://a.kr/?b=1&c=<",
            title='"북한" & <more>',
            language="ko",
            tags=("DPRK / Press", "daily"),
        ),
        Source(name=SourceName("b"), url="https://b.kr/rss", title="B", tags=("DPRK",)),
        Source(name=SourceName("c"), url="https://c.kr/rss", title="C"),
    ]
    back = {one.url: one for one in read_opml(write_opml(feeds, title="t"), where="x")}
    for feed in feeds:
        assert (back[feed.url].title, back[feed.url].language) == (feed.title, feed.language or "")
        assert set(back[feed.url].tags) == set(feed.tags)


def test_the_language_of_a_list_is_imported_where_there_is_such_a_one(desk: Desk) -> None:
    desk.settings()
    opml = desk.folder / "mine.opml"
    opml.write_text(
        '<opml><body><outline xmlUrl="https://a.kr/rss" language="ko-KR"/>'
        '<outline xmlUrl="feed:https://b.kr/rss" language="ja"/>'
        '<outline xmlUrl="https://c.kr/rss" language="xx"/></body></opml>',
        "utf-8",
    )
    assert peninsula(desk, "feeds", "import", str(opml))[0] == 0
    feeds = settings.load(desk.folder / "watch.toml", env={}).feeds
    assert [feed.language for feed in feeds] == ["ko", "ja", None]


def test_one_bad_address_costs_an_import_no_other_feed(desk: Desk) -> None:
    desk.settings()
    opml = OPML.replace("b.kr/rss", "user:CANARY@b.kr/rss")
    (desk.folder / "mine.opml").write_text(opml, encoding="utf-8")
    code, out, _ = peninsula(desk, "feeds", "import", str(desk.folder / "mine.opml"))
    assert code == 0
    assert out.splitlines()[0].startswith("1 feed added to ")
    assert out.splitlines()[0].endswith(", 0 there already.")
    assert 'left out: "B": a feed\'s url cannot hold a user name or password' in out
    assert 'left out: "bad": a feed\'s url begins with http:// or https:// and a host' in out
    assert "CANARY" not in out
    assert [feed.url for feed in settings.load(desk.folder / "watch.toml", env={}).feeds] == [
        "https://a.kr/rss"
    ]


def test_comments_of_watch_toml_stay_when_feeds_are_imported(desk: Desk) -> None:
    desk.feed("herald", Item())
    desk.settings()
    file = desk.folder / "watch.toml"
    file.write_text("# our desk, do not lose this line\n" + file.read_text("utf-8") + "# the end", "utf-8")
    old = file.read_text("utf-8")
    opml = desk.folder / "mine.opml"
    opml.write_text(OPML, "utf-8")
    assert "2 feeds would be added" in peninsula(desk, "feeds", "import", str(opml), "--dry-run")[1]
    assert file.read_text("utf-8") == old
    code, out, _ = peninsula(desk, "feeds", "import", str(opml))
    assert (code, out.split(" to ")[0]) == (0, "2 feeds added")
    assert file.read_text("utf-8").startswith(old)
    feeds = settings.load(file, env={}).feeds
    assert [(feed.title, feed.tags) for feed in feeds[1:]] == [("연합 & 북한", ("DPRK / Press",)), ("B", ())]
    assert "0 feeds added" in peninsula(desk, "feeds", "import", str(opml))[1]
    exported = peninsula(desk, "feeds", "export")[1].encode()
    assert {one.url for one in read_opml(exported, where="x")} == {feed.url for feed in feeds}


def test_the_feed_of_a_page_is_found_shown_and_added(desk: Desk, httpserver: HTTPServer) -> None:
    desk.feed("herald", Item())
    desk.settings()
    page = (
        "<html><head><link rel='alternate' type='application/rss+xml' title='Comments' href='/comments'>"
        "<link rel='Alternate home' type='application/rss+xml;charset=x' title='News' href='/news.xml'>"
        "</head></html>"
    )
    httpserver.expect_request("/").respond_with_data(page, content_type="text/html")
    from datetime import UTC, datetime

    news = [
        Item(at=datetime.now(UTC)),
        Item(title="Snow in Busan", text="Ten centimetres.", at=datetime.now(UTC)),
    ]
    httpserver.expect_request("/news.xml").respond_with_data(rss(news, title="News"))
    url = httpserver.url_for("/")
    told = listed(desk, "feeds", "add", url, "--allow-private", "--dry-run")
    assert told["url"] == httpserver.url_for("/news.xml")
    assert {item["title"]: item["would_alert"] for item in told["items"]} == {
        LAUNCH: True,
        "Snow in Busan": False,
    }
    assert [other["title"] for other in told["also"]] == ["Comments"]
    code, out, _ = peninsula(desk, "feeds", "add", url, "--allow-private", "--tag", "press", "--name", "news")
    assert code == 0
    assert "● " in out
    assert "1 of them would have alerted" in out
    added = settings.load(desk.folder / "watch.toml", env={}).feeds[-1]
    assert (added.name, added.title, added.tags, added.allow_private) == ("news", "News", ("press",), True)
    code, _, err = peninsula(desk, "feeds", "add", url, "--allow-private")
    assert code == 1
    assert "has this address already" in err


def test_a_feed_that_moved_for_good_is_added_where_it_is_now(desk: Desk, httpserver: HTTPServer) -> None:
    desk.feed("herald", Item())
    desk.settings()
    httpserver.expect_request("/old").respond_with_data(status=301, headers={"Location": "/feeds/herald"})
    code, _, err = peninsula(desk, "feeds", "add", httpserver.url_for("/old"), "--allow-private")
    assert (code, "has this address already" in err) == (1, True)


def test_an_address_without_a_scheme_is_asked_by_https(desk: Desk) -> None:
    desk.settings()
    code, _, err = peninsula(desk, "feeds", "add", "no-such-host.example/rss")
    assert (code, err) == (
        1,
        "peninsula: no-such-host-example-rss: its host name does not resolve to an address\n",
    )


def test_a_page_without_a_feed_is_told_in_one_line(desk: Desk, httpserver: HTTPServer) -> None:
    desk.feed("herald", Item())
    desk.settings()
    httpserver.expect_request("/").respond_with_data("<html><body>Hi</body></html>")
    code, _, err = peninsula(desk, "feeds", "add", httpserver.url_for("/"), "--allow-private")
    assert (code, err.count("\n")) == (1, 1)
    assert "answered with a web page, not a feed" in err
    code, _, err = peninsula(desk, "feeds", "add", httpserver.url_for("/"))
    assert "private or special address; --allow-private lets it be dialled" in err


def test_feeds_show_tells_health_rhythm_and_what_happened(desk: Desk) -> None:
    desk.feed("herald", Item())
    desk.run()
    del desk.documents["herald"]
    for _ in range(3):
        desk.run()
    code, out, _ = peninsula(desk, "feeds", "show", "herald")
    assert code == 0
    assert "unreachable since" in out
    assert "failed    3 times in a row" in out
    told = listed(desk, "feeds", "show", "herald")
    assert [(event["was"], event["state"]) for event in told["events"]] == [("healthy", "unreachable")]
    assert listed(desk, "feeds", "list")[0]["health"] == "unreachable"
    assert peninsula(desk, "feeds", "show", "none")[0] == 2


def test_a_table_that_would_break_the_file_changes_nothing(desk: Desk) -> None:
    desk.feed("herald", Item())
    desk.settings()
    file = desk.folder / "watch.toml"
    old = file.read_bytes()
    with pytest.raises(ConfigError) as caught:
        watch_file.add(file, [watch_file.NewFeed(name="herald", url="https://a.kr/rss")])
    problem = "this name is taken; give each a name of its own; the file is not changed"
    assert str(caught.value) == f'{file}: [[feed]] "herald": {problem}'
    assert file.read_bytes() == old
    assert [path.name for path in desk.folder.glob(".watch-*")] == []


def test_a_file_that_cannot_be_replaced_stays_as_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")  # one file, mounted into a container

    desk.settings()
    file = desk.folder / "watch.toml"
    old = file.read_bytes()
    monkeypatch.setattr("os.replace", busy)
    with pytest.raises(ConfigError, match=r"watch\.toml: cannot be changed \(Device or resource busy\)"):
        watch_file.add(file, [watch_file.NewFeed(name="herald", url="https://a.kr/rss")])
    assert file.read_bytes() == old
    assert [path.name for path in desk.folder.glob(".watch-*")] == []


@given(st.text(max_size=60), st.text(max_size=60), st.lists(st.text(max_size=20), max_size=3))
def test_any_title_and_tags_can_be_written_and_read_back(title: str, note: str, tags: list[str]) -> None:
    import tomllib

    from models.text import one_line

    new = watch_file.NewFeed(name="a", url="https://a.kr/", title=title, note=note, tags=tags)
    (table,) = tomllib.loads(watch_file._table(new))["feed"]
    assert table.get("title", "") == one_line(title).replace("\x7f", "")
    assert len(table.get("tags", [])) == len(tags)


@given(
    st.text(max_size=300).map(
        lambda text: f"<link rel=alternate type=application/rss+xml href='{text}'>{text}"
    )
)
def test_no_page_makes_the_search_for_feeds_raise(page: str) -> None:
    for url, _ in feed_links(page, base_url="https://a.kr/x"):
        assert url.startswith(("http://", "https://"))


@given(
    st.lists(
        st.sampled_from(["https://www.a.kr/rss/북한.xml", "http://a.kr", "https://[::1]/x?y=1"]), max_size=6
    )
)
def test_names_made_of_addresses_are_names_and_each_its_own(urls: list[str]) -> None:
    taken: list[str] = []
    for url in urls:
        taken.append(watch_file.name_for(url, taken))
        assert fields._name(taken[-1]) == taken[-1]
    assert len(set(taken)) == len(taken)
