"""How a feed does: told once when it changes, once when it recovers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk import LAUNCH_TEXT, NOW, Desk, Item, rss
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner
from werkzeug import Request, Response

from flows.cli import app
from models import store
from models.values import Health, SourceName, SourceState


def look(desk: Desk, minutes: float = 15) -> tuple[str, list[tuple[str, str]]]:
    """Run once; give the feed's health and what was told of it."""
    desk.clock.turn(minutes=minutes)
    done = desk.run().sources[0]
    return state_of(desk).health, [
        (event.was, event.state) for event in done.events if event.kind == "health"
    ]


def state_of(desk: Desk) -> SourceState:
    database = desk.open()
    with database.reading() as session:
        state = store.source_states(session)[SourceName("herald")]
    database.close()
    return state


@pytest.mark.parametrize(
    ("body", "status", "health"),
    [
        ("<html><body>Welcome</body></html>", 200, Health.HTML),
        ("<rss version='2.0'><channel><title>T</title></channel></rss>", 200, Health.EMPTY),
        ("{", 200, Health.PARSE_ERROR),
        ("no", 403, Health.FORBIDDEN),
        ("no", 410, Health.GONE),
        (rss([Item(at=None)]), 200, Health.UNDATED),
        (rss([Item(at=NOW - timedelta(days=300))]), 200, Health.SILENT),
    ],
)
def test_what_is_wrong_with_a_feed_is_told_once_and_that_it_is_well_again_once(
    desk: Desk, httpserver: HTTPServer, body: str, status: int, health: Health
) -> None:
    desk.feed("herald", Item())
    assert look(desk) == ("healthy", [])
    answers = [(body, status)] * 2 + [
        (rss([Item(text=LAUNCH_TEXT + "!"), Item(title="B")], title="herald"), 200)
    ] * 2

    def answer(_: Request) -> Response:
        said, code = answers.pop(0)
        return Response(said, status=code, content_type="text/xml")

    httpserver.clear()
    httpserver.expect_request("/feeds/herald").respond_with_handler(answer)
    if health == Health.SILENT:  # a document of one old item is news, once
        assert look(desk)[0] == "healthy"
        assert look(desk, minutes=60 * 24 * 40) == (health, [("healthy", health)])
    else:
        assert look(desk) == (health, [("healthy", health)])
        assert look(desk) == (health, [])
    assert look(desk) == ("healthy", [(health, "healthy")])
    assert look(desk) == ("healthy", [])
    database = desk.open()
    with database.reading() as session:
        told = [(event.was, event.state) for event in store.feed_events(session) if event.kind == "health"]
    database.close()
    assert told == [(health, "healthy"), ("healthy", health)]


def test_a_server_that_is_down_is_unreachable_and_never_silent(desk: Desk, httpserver: HTTPServer) -> None:
    desk.feed("herald", Item())
    look(desk)
    httpserver.clear()
    httpserver.expect_request("/feeds/herald").respond_with_data("", status=503)
    assert look(desk) == ("healthy", [])
    assert look(desk) == ("healthy", [])
    assert look(desk) == ("unreachable", [("healthy", "unreachable")])
    assert look(desk, minutes=60 * 24 * 90) == ("unreachable", [])


def test_a_feed_that_says_nothing_for_long_is_stale_and_then_silent(desk: Desk) -> None:
    desk.feed(
        "herald", *(Item(title=f"N{n}", text=f"No {n}", at=NOW - timedelta(hours=6 * n)) for n in range(12))
    )
    assert look(desk)[0] == "healthy"
    assert look(desk, minutes=60 * 24)[0] == "healthy"
    assert look(desk, minutes=60 * 24 * 3) == ("stale", [("healthy", "stale")])
    assert look(desk, minutes=60 * 24 * 30) == ("silent", [("stale", "silent")])


def test_a_feed_that_was_quiet_for_weeks_is_read_as_before(desk: Desk) -> None:
    for _ in range(10):
        desk.feed("herald", Item(guid="1"))
        built = f"<lastBuildDate>{desk.clock.now}</lastBuildDate>"  # all that changes
        desk.documents["herald"] = desk.documents["herald"].replace("<item>", f"{built}<item>")
        desk.clock.turn(days=3)
        assert not desk.run().sources[0].error
    desk.feed("herald", Item(guid="1", text=LAUNCH_TEXT + " The army is on alert."))
    assert desk.run().sources[0].edited == 1


@pytest.mark.parametrize(("status", "kept"), [(301, True), (308, True), (302, False), (307, False)])
def test_a_feed_that_moved_for_good_keeps_its_history_at_its_new_address(
    desk: Desk,
    httpserver: HTTPServer,
    status: int,
    kept: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    desk.feed("herald", Item())
    assert look(desk)[0] == "healthy"
    alerts = len(desk.shown)
    httpserver.clear()
    httpserver.expect_request("/feeds/herald").respond_with_data(
        "", status=status, headers={"Location": "/new"}
    )
    httpserver.expect_request("/new").respond_with_data(rss([Item(), Item(title="B")], title="herald"))
    desk.clock.turn(minutes=15)
    done = desk.run().sources[0]
    assert (done.new, done.seen) == (1, 1)
    assert [event.kind for event in done.events] == (["health", "moved"] if kept else [])
    assert state_of(desk).health == ("redirected" if kept else "healthy")
    env = {"DATABASE_URL": desk.database_url, "PENINSULA_CONFIG": str(desk.folder / "watch.toml")}
    shown = CliRunner().invoke(app, ["feeds", "show", "herald"], env=env).stdout
    assert (f"moved to  {httpserver.url_for('/new')}" in shown) is kept
    httpserver.clear_log()
    look(desk)
    assert [request.path for request, _ in httpserver.log] == (
        ["/new"] if kept else ["/feeds/herald", "/new"]
    )
    assert len(desk.shown) == alerts


def test_a_move_to_what_is_no_feed_is_not_remembered(desk: Desk, httpserver: HTTPServer) -> None:
    desk.feed("herald", Item())
    look(desk)
    httpserver.clear()
    httpserver.expect_request("/feeds/herald").respond_with_data(
        "", status=301, headers={"Location": "/login"}
    )
    httpserver.expect_request("/login").respond_with_data("<html><body>Log in</body></html>")
    assert look(desk)[0] == "html-instead-of-feed"
    assert state_of(desk).moved_to == ""
