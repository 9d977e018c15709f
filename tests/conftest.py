"""What the tests stand on: both databases, a fixed clock, a desk in a folder of its own."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from databases import MEMORY, drop, empty_copy, local_postgresql
from desk import Clock, Desk
from pytest_httpserver import HTTPServer
from sqlalchemy import URL, Engine, create_engine

from flows import settings
from models import database
from models.database import Database


def pytest_configure() -> None:
    """Keep the tests' folders in memory where there is room: half their time was waiting for a disk."""
    if MEMORY:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)


@pytest.fixture(scope="session", autouse=True)
def one_compiler() -> Iterator[None]:
    """Compile each statement once a session: SQLAlchemy does once an engine, and each run opens two."""
    first: dict[str, Engine] = {}

    def compiled_once(url: URL, **options: Any) -> Engine:
        engine = create_engine(url, **options)
        like = first.setdefault(engine.dialect.name, engine)
        engine.dialect, engine._compiled_cache = like.dialect, like._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", compiled_once)
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let test_kill.py be told to take its time."""
    parser.addoption("--every-crash-point", action="store_true", help="kill at every event, not at a few")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Give the URI of a real PostgreSQL server that lives as long as the session."""
    with local_postgresql() as uri:
        yield uri


@pytest.fixture(scope="session")
def migrated(postgresql: str) -> str:
    """Give the name of a PostgreSQL database that is migrated and empty, to copy."""
    name = "migrated"
    database = Database(empty_copy(postgresql, "template1", name=name))
    database.migrate(settings.bundled("alembic"))
    database.close()
    return name


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite database that is migrated and empty, to copy."""
    file = tmp_path_factory.mktemp("migrated") / "empty.db"
    database = Database(f"sqlite:///{file}")
    database.migrate(settings.bundled("alembic"))
    database.close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty, migrated database, once for each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_file'), tmp_path / 'peninsula.db')}"
        return
    url = empty_copy(request.getfixturevalue("postgresql"), request.getfixturevalue("migrated"))
    yield url
    drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a database without any table, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.db'}"
    return empty_copy(request.getfixturevalue("postgresql"), "template1")


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands at 06:00 UTC on 22 November 2026."""
    return Clock()


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give a desk on SQLite for a module whose tests only ask: filled once, and for all of them."""
    folder = tmp_path_factory.mktemp("desk")
    with HTTPServer() as server:
        made = Desk(
            folder=folder, server=server, database_url=f"sqlite:///{folder / 'peninsula.db'}", clock=Clock()
        )
        server.expect_request(re.compile(r"/feeds/.*")).respond_with_handler(made.serve)
        yield made


@pytest.fixture
def sqlite_desk(tmp_path: Path, httpserver: HTTPServer, clock: Clock) -> Desk:
    """Give a desk with an empty SQLite database, where the kind does not matter."""
    url = f"sqlite:///{tmp_path / 'peninsula.db'}"
    made = Desk(folder=tmp_path, server=httpserver, database_url=url, clock=clock)
    httpserver.expect_request(re.compile(r"/feeds/.*")).respond_with_handler(made.serve)
    return made


@pytest.fixture
def desk(tmp_path: Path, httpserver: HTTPServer, database_url: str, clock: Clock) -> Desk:
    """Give a desk with an empty database, once for each kind of database."""
    made = Desk(folder=tmp_path, server=httpserver, database_url=database_url, clock=clock)
    httpserver.expect_request(re.compile(r"/feeds/.*")).respond_with_handler(made.serve)
    return made
