"""Where articles go that other words read otherwise: the pipeline's own search for a story.

An article that is read as before keeps its story, and follows the article by
which it was joined if that one goes elsewhere. Every other is placed anew by
`decide.place` among what its sweep could have seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from models import decide
from models.replay.shelf import KEPT, Shelf
from models.store.candidates import PER_ARTICLE, PER_PROBE, most_alike
from models.stories import Memory, Rarity
from models.values import (
    Article,
    ArticleId,
    Clues,
    Desk,
    Known,
    Member,
    Met,
    Open,
    Placement,
    Reading,
    StoryId,
)

SWEEP = timedelta(days=5)  # between two looks for keys to let go


class Regroup:
    """Places articles by their new readings; one object serves one replay."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._holders: dict[int, list[tuple[datetime, ArticleId]]] = {}
        self._swept: datetime | None = None
        self._moved: dict[ArticleId, StoryId] = {}
        self._memory = Memory()
        self._rarity = Rarity()

    def sweep(
        self, met: Sequence[Met], readings: Mapping[ArticleId, Reading], shelf: Shelf, now: datetime
    ) -> dict[ArticleId, Placement]:
        """Give the story of each article of a sweep that is met for the first time."""
        new = [one for one in met if one.article.id not in shelf.story_of]
        articles = [one.article for one in new]
        clues = decide.clues(articles, readings, self._memory)
        stands = {one.article.id: one.placement for one in new if one.corrected or _as_before(one, readings)}
        free = [article for article in articles if article.id not in stands]
        found: dict[ArticleId, Placement] = dict(stands)
        if free:
            known = Known(
                members=self._candidates(free, clues, shelf, now),
                articles=self._rarity.articles,
                terms=self._rarity.counts({term for clue in clues.values() for term in clue.terms}),
            )
            placed = decide.place(
                articles, readings, known, self._desk, now=now, standing=stands, memory=self._memory
            )
            found = dict(placed.placements)
        for one in new:
            self._follow(one, found)
        self._file(articles, clues)
        self._forget(now)
        return found

    def file(self, articles: Sequence[Article], readings: Mapping[ArticleId, Reading]) -> None:
        """File articles under their keys, where later ones look for candidates, and count their terms."""
        self._file(articles, decide.clues(articles, readings, self._memory))

    def _file(self, articles: Sequence[Article], clues: Mapping[ArticleId, Clues]) -> None:
        for article in articles:
            self._rarity.add(clues[article.id].terms)
            for key in clues[article.id].keys:
                holders = self._holders.setdefault(key, [])
                holders.append((article.at, article.id))
                del holders[:-PER_PROBE]

    def _forget(self, now: datetime) -> None:
        """Let go of the keys of articles whose stories are put away: a year of them fills the memory."""
        if self._swept is not None and now - self._swept < SWEEP:
            return
        self._swept = now
        self._holders = {
            key: holders for key, holders in self._holders.items() if now - holders[-1][0] <= KEPT
        }

    def _follow(self, one: Met, found: dict[ArticleId, Placement]) -> None:
        """Send an article after the one that it was joined by, and note whoever goes elsewhere."""
        id_, placed = one.article.id, found[one.article.id]
        leads = self._moved.get(placed.nearest) if placed.nearest and not isinstance(placed, Open) else None
        if placed is one.placement and leads is not None and not one.corrected:
            found[id_] = placed = replace(placed, story=leads)
        if placed.story != one.placement.story:
            self._moved[id_] = placed.story

    def _candidates(
        self,
        articles: Sequence[Article],
        clues: Mapping[ArticleId, Clues],
        shelf: Shelf,
        now: datetime,
    ) -> tuple[Member, ...]:
        """Find the members of stories that share most with these articles."""
        oldest = min(now, *(article.at for article in articles)) - self._desk.window
        holders = {
            key: [id_ for at, id_ in self._holders[key] if at >= oldest]
            for article in articles
            for key in clues[article.id].keys
            if key in self._holders
        }
        likely = most_alike(articles, clues, holders, PER_ARTICLE)
        return shelf.members({shelf.story_of[id_] for id_ in likely if id_ in shelf.story_of})


def _as_before(one: Met, readings: Mapping[ArticleId, Reading]) -> bool:
    """Whether an article's grouping cannot have changed: the same concepts at the same places."""
    old, new = one.reading, readings[one.article.id]
    return old is None or (old.language, old.korea, old.concepts, old.hits) == (
        new.language,
        new.korea,
        new.concepts,
        new.hits,
    )
