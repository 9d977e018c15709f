"""The outbox, and where it leads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.articles import ArticleRow
from models.tables.base import Leased, Row
from models.tables.stories import StoryRow


class AlertRow(Leased, Row):
    """The outbox: pending, sending, delivered, dead, dropped by hand, or bundled in a digest."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("channel", "rule", "story_id", "kind", "generation"),
        Index("ix_alert_state_next_at", "state", "next_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(100))
    rule: Mapped[str] = mapped_column(String(100))
    # Both empty where it tells of feeds, and of no story.
    story_id: Mapped[str | None] = mapped_column(ForeignKey(StoryRow.id), index=True)
    article_id: Mapped[str | None] = mapped_column(ForeignKey(ArticleRow.id))
    kind: Mapped[str] = mapped_column(String(40))
    generation: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)  # attempts that moved the schedule on
    next_at: Mapped[datetime]
    uncertain: Mapped[bool] = mapped_column(default=False)
    delivered_at: Mapped[datetime | None]
    last_status: Mapped[int | None]
    last_reason: Mapped[str | None] = mapped_column(Text)
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    open_until: Mapped[datetime | None]  # the body may be written anew until then, or the first claim
    digest_id: Mapped[str | None] = mapped_column(String(40), index=True)  # what tells it, if bundled
    receipt: Mapped[str | None] = mapped_column(Text)  # the receiver's name for it: a follow-up answers to it


class AttemptRow(Row):
    """One try to send an alert; written before the socket opens."""

    __tablename__ = "attempt"

    alert_id: Mapped[str] = mapped_column(ForeignKey(AlertRow.id), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))
    status: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(Text)


class ChannelRow(Row):
    """What is remembered of a channel between deliveries."""

    __tablename__ = "channel"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default="active")  # or "disabled"
    not_before: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    failing_since: Mapped[datetime | None]  # the first failure since the last delivery
    told_at: Mapped[datetime | None]  # when its trouble was told elsewhere; until the next delivery
    tokens: Mapped[float | None]  # of its rate's bucket, as it stood at `tokens_at`
    tokens_at: Mapped[datetime | None]
