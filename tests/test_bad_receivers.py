"""Receivers that fail: what each fault costs (D3), and what becomes of an alert in 76 hours of it (D4)."""

from __future__ import annotations

import asyncio
import gzip
import math
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from importlib import metadata
from itertools import pairwise
from threading import Thread

import pytest
from desk import NOW, Desk, Item
from pytest_httpserver import HTTPServer
from test_promise import NUCLEAR
from wire import Handler, Receiver, raw, receiving, saying

from flows import deliver, pipeline
from models import store
from models.alerts import SCHEDULE
from models.values import AlertState, ChannelName

GOOD = saying(raw(b"ok"))
SILENT = saying()
BIG = 10_000_000
HOOK = ChannelName("hook")


async def hang(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Say nothing until the sender goes."""
    await reader.read()


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say 200, and then never come to an end."""
    writer.write(raw(b"", length=BIG))
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.1)


def listening(desk: Desk, receiver: Receiver, name: str = "hook") -> None:
    """Configure a webhook at a receiver."""
    desk.webhook(name)
    desk.env[f"{name.upper()}_URL"] = receiver.url


def states(desk: Desk) -> list[AlertState]:
    """Give every alert there is."""
    with closing(desk.open()) as database, database.reading() as session:
        return list(store.alert_states(session, limit=50))


@pytest.mark.parametrize(
    ("fault", "reason", "uncertain"),
    [
        (saying(raw(b"no", status="500 Internal Server Error")), "answered 500", False),
        (saying(raw(b"no", status="503 Service Unavailable")), "answered 503", False),
        (saying(raw(b"no", status="502 Bad Gateway")), "answered 502", True),
        (SILENT, "the exchange broke off (RemoteProtocolError)", True),
        (saying(b"HTTP/1.1 2"), "the exchange broke off (RemoteProtocolError)", True),
        (saying(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "the exchange broke off (RemoteProtocolError)", True),
    ],
    ids=["500", "503", "502", "closes-at-once", "closes-in-the-status", "speaks-another-language"],
)
def test_a_fault_costs_one_attempt_and_the_alert_comes_again_under_its_id(
    desk: Desk, fault: Handler, reason: str, *, uncertain: bool
) -> None:
    with receiving(fault, GOOD) as receiver:
        listening(desk, receiver)
        desk.feed("herald", Item())
        held = desk.run().alerts[0]
        assert (held.state, held.reason, held.attempts) == ("pending", reason, 1)
        assert timedelta(seconds=4) <= held.next_at - NOW <= timedelta(seconds=6)
        with closing(desk.open()) as database, database.writing() as session:
            again = store.claim(session, [HOOK], NOW, token="t", holder="h", waiting_too=True)
            assert again
            assert again.uncertain is uncertain
            session.rollback()
        desk.clock.turn(seconds=6)
        assert [state.state for state in desk.run().alerts] == ["delivered"]
    assert len(receiver.posts) == 2
    assert len(set(receiver.posts)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        saying(raw(b"a half", length=100)),
        saying(raw(b"x" * BIG)),
        saying(raw(gzip.compress(bytes(BIG)), "Content-Encoding: gzip")),
        saying(raw(b"not packed", "Content-Encoding: gzip")),
        saying(b"HTTP/1.1 204 No Content\r\n\r\n"),
    ],
    ids=["breaks-off", "10-MB", "bomb", "garbled", "204"],
)
def test_an_alert_that_was_taken_is_not_sent_again_whatever_befalls_the_answer(
    desk: Desk, fault: Handler
) -> None:
    with receiving(fault) as receiver:
        listening(desk, receiver)
        desk.feed("herald", Item())
        assert [state.state for state in desk.run().alerts] == ["delivered"]
        desk.clock.turn(days=2)
        desk.run()
    assert len(receiver.posts) == 1


def test_a_busy_receiver_names_its_time_and_its_channel_waits_for_it(desk: Desk) -> None:
    with receiving(saying(raw(b"", "Retry-After: 70", status="429 Too Many Requests")), GOOD) as receiver:
        listening(desk, receiver)
        desk.feed("herald", Item(), NUCLEAR)
        desk.run()
        assert len(receiver.posts) == 1
        desk.clock.turn(seconds=69)
        assert desk.run().sent.next_at == NOW + timedelta(seconds=70)
        assert len(receiver.posts) == 1
        desk.clock.turn(seconds=1)
        desk.run()
    assert {state.state for state in states(desk)} == {"delivered"}
    assert len(receiver.posts) == 3
    assert len({id_ for id_, _ in receiver.posts}) == 2
    assert [state.attempts for state in states(desk)] in ([1, 2], [2, 1])


def test_a_rate_lets_nothing_out_before_the_time_that_a_busy_receiver_names(desk: Desk) -> None:
    with receiving(saying(raw(b"", "Retry-After: 3600", status="429 Too Many Requests")), GOOD) as receiver:
        listening(desk, receiver)
        desk.tables["channel hook"] += 'rate = "1/10m"\n'
        desk.feed("herald", Item(), NUCLEAR)
        desk.run()
        for _ in range(6):
            desk.clock.turn(minutes=9.9)
            desk.run()
        assert len(receiver.posts) == 1
        desk.clock.turn(minutes=1)
        desk.run()
        assert len(receiver.posts) == 2


def test_a_receiver_that_is_down_is_asked_twice_a_sweep_and_not_once_for_each_alert(desk: Desk) -> None:
    stories = [
        Item(title=f"{NUCLEAR.title}, day {day}", text=NUCLEAR.text, at=NOW - timedelta(hours=4 * day))
        for day in range(1, 7)
    ]
    desk.tables["watch"] = '[watch]\nwindow = "1h"\n'
    with receiving(SILENT) as receiver:
        listening(desk, receiver)
        desk.feed("herald", *stories)
        desk.run()
        assert len(receiver.posts) == 2
        assert sorted(state.attempts for state in states(desk)) == [0, 0, 0, 0, 1, 1]
        receiver.answers[:] = [GOOD]
        desk.clock.turn(seconds=10)
        desk.run()
    assert [state.state for state in states(desk)] == ["delivered"] * 6
    assert len({id_ for id_, _ in receiver.posts}) == 6


def to_the_end(desk: Desk) -> None:
    """Let the sweeps of a schedule run, one a minute, until nothing is left to try."""

    async def sweeps() -> None:
        with closing(desk.open()) as database:
            configured = desk.settings()
            at: datetime | None = desk.clock.now
            while at:
                waits = max(0, math.ceil((at - desk.clock.now) / timedelta(minutes=1)))
                desk.clock.turn(minutes=waits)
                sent = await pipeline.deliver_due(
                    database, configured, clock=desk.clock, show=desk.shown.append
                )
                at = sent.next_at

    asyncio.run(sweeps())


def test_a_receiver_that_is_dead_for_76_hours_gets_ten_attempts_and_then_by_hand_the_same_alert(
    desk: Desk,
) -> None:
    with receiving(saying(raw(b"", status="503 Service Unavailable"))) as receiver:
        listening(desk, receiver)
        desk.tables["channel desk"] = '[[channel]]\nname = "desk"\nkind = "terminal"\n'
        desk.rule('channels = ["hook"]')
        desk.feed("herald", Item())
        id_ = desk.run().alerts[0].alert.id
        to_the_end(desk)
        with closing(desk.open()) as database:
            with database.reading() as session:
                tries = store.attempts(session, id_)
                (dead,) = store.alert_states(session, ids=[id_], limit=1)
            times = [one.started_at for one in tries]
            waits = [later - earlier for earlier, later in pairwise(times)]
            assert len(times) == len(SCHEDULE) == 10
            for waited, planned in zip(waits, SCHEDULE[1:], strict=True):
                assert 0.8 * planned <= waited <= 1.2 * planned + timedelta(minutes=1)
            assert timedelta(hours=60) < times[-1] - times[0] < timedelta(hours=92)
            assert (dead.state, dead.reason) == ("dead", "answered 503; the last of 10 attempts")
            assert [line.splitlines()[0] for line in desk.shown] == ["▶ An alert on channel hook is dead"]
            desk.clock.turn(days=3)
            to_the_end(desk)
            assert len(receiver.posts) == 10
            receiver.answers[:] = [GOOD]
            with database.writing() as session:
                assert store.replay(session, id_, desk.clock()) == id_
        to_the_end(desk)
    assert {state.state for state in states(desk)} == {"delivered"}
    assert len(receiver.posts) == 11
    assert {post_id for post_id, _ in receiver.posts} == {id_}
    assert len({body for _, body in receiver.posts}) == 1


@pytest.mark.slow
def test_a_hang_costs_one_deadline_and_holds_up_no_other_channel(desk: Desk) -> None:
    if not desk.database_url.startswith("sqlite"):
        pytest.skip("fifteen seconds, which no database changes")
    with receiving(hang) as stuck, receiving(drip) as endless, receiving(GOOD) as good:
        for name, receiver in {"stuck": stuck, "endless": endless, "good": good}.items():
            listening(desk, receiver, name)
        desk.feed("herald", Item(), NUCLEAR)
        desk.rule('all = ["yongbyon"]')
        began = time.monotonic()
        done = Thread(target=desk.run)
        done.start()
        while not good.posts:
            assert done.is_alive()
            time.sleep(0.05)
        heard = time.monotonic() - began
        done.join()
        took = time.monotonic() - began
    assert heard < deliver.DEADLINE
    assert deliver.DEADLINE <= took < 2 * deliver.DEADLINE + heard
    found = {str(state.alert.channel): state for state in states(desk)}
    assert {name: state.state for name, state in found.items()} == {
        "stuck": "pending",
        "endless": "delivered",
        "good": "delivered",
    }
    assert found["stuck"].reason == "no answer within 15 s"
    assert [len(one.posts) for one in (stuck, endless, good)] == [1, 1, 1]


@contextmanager
def ten_megabytes(sent: list[int]) -> Iterator[str]:
    """Answer 10 MB from a short queue, and count what the sender takes of it."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
            connection.recv(100_000)
            connection.sendall(raw(b"", length=BIG))
            while sum(sent) < BIG:
                sent.append(connection.send(b"x" * 4096))

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"
    finally:
        thread.join(30)
        server.close()


def test_of_an_answer_of_ten_megabytes_twenty_kilobytes_are_read() -> None:
    async def ask(url: str) -> bytes:
        async with deliver.open_client(allow_private=True) as client:
            answer = await client.send(client.build_request("POST", url), stream=True)
            read = await deliver._beginning(answer, asyncio.get_running_loop().time() + deliver.DEADLINE)
            await answer.aclose()
            return read

    sent: list[int] = []
    with ten_megabytes(sent) as url:
        assert len(asyncio.run(ask(url))) == deliver.MAX_ANSWER == 20_000
    assert sum(sent) < BIG / 5  # the rest is what the queues of the wire held


def test_a_receiver_hears_the_products_name_and_version(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook").respond_with_data("ok")
    desk.webhook()
    desk.feed("herald", Item())
    desk.run()
    posted, _ = httpserver.log[-1]
    assert posted.headers["User-Agent"] == f"peninsula-watch/{metadata.version('peninsula-watch')}"
