"""Where articles go that other words read otherwise: the pipeline's own search for a story.

An article that is read as before keeps its story, and follows the article by
which it was joined if that one goes elsewhere. Every other is placed anew, by
`stories.Window`, among what its sweep could have seen. Most articles are read as
before and are never compared, so all are filed by their outlines alone; of the
stories that an article may join, the members are read when one asks for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from models import decide, stories
from models.replay.shelf import Shelf
from models.store.candidates import PER_ARTICLE, PER_PROBE, most_alike
from models.values import Article, ArticleId, Desk, Join, Member, Met, Open, Placement, Reading, StoryId

SWEEP = timedelta(days=1)  # between two looks for keys to let go


class Regroup:
    """Places articles by their new readings; one object serves one replay."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rarity = stories.Rarity()
        self._window = stories.Window(span=desk.window, rarity=self._rarity)
        self._entered: dict[StoryId, set[ArticleId]] = {}  # of the window's stories
        self._holders: dict[str, list[tuple[datetime, ArticleId]]] = {}
        self._swept: datetime | None = None
        self._moved: dict[ArticleId, StoryId] = {}
        self._corrected: dict[ArticleId, StoryId] = {}

    def sweep(
        self, met: Sequence[Met], readings: Mapping[ArticleId, Reading], shelf: Shelf, now: datetime
    ) -> dict[ArticleId, Placement]:
        """Give the story of each article of a sweep that is met for the first time.

        Args:
            met: what the sweep met.
            readings: of each, by the other words.
            shelf: the stories by the other words, as they stood before the sweep; not changed.
            now: the sweep's clock.

        """
        found: dict[ArticleId, Placement] = {}
        mates: list[Member] = []
        for one in met:
            article = one.article
            if article.id in shelf.story_of:
                continue
            reading = readings[article.id]
            terms, keys = stories.outline(article, reading)
            if one.corrected or _as_before(one, reading):
                found[article.id] = self._follow(one)
                self._rarity.add(terms)
            else:
                self._recall(article, keys, shelf, mates, now)
                found[article.id] = self._as_corrected(self._window.place(article, reading, now))
                self._entered.setdefault(found[article.id].story, set()).add(article.id)
            if found[article.id].story != one.placement.story:
                self._moved[article.id] = found[article.id].story
            mates.append(decide.member(article, reading, found[article.id].story, self._desk))
            self._hold(article, keys)
        self._forget(now)
        return found

    def file(self, articles: Sequence[Article], readings: Mapping[ArticleId, Reading]) -> None:
        """File articles under their keys, where later ones look for candidates, and count their terms."""
        for article in articles:
            terms, keys = stories.outline(article, readings[article.id])
            self._rarity.add(terms)
            self._hold(article, keys)

    def correct(self, article: ArticleId, story: StoryId) -> None:
        """Put an article where an editor put it, and what joins by it from now on."""
        self._moved[article] = self._corrected[article] = story

    def _as_corrected(self, placed: Placement) -> Placement:
        """Send an article after the one that it joins by, if an editor has moved that since."""
        leads = self._corrected.get(placed.nearest) if placed.nearest and isinstance(placed, Join) else None
        return placed if leads is None else replace(placed, story=leads)

    def _hold(self, article: Article, keys: Iterable[str]) -> None:
        for key in keys:
            holders = self._holders.setdefault(key, [])
            holders.append((article.at, article.id))
            del holders[:-PER_PROBE]

    def _forget(self, now: datetime) -> None:
        """Let go of keys under which no article stands that may still be joined."""
        if self._swept is not None and now - self._swept < SWEEP:
            return
        self._swept = now
        kept = 2 * self._desk.window
        self._holders = {key: held for key, held in self._holders.items() if now - held[-1][0] <= kept}
        self._entered = {story: ids for story, ids in self._entered.items() if story in self._window}

    def _follow(self, one: Met) -> Placement:
        """Send an article after the one that it was joined by, if that one goes elsewhere."""
        placed = one.placement
        leads = self._moved.get(placed.nearest) if placed.nearest and not isinstance(placed, Open) else None
        return placed if leads is None or one.corrected else replace(placed, story=leads)

    def _recall(
        self, article: Article, keys: Collection[str], shelf: Shelf, mates: Sequence[Member], now: datetime
    ) -> None:
        """Bring into the window the stories that share most with an article, as far as it lacks them."""
        story_of = {member.article.id: member.story for member in mates}
        oldest = min(now, article.at) - self._desk.window
        holders = {key: [id_ for at, id_ in self._holders.get(key, ()) if at >= oldest] for key in keys}
        alike = most_alike(keys, holders, PER_ARTICLE)
        wanted = {story for id_ in alike if (story := story_of.get(id_) or shelf.story_of.get(id_))}
        for member in (*shelf.members(wanted), *(mate for mate in mates if mate.story in wanted)):
            if member.story not in self._window:
                self._entered.pop(member.story, None)
            entered = self._entered.setdefault(member.story, set())
            if member.article.id not in entered:
                entered.add(member.article.id)
                self._window.recall([member])


def _as_before(one: Met, new: Reading) -> bool:
    """Whether an article's grouping cannot have changed: the same concepts at the same places."""
    old = one.reading
    return (
        old is None
        or old is new
        or (old.language, old.korea, old.concepts, old.hits)
        == (new.language, new.korea, new.concepts, new.hits)
    )
