"""Alembic's entry: the product hands its connection in, the command line opens one."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import Connection

from flows.settings import database_url
from models.database import Database
from models.instants import Instant
from models.tables import Row


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own column types as what they are in the database: migrations stand alone."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Instant) else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Row.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    database = Database(database_url())
    with database.writing() as session:
        _run(session.connection())
    database.close()
