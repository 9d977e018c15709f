"""What happens to feeds is told to the desk: once, in one notice, on the channels it named."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from desk import NOW, Desk, Item
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner
from werkzeug import Request, Response

from flows.cli import app
from models import store
from models.alerts import feed_news
from models.errors import ConfigError
from models.values import AlertId, ChannelName, FeedEvent, SourceName

QUIET = Item(title="City council passes budget", text="The council met on Friday and voted for it.")


@pytest.fixture
def notices(desk: Desk, httpserver: HTTPServer) -> list[dict[str, Any]]:
    """Give what arrives at the operations channel, as it arrives."""
    arrived: list[dict[str, Any]] = []

    def take(request: Request) -> Response:
        arrived.append(json.loads(request.data))
        return Response("ok")

    desk.webhook("ops", "/ops")
    desk.tables["watch"] = '[watch]\noperations = ["ops"]\n'
    httpserver.expect_request("/ops").respond_with_handler(take)
    return arrived


def run(desk: Desk, minutes: float = 15) -> None:
    desk.clock.turn(minutes=minutes)
    desk.run()


def test_a_feed_that_breaks_is_told_once_and_its_recovery_once(
    desk: Desk, notices: list[dict[str, Any]]
) -> None:
    desk.feed("herald", QUIET)
    run(desk)
    desk.documents["herald"] = "<html><body>Welcome</body></html>"
    for _ in range(4):
        run(desk)
    (broken,) = notices
    assert (broken["type"], broken["schema"]) == ("operations.feeds", "notice.v1")
    assert broken["data"]["title"] == "Feeds: 1 in trouble"
    assert broken["data"]["lines"][0]["title"].startswith("herald: answered with a web page, not a feed")
    assert broken["data"]["lines"][0]["note"] == "was healthy"
    desk.feed("herald", QUIET, Item(title="Snow in Busan", text="Ten centimetres fell."))
    for _ in range(4):
        run(desk)
    (_, well) = notices
    assert well["data"]["title"] == "Feeds: 1 well again"
    assert well["data"]["lines"][0]["title"] == "herald: is healthy again after html-instead-of-feed"


def test_many_feeds_that_break_at_one_stroke_are_one_notice(
    desk: Desk, notices: list[dict[str, Any]]
) -> None:
    for n in range(30):
        desk.feed(f"feed-{n:02}", QUIET)
    run(desk)
    desk.documents.clear()
    for _ in range(6):
        run(desk)
    (notice,) = notices
    assert notice["data"]["title"] == "Feeds: 30 in trouble"
    assert len(notice["data"]["lines"]) == notice["data"]["count"] == 30


def test_between_two_notices_there_is_half_an_hour_and_what_passed_meanwhile_is_no_news(
    desk: Desk, notices: list[dict[str, Any]]
) -> None:
    desk.feed("herald", QUIET)
    desk.feed("times", QUIET)
    run(desk)
    desk.documents["herald"] = "<html></html>"
    run(desk, 5)
    desk.documents["times"] = "<html></html>"
    run(desk, 5)
    desk.feed("times", QUIET, Item(title="Snow in Busan", text="Ten centimetres fell."))
    run(desk, 5)
    assert len(notices) == 1
    run(desk, 40)
    assert len(notices) == 1  # the times broke and recovered before it could be told
    desk.documents["times"] = "<html></html>"
    run(desk, 40)
    assert [line["title"].partition(":")[0] for line in notices[1]["data"]["lines"]] == ["times"]


def test_a_desk_that_named_no_channel_is_told_nothing_but_in_the_report(desk: Desk) -> None:
    desk.feed("herald", QUIET)
    run(desk)
    desk.documents["herald"] = "<html></html>"
    desk.clock.turn(minutes=15)
    report = desk.run()
    assert [event.state for event in report.sources[0].events] == ["html-instead-of-feed"]
    assert desk.shown == []


def test_the_same_events_make_the_same_alert_after_a_restore(
    desk: Desk, notices: list[dict[str, Any]]
) -> None:
    desk.feed("herald", QUIET)
    run(desk)
    event = FeedEvent(
        source=SourceName("herald"), at=desk.clock(), kind="moved", state="moved", detail="moved for good"
    )
    made: list[tuple[AlertId, ...]] = []
    database = desk.open()
    for _ in range(2):  # the second time as if the first had been lost
        with database.writing() as session:
            store.tell(session, [event])
            made.append(store.announce(session, [ChannelName("ops")], desk.clock()))
            assert store.announce(session, [ChannelName("ops")], desk.clock() + timedelta(hours=1)) == ()
            session.rollback()
    database.close()
    assert made[0] == made[1]
    assert len(made[0]) == 1
    assert notices == []


def test_an_operations_alert_is_listed_and_explained_without_a_story(
    desk: Desk, notices: list[dict[str, Any]]
) -> None:
    desk.feed("herald", QUIET)
    run(desk)
    desk.documents["herald"] = "<html></html>"
    run(desk)
    env = {"DATABASE_URL": desk.database_url, "PENINSULA_CONFIG": str(desk.folder / "watch.toml"), **desk.env}
    id_ = notices[0]["data"]["id"]
    listed = CliRunner().invoke(app, ["alerts", "list"], env=env)
    assert "Feeds: 1 in trouble" in listed.stdout
    told = CliRunner().invoke(app, ["alerts", "why", id_], env=env)
    assert told.exit_code == 0
    assert QUIET.title not in told.stdout


@pytest.mark.parametrize(
    ("status", "refusing", "title"),
    [
        (410, ["ops"], "Channel ops is disabled"),
        (404, ["ops"], "An alert on channel ops is dead"),
        (404, ["ops", "bad"], "An alert on channel bad is dead"),
    ],
)
def test_a_channel_that_refuses_a_notice_is_told_of_on_one_that_takes_it(
    desk: Desk, httpserver: HTTPServer, status: int, refusing: list[str], title: str
) -> None:
    desk.tables["watch"] = '[watch]\noperations = ["ops"]\n'
    arrived: list[str] = []

    def take(request: Request) -> Response:
        arrived.append(json.loads(request.data)["data"]["title"])
        return Response("ok")

    for name in refusing:
        desk.webhook(name, f"/{name}")
        httpserver.expect_request(f"/{name}").respond_with_data("no", status=status)
    desk.webhook("good", "/good")
    httpserver.expect_request("/good").respond_with_handler(take)
    desk.feed("herald", QUIET)
    run(desk)
    desk.documents["herald"] = "<html></html>"
    for _ in range(6):
        run(desk)
    assert arrived == [title]


def test_a_channel_that_is_not_there_cannot_be_named(desk: Desk) -> None:
    desk.tables["watch"] = '[watch]\noperations = ["slak"]\n'
    with pytest.raises(ConfigError, match=r'watch.operations: there is no \[\[channel\]\] "slak"'):
        desk.settings()


def test_of_several_changes_only_what_is_still_so_is_told() -> None:
    def change(was: str, state: str) -> FeedEvent:
        return FeedEvent(
            source=SourceName("herald"), at=NOW, kind="health", state=state, was=was, detail=state
        )

    assert feed_news([change("healthy", "gone"), change("gone", "healthy")])[2] == ()
    last = feed_news([change("healthy", "gone"), change("gone", "empty")])
    assert (last[0], last[2]) == ("Feeds: 1 in trouble", (("herald: empty", "", "was gone"),))
