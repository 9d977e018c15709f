"""Texts, and what is known of each by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Row, SearchVector


class ArticleRow(Row):
    """One text with one identity."""

    __tablename__ = "article"
    __table_args__ = (
        Index("ix_article_state_at", "state", "at"),
        Index("ix_article_at", "at"),
        Index(
            "ix_article_unfiled",
            "at",
            sqlite_where=text("filed = 0"),
            info={"postgresql_where": text("NOT filed")},
        ),
        Index(
            "ix_article_probed_until",
            "probed_until",
            sqlite_where=text("probed_until IS NOT NULL"),
            info={"postgresql_where": text("probed_until IS NOT NULL")},
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    source: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text, index=True)
    link: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(16))
    outlet: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    dated: Mapped[str] = mapped_column(String(10), default="none")  # how sure that time is
    first_seen_at: Mapped[datetime]
    at: Mapped[datetime]  # published_at, else first_seen_at: the order stories are placed in
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    fresh: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(8), default="new")  # "new" until a decide sweep commits
    decided_at: Mapped[datetime | None]  # by that sweep's clock: what a replay goes by
    filed: Mapped[bool] = mapped_column(default=False, server_default=false())  # search knows this text
    probed_until: Mapped[datetime | None]  # then its probes are of no more use


class VersionRow(Row):
    """An earlier text of an article that was edited."""

    __tablename__ = "version"

    article_id: Mapped[str] = mapped_column(ForeignKey(ArticleRow.id), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]
    decided_at: Mapped[datetime | None]  # None: it was edited before a sweep met it


class SearchRow(Row):
    """An article that search knows; on SQLite its words are in a table of FTS5's, under the same id."""

    __tablename__ = "search"
    __table_args__ = (
        Index("ix_search_words", "words", info={"postgresql_using": "gin"}),
        {"sqlite_autoincrement": True},  # an id of FTS5's table is never given again
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    article_id: Mapped[str] = mapped_column(ForeignKey(ArticleRow.id), unique=True)
    words: Mapped[str | None] = mapped_column(Text().with_variant(SearchVector(), "postgresql"))


class SightingRow(Row):
    """An item of a source that is some article: what is new is decided by membership here."""

    __tablename__ = "sighting"
    __table_args__ = (
        Index("ix_sighting_source_url", "source", "url"),
        Index("ix_sighting_source_heading", "source", "heading"),
    )

    source: Mapped[str] = mapped_column(String(100), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey(ArticleRow.id), index=True)
    digest: Mapped[str] = mapped_column(String(32))  # of the title and text that this source shows
    outlet: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[datetime]
    guid: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(Text, default="")  # canonical, as this source gave it last
    heading: Mapped[str] = mapped_column(String(32), default="")  # digest of title and date
    listed_at: Mapped[datetime]  # the last document of the source that listed it


class ReadingRow(Row):
    """What the lexicon made of an article."""

    __tablename__ = "reading"

    article_id: Mapped[str] = mapped_column(ForeignKey(ArticleRow.id), primary_key=True)
    language: Mapped[str] = mapped_column(String(16))
    korea: Mapped[bool]
    score: Mapped[float]
    lexicon: Mapped[str] = mapped_column(String(16))
    body: Mapped[bytes] = mapped_column(LargeBinary)  # the whole `Reading` as JSON


class TagRow(Row):
    """A concept that an article is tagged with, strongest first."""

    __tablename__ = "tag"
    __table_args__ = ({"sqlite_with_rowid": False},)

    article_id: Mapped[str] = mapped_column(ForeignKey(ArticleRow.id), primary_key=True)
    concept: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    rank: Mapped[int]
