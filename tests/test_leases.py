"""Leases: one process at a time, and one that died keeps nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from desk import NOW, Clock, Desk, Item

from flows import leases, pipeline
from flows.words import open_lexicon
from models import store
from models.database import Database
from models.stories import Memory
from models.values import Decided, Lease, Selection, SourceName, Taking

MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(desk: Desk) -> Iterator[Database]:
    """Give an empty database, once for each kind."""
    opened = desk.open()
    yield opened
    opened.close()


def lease(token: str = "a", name: str = "watch") -> Lease:
    return Lease(name=name, token=token, holder=f"elsewhere {token}")


def take(database: Database, asked: Lease, now: datetime, due: datetime | None = None) -> Taking:
    with database.writing() as session:
        return store.take(session, asked, now, due=due)


def give_back(database: Database, held: Lease, now: datetime, said: str | None) -> None:
    with database.writing() as session:
        store.give_back(session, held, now, said=said)


def test_a_second_run_gives_way_until_the_first_ends(database: Database) -> None:
    assert take(database, lease("a"), NOW) is Taking.TAKEN
    assert take(database, lease("b"), NOW + store.TERM / 2) is Taking.HELD
    give_back(database, lease("a"), NOW + store.TERM / 2, "2 new stories")
    assert take(database, lease("b"), NOW + store.TERM / 2) is Taking.TAKEN


def test_a_lease_is_taken_over_when_its_term_has_passed(database: Database) -> None:
    take(database, lease("a"), NOW)
    assert take(database, lease("b"), NOW + store.TERM) is Taking.HELD
    assert take(database, lease("b"), NOW + store.TERM + timedelta(seconds=1)) is Taking.TAKEN
    with database.writing() as session:
        assert not store.renew(session, lease("a"), NOW + 2 * store.TERM)
    give_back(database, lease("a"), NOW + 2 * store.TERM, "too late")
    with database.reading() as session:
        [told] = store.last_runs(session, NOW + 1.5 * store.TERM)
    assert (told.running, told.said) == (True, "")


def test_a_lease_of_a_process_that_died_is_taken_over_at_once(database: Database) -> None:
    machine = leases.holder().rsplit(" ", 2)[0]
    dead = Lease(name="watch", token="a", holder=f"{machine} 999999 1")
    take(database, dead, NOW)

    async def next_run() -> Taking:
        async with leases.running(database, "watch", clock=lambda: NOW) as run:
            return run.taking

    assert asyncio.run(next_run()) is Taking.TAKEN


def test_a_clock_that_jumped_back_does_not_make_a_lease_last(database: Database) -> None:
    take(database, lease("a"), NOW + timedelta(days=400))
    assert take(database, lease("b"), NOW) is Taking.TAKEN


def test_a_run_of_a_clock_that_was_ahead_stands_for_no_run_before_it(database: Database) -> None:
    ahead = NOW + timedelta(days=400)
    take(database, lease("a"), ahead, due=ahead)
    give_back(database, lease("a"), ahead, "1 new story")
    assert take(database, lease("b"), NOW, due=NOW) is Taking.TAKEN


def test_runs_that_were_missed_collapse_into_one(database: Database) -> None:
    later = NOW + 10 * MINUTE
    first, *missed = [NOW + number * MINUTE for number in range(10)]
    assert take(database, lease("a"), later, due=first) is Taking.TAKEN
    assert take(database, lease("b"), later, due=missed[0]) is Taking.HELD
    give_back(database, lease("a"), later, "3 new stories")
    assert {take(database, lease("b"), later, due=due) for due in missed} == {Taking.DONE}
    assert take(database, lease("b"), later + MINUTE, due=later + MINUTE) is Taking.TAKEN


def test_a_run_that_broke_off_has_not_done_the_work_of_those_that_were_missed(database: Database) -> None:
    take(database, lease("a"), NOW, due=NOW - 2 * MINUTE)
    give_back(database, lease("a"), NOW, None)
    assert take(database, lease("b"), NOW, due=NOW - MINUTE) is Taking.TAKEN


def test_a_run_renews_its_lease_for_as_long_as_it_works(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "BEAT", 0.01)
    clock = Clock()

    async def work() -> Taking:
        async with leases.running(database, "watch", clock=clock) as run:
            clock.turn(seconds=55)
            await asyncio.sleep(0.5)
            clock.turn(seconds=55)
            run.said = "done"
            return take(database, lease("b"), clock())

    assert asyncio.run(work()) is Taking.HELD
    assert take(database, lease("b"), clock()) is Taking.TAKEN
    with database.reading() as session:
        [told] = store.last_runs(session, clock())
    assert (told.began_at, told.ended_at, told.said) == (clock(), clock(), "done")


def test_a_second_decider_leaves_what_waits_to_the_first(desk: Desk, database: Database) -> None:
    desk.feed("herald", Item())
    configured = desk.settings()
    work = pipeline.collect(database, configured, clock=desk.clock, selection=Selection())
    asyncio.run(work)
    take(database, lease("a", name="decide"), NOW)
    assert pipeline.decide_new(database, configured, clock=desk.clock) == Decided(elsewhere=True)
    desk.clock.turn(seconds=61)  # the first one died
    decided = pipeline.decide_new(database, configured, clock=desk.clock)
    assert (decided.articles, len(decided.alerts)) == (1, 1)
    with database.reading() as session:
        [told] = store.last_runs(session, NOW)
    assert not told.running


def test_what_comes_while_the_decider_ends_is_decided_by_it(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.feed("herald", Item())
    desk.feed("times", Item(title="Snow in Busan", text="Ten centimetres fell."))
    configured, whole = desk.settings(), pipeline._decide_waiting
    asyncio.run(
        pipeline.collect(
            database,
            configured,
            clock=desk.clock,
            selection=Selection(only=frozenset({SourceName("herald")})),
        )
    )

    def late(*given: Any) -> Decided:
        done = whole(*given)
        asyncio.run(pipeline.collect(database, configured, clock=desk.clock, selection=Selection()))
        assert pipeline.decide_new(database, configured, clock=desk.clock).elsewhere
        return done

    monkeypatch.setattr(pipeline, "_decide_waiting", late)
    assert pipeline.decide_new(database, configured, clock=desk.clock).articles == 2


def test_a_decider_that_lost_its_lease_changes_nothing(desk: Desk, database: Database) -> None:
    desk.feed("herald", Item())
    configured = desk.settings()
    asyncio.run(pipeline.collect(database, configured, clock=desk.clock, selection=Selection()))
    take(database, lease("b", name="decide"), NOW)
    lost, words = lease("a", name="decide"), open_lexicon(configured)
    assert pipeline._decide_batch(database, configured, words, Memory(), lost, NOW) is None
    with database.reading() as session:
        assert len(store.undecided(session, 10)) == 1


def test_every_feed_is_in_one_shard_and_a_host_is_not_divided(desk: Desk) -> None:
    for host in "abcdefgh":
        for name in ("news", "world"):
            desk.tables[f"feed {host}{name}"] = f'[[feed]]\nurl = "https://{host}.example/{name}"\n'
    from flows.collect import _in_shard

    feeds = desk.settings().feeds
    shards = [
        {feed.url for feed in feeds if _in_shard(feed, Selection(shard=number, of=3))} for number in (1, 2, 3)
    ]
    assert sum(map(len, shards)) == len(feeds) == 16
    assert all(shards)
    assert all(url.replace("news", "world") in shard for shard in shards for url in shard)
