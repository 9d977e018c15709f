"""The stories of a course: what `store.recall` gives the live sweep, kept in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from models.store.candidates import PER_STORY
from models.stories import story_id
from models.values import ArticleId, Member, StoryId

KEPT = timedelta(days=14)  # a story that nobody told for so long is put away; none is joined after nine
SWEEP = timedelta(days=1)


class Shelf:
    """Members of stories, the newest of each and its anchor."""

    def __init__(self) -> None:
        self.story_of: dict[ArticleId, StoryId] = {}
        self._members: dict[StoryId, list[Member]] = {}
        self._touched: dict[StoryId, datetime] = {}  # the one touched last stands last
        self._swept: datetime | None = None

    def put(self, members: Iterable[Member], now: datetime) -> None:
        """Put articles into their stories; an edited one takes the place of its earlier text."""
        for member in members:
            kept = [one for one in self._members.get(member.story, ()) if one.article.id != member.article.id]
            kept.append(member)
            kept.sort(key=_age)
            anchor = [one for one in kept[:-PER_STORY] if story_id(one.article.id) == one.story]
            self._members[member.story] = anchor + kept[-PER_STORY:]
            self.story_of[member.article.id] = member.story
            self._touched.pop(member.story, None)
            self._touched[member.story] = now
        self._sweep(now)

    def move(self, article: ArticleId, story: StoryId, now: datetime) -> None:
        """Move an article into another story, if it still stands here."""
        was = self.story_of.get(article)
        if was is None or was == story:
            return
        self.story_of[article] = story
        standing = self._members.get(was, ())
        self._members[was] = [one for one in standing if one.article.id != article]
        self.put([replace(one, story=story) for one in standing if one.article.id == article], now)

    def members(self, stories: Collection[StoryId], *, but: Collection[ArticleId] = ()) -> tuple[Member, ...]:
        """Give what tells some stories, but for articles that are about to be decided."""
        found = [member for story in stories for member in self._members.get(story, ())]
        return tuple(sorted((one for one in found if one.article.id not in but), key=_age))

    def _sweep(self, now: datetime) -> None:
        if self._swept is not None and now - self._swept < SWEEP:
            return
        self._swept = now
        for story in [story for story, touched in self._touched.items() if now - touched > KEPT]:
            for member in self._members.pop(story):
                self.story_of.pop(member.article.id, None)
            del self._touched[story]


def _age(member: Member) -> tuple[datetime, str]:
    return member.article.at, member.article.id
