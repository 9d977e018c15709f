"""Many rows at once: how they are written, and asked for, in each database's own way."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import ClauseElement, Insert, Table, insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from models.tables import Row

_T = TypeVar("_T")


def insert_new(session: Session, table: type[Row], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows; those that are there already stay as they are."""
    values = list(rows)
    if not values:
        return
    session.flush()
    # On the connection and not the session: the ORM's own bulk insert takes three times as long.
    session.connection().execute(insert_unless_there(table), values)


def insert_plain(session: Session, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows as the driver takes them, `statement` with a "?" for each value.

    For the two tables that get dozens of rows an article: SQLAlchemy's own way costs four
    times what SQLite takes to write them.
    """
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        statement = statement.replace("?", "%s")
    connection.exec_driver_sql(statement, list(rows))


class _UnlessThere(ClauseElement):
    """ON CONFLICT DO NOTHING, as both databases write it.

    SQLAlchemy's own clause has no cache key (2.0.58), so that each insert is
    compiled anew: 170 us for one row, and 25 with a key. A test holds that ours has one.
    """

    inherit_cache = True
    _traverse_internals: list[Any] = []  # noqa: RUF012 - nothing in it varies


@compiles(_UnlessThere)
def _written(_: _UnlessThere, __: SQLCompiler, **___: object) -> str:
    return "ON CONFLICT DO NOTHING"


@functools.cache
def insert_unless_there(table: type[Row]) -> Insert:
    """Give the statement that inserts rows, and leaves those alone that are there already."""
    statement = insert(cast("Table", table.__table__))
    statement._post_values_clause = _UnlessThere()  # noqa: SLF001 - where the dialects put theirs
    return statement


def chunks(values: list[_T], size: int = 500) -> list[list[_T]]:
    """Cut a list so that no IN (...) grows beyond what both databases plan well."""
    return [values[start : start + size] for start in range(0, len(values), size)]
