"""The rows: what the database holds, with every constraint the promise rests on.

Rows never leave `models.store`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
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


class InstallRow(Row):
    """One row: the identity that alert ids are derived from, kept over restores."""

    __tablename__ = "install"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]


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

    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"), primary_key=True)
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
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"), unique=True)
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
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"), index=True)
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

    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(16))
    korea: Mapped[bool]
    score: Mapped[float]
    lexicon: Mapped[str] = mapped_column(String(16))
    body: Mapped[bytes] = mapped_column(LargeBinary)  # the whole `Reading` as JSON


class TagRow(Row):
    """A concept that an article is tagged with, strongest first."""

    __tablename__ = "tag"
    __table_args__ = ({"sqlite_with_rowid": False},)

    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"), primary_key=True)
    concept: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    rank: Mapped[int]


class StoryRow(Row):
    """The event that articles report."""

    __tablename__ = "story"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    anchor_id: Mapped[str] = mapped_column(ForeignKey("article.id"))
    title: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("story.id"), index=True)
    split_from: Mapped[str | None] = mapped_column(ForeignKey("story.id"))


class StoryWordsRow(Row):
    """The words of a story that may still be joined: its sums, as `models.stories` packs them."""

    __tablename__ = "story_words"

    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), primary_key=True)
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

    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"), primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
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

    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    was_id: Mapped[str] = mapped_column(ForeignKey("story.id"))
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"))


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


class DecisionRow(Row):
    """The ledger: for each article and rule, what came of it and why."""

    __tablename__ = "decision"

    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(100), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text)
    score: Mapped[float]
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"))
    rule_version: Mapped[str] = mapped_column(String(16))
    lexicon_version: Mapped[str] = mapped_column(String(16))
    decided_at: Mapped[datetime]


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


class RuleRow(Row):
    """A rule that has judged before: one that is not here is new, and does not alert on the past."""

    __tablename__ = "rule"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    version: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]


class LeaseRow(Leased, Row):
    """A kind of run of which there is one at a time, and how its last one went."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    began_at: Mapped[datetime | None]  # when it was taken last
    ended_at: Mapped[datetime | None]  # when a holder last came to its end
    said: Mapped[str | None] = mapped_column(Text)  # what that one had to say


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
    story_id: Mapped[str | None] = mapped_column(ForeignKey("story.id"), index=True)
    article_id: Mapped[str | None] = mapped_column(ForeignKey("article.id"))
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


class AttemptRow(Row):
    """One try to send an alert; written before the socket opens."""

    __tablename__ = "attempt"

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))
    status: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(Text)
