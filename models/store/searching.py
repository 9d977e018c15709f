"""The search index: filled after a run has delivered, never while articles come in.

An article that is not filed yet is in a small partial index and nowhere else,
so that ingest pays a microsecond and not the 200 that its tokens cost. SQLite
has an FTS5 table beside `search`, without a copy of the texts; what was edited
or removed since stays in it as a number that leads nowhere. PostgreSQL has a
tsvector and a GIN index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    cast,
    column,
    delete,
    func,
    literal_column,
    select,
    table,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from models import search
from models.store.corrections import root
from models.tables import ArticleRow, PlaceRow, ReadingRow, SearchRow, TagRow
from models.values import ArticleId, ConceptId, SourceName, StoryId

WORDS = "search_words"  # SQLite's FTS5 table
WEIGHED = 1_000  # newest finds that are weighed: of a word in every article, all would take a second
_FTS5 = table(WORDS, column("rowid"))
_NAMED: ColumnElement[str] = literal_column(WORDS)  # in FTS5 a table's name stands for all its columns
_CREATE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {WORDS} USING fts5(title, body, content='', prefix='1',"
    " tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")"
)
_FILE = text(f"INSERT INTO {WORDS} (rowid, title, body) VALUES (:id, :title, :body)")  # noqa: S608 - our own name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for; empty conditions hold for everything."""

    terms: tuple[search.Term, ...] = ()
    concept: ConceptId | None = None
    story: StoryId | None = None
    source: SourceName | None = None
    language: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def unfiled(session: Session, most: int | None = None) -> int:
    """Count the articles that search does not know yet, up to `most`."""
    waiting = select(ArticleRow.id).where(~ArticleRow.filed).limit(most).subquery()
    return session.scalars(select(func.count()).select_from(waiting)).one()


def file_articles(session: Session, limit: int) -> int:
    """File some of them, oldest first, so that ids grow with time; give how many.

    Those that another process is writing are left for later: who files waits for nobody.
    """
    query = select(ArticleRow.id, ArticleRow.at, ArticleRow.title, ArticleRow.text)
    query = query.where(~ArticleRow.filed).order_by(ArticleRow.at).limit(limit)
    rows = session.execute(query.with_for_update(skip_locked=True)).all()
    sqlite = session.get_bind().dialect.name == "sqlite"
    if not rows:
        return 0
    if sqlite:
        session.execute(text(_CREATE))
    ids = [row.id for row in rows]
    session.execute(delete(SearchRow).where(SearchRow.article_id.in_(ids)))
    made = [
        SearchRow(article_id=row.id, words=None if sqlite else search.as_tsvector(row.title, row.text))
        for row in rows
    ]
    session.add_all(made)
    session.flush()
    if sqlite:
        session.execute(
            _FILE,
            [
                {
                    "id": one.id,
                    "title": " ".join(search.tokens(row.title)),
                    "body": " ".join(search.tokens(row.text)),
                }
                for one, row in zip(made, rows, strict=True)
            ],
        )
    session.execute(update(ArticleRow).where(ArticleRow.id.in_(ids)).values(filed=True))
    return len(rows)


def tidy(session: Session) -> None:
    """Give the planner fresh figures after many articles were filed; SQLite needs none."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT gin_clean_pending_list('ix_search_words')"))
        session.execute(text("ANALYZE search"))


def find(session: Session, wanted: Wanted, *, limit: int, newest: bool = False) -> list[ArticleId]:
    """Give the ids of articles that hold what is wanted, best first.

    Args:
        session: to read from.
        wanted: what they have to hold.
        limit: how many at most.
        newest: in the order of time; else by weight (BM25, or PostgreSQL's ts_rank_cd,
            a find in the title counting four times one in the text) among the newest
            `WEIGHED` finds.

    """
    if not wanted.terms:
        query = _narrowed(select(ArticleRow.id), session, wanted)
        return _ids(session, query.order_by(ArticleRow.at.desc(), ArticleRow.id).limit(limit))
    if not search.as_fts5(wanted.terms) or session.scalars(select(SearchRow.id).limit(1)).first() is None:
        return []
    sqlite = session.get_bind().dialect.name == "sqlite"
    return (_in_fts5 if sqlite else _in_tsvectors)(session, wanted, limit=limit, newest=newest)


def _in_fts5(session: Session, wanted: Wanted, *, limit: int, newest: bool) -> list[ArticleId]:
    ids = _FTS5.c.rowid
    query = select(SearchRow.article_id).join(_FTS5, ids == SearchRow.id)
    query = query.where(_NAMED.op("MATCH")(search.as_fts5(wanted.terms)))
    query = _filtered(query, session, wanted)
    if newest:
        return _ids(session, query.order_by(ids.desc()).limit(limit))
    weighed = session.scalars(query.with_only_columns(ids).order_by(ids.desc()).limit(WEIGHED)).all()
    if not weighed:
        return []
    query = query.where(ids >= weighed[-1])  # FTS5 weighs only what the query itself matches
    return _ids(session, query.order_by(func.bm25(_NAMED, 4.0, 1.0), ids.desc()).limit(limit))


def _in_tsvectors(session: Session, wanted: Wanted, *, limit: int, newest: bool) -> list[ArticleId]:
    asked = search.as_tsquery(wanted.terms)
    found = _newest(session, wanted, asked)
    if newest:
        return _ids(session, found.with_only_columns(found.selected_columns.article_id).limit(limit))
    weighed = found.limit(WEIGHED).subquery()
    weight = func.ts_rank_cd(weighed.c.words, _tsquery(asked)).desc()
    return _ids(session, select(weighed.c.article_id).order_by(weight, weighed.c.id.desc()).limit(limit))


def _newest(session: Session, wanted: Wanted, asked: str) -> Select[Any]:
    """Give the texts that hold what is asked, newest first, from PostgreSQL.

    Its index does not know what stands side by side: every text that holds the words
    would be read, which is nearly all that a search for a phrase costs. So the index
    says which hold them at all, and these are read one by one until there are enough.
    """
    apart = search.as_tsquery_apart(wanted.terms)
    held = select(SearchRow).where(SearchRow.words.op("@@")(_tsquery(apart)))
    held = _filtered(held, session, wanted).order_by(SearchRow.id.desc())
    if apart == asked:
        return held
    ids = held.with_only_columns(SearchRow.id).subquery()
    one = select(SearchRow).where(SearchRow.id == ids.c.id, SearchRow.words.op("@@")(_tsquery(asked)))
    read = one.limit(1).lateral()
    return select(read).select_from(ids.join(read, true())).order_by(ids.c.id.desc())


def _tsquery(asked: str) -> ColumnElement[Any]:
    """Give a query as a literal: a plan for any words at all would read all of the texts."""
    return cast(bindparam(None, asked, literal_execute=True), TSQUERY)


def _filtered(query: Select[Any], session: Session, wanted: Wanted) -> Select[Any]:
    """Narrow a query for finds by what else is wanted."""
    if wanted != Wanted(terms=wanted.terms):
        query = query.join(ArticleRow, ArticleRow.id == SearchRow.article_id)
    return _narrowed(query, session, wanted)


def _narrowed(query: Select[Any], session: Session, wanted: Wanted) -> Select[Any]:
    if wanted.concept:
        tagged = select(TagRow.article_id).where(TagRow.concept == wanted.concept)
        query = query.where(ArticleRow.id.in_(tagged))
    if wanted.story:
        told = select(PlaceRow.article_id).where(PlaceRow.story_id == root(session, wanted.story))
        query = query.where(ArticleRow.id.in_(told))
    if wanted.source:
        query = query.where(ArticleRow.source == wanted.source)
    if wanted.language:
        query = query.join(ReadingRow, ReadingRow.article_id == ArticleRow.id)
        query = query.where(ReadingRow.language == wanted.language)
    if wanted.since:
        query = query.where(ArticleRow.at >= wanted.since)
    if wanted.until:
        query = query.where(ArticleRow.at < wanted.until)
    return query


def _ids(session: Session, query: Select[Any]) -> list[ArticleId]:
    return [ArticleId(id_) for id_ in session.scalars(query)]
