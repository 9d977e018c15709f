"""The outbox: leases, tokens, what a stopped sender leaves behind."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Timer

import pytest
from desk import NOW, Desk, Item
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from test_cli import peninsula
from werkzeug import Request, Response

from flows import leases, pipeline
from flows.clock import utc_now
from models import database as databases
from models import store
from models.database import Database
from models.tables import AlertRow, AttemptRow, ChannelRow
from models.values import ChannelName, Claim, Dead, Delivered, Retry, Selection, Verdict

CHANNEL = ChannelName("hook")
LONG_AFTER = NOW + timedelta(days=9)


@pytest.fixture
def outbox(desk: Desk) -> Iterator[Database]:
    """Give a database with one alert due on the channel "hook"."""
    desk.webhook(CHANNEL)
    desk.feed("herald", Item())
    configured = desk.settings()
    database = desk.open()
    asyncio.run(pipeline.collect(database, configured, clock=desk.clock, selection=Selection()))
    pipeline.decide_new(database, configured, clock=desk.clock)
    yield database
    database.close()


def claim(database: Database, *, token: str = "t1", holder: str = "me", at: datetime = NOW) -> Claim | None:
    """Lease what is due."""
    with database.writing() as session:
        return store.claim(session, [CHANNEL], at, token=token, holder=holder)


def record(database: Database, held: Claim, verdict: Verdict, *, at: datetime = NOW) -> str:
    """Write what came of it."""
    with database.writing() as session:
        return store.record(session, held, verdict, at, jitter=1.0)


def row(session: Session) -> AlertRow:
    """Give the one alert there is."""
    return session.scalars(select(AlertRow)).one()


def test_an_alert_is_leased_to_one_sender_at_a_time(outbox: Database) -> None:
    assert claim(outbox) is not None
    assert claim(outbox, token="t2") is None


def test_the_attempt_is_on_record_before_anything_is_sent(outbox: Database) -> None:
    claim(outbox)
    with outbox.reading() as session:
        attempt = session.scalars(select(AttemptRow)).one()
        assert (attempt.number, attempt.ended_at) == (1, None)


def test_a_delivered_alert_is_never_claimed_again(outbox: Database) -> None:
    held = claim(outbox)
    assert held
    assert record(outbox, held, Delivered(status=200)) == "delivered"
    assert claim(outbox, at=LONG_AFTER) is None


def test_a_sender_that_slept_through_its_lease_changes_nothing(outbox: Database) -> None:
    late = claim(outbox)
    assert late
    after = NOW + timedelta(minutes=2)
    with outbox.writing() as session:
        assert store.release(session, after) == 1
    second = claim(outbox, token="t2", at=after)
    assert second
    assert second.alert.id == late.alert.id
    assert second.uncertain
    assert record(outbox, late, Delivered(status=200), at=after) == "lost"
    assert record(outbox, second, Delivered(status=200), at=after) == "delivered"


def test_a_dead_sender_on_this_machine_is_not_waited_for(outbox: Database) -> None:
    claim(outbox, holder=f"{leases.holder().rsplit(' ', 2)[0]} 999999 1")
    with outbox.writing() as session:
        gone = leases.gone(session)
        assert store.release(session, NOW, gone=gone) == 1
    assert claim(outbox) is not None


def test_a_living_sender_keeps_its_lease(outbox: Database) -> None:
    claim(outbox, holder=leases.holder())
    with outbox.writing() as session:
        assert not any(leases.is_gone(holder) for holder in store.holders(session))
        assert store.release(session, NOW) == 0


def test_a_sender_that_ended_and_was_not_reaped_is_gone() -> None:
    """Containers without an init keep such processes in /proc for ever."""
    machine = leases.holder().rsplit(" ", 2)[0]
    child = subprocess.Popen(["sleep", "30"])
    started = Path(f"/proc/{child.pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[19]
    name = f"{machine} {child.pid} {started}"
    assert not leases.is_gone(name)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays a zombie
    assert leases.is_gone(name)
    child.wait()


def test_of_a_sender_on_another_machine_nothing_is_assumed() -> None:
    assert not leases.is_gone("elsewhere 1 1")


def test_ten_failures_make_a_dead_letter_that_is_kept(outbox: Database) -> None:
    at = NOW
    for attempt in range(1, 11):
        held = claim(outbox, at=at)
        assert held
        assert held.attempt == attempt
        state = record(outbox, held, Retry(reason="answered 500", status=500), at=at)
        with outbox.reading() as session:
            at = row(session).next_at
    assert state == "dead"
    with outbox.reading() as session:
        assert "last of 10 attempts" in (row(session).last_reason or "")
        assert session.scalars(select(func.count()).select_from(AttemptRow)).one() == 10


def test_a_receiver_that_is_gone_closes_its_channel(outbox: Database) -> None:
    held = claim(outbox)
    assert held
    assert record(outbox, held, Dead(reason="gone", status=410, disable=True)) == "dead"
    with outbox.reading() as session:
        assert session.get_one(ChannelRow, CHANNEL).state == "disabled"


def test_a_clock_that_jumped_back_does_not_put_an_alert_off_for_ever(outbox: Database) -> None:
    held = claim(outbox, at=NOW + timedelta(days=400))
    assert held
    record(outbox, held, Retry(reason="no answer"), at=NOW + timedelta(days=400))
    assert claim(outbox, token="t2", at=NOW) is not None


def test_deliver_now_tries_what_waits_once_and_ends(desk: Desk) -> None:
    """Seen against a receiver that answered 500, then 429: the sweep never ended."""
    desk.server.expect_request("/hook").respond_with_data("busy", status=503)
    desk.webhook(CHANNEL)
    desk.feed("herald", Item())
    desk.run()
    database, configured = desk.open(), desk.settings()
    sent = asyncio.run(
        asyncio.wait_for(
            pipeline.deliver_due(
                database,
                configured,
                clock=utc_now,
                show=desk.shown.append,
                patience=timedelta(seconds=0.2),
                waiting_too=True,
            ),
            timeout=20,
        )
    )
    database.close()
    assert len(sent.retried) == 1


def test_what_a_receiver_took_is_put_on_record_though_the_database_is_busy(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "BUSY_TIMEOUT_MS", 100)
    got: list[str] = []

    def take(request: Request) -> Response:
        got.append(request.headers["webhook-id"])
        other = sqlite3.connect(sqlite_desk.folder / "peninsula.db", check_same_thread=False)
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        Timer(0.4, other.close).start()
        return Response(status=204)

    sqlite_desk.server.expect_request("/hook").respond_with_handler(take)
    sqlite_desk.webhook(CHANNEL)
    sqlite_desk.feed("herald", Item())
    assert len(sqlite_desk.run().sent.delivered) == 1
    sqlite_desk.run()
    assert len(got) == 1


def test_a_pager_that_stops_reading_undoes_nothing(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    sqlite_desk.server.expect_request("/hook").respond_with_data("gone", status=404)
    sqlite_desk.webhook(CHANNEL)
    sqlite_desk.feed("herald", Item())
    assert len(sqlite_desk.run().sent.dead) == 1
    with monkeypatch.context() as patched:
        patched.setattr("typer.echo", stop)
        peninsula(sqlite_desk, "alerts", "replay")
    with closing(sqlite_desk.open()) as database, database.reading() as session:
        assert row(session).state == "pending"
