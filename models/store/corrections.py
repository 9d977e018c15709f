"""An editor's word over the grouping: two stories made one, or one made two.

A correction never alerts: what was alerted of either story counts for the one
that is kept, and what was alerted of a story counts for what is split off it.
Ids stay: a merged story's id leads to the one that is kept for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from models.errors import PeninsulaError
from models.store.words import forget_story_words
from models.stories import story_id
from models.tables import ArticleRow, CorrectionRow, PlaceRow, ReadingRow, StoryRow
from models.values import ArticleId, StoryId


def root(session: Session, story: StoryId) -> StoryId:
    """Follow a merged story's id to the one that is kept.

    Raises:
        PeninsulaError: there is no such story.

    """
    row = session.get(StoryRow, story)
    if row is None:
        raise PeninsulaError(f'there is no story "{story}"; see peninsula stories')
    return StoryId(row.merged_into or row.id)


def ids_of(story: str) -> Select[tuple[str]]:
    """Give the ids under which a story alerted: its own, and those that were merged into it."""
    return select(StoryRow.id).where(or_(StoryRow.id == story, StoryRow.merged_into == story))


def merge(session: Session, first: StoryId, second: StoryId, *, now: datetime) -> StoryId:
    """Make two stories one, under the id of the one that opened earlier; give that id.

    Raises:
        PeninsulaError: one of them does not exist, or they are one already.

    """
    rows = [session.get_one(StoryRow, root(session, story)) for story in (first, second)]
    kept, gone = sorted(rows, key=lambda row: (row.opened_at, row.id))
    if kept is gone:
        raise PeninsulaError(f"{first} and {second} are one story already: {kept.id}")
    _pin(session, _articles(session, StoryId(gone.id)), StoryId(kept.id), now)
    session.execute(update(StoryRow).where(StoryRow.merged_into == gone.id).values(merged_into=kept.id))
    gone.merged_into = kept.id
    kept.last_at = max(kept.last_at, gone.last_at)
    forget_story_words(session, (kept.id, gone.id))
    session.flush()
    return StoryId(kept.id)


def split(session: Session, articles: Collection[ArticleId], *, now: datetime) -> StoryId:
    """Take articles out of their story into one of their own; give its id.

    Raises:
        PeninsulaError: an article is unknown, they tell different stories, or
            nothing would be left behind.

    """
    places = session.scalars(select(PlaceRow).where(PlaceRow.article_id.in_(articles))).all()
    if missing := set(articles) - {place.article_id for place in places}:
        raise PeninsulaError(f"no story holds the article {min(missing)}")
    if len({place.story_id for place in places}) != 1:
        raise PeninsulaError("these articles tell different stories; split takes from one at a time")
    old = session.get_one(StoryRow, places[0].story_id)
    if not set(_articles(session, StoryId(old.id))) - set(articles):
        raise PeninsulaError("these are all the articles of the story; leave one behind")
    if old.anchor_id in articles:
        raise PeninsulaError(f"{old.anchor_id} opened the story and gives it its id; split off the others")
    new = _open(session, articles, StoryId(old.id))
    _pin(session, articles, new, now)
    forget_story_words(session, (old.id, new))
    return new


def _open(session: Session, articles: Collection[ArticleId], old: StoryId) -> StoryId:
    """Open a story on the earliest of some articles."""
    query = (
        select(ArticleRow, ReadingRow.language)
        .join(ReadingRow, ReadingRow.article_id == ArticleRow.id)
        .where(ArticleRow.id.in_(articles))
        .order_by(ArticleRow.at, ArticleRow.id)
    )
    rows = session.execute(query).all()
    anchor, language = rows[0]
    new = story_id(ArticleId(anchor.id))
    row = session.get(StoryRow, new) or StoryRow(id=new)  # it may have been one before a merge
    row.anchor_id, row.title, row.language = anchor.id, anchor.title, language
    row.opened_at, row.last_at = anchor.at, max(article.at for article, _ in rows)
    row.merged_into, row.split_from = None, old
    session.add(row)
    session.flush()
    return new


def _articles(session: Session, story: StoryId) -> list[ArticleId]:
    query = select(PlaceRow.article_id).where(PlaceRow.story_id == story)
    return [ArticleId(id_) for id_ in session.scalars(query)]


def _pin(session: Session, articles: Iterable[ArticleId], story: StoryId, now: datetime) -> None:
    """Put articles into a story for good, and keep that a person said so."""
    for id_ in articles:
        place = session.get_one(PlaceRow, id_)
        kept = session.get(CorrectionRow, (id_, now)) or CorrectionRow(
            article_id=id_, at=now, was_id=place.story_id
        )
        kept.story_id = place.story_id = story
        place.joined, place.score, place.margin = True, 1.0, 1.0
        place.reason, place.veto = "An editor put it here.", ""
        session.add(kept)


def counted(session: Session, stories: Collection[StoryId]) -> dict[StoryId, set[StoryId]]:
    """Give each story whose alerts count for some of these, with those that they count for.

    Those that were merged into one, and the one that it was split off, and so on from there.
    """
    found = {story: {story} for story in stories}
    ahead = found
    while ahead:
        related = select(StoryRow.id, StoryRow.merged_into, StoryRow.split_from).where(
            or_(StoryRow.merged_into.in_(ahead), StoryRow.id.in_(ahead))
        )
        further: dict[StoryId, set[StoryId]] = {}
        for id_, into, old in session.execute(related):
            for one, counts_for in ((id_, ahead.get(into)), (old, ahead.get(id_))):
                new = (counts_for or set()) - found.get(one, set()) if one else None
                if new:
                    further.setdefault(StoryId(one), set()).update(new)
        for one, counts_for in further.items():
            found[one] = found.get(one, set()) | counts_for
        ahead = further
    return found
