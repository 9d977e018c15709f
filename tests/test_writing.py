"""Writes of many tasks in few transactions: each still stands or falls by itself."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Event

import pytest
from desk import Desk
from sqlalchemy import event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from flows import pipeline, settings, writing
from flows.writing import Writer, despite_deadlocks
from models import database as databases
from models.database import Database
from models.errors import DeadlockError
from models.store.inserts import insert_new, insert_unless_there
from models.tables import RuleRow

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    (tmp_path / "watch.toml").write_text("", encoding="utf-8")
    env = {"DATABASE_URL": f"sqlite:///{tmp_path / 'writing.db'}"}
    return pipeline.open_database(settings.load(tmp_path / "watch.toml", env=env))


def add(name: str, session: Session) -> str:
    if name == "wrong":
        raise ValueError(name)
    session.add(RuleRow(name=name, version="1", since=NOW))
    session.flush()
    return name


def written(database: Database, names: list[str]) -> list[str | BaseException]:
    async def all_of_them() -> list[str | BaseException]:
        writer = Writer(database)
        tasks = [writer.write(partial(add, name)) for name in names]
        return await asyncio.gather(*tasks, return_exceptions=True)

    return asyncio.run(all_of_them())


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(RuleRow)) or 0


def test_a_hundred_writes_take_one_commit(database: Database) -> None:
    commits: list[object] = []
    event.listen(database._writer, "commit", commits.append)
    names = [f"rule {number}" for number in range(100)]
    assert written(database, names) == names
    assert count(database) == 100
    assert len(commits) == 1


def test_what_two_processes_undid_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SOON", 0.0)
    undone = [True, True, False]

    def work() -> str:
        if undone.pop(0):
            raise DeadlockError("undone")
        return "done"

    assert despite_deadlocks(work) == "done"
    undone += [True] * 9
    with pytest.raises(DeadlockError):
        despite_deadlocks(work)


def test_who_decides_batch_upon_batch_lets_others_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "BUSY_TIMEOUT_MS", 2000)
    monkeypatch.setattr(databases, "LONG", 0.1)
    database = Database(f"sqlite:///{tmp_path / 'busy.db'}")
    begun, over = Event(), Event()

    def decide() -> None:
        while not over.is_set():
            with database.writing(serial=True) as session:
                session.execute(select(1))
                begun.set()
                time.sleep(0.3)

    with ThreadPoolExecutor(1) as pool:
        deciding = pool.submit(decide)
        begun.wait()
        try:
            with database.writing() as session:
                session.execute(select(1))
        finally:
            over.set()
    deciding.result()
    database.close()


def test_the_last_task_waits_for_no_other(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PAUSE", 3600.0)

    async def two_of_three() -> tuple[str, ...]:
        writer = Writer(database, tasks=3)

        async def task(name: str) -> str:
            try:
                return await writer.write(partial(add, name)) if name else name
            finally:
                writer.leave()

        return tuple(await asyncio.wait_for(asyncio.gather(task("one"), task("two"), task("")), 60))

    assert asyncio.run(two_of_three()) == ("one", "two", "")
    assert count(database) == 2


def test_a_write_that_fails_takes_no_other_with_it(database: Database) -> None:
    done = written(database, ["one", "wrong", "two"])
    assert [done[0], done[2]] == ["one", "two"]
    assert isinstance(done[1], ValueError)
    assert count(database) == 2


def test_two_that_stand_in_each_others_way_both_write(desk: Desk) -> None:
    both, database = Barrier(2), desk.open()
    if database.is_sqlite:
        pytest.skip("SQLite has one writer")

    def one_way(names: list[str]) -> list[str]:
        def work(name: str, session: Session) -> str:
            insert_new(session, RuleRow, [{"name": name, "version": "1", "since": NOW}])
            if name == names[0]:
                with suppress(BrokenBarrierError):
                    both.wait(2)
            return name

        async def write() -> list[str]:
            writer = Writer(database, tasks=2)
            return await asyncio.gather(*(writer.write(partial(work, name)) for name in names))

        return asyncio.run(write())

    with closing(database), ThreadPoolExecutor(2) as threads:
        assert list(threads.map(one_way, [["a", "b"], ["b", "a"]])) == [["a", "b"], ["b", "a"]]
        assert count(database) == 2


def test_the_insert_of_what_is_new_is_compiled_once() -> None:
    """SQLAlchemy's own ON CONFLICT clause has no cache key: each insert would be compiled anew."""
    statement = insert_unless_there(RuleRow)
    assert statement._generate_cache_key() is not None
    for dialect in (sqlite, postgresql):
        assert str(statement.compile(dialect=dialect.dialect())).endswith("ON CONFLICT DO NOTHING")
