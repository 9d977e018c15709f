"""Who runs here, and what runs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Leased, Row


class InstallRow(Row):
    """One row: the identity that alert ids are derived from, kept over restores."""

    __tablename__ = "install"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]


class LeaseRow(Leased, Row):
    """A kind of run of which there is one at a time, and how its last one went."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    began_at: Mapped[datetime | None]  # when it was taken last
    ended_at: Mapped[datetime | None]  # when a holder last came to its end
    said: Mapped[str | None] = mapped_column(Text)  # what that one had to say
