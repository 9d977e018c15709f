"""How rare each term is, and what each open story's words are, kept from batch to batch.

With these a decide sweep of ten articles weighs words as a stream of sixty
thousand would (`models.stories.rarity`), and joins a story of a thousand
articles by all of them, having loaded sixteen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.store.inserts import chunks, insert_plain
from models.stories.rarity import HALVE_AT
from models.tables import StoryWordsRow, TermRow
from models.values import StoryId

_ALL = ""  # no term: counts the articles
_COUNT_TERM = (
    "INSERT INTO term (term, articles) VALUES (?, ?)"
    " ON CONFLICT (term) DO UPDATE SET articles = term.articles + excluded.articles"
)
_LONGEST = 64  # characters; a longer "word" is no word, and an index has its limits


def counts(session: Session, terms: Iterable[str]) -> tuple[int, dict[str, int]]:
    """Say how many articles were counted, and in how many of them each of these terms stood."""
    wanted = sorted({_ALL, *(term for term in terms if len(term) <= _LONGEST)})
    found: dict[str, int] = {}
    table = TermRow.__table__.c
    for part in chunks(wanted):
        rows = session.execute(select(table.term, table.articles).where(table.term.in_(part)))
        found.update((term, articles) for term, articles in rows)
    return found.pop(_ALL, 0), found


def count(session: Session, articles: Collection[Iterable[str]]) -> None:
    """Count the terms of articles, each given by its terms."""
    if not articles:
        return
    added = Counter(term for terms in articles for term in set(terms) if len(term) <= _LONGEST)
    added[_ALL] = len(articles)
    insert_plain(session, _COUNT_TERM, sorted(added.items()))
    if counts(session, ())[0] >= HALVE_AT:
        session.execute(delete(TermRow).where(TermRow.articles <= 1))
        session.execute(update(TermRow).values(articles=TermRow.articles // 2))


def story_words(session: Session, stories: Iterable[StoryId]) -> dict[StoryId, bytes]:
    """Give what was kept of stories' words, as `models.stories` packed it."""
    found: dict[StoryId, bytes] = {}
    for part in chunks(list(stories)):
        query = select(StoryWordsRow.story_id, StoryWordsRow.body).where(StoryWordsRow.story_id.in_(part))
        found.update((StoryId(story), body) for story, body in session.execute(query))
    return found


def keep_story_words(session: Session, packed: Mapping[StoryId, bytes], *, until: datetime) -> None:
    """Keep stories' words for as long as the stories may be joined."""
    if not packed:
        return
    dialect = session.get_bind().dialect.name
    insert = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(StoryWordsRow)
    new = {"body": insert.excluded.body, "until": insert.excluded.until}
    session.connection().execute(
        insert.on_conflict_do_update(index_elements=[StoryWordsRow.story_id], set_=new),
        [{"story_id": story, "body": body, "until": until} for story, body in packed.items()],
    )


def forget_story_words(session: Session, stories: Collection[str]) -> None:
    """Drop what was kept of stories whose articles changed; it is gathered anew from those."""
    session.execute(delete(StoryWordsRow).where(StoryWordsRow.story_id.in_(stories)))
