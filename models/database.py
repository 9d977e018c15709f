"""Opens the database: one writer at a time, readers that cannot write.

SQLite settings follow RELIABILITY.md (c): the driver's own transactions lose
updates silently, so the writer begins with `BEGIN IMMEDIATE` and waits for the
lock there; readers use a second engine with `query_only`. WAL only where
SQLite's version is free of the WAL-reset race. PostgreSQL comes by URL.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InternalError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from models.errors import DatabaseError, DeadlockError
from models.text import one_line

HEAD = "0001"  # the newest migration in alembic/versions; a test holds them equal
BUSY_TIMEOUT_MS = 10_000

# After a serial transaction that took so long, seconds, SQLite's lock is left to others for a
# turn: who waits for it looks ten times a second, and a backlog that was decided batch upon
# batch held it until a sender, its alert sent, gave up.
LONG = 0.5
TURN = 0.15

# The decide sweep is serial, and so is a migration. SQLite's writer lock does that by
# itself; PostgreSQL takes this advisory lock, released with the transaction.
_SERIAL_LOCK = 0x70656E69
_DEADLOCK = "40P01"  # of two that wait for each other PostgreSQL undoes one
# A process that stopped in mid-transaction, or lost its machine, keeps the others waiting no
# longer than a lease lasts: PostgreSQL ends its session.
_PATIENCE = {
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}


def _wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether two connections may share a WAL: fixed in 3.51.3, 3.50.7 and 3.44.6."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def parse_url(url: str) -> URL:
    """Read a database URL; `postgresql://` and `postgres://` mean psycopg 3."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the second for a port that is no number
        raise DatabaseError(
            "DATABASE_URL: not a database URL; write sqlite:///peninsula.db"
            " or postgresql://user:password@host/name"
        ) from None
    if parsed.drivername in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise DatabaseError(f"DATABASE_URL: {parsed.drivername} is not supported; use sqlite or postgresql")
    if parsed.drivername == "sqlite" and not parsed.database:
        raise DatabaseError("DATABASE_URL: an in-memory database forgets what it alerted; name a file")
    return parsed


class Database:
    """The two ways in: `reading()` and `writing()`, each a session in one transaction."""

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.is_sqlite = self.url.drivername == "sqlite"
        self._writer = self._open(write=True)
        self._reader = self._open(write=False) if self.is_sqlite else self._writer

    def _open(self, *, write: bool) -> Engine:
        if not self.is_sqlite:
            return self._open_postgresql()
        engine = create_engine(self.url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})

        @event.listens_for(engine, "connect")
        def configure(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
            connection.isolation_level = None
            wal = _wal_is_safe(sqlite3.sqlite_version_info[:3])
            # 16 MiB for each connection: 64 made a cold start no faster, and 50 MiB larger.
            pragmas = ["foreign_keys=ON", "synchronous=FULL", "cache_size=-16384"]
            pragmas.append(f"journal_mode={'WAL' if wal else 'DELETE'}" if write else "query_only=ON")
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

        return engine

    def _open_postgresql(self) -> Engine:
        engine = create_engine(self.url, pool_pre_ping=True)

        @event.listens_for(engine, "connect")
        def configure(connection: Any, _entry: ConnectionPoolEntry) -> None:  # psycopg is loaded with its URL
            for setting, value in _PATIENCE.items():
                connection.execute("SELECT set_config(%s, %s, false)", (setting, value))
            connection.commit()

        return engine

    @contextmanager
    def writing(self, *, serial: bool = False) -> Iterator[Session]:
        """One transaction that may write; `serial` keeps other serial ones out till it ends."""
        began = time.monotonic()
        with self._plain_errors(), Session(self._writer) as session, session.begin():
            if serial and not self.is_sqlite:
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SERIAL_LOCK})
            yield session
        if serial and self.is_sqlite and time.monotonic() - began > LONG:
            time.sleep(TURN)

    @contextmanager
    def reading(self, *, steady: bool = False) -> Iterator[Session]:
        """One transaction that does not write; `steady` sees one state, on PostgreSQL too."""
        with self._plain_errors(), Session(self._reader) as session, session.begin():
            if steady and not self.is_sqlite:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    def backup(self, file: Path) -> None:
        """Write a SQLite database as it stands into a file, online: its writers wait that long."""
        with self._plain_errors(), self._reader.connect() as connection:
            source = connection.connection.driver_connection
            with closing(sqlite3.connect(file)) as target:
                source.backup(target)  # type: ignore[union-attr]  # sqlite3's own connection
                target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it

    def check(self, *, quick: bool = False) -> None:
        """Look through a SQLite database for damage; `quick` leaves out whether indexes fit their tables.

        Raises:
            DatabaseError: there is some.

        """
        look = "quick_check" if quick else "integrity_check"
        with self._plain_errors(), self._reader.connect() as connection:
            found = connection.exec_driver_sql(f"PRAGMA {look}(1)").scalar()
        if found != "ok":
            raise self._damaged(one_line(str(found)))

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """Turn the driver's refusals into one line that says what to do, with no URL in it."""
        try:
            yield
        except (OperationalError, InternalError) as error:  # the second from a session that was ended
            if getattr(error.orig, "sqlstate", "") == _DEADLOCK:
                raise DeadlockError(f"the database refused: {one_line(str(error.orig))}; try again") from None
            problem = one_line(str(error.orig))
            raise DatabaseError(f"the database refused: {problem}; {_advice(problem)}") from None
        except DBAPIError as error:
            if "not a database" in str(error.orig) or "malformed" in str(error.orig):
                raise self._damaged(str(error.orig)) from None
            raise

    def _damaged(self, found: str) -> DatabaseError:
        return DatabaseError(
            f"{self.url.database}: the database file is damaged ({found});"
            " stop the watch and put the last backup in its place"
        )

    @contextmanager
    def rehearsing(self) -> Iterator[Rehearsal]:
        """Give a database on which everything works, and of which nothing stays.

        What is written on it is one transaction, which holds the writer's lock and is
        undone at the end: do the slow parts before.
        """
        with self._plain_errors(), self._writer.connect() as connection, connection.begin() as whole:
            try:
                yield Rehearsal(self, connection)
            finally:
                whole.rollback()

    def revision(self) -> str | None:
        """The migration this database stands at; None before the first."""
        if self.is_sqlite and not Path(self.url.database or "").exists():
            return None
        with self._plain_errors(), self._reader.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def migrate(self, scripts: Path) -> bool:
        """Bring the schema to this code's revision; true if anything was to do.

        Args:
            scripts: the `alembic` folder.

        Raises:
            DatabaseError: the database was made by a newer release.

        """
        found = self.revision()
        if found == HEAD:
            return False
        from alembic import command  # noqa: PLC0415 - 150 ms that a run on a ready database never pays
        from alembic.config import Config  # noqa: PLC0415 - the same
        from alembic.script import ScriptDirectory  # noqa: PLC0415 - the same

        config = Config()
        config.set_main_option("script_location", str(scripts))
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if found is not None and found not in known:
            raise DatabaseError(
                f"the database is at revision {found}, newer than this release knows ({HEAD});"
                " install the release that wrote it"
            )
        # Of two first runs on an empty database the second waits, and finds nothing to do.
        with self.writing(serial=True) as session:
            config.attributes["connection"] = session.connection()
            command.upgrade(config, "head")
        return True

    def close(self) -> None:
        """Give all connections back."""
        self._writer.dispose()
        self._reader.dispose()


class Rehearsal(Database):
    """A database whose transactions are savepoints of one, which is undone."""

    def __init__(self, real: Database, connection: Connection) -> None:
        self.url, self.is_sqlite = real.url, real.is_sqlite
        self._connection = connection

    @contextmanager
    def writing(self, *, serial: bool = False) -> Iterator[Session]:
        """One savepoint that may write; others wait for all of the rehearsal."""
        with Session(self._connection, join_transaction_mode="create_savepoint") as session, session.begin():
            if serial and not self.is_sqlite:
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SERIAL_LOCK})
            yield session

    @contextmanager
    def reading(self, *, steady: bool = False) -> Iterator[Session]:  # noqa: ARG002 - always steady
        """One savepoint, which sees what was written before."""
        with self.writing() as session:
            yield session


def _advice(problem: str) -> str:
    if "locked" in problem:
        return "another process holds it; try again"
    if "full" in problem or "disk I/O" in problem:
        return "free some disk space and run again: nothing half-written was kept"
    if "readonly" in problem or "unable to open" in problem:
        return "check that the file and its folder can be written"
    return "check DATABASE_URL and that the server is up"
