"""A whole archive from one database into another: every row, or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Table, and_, bindparam, delete, func, select, text, update
from sqlalchemy.orm import Session

from models.errors import DatabaseError
from models.tables import ArticleRow, InstallRow, SearchRow, metadata

_CHUNK = 1000  # rows


def transfer(source: Session, target: Session) -> dict[str, int]:
    """Copy every row, the installation's identity with them, so that alerts keep their ids.

    Args:
        source: a session that sees one state of its database.
        target: a writing session on a database with the same schema and no rows. Commit
            it or throw it away: there is nothing between.

    Returns:
        How many rows of each table, by its name.

    Raises:
        DatabaseError: the target holds something already, or counts differ afterwards.

    """
    # The search index is each database's own: it is filled anew before it is asked.
    tables = [table for table in metadata.sorted_tables if table is not SearchRow.__table__]
    for table in tables:
        if table is not InstallRow.__table__ and (held := _count(target, table)):
            raise DatabaseError(f"the other database holds {held} rows of {table.name}; name an empty one")
    target.execute(delete(InstallRow))
    copied = {table.name: _copy(source, target, table) for table in tables}
    for table in tables:
        if (found := _count(target, table)) != copied[table.name]:
            raise DatabaseError(
                f"{table.name}: {copied[table.name]} rows were read and {found} arrived; nothing is kept"
            )
    target.execute(update(ArticleRow).values(filed=False))
    return copied


def _count(session: Session, table: Table) -> int:
    return session.scalars(select(func.count()).select_from(table)).one()


def _copy(source: Session, target: Session, table: Table) -> int:
    """Copy a table; columns that point into the table itself come last, when all they name is there."""
    own = [key.parent for key in table.foreign_keys if key.column.table is table]
    later: list[Mapping[str, Any]] = []
    count = 0
    for chunk in source.execute(select(table)).mappings().partitions(_CHUNK):
        later += [dict(row) for row in chunk if any(row[column.name] is not None for column in own)]
        rows = [{**row, **dict.fromkeys(column.name for column in own)} for row in chunk]
        target.execute(table.insert(), rows)
        count += len(rows)
    if later:
        _point(target, table, own, later)
    _number_on(target, table)
    return count


def _point(target: Session, table: Table, own: list[Column[Any]], rows: list[Mapping[str, Any]]) -> None:
    keys = list(table.primary_key)
    statement = (
        update(table)
        .where(and_(*(column == bindparam(f"key_{column.name}") for column in keys)))
        .values({column: bindparam(f"new_{column.name}") for column in own})
    )
    values = [
        {f"key_{column.name}": row[column.name] for column in keys}
        | {f"new_{column.name}": row[column.name] for column in own}
        for row in rows
    ]
    target.connection().execute(statement, values)


def _number_on(target: Session, table: Table) -> None:
    """Let PostgreSQL number new rows after the copied ones; SQLite does so by itself."""
    column = table.autoincrement_column
    if target.get_bind().dialect.name != "postgresql" or column is None:
        return
    last = target.scalars(select(func.max(column))).one()
    sequence = target.scalars(
        text("SELECT pg_get_serial_sequence(:table, :column)"),
        {"table": table.name, "column": column.name},
    ).one()
    if sequence and last:
        target.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})
