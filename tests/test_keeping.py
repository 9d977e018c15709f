"""The archive kept: copied into another database, backed up, restored, upgraded."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from databases import empty_copy
from desk import NOW, Desk, Item
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine, event, select
from typer.testing import CliRunner

from flows import keeping
from flows.cli import app
from flows.settings import bundled
from models.database import Database
from models.errors import DatabaseError
from models.tables import ArticleRow, ChannelRow, SearchRow, metadata

TALKS = Item(
    title="Seoul proposes military talks with Pyongyang over the demarcation line",
    text="South Korea proposed talks with North Korea on the military demarcation line on Monday.",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def other_url(request: pytest.FixtureRequest, tmp_path: Path, postgresql: str) -> str:
    """Give the URL of another empty database, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'other.db'}"
    return empty_copy(postgresql, "template1")


def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Give all that a database holds, but for the search index, which is each database's own."""
    database = Database(url)
    try:
        with database.reading() as session:
            return {
                table.name: sorted(
                    tuple(map(repr, row))
                    for row in session.execute(select(*(one for one in table.c if one.name != "filed")))
                )
                for table in metadata.sorted_tables
                if table is not SearchRow.__table__
            }
    finally:
        database.close()


def filled(desk: Desk) -> Desk:
    """Run a desk so that every kind of thing has happened: alerts, a failing feed, a merge."""
    from models import store

    desk.webhook()
    desk.server.expect_request("/hook").respond_with_data("")
    desk.feed("herald", Item(), TALKS)
    desk.feed("gone")
    del desk.documents["gone"]
    for _ in range(3):
        desk.run()
    database = desk.open()
    with database.writing(serial=True) as session:
        first, second, *_ = store.story_list(session, {}, limit=5)
        store.merge(session, first.id, second.id, now=NOW)
    database.close()
    return desk


def ids(server: HTTPServer) -> list[str]:
    """Give the ids of all alerts that the receiver got, in order."""
    return [request.headers["webhook-id"] for request, _ in server.log if request.path == "/hook"]


def test_a_copy_holds_every_row_and_alerts_nobody_again(desk: Desk, other_url: str) -> None:
    filled(desk)
    database = desk.open()
    counts = keeping.copy(database, other_url)
    database.close()
    assert counts["article"] == 2
    assert counts["feed_event"] > 0
    assert rows(other_url) == rows(desk.database_url)
    sent = ids(desk.server)
    desk.database_url = other_url
    desk.documents["gone"] = desk.documents["herald"]  # it comes back: a new event gets a number of its own
    desk.clock.turn(hours=2)
    desk.run()
    assert ids(desk.server) == sent


def test_what_was_found_is_found_in_the_copy(desk: Desk, other_url: str) -> None:
    filled(desk)

    def found() -> str:
        env = desk.env | {"DATABASE_URL": desk.database_url}
        done = CliRunner().invoke(
            app, ["search", "missiles", "--config", str(desk.folder / "watch.toml")], env=env
        )
        assert done.exit_code == 0, done.output
        return done.output

    before = found()
    assert "ballistic [missiles]" in before
    database = desk.open()
    keeping.copy(database, other_url)
    database.close()
    desk.database_url = other_url
    assert found() == before


def test_a_copy_goes_only_into_an_empty_database(desk: Desk, other_url: str) -> None:
    filled(desk)
    database = desk.open()
    keeping.copy(database, other_url)
    with pytest.raises(DatabaseError, match="name an empty one"):
        keeping.copy(database, other_url)
    with pytest.raises(DatabaseError, match="into itself"):
        keeping.copy(database, desk.database_url)
    database.close()


def test_a_copy_that_breaks_off_leaves_nothing_and_can_be_made_again(desk: Desk, other_url: str) -> None:
    filled(desk)
    database = desk.open()

    def breaks(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO alert"):
            raise DatabaseError("the line to the other database is cut")

    event.listen(Engine, "before_cursor_execute", breaks)
    try:
        with pytest.raises(DatabaseError, match="is cut"):
            keeping.copy(database, other_url)
    finally:
        event.remove(Engine, "before_cursor_execute", breaks)
    assert not any(held for table, held in rows(other_url).items() if table != "install")
    keeping.copy(database, other_url)
    database.close()
    assert rows(other_url) == rows(desk.database_url)


def test_a_row_that_postgresql_refuses_is_told_in_one_line(tmp_path: Path, postgresql: str) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    database.migrate(bundled("alembic"))
    with database.writing() as session:
        session.add(ChannelRow(name="hook", state="active", reason="no\0where"))
    with pytest.raises(DatabaseError, match=r"refused a row: .*NUL.*nothing was copied"):
        keeping.copy(database, empty_copy(postgresql, "template1"))
    database.close()


def test_a_backup_is_taken_while_the_watch_writes_and_is_whole(desk: Desk, tmp_path: Path) -> None:
    filled(desk)
    file = tmp_path / "monday.db"
    database = desk.open()
    with database.reading() as session:  # somebody reads meanwhile
        session.scalars(select(ArticleRow).limit(1)).one()
        assert keeping.backup(database, file) == file.stat().st_size
    database.close()
    assert rows(f"sqlite:///{file}") == rows(desk.database_url)
    assert [entry.name for entry in tmp_path.iterdir() if "monday" in entry.name] == ["monday.db"]


@pytest.mark.parametrize("file", ["", ".", "pipe", "/proc/x.db", "n" * 250 + ".db"])
def test_a_backup_to_where_no_file_can_be_is_told_in_one_line(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")  # not /dev/null: root would lose it if this failed
    (tmp_path / "watch.toml").write_text("", encoding="utf-8")
    env = {"DATABASE_URL": f"sqlite:///{tmp_path / 'peninsula.db'}"}
    done = CliRunner().invoke(app, ["db", "backup", file, "-c", str(tmp_path / "watch.toml")], env=env)
    assert done.exit_code == 1
    assert re.fullmatch(
        r"peninsula: \S+: (is no regular file; name .+|cannot be written \(.+\))\n", done.stderr
    )
    assert Path("pipe").is_fifo()


def test_yesterdays_backup_with_todays_feeds_repeats_only_what_came_after_under_the_same_ids(
    desk: Desk, tmp_path: Path
) -> None:
    desk.webhook()
    desk.server.expect_request("/hook").respond_with_data("")
    desk.feed("herald", Item())
    desk.run()
    [yesterday] = ids(desk.server)
    file = tmp_path / "yesterday.db"
    database = desk.open()
    keeping.backup(database, file)
    database.close()
    desk.clock.turn(days=1)
    desk.feed("herald", Item(), TALKS)
    desk.run()
    assert len(ids(desk.server)) == 2
    today = ids(desk.server)[1]
    # The disk is lost; the backup is put in its place.
    restored = tmp_path / "restored.db"
    shutil.copy(file, restored)
    desk.database_url = f"sqlite:///{restored}"
    desk.run()
    desk.run()
    assert ids(desk.server) == [yesterday, today, today]


def test_a_backup_never_takes_the_place_of_a_good_one_unless_it_is_good_itself(tmp_path: Path) -> None:
    own = tmp_path / "peninsula.db"
    database = Database(f"sqlite:///{own}")
    database.migrate(bundled("alembic"))
    file = tmp_path / "backup.db"
    keeping.backup(database, file)
    good = file.read_bytes()
    with pytest.raises(DatabaseError, match="is the database itself"):
        keeping.backup(database, own)
    database.close()
    with own.open("r+b") as page:  # a page of the live database rots
        page.seek(own.stat().st_size // 2)
        page.write(b"\xff" * 4096)
    with pytest.raises(DatabaseError, match="damaged"):
        keeping.backup(Database(f"sqlite:///{own}"), file)
    assert file.read_bytes() == good


def test_the_commands_tell_what_they_did(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(desk)
    desk.settings()
    monkeypatch.setenv("DATABASE_URL", desk.database_url)
    monkeypatch.setenv("HOOK_URL", desk.env["HOOK_URL"])
    config = ["--config", str(desk.folder / "watch.toml")]
    done = CliRunner().invoke(app, ["db", "backup", str(tmp_path / "b.db"), *config])
    assert (done.exit_code, "checked" in done.output) == (0, True), done.output
    done = CliRunner().invoke(app, ["db", "copy", f"sqlite:///{tmp_path / 'c.db'}", *config])
    assert (done.exit_code, "Copied and counted" in done.output) == (0, True), done.output
    done = CliRunner().invoke(app, ["db", "copy", f"sqlite:///{tmp_path / 'c.db'}", *config])
    assert done.exit_code == 1
    assert "name an empty one" in done.output
