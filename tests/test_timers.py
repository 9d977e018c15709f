"""When alerts leave: group_wait, follow-ups, quiet hours, digests, floods, rates, and what is held."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from desk import LAUNCH, LAUNCH_TEXT, NOW, Desk, Item
from pytest_httpserver import HTTPServer
from test_cli import peninsula
from test_promise import NUCLEAR
from werkzeug import Request, Response

from flows import pipeline, sending
from flows.clock import utc_now
from models import store
from models.alerts import next_digest, wakes_at
from models.alerts.followups import OFFICIAL
from models.alerts.rules import parse
from models.values import AlertId, AlertState, Channel, ChannelName, Selection

SECOND = Item(
    title="North Korea fires two short-range ballistic missiles into East Sea, military says",
    text="Two short-range ballistic missiles left Wonsan on Sunday morning, the military said in Seoul.",
)
THIRD = Item(
    title="Two short-range ballistic missiles launched by North Korea, Tokyo says",
    text="Japan's coast guard told ships to watch out after two missiles from Wonsan fell into the sea.",
)
FOURTH = Item(
    title="North Korea launches two short-range ballistic missiles from Wonsan",
    text="Wonsan's launch of two short-range ballistic missiles on Sunday is the fifth this year.",
)
Received = list[Request]


@pytest.fixture
def receiver(httpserver: HTTPServer) -> Callable[..., Received]:
    """Give a maker of receivers that answer as told, the last answer for ever."""

    def make(path: str = "/hook", *answers: int) -> Received:
        received: Received = []
        left = list(answers or (200,))

        def receive(request: Request) -> Response:
            received.append(request)
            return Response(status=left.pop(0) if len(left) > 1 else left[0])

        httpserver.expect_request(path).respond_with_handler(receive)
        return received

    return make


def told(received: Received) -> list[str]:
    """Give the kinds of what was received."""
    return [json.loads(request.get_data())["type"] for request in received]


def said(request: Request) -> dict[str, Any]:
    """Give what an alert or notice says."""
    data: dict[str, Any] = json.loads(request.get_data())["data"]
    return data


def channel(desk: Desk, more: str, name: str = "hook") -> None:
    """Configure a webhook with timers."""
    desk.webhook(name, f"/{name}")
    desk.tables[f"channel {name}"] += more + "\n"


def states(desk: Desk) -> list[AlertState]:
    """Give every alert there is."""
    with closing(desk.open()) as database, database.reading() as session:
        return list(store.alert_states(session, limit=500))


def test_an_alert_waits_to_name_a_second_source_and_is_frozen_then(
    desk: Desk, receiver: Callable[..., Received]
) -> None:
    received = receiver("/hook", 500, 200)
    channel(desk, "")
    desk.rule('group_wait = "5m"')
    desk.feed("herald", Item())
    assert desk.run().alerts[0].state == "pending"
    desk.clock.turn(minutes=2)
    desk.feed("times", SECOND)
    desk.run()
    assert received == []
    desk.clock.turn(minutes=4)
    desk.run()
    assert {voice["outlet"] for voice in json.loads(received[0].get_data())["data"]["sources"]} == {
        "herald",
        "times",
    }
    desk.clock.turn(minutes=1)
    desk.feed("post", Item(title=SECOND.title + " again", text=LAUNCH_TEXT))
    desk.run()
    assert len(received) == 2
    assert received[0].get_data() == received[1].get_data()


def test_an_alert_that_waits_is_not_rewritten_by_an_edit_that_takes_it_back(
    sqlite_desk: Desk, receiver: Callable[..., Received]
) -> None:
    received = receiver()
    channel(sqlite_desk, "")
    sqlite_desk.rule('group_wait = "10m"')
    sqlite_desk.feed("herald", Item(guid="1"))
    sqlite_desk.run()
    sqlite_desk.clock.turn(minutes=3)
    taken_back = "The military of another country fired missiles; an earlier report named the wrong one."
    sqlite_desk.feed("herald", Item(guid="1", title="Military fires missiles", text=taken_back))
    sqlite_desk.run()
    sqlite_desk.clock.turn(minutes=10)
    sqlite_desk.run()
    (request,) = received
    data = json.loads(request.get_data())["data"]
    assert (data["story"]["title"], data["score"] > 0.8) == (LAUNCH, True)


def test_follow_ups_come_once_each_with_a_cooldown(desk: Desk, receiver: Callable[..., Received]) -> None:
    received = receiver()
    channel(desk, "")
    desk.rule('repeat = ["second-family", "state-media", "sources-3"]\ncooldown = "10m"')
    desk.feed("herald", Item(), extra='family = "herald"')
    desk.run()
    desk.clock.turn(minutes=1)
    desk.feed("times", SECOND, extra='family = "times"')
    desk.run()
    assert told(received) == ["story.matched"]
    desk.clock.turn(minutes=10)
    desk.run()
    assert told(received) == ["story.matched", "story.second-family"]
    assert json.loads(received[1].get_data())["data"]["news"] == "told by herald, times"
    assert len({request.headers["webhook-id"] for request in received}) == 2
    for edition in range(4):
        desk.clock.turn(minutes=21)
        title = f"{SECOND.title}, KCNA says {edition}"
        text = f"Two ballistic missiles struck an islet in the East Sea, KCNA said in report {edition}."
        desk.feed("kcna", Item(title=title, text=text), extra='bloc = "dprk"\nfamily = "kcna"')
        desk.run()
    assert sorted(told(received)) == [
        "story.matched",
        "story.second-family",
        "story.sources-3",
        "story.state-media",
    ]


def test_a_cooldown_is_held_between_follow_ups_of_several_runs(
    sqlite_desk: Desk, receiver: Callable[..., Received]
) -> None:
    receiver()
    channel(sqlite_desk, "")
    sqlite_desk.rule('repeat = ["second-family", "sources-3"]\ncooldown = "30m"')
    sqlite_desk.feed("herald", Item(), extra='family = "herald"')
    sqlite_desk.run()
    for name, item in (("times", SECOND), ("post", THIRD)):
        sqlite_desk.clock.turn(minutes=1)
        sqlite_desk.feed(name, item, extra=f'family = "{name}"')
        sqlite_desk.run()
    assert {state.alert.kind: state.next_at - NOW for state in states(sqlite_desk)} == {
        "story.matched": timedelta(0),
        "story.second-family": timedelta(minutes=30),
        "story.sources-3": timedelta(minutes=60),
    }


@pytest.mark.parametrize(
    ("timers", "cooldown"), [("", "12h"), ('digest = "1d"', "30m"), ('digest = "1d"', "12h")]
)
def test_what_is_put_off_for_long_does_not_leave_at_once(
    sqlite_desk: Desk, receiver: Callable[..., Received], timers: str, cooldown: str
) -> None:
    receiver()
    channel(sqlite_desk, timers)
    sqlite_desk.rule(f'repeat = ["second-family", "sources-3", "sources-4"]\ncooldown = "{cooldown}"')
    for name, item in (("herald", Item()), ("times", SECOND), ("post", THIRD), ("globe", FOURTH)):
        sqlite_desk.feed(name, item, extra=f'family = "{name}"')
        sqlite_desk.run()
        sqlite_desk.clock.turn(minutes=1)
    sqlite_desk.run()
    follow_ups = [state for state in states(sqlite_desk) if state.alert.kind != "story.matched"]
    assert [state.state for state in follow_ups] == ["pending"] * 3
    if timers:
        assert {state.next_at for state in states(sqlite_desk)} == {NOW + timedelta(hours=2)}


@pytest.mark.parametrize(
    ("timers", "wait", "hours"), [("", "2d", 24), ('digest = "1d"', "23h", 2), ('digest = "6h"', "20h", 24)]
)
def test_an_alert_that_waits_for_long_does_not_leave_at_once(
    sqlite_desk: Desk, receiver: Callable[..., Received], timers: str, wait: str, hours: int
) -> None:
    receiver()
    channel(sqlite_desk, timers)
    sqlite_desk.rule(f'group_wait = "{wait}"')
    sqlite_desk.feed("herald", Item())
    sqlite_desk.run()
    (state,) = states(sqlite_desk)
    assert (state.state, state.next_at) == ("pending", NOW + timedelta(hours=hours))


def test_only_follow_ups_answer_in_the_thread_of_their_story(
    desk: Desk, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SLACK_PACE", timedelta(milliseconds=1))
    posts: list[dict[str, Any]] = []

    def receive(request: Request) -> Response:
        posts.append(json.loads(request.get_data()))
        return Response(json.dumps({"ok": True, "ts": f"1700000000.00{len(posts)}"}))

    httpserver.expect_request("/slack").respond_with_handler(receive)
    httpserver.expect_request("/gone").respond_with_data("", status=410)
    desk.env |= {"TOKEN": "xoxb-123456789", "SLACK": httpserver.url_for("/slack")}
    desk.tables["channel bot"] = (
        '[[channel]]\nname = "bot"\nkind = "slack-bot"\nchannel = "C024BE91L"\ntoken_env = "TOKEN"\n'
        'url_env = "SLACK"\nallow_private = true\nquiet_hours = "06:01-07:00"\n'
    )
    channel(desk, "", "gone")
    desk.rule('repeat = ["second-family", "sources-3"]\ncooldown = "0s"')
    for minutes, name, item in (
        (0, "herald", Item()),
        (1, "times", SECOND),  # in the quiet hours, in which trouble is told
        (1, "globe", NUCLEAR),
        (60, "none", Item(title="City council passes budget", text="It met on Friday.")),
        (1, "post", THIRD),
    ):
        desk.clock.turn(minutes=minutes)
        desk.feed(name, item, extra=f'family = "{name}"')
        desk.run()
    assert [(post["text"].partition(" by ")[0], "thread_ts" in post) for post in posts] == [
        (LAUNCH, False),
        ("Channel gone is disabled", False),
        ("2 stories on the peninsula", False),
        ("told", True),
    ]


def test_what_the_first_alert_named_is_no_news(desk: Desk, receiver: Callable[..., Received]) -> None:
    received = receiver()
    channel(desk, "")
    desk.rule('repeat = ["second-family"]\ncooldown = "0s"')
    desk.feed("herald", Item(), extra='family = "herald"')
    desk.feed("times", SECOND, extra='family = "times"')
    desk.run()
    desk.clock.turn(minutes=30)
    desk.feed("post", Item(title=SECOND.title + " again", text=LAUNCH_TEXT), extra='family = "post"')
    desk.run()
    assert told(received) == ["story.matched"]


def test_a_denial_and_another_number_are_news(desk: Desk, receiver: Callable[..., Received]) -> None:
    received = receiver()
    channel(desk, "")
    desk.rule('repeat = ["official", "figure"]\ncooldown = "0s"')
    text = LAUNCH_TEXT.replace("South Korea's Joint Chiefs of Staff said", "local media said")
    desk.feed("herald", Item(text=text))
    desk.run()
    desk.clock.turn(minutes=1)
    desk.feed(
        "times",
        Item(
            title="North Korea fires three short-range ballistic missiles toward the East Sea",
            text=text.replace("two", "three") + " The defense ministry confirmed the launch.",
        ),
    )
    desk.run()
    assert sorted(told(received)) == ["story.figure", "story.matched", "story.official"]
    assert "3, first told as 2" in "".join(json.loads(one.get_data())["data"]["news"] for one in received)
    assert parse(OFFICIAL)


def test_quiet_hours_hold_alerts_and_send_them_together(
    desk: Desk, receiver: Callable[..., Received]
) -> None:
    received, urgent = receiver(), receiver("/urgent")
    channel(desk, 'quiet_hours = "14:00-16:00"\nzone = "Asia/Seoul"')  # it is 15:00 in Seoul
    channel(desk, 'quiet_hours = "14:00-16:00"\nzone = "Asia/Seoul"', "urgent")
    desk.rule('channels = ["hook"]')
    desk.rule('channels = ["urgent"]\nurgent = true', "loud")
    desk.feed("herald", Item(), NUCLEAR)
    report = desk.run()
    assert received == []
    assert len(urgent) == 2
    assert report.sent.held == 2
    desk.clock.turn(minutes=61)
    desk.run()
    assert told(received) == ["story.digest"]
    data = json.loads(received[0].get_data())["data"]
    assert {line["title"] for line in data["lines"]} == {LAUNCH, NUCLEAR.title}
    assert data["count"] == 2
    assert sorted(state.state for state in states(desk) if state.alert.channel == "hook") == [
        "bundled",
        "bundled",
        "delivered",
    ]


def test_a_digest_is_sent_on_the_hour(desk: Desk, receiver: Callable[..., Received]) -> None:
    received = receiver()
    desk.clock.turn(minutes=10)
    channel(desk, 'digest = "1h"')
    desk.feed("herald", Item())
    desk.run()
    desk.clock.turn(minutes=20)
    desk.feed("herald", Item(), NUCLEAR)
    assert desk.run().sent.next_at == NOW + timedelta(hours=1)
    assert received == []
    desk.clock.turn(minutes=30)
    desk.run()
    assert told(received) == ["story.digest"]


def test_a_digest_lists_a_story_once_whatever_alerts_it_has(
    desk: Desk, receiver: Callable[..., Received]
) -> None:
    received = receiver()
    channel(desk, 'digest = "1h"')
    desk.rule('repeat = ["second-family"]\ncooldown = "0s"', "korea")
    desk.rule('any = ["missile-test"]', "launches")
    desk.feed("herald", Item(at=NOW - timedelta(hours=1)), NUCLEAR, extra='family = "herald"')
    desk.run()
    desk.clock.turn(minutes=5)
    desk.feed("times", SECOND, extra='family = "times"')
    desk.run()
    desk.clock.turn(hours=1)
    desk.run()
    data = said(received[0])
    assert (data["title"], data["count"]) == ("2 stories on the peninsula", 2)
    assert data["text"] == "4 alerts since the last digest; each story is listed once."
    notes = {line["title"]: line["note"] for line in data["lines"]}
    assert notes[NUCLEAR.title] == "rule korea"
    for said_of_it in ("rule korea", "rule launches", "told by herald, times"):
        assert notes[LAUNCH].count(said_of_it) == 1


def test_a_flood_is_one_alert_that_counts_them_all(desk: Desk, receiver: Callable[..., Received]) -> None:
    received = receiver("/hook", 500, 200)
    channel(desk, "flood = 1")
    desk.feed("herald", Item(), NUCLEAR)
    desk.run()
    desk.clock.turn(minutes=1)
    desk.run()
    assert told(received) == ["story.digest", "story.digest"]
    assert received[0].get_data() == received[1].get_data()
    assert json.loads(received[0].get_data())["data"]["count"] == 2
    assert sorted(state.state for state in states(desk)) == ["bundled", "bundled", "delivered"]


def test_alerts_told_in_a_digest_leave_in_another_one_when_they_are_replayed(
    desk: Desk, receiver: Callable[..., Received]
) -> None:
    received = receiver()
    channel(desk, "flood = 1")
    desk.feed("herald", Item(), NUCLEAR)
    desk.run()
    assert peninsula(desk, "alerts", "replay", "--state", "bundled")[0] == 0
    desk.clock.now = utc_now()  # the command's clock is the real one
    desk.run()
    assert told(received) == ["story.digest", "story.digest"]
    first, second = (json.loads(one.get_data()) for one in received)
    assert (first["data"]["count"], second["data"]["count"]) == (2, 2)
    assert first["data"]["id"] != second["data"]["id"]


def test_alerts_over_a_rate_wait_and_are_not_lost(desk: Desk, receiver: Callable[..., Received]) -> None:
    received = receiver()
    channel(desk, 'rate = "1/10m"')
    desk.feed("herald", Item(), NUCLEAR)
    report = desk.run()
    assert len(received) == 1
    assert report.sent.held == 1
    assert report.sent.next_at
    assert timedelta(minutes=9) < report.sent.next_at - NOW < timedelta(minutes=11)
    desk.clock.turn(minutes=5)
    desk.run()
    assert len(received) == 1
    desk.clock.turn(minutes=6)
    desk.run()
    assert len({request.headers["webhook-id"] for request in received}) == 2


def test_a_channel_that_is_gone_is_told_of_elsewhere_and_its_alerts_are_held(
    desk: Desk, receiver: Callable[..., Received]
) -> None:
    gone, good = receiver("/gone", 410, 200), receiver("/good")
    channel(desk, "", "gone")
    channel(desk, "", "good")
    desk.feed("herald", Item(), NUCLEAR)
    desk.run()
    desk.run()
    assert len(gone) == 1
    assert sorted(told(good)) == ["operations.channel-disabled", "story.matched", "story.matched"]
    held = [state for state in states(desk) if state.alert.channel == "gone"]
    assert sorted(state.state for state in held) == ["dead", "pending"]
    notice = next(body for body in map(said, good) if "lines" in body)
    assert "peninsula channels enable gone lets them leave, peninsula alerts replay" in notice["text"]
    with closing(desk.open()) as database, database.reading() as session:
        assert store.channel_states(session, [ChannelName("gone")])[ChannelName("gone")].state == "disabled"
    assert peninsula(desk, "channels", "enable", "gone")[1].splitlines() == [
        "gone is open.",
        "1 dead: peninsula alerts replay --channel gone has them sent again.",
    ]
    desk.run()
    assert len(gone) == 2


@pytest.mark.slow
def test_five_days_of_failures_disable_a_channel(desk: Desk, receiver: Callable[..., Received]) -> None:
    receiver("/bad", 503)
    good = receiver("/good")
    channel(desk, "", "bad")
    channel(desk, "", "good")
    desk.rule('channels = ["bad"]')
    desk.feed("herald", Item())
    desk.run()
    for _ in range(14):
        desk.clock.turn(hours=12)
        desk.feed("herald", Item(guid="x"), NUCLEAR)
        desk.run()
    with closing(desk.open()) as database, database.reading() as session:
        state = store.channel_states(session, [ChannelName("bad")])[ChannelName("bad")]
    assert state.state == "disabled"
    assert "5 days" in state.reason
    assert len(good) <= 2


def test_a_replay_keeps_the_id_and_every_attempt(desk: Desk, receiver: Callable[..., Received]) -> None:
    received = receiver("/hook", 404, 200)
    channel(desk, "")
    desk.feed("herald", Item())
    dead = desk.run().alerts[0]
    assert dead.state == "dead"
    with closing(desk.open()) as database:
        with database.writing() as session:
            store.replay(session, dead.alert.id, NOW)
        desk.run()
        with database.reading() as session:
            tries = store.attempts(session, dead.alert.id)
        assert [(one.number, one.outcome) for one in tries] == [(1, "dead"), (2, "delivered")]
        with database.writing() as session:
            new = store.replay(session, dead.alert.id, NOW, new=True)
    desk.run()
    ids = [request.headers["webhook-id"] for request in received]
    assert ids == [dead.alert.id, dead.alert.id, new]
    assert json.loads(received[2].get_data())["data"]["id"] == new


def test_a_dropped_alert_is_kept_and_never_sent(desk: Desk, receiver: Callable[..., Received]) -> None:
    received = receiver("/hook", 500)
    channel(desk, "")
    desk.feed("herald", Item())
    id_: AlertId = desk.run().alerts[0].alert.id
    with closing(desk.open()) as database, database.writing() as session:
        assert store.drop(session, id_, NOW)
        assert not store.drop(session, id_, NOW)
    desk.clock.turn(days=2)
    desk.run()
    assert len(received) == 1
    assert [state.state for state in states(desk)] == ["dropped"]


@pytest.mark.parametrize(
    ("zone", "digest", "now", "due"),
    [
        ("Asia/Seoul", "1d", "2026-11-22T06:00Z", "2026-11-22T23:00Z"),
        ("UTC", "1d", "2026-11-22T06:00Z", "2026-11-22T08:00Z"),
        ("UTC", "1d", "2026-11-22T08:00Z", "2026-11-23T08:00Z"),
        ("Asia/Kolkata", "1h", "2026-11-22T06:00Z", "2026-11-22T06:30Z"),
        # Berlin has two hours "two" on 25 October, and none on 29 March.
        ("Europe/Berlin", "1d", "2026-10-24T06:00Z", "2026-10-25T07:00Z"),
        ("Europe/Berlin", "1d", "2026-10-25T07:00Z", "2026-10-26T07:00Z"),
        ("Europe/Berlin", "1h", "2026-10-25T00:30Z", "2026-10-25T01:00Z"),
        ("Europe/Berlin", "1h", "2026-10-25T01:30Z", "2026-10-25T02:00Z"),
        ("Europe/Berlin", "1h", "2026-10-25T03:30Z", "2026-10-25T04:00Z"),
        ("Europe/Berlin", "6h", "2026-10-25T22:30Z", "2026-10-25T23:00Z"),
        ("Europe/Berlin", "1d", "2026-03-28T07:00Z", "2026-03-29T06:00Z"),
        ("Europe/Berlin", "1h", "2026-03-29T01:30Z", "2026-03-29T02:00Z"),
        ("Europe/Berlin", "6h", "2026-03-29T21:30Z", "2026-03-29T22:00Z"),
    ],
)
def test_a_digest_leaves_at_its_hour_whatever_the_clocks_of_its_zone_do(
    zone: str, digest: str, now: str, due: str
) -> None:
    every = {"1d": timedelta(days=1), "6h": timedelta(hours=6), "1h": timedelta(hours=1)}[digest]
    daily = Channel(name=ChannelName("d"), kind="terminal", zone=zone, digest=every)
    assert next_digest(daily, datetime.fromisoformat(now)) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("quiet", "now", "wakes"),
    [
        ("23:00-07:00", "2026-10-24T20:59Z", None),
        ("23:00-07:00", "2026-10-24T21:00Z", "2026-10-25T06:00Z"),  # nine hours that night
        ("23:00-07:00", "2026-10-25T05:59Z", "2026-10-25T06:00Z"),
        ("23:00-07:00", "2026-10-25T06:00Z", None),
        ("23:00-07:00", "2026-03-28T22:00Z", "2026-03-29T05:00Z"),  # seven hours that night
        ("02:00-03:00", "2026-03-29T01:00Z", None),  # an hour that there is not
        ("13:00-14:00", "2026-07-01T11:30Z", "2026-07-01T12:00Z"),
        ("13:00-14:00", "2026-12-01T11:30Z", None),
    ],
)
def test_quiet_hours_are_those_of_the_zone_in_summer_and_winter(
    quiet: str, now: str, wakes: str | None
) -> None:
    start, end = map(time.fromisoformat, quiet.split("-"))
    channel = Channel(name=ChannelName("d"), kind="terminal", zone="Europe/Berlin", quiet=(start, end))
    expected = datetime.fromisoformat(wakes) if wakes else None
    assert wakes_at(channel, datetime.fromisoformat(now)) == expected


def test_a_follow_up_is_told_from_the_first_alert_in_a_list(
    desk: Desk, receiver: Callable[..., Received]
) -> None:
    receiver()
    channel(desk, "")
    desk.rule('repeat = ["second-family"]\ncooldown = "0s"')
    desk.feed("herald", Item(), extra='family = "herald"')
    desk.run()
    desk.clock.turn(minutes=5)
    desk.feed("times", SECOND, extra='family = "times"')
    desk.run()
    code, out, _ = peninsula(desk, "alerts", "list")
    assert code == 0
    assert out.count("second-family: told by herald, times") == 1


def test_a_digest_in_a_list_has_its_own_title(desk: Desk, receiver: Callable[..., Received]) -> None:
    receiver()
    channel(desk, "flood = 1")
    desk.feed("herald", Item(), NUCLEAR)
    desk.run()
    assert "✓ 2 stories on the peninsula" in peninsula(desk, "alerts", "list", "--state", "delivered")[1]


def test_a_state_that_there_is_not_is_refused(desk: Desk) -> None:
    code, _, err = peninsula(desk, "alerts", "list", "--state", "bogus")
    assert code == 2
    assert "there is no state" in err


@pytest.mark.slow
def test_two_senders_together_send_slack_one_message_a_second(
    desk: Desk, receiver: Callable[..., Received]
) -> None:
    received = receiver("/slack")
    desk.env["SLACK"] = desk.server.url_for("/slack")
    desk.tables["channel slack"] = (
        '[[channel]]\nname = "slack"\nkind = "slack"\nurl_env = "SLACK"\nallow_private = true\n'
    )
    desk.tables["watch"] = '[watch]\nwindow = "1h"\n'
    desk.feed(
        "herald",
        *(
            Item(
                title=f"{LAUNCH} {hours}", text=f"{LAUNCH_TEXT} {hours}", at=NOW - timedelta(hours=2 * hours)
            )
            for hours in range(1, 5)
        ),
    )
    with closing(desk.open()) as database:
        configured = desk.settings()
        asyncio.run(pipeline.collect(database, configured, clock=desk.clock, selection=Selection()))
        pipeline.decide_new(database, configured, clock=desk.clock)

        async def both() -> None:
            await asyncio.gather(
                *(
                    pipeline.deliver_due(
                        database, configured, clock=utc_now, show=print, patience=timedelta(seconds=9)
                    )
                    for _ in range(2)
                )
            )

        asyncio.run(both())
        with database.reading() as session:
            at = sorted(
                one.started_at for state in states(desk) for one in store.attempts(session, state.alert.id)
            )
    assert len(received) == len(at) == 4
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in pairwise(at))
