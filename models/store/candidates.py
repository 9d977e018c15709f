"""Finds what an undecided article may join: through the index of probes, never by a scan.

The cost for an article is bounded whatever the archive holds: at most
`PER_PROBE` rows for each of its keys, at most `PER_ARTICLE` candidates, and of each
story whose members are asked for its anchor and the newest, at most `PER_STORY`.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import nlargest
from typing import TypeVar

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from models.instants import milliseconds
from models.store.inserts import chunks
from models.store.rows import article, reading
from models.tables import ArticleRow, PlaceRow, ReadingRow, StoryRow
from models.values import Article, ArticleId, Clues, Member, Source, SourceName, StoryId

Key = TypeVar("Key", bound=Hashable)

PER_PROBE = 40  # newest articles looked at for one key: common keys tell little and cost much
PER_ARTICLE = 24  # that share most with an article, rare keys counting more
PER_STORY = 16  # newest members of a candidate's story, and its anchor

# Said in SQL to the driver: asked ten thousand times a batch, expressions cost four times the
# look-up. PostgreSQL, at the end of a wire, is asked once for all keys.
_OF_KEY = "SELECT article_id FROM probe WHERE key = ? AND at BETWEEN ? AND ? ORDER BY at DESC LIMIT ?"
_OF_KEYS = text(
    "SELECT wanted.key, found.article_id FROM unnest(CAST(:keys AS bigint[])) AS wanted (key)"
    " CROSS JOIN LATERAL (SELECT article_id FROM probe WHERE probe.key = wanted.key"
    " AND probe.at BETWEEN :since AND :until ORDER BY probe.at DESC LIMIT :most) AS found"
)


def candidates(
    session: Session,
    articles: Sequence[Article],
    clues: Mapping[ArticleId, Clues],
    window: timedelta,
) -> dict[int, tuple[StoryId, ...]]:
    """Find the stories of the articles that share most with any of a batch, within the window around it.

    Gives them by the keys that are shared, the one with the newest article last.
    """
    if not articles:
        return {}
    since = min(item.at for item in articles) - window
    until = max(item.at for item in articles) + window
    wanted = {key for item in articles for key in clues[item.id].keys.values()}
    holders = _holders(session, wanted, since, until)
    likely = {
        id_ for item in articles for id_ in most_alike(clues[item.id].keys.values(), holders, PER_ARTICLE)
    }
    story_of: dict[str, StoryId] = {}
    for part in chunks(list(likely - {item.id for item in articles})):
        query = select(PlaceRow.article_id, PlaceRow.story_id).where(PlaceRow.article_id.in_(part))
        story_of.update((id_, StoryId(story)) for id_, story in session.execute(query))
    return {
        key: found
        for key, holding in holders.items()
        if (found := tuple(dict.fromkeys(story_of[id_] for id_ in reversed(holding) if id_ in story_of)))
    }


def most_alike(keys: Iterable[Key], holders: Mapping[Key, Sequence[ArticleId]], most: int) -> list[ArticleId]:
    """Choose those that share most with an article of these keys, rare keys counting more."""
    votes: dict[ArticleId, float] = {}
    for key in keys:
        holding = holders.get(key, ())
        vote = 1 / max(1, len(holding))
        for holder in holding:
            votes[holder] = votes.get(holder, 0.0) + vote
    return nlargest(most, votes, key=votes.__getitem__)


def _holders(
    session: Session, keys: Iterable[int], since: datetime, until: datetime
) -> dict[int, list[ArticleId]]:
    """Give the newest articles filed under each key."""
    first, last = milliseconds(since), milliseconds(until)
    found: dict[int, list[ArticleId]] = {}
    if session.get_bind().dialect.name == "postgresql":
        asked = {"keys": list(keys), "since": first, "until": last, "most": PER_PROBE}
        for key, id_ in session.execute(_OF_KEYS, asked):
            found.setdefault(key, []).append(ArticleId(id_))
        return found
    cursor = session.connection().connection.cursor()
    for key in keys:
        cursor.execute(_OF_KEY, (key, first, last, PER_PROBE))
        if rows := cursor.fetchall():
            found[key] = [ArticleId(id_) for (id_,) in rows]
    cursor.close()
    return found


def members(
    session: Session,
    stories: Collection[StoryId],
    sources: Mapping[SourceName, Source],
    *,
    most: int = PER_STORY,
) -> tuple[Member, ...]:
    """Load of each story the anchor and the newest members."""
    found: list[Member] = []
    for named in chunks(list(stories)):
        newest = func.row_number().over(partition_by=PlaceRow.story_id, order_by=ArticleRow.at.desc())
        ranked = (
            select(PlaceRow.article_id, PlaceRow.story_id, newest.label("rank"))
            .join(ArticleRow, ArticleRow.id == PlaceRow.article_id)
            .where(PlaceRow.story_id.in_(named))
            .subquery()
        )
        query = (
            select(ArticleRow.__table__, ReadingRow.body, ranked.c.story_id)
            .join(ranked, ranked.c.article_id == ArticleRow.id)
            .join(ReadingRow, ReadingRow.article_id == ArticleRow.id)
            .join(StoryRow, StoryRow.id == ranked.c.story_id)
            .where(or_(ranked.c.rank <= most, StoryRow.anchor_id == ArticleRow.id))
            .order_by(ArticleRow.at, ArticleRow.id)
        )
        for row in session.execute(query):
            source = sources.get(SourceName(row.source))
            family = (source.family if source else "") or row.outlet
            found.append(
                Member(article=article(row), reading=reading(row), story=StoryId(row.story_id), family=family)
            )
    return tuple(found)
