"""A damaged database file is named before anything is built on it; a sound one is not looked at twice."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from desk import Desk, Item
from sqlalchemy import event
from sqlalchemy.engine import Engine
from test_cli import peninsula

from flows.clock import utc_now
from flows.soundness import EVERY


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Give a SQLite database: PostgreSQL minds its own pages."""
    return f"sqlite:///{tmp_path / 'peninsula.db'}"


def garble(file: Path) -> None:
    """Write noise over a page in the middle, which no command has to read."""
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_feedback_alert_id' OR name = 'version'"
        (page,) = connection.execute(query).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * size)
        opened.write(random.Random(1).randbytes(size))  # noqa: S311 - noise


def cut(file: Path) -> None:
    """Lose the last third."""
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size * 2 // 3)


def overwrite(file: Path) -> None:
    """Lose the beginning."""
    with file.open("r+b") as opened:
        opened.write(b"\0" * 200)


@pytest.mark.parametrize("damage", [garble, cut, overwrite])
def test_a_damaged_file_is_named_with_what_to_do_and_nothing_is_sent(
    desk: Desk, damage: Callable[[Path], None]
) -> None:
    desk.feed("herald", Item())
    desk.run()
    file = desk.folder / "peninsula.db"
    damage(file)
    before = file.read_bytes()
    code, out, err = peninsula(desk, "run", "--no-seeds")
    assert (code, out) == (1, "")
    assert err.startswith(f"peninsula: {file}")
    assert "last backup" in err
    assert err.count("\n") == 1
    assert file.read_bytes() == before


def test_a_sound_file_is_looked_through_once_a_day(desk: Desk) -> None:
    desk.feed("herald", Item())
    desk.run()
    looks = 0

    def count(_c: object, _s: object, statement: str, *_: object) -> None:
        nonlocal looks
        looks += "quick_check" in statement

    event.listen(Engine, "before_cursor_execute", count)
    try:
        desk.open().close()
        desk.open().close()
        assert looks == 1
        with time_machine.travel(utc_now() + EVERY + timedelta(hours=1)):
            desk.open().close()
            desk.open().close()
        assert looks == 2
    finally:
        event.remove(Engine, "before_cursor_execute", count)
