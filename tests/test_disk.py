"""A disk that is full, a database that is held or cannot be written: told in one line, nothing lost."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from desk import LAUNCH, Item
from outside import PENINSULA, Outside, environment, just_now, outside, run
from typer.testing import CliRunner

from flows.cli import app
from models import database

ITEMS = [Item()] + [
    Item(title=f"Market report {number}", text=f"Prices of lot {number} rose. " * 40) for number in range(120)
]


@dataclass
class Watched:
    """A desk in a folder, run as a process of its own."""

    folder: Path
    world: Outside
    env: dict[str, str]

    @property
    def file(self) -> Path:
        """Give the database's file."""
        return self.folder / "peninsula.db"

    def run(self) -> subprocess.CompletedProcess[str]:
        """Run the product once."""
        return run([*PENINSULA, "run", "--no-seeds", "--patience", "0s"], self.env, cwd=self.folder)

    def run_on_a_full_disk(self, left: int) -> subprocess.CompletedProcess[str]:
        """Run it where no file can grow beyond what the database has, and so many bytes."""
        size = self.file.stat().st_size + left

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        command = [*PENINSULA, "run", "--no-seeds", "--patience", "0s"]
        return subprocess.run(
            command,
            env=self.env,
            cwd=self.folder,
            preexec_fn=limit,
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, query: str) -> object:
        """Ask the database itself."""
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(query).fetchone()[0]


@pytest.fixture
def watched(tmp_path: Path, migrated_file: Path) -> Iterator[Watched]:
    """Give a desk whose database is there and empty."""
    at = just_now()
    items = [Item(title=item.title, text=item.text, at=at) for item in ITEMS]
    with outside({"herald": items}) as world:
        (tmp_path / "watch.toml").write_text(world.watch_toml(), encoding="utf-8")
        env = environment(tmp_path, HOOK_URL=world.url("/hook"))
        made = Watched(folder=tmp_path, world=world, env=env)
        shutil.copy(migrated_file, made.file)
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("left", [20_000, 120_000])
def test_a_full_disk_is_told_and_the_next_run_does_it_all(watched: Watched, left: int) -> None:
    done = watched.run_on_a_full_disk(left)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "free some disk space" in done.stdout + done.stderr
    assert watched.ask("PRAGMA integrity_check") == "ok"
    assert watched.run().returncode == 0  # there is room again
    assert watched.ask("SELECT count(*) FROM article") == len(ITEMS)
    assert watched.ask("SELECT count(*) FROM article WHERE state = 'new'") == 0
    assert watched.ask("PRAGMA integrity_check") == "ok"
    assert {post.title for post in watched.world.posts} == {LAUNCH}
    assert len({post.id for post in watched.world.posts}) == 1


def test_a_database_that_another_process_holds_is_told_and_left_alone(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 200)
    command = ["run", "--no-seeds", "--patience", "0s", "--config", str(watched.folder / "watch.toml")]
    with closing(sqlite3.connect(watched.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = CliRunner().invoke(app, command, env=watched.env)
        other.execute("ROLLBACK")
    assert done.exit_code == 1
    assert "another process holds it; try again" in done.output
    done = CliRunner().invoke(app, command, env=watched.env)
    assert done.exit_code == 0, done.output
    assert [post.title for post in watched.world.posts] == [LAUNCH]


def test_a_database_that_cannot_be_written_is_told(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not by the file's mode: who runs as root writes it nonetheless.
    plain = database.Database._open

    def read_only(self: database.Database, *, write: bool) -> object:
        del write
        return plain(self, write=False)

    monkeypatch.setattr(database.Database, "_open", read_only)
    command = ["run", "--no-seeds", "--config", str(watched.folder / "watch.toml")]
    done = CliRunner().invoke(app, command, env=watched.env)
    assert done.exit_code == 1
    assert "check that the file and its folder can be written" in done.output
    assert watched.world.posts == []
    monkeypatch.setattr(database.Database, "_open", plain)
    assert CliRunner().invoke(app, command, env=watched.env).exit_code == 0
    assert [post.title for post in watched.world.posts] == [LAUNCH]
