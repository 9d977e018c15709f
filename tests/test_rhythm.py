"""When a feed is asked again, and how politely."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from desk import NOW, Desk, Item, rss
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from flows import collect
from flows.turns import Turns
from models import store
from models.sources import parse_feed, rhythm
from models.values import Added, Collected, Fetched, Source, SourceName, SourceState, Validators

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FEED = Source(name=SourceName("estuary"), url="https://estuary.example/rss")


def next_period(state: SourceState, feed: Source = FEED, **options: Any) -> timedelta:
    return rhythm.next_period(feed, state, now=NOW, **options)


def test_a_feed_is_asked_as_often_as_it_brings_something_new() -> None:
    periods = [next_period(SourceState(pace=pace, listed=100)) for pace in (0.1, 0.5, 1, 3, 60)]
    assert periods == [HOUR, 30 * MINUTE, 15 * MINUTE, 5 * MINUTE, 2 * MINUTE]


def test_a_small_window_is_asked_before_it_can_roll_over() -> None:
    advised = SourceState(pace=3, listed=4, advice=HOUR)
    assert next_period(advised) == 20 * MINUTE
    assert next_period(replace(advised, listed=200)) == HOUR


def test_what_a_person_wrote_stands_whatever_was_learnt() -> None:
    fixed = replace(FEED, every=10 * MINUTE, floor=10 * MINUTE, ceiling=10 * MINUTE)
    for pace in (None, 0.01, 100):
        assert next_period(SourceState(pace=pace, listed=10, advice=HOUR), fixed) == 10 * MINUTE


def test_a_server_that_would_send_the_same_bytes_is_left_in_peace() -> None:
    assert next_period(SourceState(pace=60, listed=10), max_age=20 * MINUTE) == 20 * MINUTE
    assert next_period(SourceState(pace=60, listed=10), max_age=timedelta(days=9)) == HOUR


def test_a_gap_is_followed_by_the_shortest_period() -> None:
    assert next_period(SourceState(pace=0.1, listed=10), gap=True) == 2 * MINUTE


@given(
    pace=st.none() | st.floats(0, 1e6),
    listed=st.integers(0, 3_000),
    advice=st.none() | st.timedeltas(timedelta(0), timedelta(days=400)),
    max_age=st.none() | st.timedeltas(timedelta(0), timedelta(days=400)),
    gap=st.booleans(),
    chance=st.floats(0, 1),
)
def test_a_period_never_leaves_its_bounds(
    pace: float | None,
    listed: int,
    advice: timedelta | None,
    max_age: timedelta | None,
    gap: bool,  # noqa: FBT001 - drawn by hypothesis
    chance: float,
) -> None:
    state = SourceState(pace=pace, listed=listed, advice=advice)
    period = next_period(state, gap=gap, max_age=max_age)
    assert FEED.floor <= period <= FEED.ceiling
    assert 0.89 * period <= rhythm.jittered(period, chance) <= period


def test_failures_wait_longer_each_time_and_as_long_as_the_server_asks() -> None:
    waits = [rhythm.after_failure(FEED, SourceState(failures=n), chance=0) for n in (0, 1, 2, 9, 400)]
    assert waits == [15 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR, 6 * HOUR]
    assert rhythm.after_failure(FEED, SourceState(), chance=1) == 12 * MINUTE
    assert rhythm.after_failure(FEED, SourceState(), chance=1, asked=9 * HOUR) == 9 * HOUR


def test_the_first_document_tells_a_pace_by_its_dates_and_the_next_by_what_is_new() -> None:
    dates = [NOW - n * 30 * MINUTE for n in range(20)]
    state = rhythm.learn(SourceState(), Added(new=20), dates, now=NOW)
    assert state.pace == pytest.approx(2.0, rel=0.2)
    assert (state.listed, state.newest_at) == (20, NOW)
    for hour in range(1, 60):
        state = rhythm.learn(state, Added(known=14), dates, now=NOW + hour * HOUR)
    assert state.pace == pytest.approx(6.0, rel=0.1)
    assert 2 * MINUTE < rhythm.next_period(FEED, state, now=NOW + 59 * HOUR) < 3 * MINUTE
    quiet = rhythm.next_period(FEED, state, now=NOW + 99 * HOUR)
    assert 45 * MINUTE < quiet < HOUR  # a quarter of its window, at its usual pace


@pytest.mark.parametrize(("items", "most"), [(2, 30), (3, 50), (4, 50)])
def test_a_few_items_in_a_row_are_no_ticker(items: int, most: float) -> None:
    dates = [NOW - n * 5 * MINUTE for n in range(items)]
    at_once = rhythm.learn(SourceState(), Added(new=items), dates, now=NOW)
    later = rhythm.learn(SourceState(), Added(new=items), dates, now=NOW + 12 * HOUR)
    undated = SourceState(document_at=NOW - 5 * MINUTE)
    undated = rhythm.learn(undated, Added(), [None] * items, now=NOW)
    assert at_once.pace
    assert later.pace
    assert undated.pace
    assert 24 * later.pace < 6 < 24 * at_once.pace < most
    assert 24 * undated.pace < 24 * items
    assert rhythm.next_period(FEED, later, now=NOW + 12 * HOUR) == HOUR


def test_many_items_in_a_row_are_a_ticker_at_once() -> None:
    dates = [NOW - n * MINUTE for n in range(60)]
    state = rhythm.learn(SourceState(), Added(new=60), dates, now=NOW)
    assert state.pace
    assert state.pace > 15
    assert rhythm.next_period(FEED, state, now=NOW) == FEED.floor


def test_a_time_that_a_wrong_clock_set_is_due() -> None:
    assert rhythm.is_due(SourceState(next_at=NOW + timedelta(days=400)), NOW)
    assert not rhythm.is_due(SourceState(next_at=NOW + HOUR), NOW)


@given(
    period=st.timedeltas(MINUTE, HOUR),
    place=st.floats(0, 0.1),
    late=st.floats(-5, 60),
    chance=st.floats(0, 1),
)
def test_a_feed_misses_no_tick_of_its_period_wherever_it_stands_in_a_sweep(
    period: timedelta, place: float, late: float, chance: float
) -> None:
    asked = NOW + place * period
    turn = rhythm.next_turn(period, chance, began=NOW, now=asked)
    state = SourceState(checked_at=asked, next_at=turn)
    assert rhythm.is_due(state, NOW + period + timedelta(seconds=late) + 0.01 * MINUTE)
    assert turn - asked >= 0.79 * period
    assert not rhythm.is_due(state, asked + 0.7 * period)


def test_a_server_in_trouble_is_asked_no_moment_early() -> None:
    state = SourceState(checked_at=NOW - HOUR, next_at=NOW + MINUTE / 60)
    assert rhythm.is_due(state, NOW)
    assert not rhythm.is_due(replace(state, failures=1), NOW)


def test_a_clock_set_back_in_mid_sweep_puts_no_turn_off() -> None:
    assert rhythm.next_turn(HOUR, 0, began=NOW + 9 * HOUR, now=NOW) == NOW + HOUR


@pytest.mark.parametrize(
    ("head", "advice"),
    [
        ("<ttl>60</ttl>", HOUR),
        ("<ttl>soon</ttl>", None),
        ("", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 15 * MINUTE),
        ("<sy:updatePeriod> daily </sy:updatePeriod>", timedelta(days=1)),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
    ],
)
def test_what_a_document_asks_for_is_read(head: str, advice: timedelta | None) -> None:
    space = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
    body = f"<rss version='2.0' {space}><channel>{head}<item><title>A</title></item></channel></rss>"
    assert parse_feed(body.encode(), where="estuary").advice == advice


# --- one host, one request --------------------------------------------------------------


def test_one_host_is_asked_once_at_a_time_and_others_do_not_wait() -> None:
    running: Counter[str] = Counter()
    most: Counter[str] = Counter()
    turns = Turns(4, timedelta(seconds=0.02))

    async def ask(host: str) -> None:
        feed = replace(FEED, url=f"https://{host}/rss")
        async with turns.turn(feed, feed.url):
            running[host] += 1
            running["all"] += 1
            most.update({name: max(0, running[name] - most[name]) for name in (host, "all")})
            await asyncio.sleep(0.02)
            running[host] -= 1
            running["all"] -= 1

    async def everyone() -> None:
        await asyncio.gather(*(ask(host) for host in ["a.kr"] * 5 + ["b.kr"] * 5 + ["c.kr", "d.kr", "e.kr"]))

    started = time.monotonic()
    asyncio.run(everyone())
    took = time.monotonic() - started
    assert most["a.kr"] == most["b.kr"] == 1
    assert most["all"] > 1
    assert took >= 5 * 0.02 + 4 * 0.02


def fetch(desk: Desk, *items: Item) -> Collected:
    desk.clock.turn(minutes=15)
    desk.feed("herald", *items)
    return desk.run().sources[0]


def state_of(desk: Desk, name: str = "herald") -> SourceState:
    database = desk.open()
    with database.reading() as session:
        state = store.source_states(session)[SourceName(name)]
    database.close()
    return state


def test_who_asks_every_minute_finds_a_busy_feed_due_before_the_watch_comes_round(desk: Desk) -> None:
    busy = [
        Item(title=f"Ticker {n}", text=f"No. {n}", guid=str(n), at=NOW - timedelta(minutes=n))
        for n in range(20)
    ]
    fetch(desk, *busy)
    found = []
    for _ in range(4):
        database = desk.open()
        found.append(collect.any_due(database, desk.settings(), desk.clock()))
        database.close()
        desk.clock.turn(minutes=1)
    assert (found[0], found[-1]) == (False, True)


def items(start: int, count: int = 10) -> list[Item]:
    return [
        Item(title=f"Notice {n} of the harbour office", guid=str(n), url=f"https://a.kr/{n}", text=f"No. {n}")
        for n in range(start, start + count)
    ]


def test_a_window_that_rolled_over_unseen_is_reported(desk: Desk) -> None:
    fetch(desk, *items(0))
    assert [fault.code for fault in fetch(desk, *items(5)).faults] == []
    done = fetch(desk, *items(40))
    assert [fault.code for fault in done.faults] == ["gap"]
    assert [event.kind for event in done.events] == ["gap"]
    assert state_of(desk).next_at == pytest.approx(desk.clock.now + 2 * MINUTE, abs=13 * timedelta(seconds=1))
    assert fetch(desk, *items(41)).events == ()


def test_the_same_bytes_from_a_server_without_validators_are_not_read_again(
    desk: Desk, httpserver: HTTPServer
) -> None:
    desk.feed("herald", Item())
    document = rss([Item()], title="herald")
    httpserver.clear()
    httpserver.expect_request("/feeds/herald").respond_with_data(
        document, headers={"Cache-Control": "max-age=1800"}
    )
    assert desk.run().sources[0].new == 1
    desk.clock.turn(minutes=15)
    assert desk.run().sources[0].unchanged
    next_at = state_of(desk).next_at
    assert next_at is not None
    assert next_at >= desk.clock.now + 27 * MINUTE


def test_only_what_is_new_is_taken_from_a_server_that_sends_just_that(
    desk: Desk, httpserver: HTTPServer
) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        if request.headers.get("A-IM") == "feed":
            body = rss(items(10, 1), title="herald")
            return Response(body, status=226, headers={"ETag": '"2"', "IM": "feed"})
        return Response(rss(items(0), title="herald"), headers={"ETag": '"1"'})

    desk.feed("herald")
    httpserver.clear()
    httpserver.expect_request("/feeds/herald").respond_with_handler(answer)
    assert desk.run().sources[0].new == 10
    desk.clock.turn(minutes=15)
    done = desk.run().sources[0]
    assert (done.new, [event.kind for event in done.events]) == (1, [])
    assert "A-IM" not in seen[0].headers
    assert state_of(desk).listed == 10


def test_one_fetch_in_a_hundred_believes_no_validator(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rhythm.UNCONDITIONAL == 100
    monkeypatch.setattr(rhythm, "UNCONDITIONAL", 10)  # a tenth of the way, for the reader's time
    desk.feed("herald", Item())
    configured = desk.settings()
    database = desk.open()
    for _ in range(11):
        asyncio.run(collect.collect_feeds(database, configured, clock=desk.clock))
    database.close()
    bare = [n for n, (request, _) in enumerate(desk.server.log) if "If-None-Match" not in request.headers]
    assert bare == [0, 9]


def test_a_server_that_says_unchanged_for_ever_is_found_out_and_not_believed_again(
    desk: Desk, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rhythm, "UNCONDITIONAL", 4)
    seen: list[bool] = []

    def answer(request: Request) -> Response:
        seen.append("If-None-Match" in request.headers)
        if seen[-1]:
            return Response(status=304, headers={"ETag": '"1"'})
        return Response(rss(items(len(seen) // 2), title="herald"), headers={"ETag": '"1"'})

    desk.feed("herald")
    httpserver.clear()
    httpserver.expect_request("/feeds/herald").respond_with_handler(answer)
    done = []
    for _ in range(6):
        desk.clock.turn(minutes=60)
        done.append(desk.run().sources[0])
    assert seen == [False, True, True, False, False, False]
    assert [one.new for one in done] == [10, 0, 0, 2, 0, 1]
    assert [[event.kind for event in one.events] for one in done[3:]] == [["validators"], [], []]
    assert [fault.code for fault in done[3].faults] == ["validators"]
    assert state_of(desk).validators_lie


@pytest.mark.parametrize(
    ("etags", "fresh", "lied"),
    [
        (('"1"', '"1"'), [NOW], True),  # its validator stands on another document
        (('"1"', '"1"'), [], False),  # another advertisement, and nothing new
        (('"1"', '"2"'), [NOW], False),  # it changed since the last fetch, as documents do
        (('"1"', '"2"'), [NOW - 5 * HOUR] * 3, True),  # all that was there before, and was not told
        (('"1"', '"2"'), [NOW - 5 * HOUR] * 2 + [NOW], False),
        (('"1"', '"2"'), [None] * 5, False),
        ((None, '"2"'), [NOW - 5 * HOUR] * 3, False),  # nothing to lie with
    ],
)
def test_what_makes_a_validator_a_lie(
    etags: tuple[str | None, str],
    fresh: list[datetime | None],
    lied: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    state = SourceState(validators=Validators(etag=etags[0]), checked_at=NOW - HOUR, asked=99)
    answer = Fetched(
        body=b"", content_type="", validators=Validators(etag=etags[1]), url=FEED.url, status=200
    )
    assert rhythm.has_lied(state, answer, fresh) is lied
    assert not rhythm.has_lied(replace(state, asked=98), answer, fresh)  # it was asked as usual
