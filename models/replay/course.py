"""One side of a replay: what a desk alerts on, sweep after sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from models import decide
from models.lexicon import Lexicon
from models.replay.shelf import Shelf
from models.values import (
    Alert,
    AlertId,
    Article,
    ArticleId,
    ChannelName,
    Desk,
    Known,
    Outcome,
    Past,
    Placement,
    Raised,
    Reading,
    RuleName,
    StoryId,
)


class Course:
    """Decides the past again by a desk's rules, and remembers what it alerted on."""

    def __init__(self, desk: Desk, lexicon: Lexicon, past: Past, *, bodies: bool = False) -> None:
        self.desk = desk
        self.raised: dict[tuple[RuleName, StoryId, str], Raised] = {}
        self._lexicon = lexicon
        self._past = past
        self._bodies = bodies  # of alerts, for who looks at the outcomes
        self._alerted: dict[tuple[ChannelName, RuleName, StoryId], AlertId] = {}
        self._told: dict[StoryId, dict[AlertId, Alert]] = {}
        self._counts_for: dict[StoryId, dict[StoryId, None]] = {}  # what editors made of a story
        for alert in past.alerts:
            self._remember(alert)

    def sweep(
        self,
        articles: Sequence[Article],
        readings: Mapping[ArticleId, Reading],
        placements: Mapping[ArticleId, Placement],
        shelf: Shelf,
        now: datetime,
    ) -> Outcome:
        """Judge what one sweep met; `shelf` holds what was met before, and is not changed.

        Args:
            articles: of the sweep, in its order.
            readings: of each.
            placements: of each that is met for the first time.
            shelf: the stories as they stood before the sweep.
            now: the sweep's clock.

        """
        placed = {item.id: shelf.story_of[item.id] for item in articles if item.id in shelf.story_of}
        stories = {placement.story for placement in placements.values()} | set(placed.values())
        known = Known(
            members=shelf.members(stories, but={item.id for item in articles}),
            placed=placed,
            alerted=self._alerted,
            told=tuple(alert for story in stories for alert in self._told.get(story, {}).values()),
            install=self._past.install,
        )
        outcome = decide.judge(
            articles,
            readings,
            placements,
            known,
            self.desk,
            lexicon=self._lexicon,
            now=now,
            bodies=self._bodies,
        )
        by_id = {item.id: item for item in articles}
        for alert in outcome.alerts:
            self._remember(alert)
            self._raise(alert, by_id[alert.article], now)
        for alert in outcome.rewritten:
            told = self._told[alert.story]
            told[alert.id] = replace(alert, due_at=told[alert.id].due_at, body="")
        return outcome

    def _raise(self, alert: Alert, article: Article, now: datetime) -> None:
        one = Raised(
            rule=alert.rule,
            story=alert.story,
            kind=alert.kind,
            at=now,
            article=article.id,
            title=article.title,
            outlet=article.outlet,
        )
        self.raised.setdefault(one.key, one)

    def correct(self, was: StoryId, story: StoryId) -> None:
        """Let what was alerted of a story count from now on for one that an editor made of it."""
        if story not in self._counts_for.setdefault(was, {}):
            self._counts_for[was][story] = None
            for alert in tuple(self._told.get(was, {}).values()):
                self._keep(alert, story)

    def _remember(self, alert: Alert) -> None:
        """Keep an alert under its story, and under those that it counts for as well."""
        for story in (alert.story, *self._counts_for.get(alert.story, ())):
            self._keep(alert, story)

    def _keep(self, alert: Alert, story: StoryId) -> None:
        # Without its body: a year of them would fill the memory, and nobody reads them again.
        self._told.setdefault(story, {})[alert.id] = replace(alert, story=story, body="")
        if alert.kind == decide.KIND:
            self._alerted[alert.channel, alert.rule, story] = alert.id
