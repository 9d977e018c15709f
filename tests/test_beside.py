"""Two processes at one moment, on PostgreSQL, where both get far before one has to wait.

Each test holds one of them at the worst place, in a transaction that is not committed, and
has the other go on. No wait for a lock is longer than five seconds here: a lock too many is
an error, not a test that hangs.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from databases import drop, empty_copy
from desk import LAUNCH_TEXT, NOW, Clock, Desk, Item
from outside import poll
from pytest_httpserver import HTTPServer
from sqlalchemy import select, text, update
from test_cap import flood
from werkzeug import Request, Response

from flows import keeping, pipeline, sending
from models import database as databases_of
from models import store
from models.database import Database
from models.errors import DatabaseError
from models.tables import AlertRow, ArticleRow, AttemptRow, VersionRow
from models.values import AlertId, ChannelName, Claim, Delivered, Selection

HOOK = ChannelName("hook")
LATER = NOW + timedelta(minutes=2)  # a lease of NOW has run out


@pytest.fixture
def database_url(postgresql: str, migrated: str) -> Iterator[str]:
    """Give the URL of an empty database on which nobody waits for long."""
    url = empty_copy(postgresql, migrated)
    yield f"{url}&options=-clock_timeout%3D5s"
    drop(url)


@pytest.fixture
def posts(desk: Desk, httpserver: HTTPServer) -> list[Any]:
    """Give what the receiver of the channel "hook" has got."""
    got: list[Any] = []

    def take(request: Request) -> Response:
        got.append(request.get_json())
        return Response(status=204)

    desk.webhook(HOOK)
    httpserver.expect_request(f"/{HOOK}").respond_with_handler(take)
    return got


@pytest.fixture
def database(desk: Desk) -> Iterator[Database]:
    """Give the desk's database, open."""
    made = desk.open()
    yield made
    made.close()


@contextmanager
def beside(database: Database, work: Callable[[], Any]) -> Iterator[Future[Any]]:
    """Start some work in a thread, and go on once it waits for a lock."""
    waits = text("SELECT 1 FROM pg_locks WHERE NOT granted")
    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(work)
        with database.reading() as session:
            poll(lambda: going.done() or session.scalar(waits), seconds=5, what="the other one, waiting")
        yield going


def collect(desk: Desk, database: Database) -> None:
    """Read the feeds."""
    asyncio.run(pipeline.collect(database, desk.settings(), clock=desk.clock, selection=Selection()))


def decide(desk: Desk, database: Database) -> tuple[AlertId, ...]:
    """Decide what waits; give the alerts."""
    return pipeline.decide_new(database, desk.settings(), clock=desk.clock).alerts


def deliver(desk: Desk, database: Database, now: datetime) -> tuple[AlertId, ...]:
    """Deliver what is due at a time; give what left."""
    clock, shown = Clock(now), desk.shown.append
    return asyncio.run(pipeline.deliver_due(database, desk.settings(), clock=clock, show=shown)).delivered


def due(desk: Desk, database: Database) -> AlertId:
    """Have one alert due; give its id."""
    desk.feed("herald", Item())
    collect(desk, database)
    [made] = decide(desk, database)
    return made


def claim(database: Database, *, token: str, at: datetime = NOW) -> Claim:
    """Lease what is due."""
    with database.writing() as session:
        found = store.claim(session, [HOOK], at, token=token, holder=f"elsewhere {token}")
    assert found
    return found


def state(database: Database, id_: AlertId) -> str:
    """Give an alert's state."""
    with database.reading() as session:
        return session.get_one(AlertRow, id_).state


# --- the outbox ----------------------------------------------------------------------------


def test_a_lease_that_another_one_takes_back_is_not_taken_back_twice(
    desk: Desk, posts: list[Any], database: Database
) -> None:
    due(desk, database)
    claim(database, token="died")
    with database.writing() as session:
        assert store.release(session, LATER) == 1
        session.flush()
        with database.writing() as other:
            assert store.release(other, LATER) == 0
    assert posts == []


def test_what_a_late_sender_records_is_not_taken_back(
    desk: Desk, posts: list[Any], database: Database
) -> None:
    id_ = due(desk, database)
    late = claim(database, token="late")
    with database.writing() as session:
        assert store.record(session, late, Delivered(), LATER, jitter=1.0) == "delivered"
        session.flush()
        with database.writing() as other:
            assert store.release(other, LATER) == 0
    assert state(database, id_) == "delivered"
    assert posts == []


def test_what_a_sender_takes_is_not_dropped(desk: Desk, posts: list[Any], database: Database) -> None:
    id_ = due(desk, database)

    def drop_it() -> bool:
        with database.writing() as session:
            return store.drop(session, id_, NOW)

    with ThreadPoolExecutor(1):
        with database.writing() as session:
            held = store.claim(session, [HOOK], NOW, token="t1", holder="me")
            with beside(database, drop_it) as dropped:
                session.commit()
        assert dropped.result() is False
    assert held
    with database.writing() as session:
        assert store.record(session, held, Delivered(), NOW, jitter=1.0) == "delivered"
        assert session.scalars(select(AttemptRow.outcome)).all() == ["delivered"]
    assert posts == []


def test_two_senders_keep_a_channels_rate(desk: Desk, posts: list[Any], database: Database) -> None:
    desk.tables["channel hook"] += 'rate = "1/1h"\n'
    desk.feed("herald", Item(), Item(title="Bank of Korea raises its key rate", text="In Seoul, on Sunday."))
    collect(desk, database)
    assert len(decide(desk, database)) == 2
    [channel] = desk.settings().desk.channels.values()

    def take() -> Claim | None:
        return sending._claim(database, channel, NOW, waiting_too=False, tried=())

    with database.writing() as session:
        store.enable(session, HOOK)  # its row is there
    with database.writing() as session:
        assert store.gate(session, channel, NOW).open
        with beside(database, take) as second:
            store.spend(session, channel, NOW)
            session.commit()
        assert second.result() is None
    assert posts == []


# --- decided while it is sent ------------------------------------------------------------------


def test_what_joins_an_alert_in_its_wait_is_named_by_it(
    desk: Desk, posts: list[Any], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.rule('group_wait = "5m"\nrepeat = ["second-family"]\ncooldown = "1m"')
    due(desk, database)
    desk.clock.turn(minutes=4, seconds=59)
    second = Item(title="Two ballistic missiles fired by North Korea into East Sea", at=desk.clock.now)
    second.text = f"SEOUL: {LAUNCH_TEXT} Japan also confirmed the launch of two missiles."
    desk.feed("times", second)
    collect(desk, database)
    whole = store.apply

    def apply_beside_a_sender(*given: Any, **named: Any) -> None:
        assert deliver(desk, database, NOW + timedelta(minutes=5, seconds=1)) == ()
        whole(*given, **named)

    monkeypatch.setitem(vars(store), "apply", apply_beside_a_sender)
    decide(desk, database)
    assert len(deliver(desk, database, NOW + timedelta(minutes=6))) == 1
    assert "times" in json.dumps(posts[0])


def test_alerts_over_a_cap_go_into_no_digest_that_is_leaving(
    desk: Desk, posts: list[Any], database: Database
) -> None:
    flood(desk, *range(9))
    collect(desk, database)
    decide(desk, database)
    desk.clock.turn(minutes=59, seconds=58)
    flood(desk, *range(15))
    collect(desk, database)
    with database.writing() as session:
        leaving = _take_digest(session, NOW + timedelta(hours=1, seconds=1))
        session.flush()
        decide(desk, database)
    with database.reading() as session:
        into = set(session.scalars(select(AlertRow.digest_id).where(AlertRow.created_at > NOW)))
    assert leaving.alert.id not in into
    assert posts == []


def _take_digest(session: Any, now: datetime) -> Claim:
    for number in range(9):
        held = store.claim(session, [HOOK], now, token=f"t{number}", holder="me")
        assert held
        if held.alert.kind.startswith("story.digest"):
            return held
    raise AssertionError("no digest is due")


# --- edited while it is decided ------------------------------------------------------------------


def test_an_edit_keeps_when_the_text_before_it_was_decided(desk: Desk, database: Database) -> None:
    desk.feed("herald", Item(guid="a"))
    collect(desk, database)
    desk.feed("herald", Item(guid="a", text="Correction: nothing was fired."))
    with database.writing() as session:
        session.execute(update(ArticleRow).values(state="decided", decided_at=NOW))
        with beside(database, lambda: collect(desk, database)) as edited:
            session.commit()
        edited.result()
    with database.reading() as session:
        assert session.scalars(select(VersionRow.decided_at)).all() == [NOW]


def test_of_a_page_and_an_edit_that_come_at_once_the_second_one_yields(
    desk: Desk, database: Database
) -> None:
    desk.feed("herald", Item(guid="a"))
    collect(desk, database)
    with database.reading() as session:
        [article] = store.undecided(session, 1)
    desk.feed("herald", Item(guid="a", text="Correction: nothing was fired."))

    def complete() -> bool:
        with database.writing() as session:
            return store.complete(session, article, LAUNCH_TEXT * 5, now=NOW)

    with database.writing() as session:
        session.execute(update(ArticleRow).values(version=2, text="Correction: nothing was fired."))
        with beside(database, complete) as completed:
            session.commit()
        assert completed.result() is False


def test_no_article_joins_a_story_that_is_pruned(desk: Desk, database: Database) -> None:
    desk.rule("query = '\"nowhere\"'")
    desk.feed("herald", Item())
    collect(desk, database)
    decide(desk, database)
    desk.feed("herald")  # lists it no more
    desk.clock.turn(hours=30)
    collect(desk, database)
    configured, now, day = desk.settings(), desk.clock.now, timedelta(days=1)

    def prune() -> int:
        return keeping.prune(database, configured, now=now, older_than=day, dry_run=False).articles

    with database.writing(serial=True) as session:
        session.execute(text("SELECT 1"))
        with beside(database, prune) as pruning:
            assert not pruning.done()
            session.commit()
        assert pruning.result() == 1


# --- who stops in mid-transaction -------------------------------------------------------------------


def test_who_stops_in_mid_transaction_is_undone_and_told(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(databases_of._PATIENCE, "idle_in_transaction_session_timeout", "300ms")
    stopped, other, work = Database(database_url), Database(database_url), text("SELECT 1")
    with pytest.raises(DatabaseError) as told, stopped.writing(serial=True) as session:  # noqa: PT012 - all of it
        session.execute(work)
        with other.writing(serial=True) as second:  # has its turn
            second.execute(work)
        session.execute(work)
    assert "\n" not in str(told.value)
    other.close()
    stopped.close()
