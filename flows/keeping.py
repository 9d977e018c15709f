"""Keeps the archive, while the watch goes on: a copy elsewhere, a backup, and what is old let go."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from flows.filing import Progress, file_new
from flows.settings import Settings, bundled
from models import store
from models.database import Database
from models.errors import ConfigError, DatabaseError
from models.store import Pruned


def copy(database: Database, url: str, progress: Progress | None = None) -> dict[str, int]:
    """Copy everything into another, empty database, ready to be searched; give the rows of each table.

    All or nothing: it is one transaction over there. Nothing here changes.

    Args:
        database: only read.
        url: of the other one.
        progress: told how many articles search knows there.

    Raises:
        DatabaseError: the other one cannot be used, or holds something already.

    """
    with closing(Database(url)) as other:
        counts = _transfer(database, other)
        file_new(other, most=None, progress=progress)
    return counts


def _transfer(database: Database, other: Database) -> dict[str, int]:
    try:
        if other.url == database.url:
            raise DatabaseError("a database cannot be copied into itself; name another")
        other.migrate(bundled("alembic"))
        with database.reading(steady=True) as source, other.writing() as target:
            return store.transfer(source, target)
    except DBAPIError as error:  # PostgreSQL takes no NUL, for one
        raise DatabaseError(f"the other database refused a row: {error.orig}; nothing was copied") from None


def backup(database: Database, file: Path) -> int:
    """Write a consistent backup into a SQLite file; give its size in bytes.

    An older file of that name is replaced only when the new one is whole and checked.

    Raises:
        ConfigError: the file cannot be written.
        DatabaseError: the file is the database itself, or the backup is not sound.

    """
    try:
        _check_target(database, file)
        with _replacing(file) as draft:
            if database.is_sqlite:
                database.backup(draft)
            else:
                with closing(Database(f"sqlite:///{draft}")) as written:
                    _transfer(database, written)
            with closing(Database(f"sqlite:///{draft}")) as written:
                written.check()
        return file.stat().st_size
    except OSError as error:
        raise ConfigError(str(file), "", f"cannot be written ({error.strerror})") from None


def _check_target(database: Database, file: Path) -> None:
    own = Path(database.url.database or "")
    if database.is_sqlite and file.exists() and own.exists() and file.samefile(own):
        raise DatabaseError(f"{file} is the database itself; name another file")
    if not file.resolve().parent.is_dir():
        raise DatabaseError(f"{file}: there is no such folder")
    if file.exists() and not file.is_file():
        raise ConfigError(str(file), "", "is no regular file; name a file to write or to replace")


@contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    """Give a file to write; when that went well it takes the place of the named one, at a stroke."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.resolve().parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def prune(
    database: Database, settings: Settings, *, now: datetime, older_than: timedelta | None, dry_run: bool
) -> Pruned:
    """Remove articles older than their feed's `keep`, else than `older_than`, else than the desk's `keep`.

    What is kept by `keep` is reckoned from the day that the archive bears witness of, so
    that a wrong clock costs nothing; an age that somebody asks for, from the clock.
    """
    with database.reading() as session:
        today = store.witnessed(session, now)
        rest = _before(now, older_than) or _before(today, settings.keep)
        limits = {name: _before(today, source.keep) or rest for name, source in settings.desk.sources.items()}
        found = store.prunable(session, limits, rest=rest)
    if dry_run:
        return found.counts
    with database.writing() as session:
        events = store.forget_events(session, limits, rest=rest)
    gone = Pruned(listed=found.counts.listed, alerted=found.counts.alerted, events=events)
    for ids in found.batches:
        # Serial: no article joins a story that goes. Whatever else changed meanwhile is seen here.
        with database.writing(serial=True) as session:
            done = store.prune(session, limits, rest=rest, only=ids)
        gone = replace(gone, articles=gone.articles + done.articles, stories=gone.stories + done.stories)
    return gone


def _before(day: datetime | None, age: timedelta | None) -> datetime | None:
    return day - age if day and age else None
