"""Alembic's entry: the product hands its connection in, the command line opens one."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from flows.settings import database_url
from models.database import Database
from models.instants import Instant
from models.tables import SearchVector, metadata


def _render(kind: str, item: object, made: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what they are in the database: migrations stand alone."""
    if kind == "type" and isinstance(item, SearchVector):
        made.imports.add("from sqlalchemy.dialects import postgresql")
        return "postgresql.TSVECTOR()"
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Instant) else False


def _run(connection: Connection) -> None:
    for table in metadata.tables.values():
        for index in table.indexes:
            index.dialect_kwargs.update(index.info)
    context.configure(
        connection=connection,
        target_metadata=metadata,
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
    with database.writing(serial=True) as session:
        _run(session.connection())
    database.close()
