"""What is remembered of feeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Row


class SourceRow(Row):
    """What is remembered of a source between fetches."""

    __tablename__ = "source"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    body_hash: Mapped[str | None] = mapped_column(String(64))
    checked_at: Mapped[datetime | None]  # the last fetch that was stored, or was "not modified"
    next_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    last_code: Mapped[str | None] = mapped_column(String(40))
    identity: Mapped[str] = mapped_column(String(10), default="guid")  # what its items are known by
    renamed_at: Mapped[datetime | None]  # the last time that it gave known items new names
    moved_to: Mapped[str | None] = mapped_column(Text)  # where 301 and 308 led
    asked: Mapped[int] = mapped_column(default=0)  # fetches, of which one in a hundred is unconditional
    document_at: Mapped[datetime | None]  # when its last whole document was stored
    listed: Mapped[int] = mapped_column(default=0)  # items in that document
    pace: Mapped[float | None]  # new items an hour, learnt
    newest_at: Mapped[datetime | None]  # when it last brought something new
    advice_s: Mapped[int | None]  # seconds that its document or server asks us to leave between fetches
    health: Mapped[str] = mapped_column(String(24), default="new")
    health_at: Mapped[datetime | None]
    health_detail: Mapped[str | None] = mapped_column(Text)
    marks: Mapped[str] = mapped_column(Text, default="", server_default="")  # marks of what it listed last
    whole_at: Mapped[datetime | None]  # when all of a document was last read
    validators_lie: Mapped[bool] = mapped_column(default=False, server_default=false())


class FeedEventRow(Row):
    """What happened to a feed and is worth telling once: a change of health, a move, a gap."""

    __tablename__ = "feed_event"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    source: Mapped[str] = mapped_column(String(100), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(
        String(16)
    )  # "health", "moved", "renamed", "gap", "silence", "validators"
    state: Mapped[str] = mapped_column(String(24))
    was: Mapped[str] = mapped_column(String(24))
    detail: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime | None]  # when the desk's operations channels were told
