"""Events, and which article tells which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.articles import ArticleRow
from models.tables.base import Row


class StoryRow(Row):
    """The event that articles report."""

    __tablename__ = "story"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    anchor_id: Mapped[str] = mapped_column(ForeignKey(ArticleRow.id))
    title: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("story.id"), index=True)
    split_from: Mapped[str | None] = mapped_column(ForeignKey("story.id"))


class StoryWordsRow(Row):
    """The words of a story that may still be joined: its sums, as `models.stories` packs them."""

    __tablename__ = "story_words"

    story_id: Mapped[str] = mapped_column(ForeignKey(StoryRow.id), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[datetime] = mapped_column(index=True)  # then it is of no more use


class TermRow(Row):
    """In how many articles a term stood, as far as they are remembered; of "", how many there were."""

    __tablename__ = "term"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term: Mapped[str] = mapped_column(String(64), primary_key=True)
    articles: Mapped[int] = mapped_column(Integer)


class PlaceRow(Row):
    """Which story an article tells, and why."""

    __tablename__ = "place"

    article_id: Mapped[str] = mapped_column(ForeignKey(ArticleRow.id), primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey(StoryRow.id), index=True)
    joined: Mapped[bool]
    score: Mapped[float]
    margin: Mapped[float]
    reason: Mapped[str] = mapped_column(Text)
    nearest: Mapped[str | None] = mapped_column(String(16))
    veto: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[dict[str, float]] = mapped_column(JSON)


class CorrectionRow(Row):
    """An article that an editor has put into another story, each time: no later decision moves it."""

    __tablename__ = "correction"

    article_id: Mapped[str] = mapped_column(ForeignKey(ArticleRow.id), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    was_id: Mapped[str] = mapped_column(ForeignKey(StoryRow.id))
    story_id: Mapped[str] = mapped_column(ForeignKey(StoryRow.id))


class ProbeRow(Row):
    """An index key under which an article can be found as a candidate, while its story is open.

    Forty for each article, so kept in two trees, without a row id to lead from one to the other
    and without a foreign key to look up: they are an index, and can be made again.
    """

    __tablename__ = "probe"
    __table_args__ = (Index("ix_probe_key_at", "key", "at"), {"sqlite_with_rowid": False})

    article_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
