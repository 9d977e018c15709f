"""The schema: one history, on both databases, and never run on by older code."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import first_release
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from databases import empty_copy
from desk import LAUNCH
from outside import PENINSULA, environment, poll, run
from sqlalchemy import text

from flows.settings import bundled
from models import store
from models.database import HEAD, Database, parse_url
from models.errors import DatabaseError

SCRIPTS = bundled("alembic")


def config(**attributes: object) -> Config:
    """Point alembic at our migrations."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS))
    made.attributes.update(attributes)
    return made


def test_the_code_names_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == HEAD


def test_an_empty_database_is_upgraded_once(bare_url: str) -> None:
    database = Database(bare_url)
    assert database.revision() is None
    assert database.migrate(SCRIPTS)
    assert database.revision() == HEAD
    assert not database.migrate(SCRIPTS)
    database.close()


def test_the_migrations_make_what_the_tables_say(bare_url: str) -> None:
    database = Database(bare_url)
    database.migrate(SCRIPTS)
    with database.writing() as session:
        command.check(config(connection=session.connection()))
    database.close()


def test_down_and_up_again_gives_the_same(bare_url: str) -> None:
    database = Database(bare_url)
    database.migrate(SCRIPTS)
    with database.writing() as session:
        command.downgrade(config(connection=session.connection()), "base")
    with database.writing() as session:
        command.upgrade(config(connection=session.connection()), "head")
    assert database.revision() == HEAD
    database.close()


def test_a_database_of_a_newer_release_is_refused(bare_url: str) -> None:
    database = Database(bare_url)
    database.migrate(SCRIPTS)
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="revision 9999, newer than this release knows"):
        database.migrate(SCRIPTS)
    database.close()


def test_of_two_first_runs_one_waits_for_the_others_tables(tmp_path: Path, postgresql: str) -> None:
    url = empty_copy(postgresql, "template1")
    (tmp_path / "watch.toml").write_text('[[rule]]\nname = "korea"\n', encoding="utf-8")
    waiting = text("SELECT 1 FROM pg_locks WHERE NOT granted")
    database = Database(url)
    with ThreadPoolExecutor(1) as pool, database.writing(serial=True) as first:
        command.upgrade(config(connection=first.connection()), "head")
        second = pool.submit(run, [*PENINSULA, "db", "upgrade"], environment(tmp_path, DATABASE_URL=url))
        poll(lambda: first.scalar(waiting), seconds=30, what="the second first run, waiting")
        first.commit()
        done = second.result()
    assert done.returncode == 0, done.stderr
    assert database.revision() == HEAD
    database.close()


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://u:CANARY@h/d", "sqlite://", "postgresql://u:CAN/ARY@h:CANARY/d"]
)
def test_a_bad_database_url_is_told_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        parse_url(url)
    assert "DATABASE_URL" in str(caught.value)
    assert "CANARY" not in str(caught.value)


def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_text("not a database at all, but long enough to look like one " * 40, encoding="utf-8")
    with pytest.raises(DatabaseError, match="not a database"):
        Database(f"sqlite:///{file}").revision()


def test_two_writers_take_turns_and_lose_nothing(bare_url: str) -> None:
    from models.tables import ChannelRow

    database = Database(bare_url)
    database.migrate(SCRIPTS)
    with database.writing() as session:
        session.add(ChannelRow(name="c", state="active", reason="0"))

    def count_up(_: int) -> None:
        with database.writing(serial=True) as session:
            row = session.get_one(ChannelRow, "c")
            row.reason = str(int(row.reason or 0) + 1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, range(100)))
    with database.reading() as session:
        assert session.get_one(ChannelRow, "c").reason == "100"
    database.close()


def test_a_database_of_the_first_release_is_upgraded_and_alerts_nobody_again(tmp_path: Path) -> None:
    own = tmp_path / "peninsula.db"
    first_release.restore(own)
    configured = first_release.desk(tmp_path, own)
    before = Database(configured.database_url)
    assert before.revision() is not None
    before.migrate(SCRIPTS)
    assert before.revision() == HEAD
    with before.writing() as session:
        command.check(config(connection=session.connection()))
        [*sent] = store.alert_states(session)
    before.close()
    assert {alert.title for alert in sent} == {LAUNCH, first_release.TALKS}
    assert {alert.state for alert in sent} == {"delivered"}
    assert first_release.run(configured) == []
    after = Database(configured.database_url)
    with after.reading() as session:
        assert store.alert_states(session) == tuple(sent)
    after.close()
