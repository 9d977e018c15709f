"""What the rules made of articles, and what the desk said to that."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.articles import ArticleRow
from models.tables.base import Row
from models.tables.stories import StoryRow


class RuleRow(Row):
    """A rule that has judged before: one that is not here is new, and does not alert on the past."""

    __tablename__ = "rule"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    version: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]


class DecisionRow(Row):
    """The ledger: for each article and rule, what came of it and why."""

    __tablename__ = "decision"

    article_id: Mapped[str] = mapped_column(ForeignKey(ArticleRow.id), primary_key=True)
    rule: Mapped[str] = mapped_column(String(100), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text)
    score: Mapped[float]
    story_id: Mapped[str] = mapped_column(ForeignKey(StoryRow.id))
    rule_version: Mapped[str] = mapped_column(String(16))
    lexicon_version: Mapped[str] = mapped_column(String(16))
    decided_at: Mapped[datetime]


class FeedbackRow(Row):
    """What the desk said of an alert, or of one that it missed; its text is kept, as a test case."""

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(8))  # "good", "noise", "missed"
    alert_id: Mapped[str | None] = mapped_column(String(40), unique=True)  # none of what was missed
    rule: Mapped[str] = mapped_column(String(100), default="")
    why: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(16))
    outlet: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None]
