"""What all rows stand on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from models.instants import Instant


class Row(DeclarativeBase):
    """The base of all rows; constraints are named so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant}  # noqa: RUF012 - SQLAlchemy reads it from the class


class SearchVector(UserDefinedType[str]):
    """PostgreSQL's tsvector.

    Whatever SQLAlchemy has for one database loads its drivers: six for PostgreSQL, a twentieth
    of a start. For the same reason what an index is there stands in its `info`, for migrations.
    """

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Give its name in DDL."""
        return "TSVECTOR"


class Leased:
    """The columns of what one process at a time may work on: see `models.store.leases`."""

    lease_token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    lease_holder: Mapped[str | None] = mapped_column(Text)
