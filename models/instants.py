"""Times as the database keeps them: whole milliseconds since the epoch, UTC.

So SQLite and PostgreSQL order and compare them alike.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, TypeDecorator
from sqlalchemy.engine import Dialect

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(at: datetime) -> int:
    """Give a time as the database keeps it."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware UTC time, kept as milliseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Turn an aware time into milliseconds."""
        del dialect
        return None if value is None else milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Turn milliseconds into an aware time."""
        del dialect
        return None if value is None else _EPOCH + timedelta(milliseconds=value)
