"""The heart: articles and what is known of the past in, everything to write out.

Pure: no database, no clock, no network. The same articles, knowledge and rules
give the same outcome, so that a replay is this function again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b

from models import alerts, stories
from models.lexicon import Lexicon
from models.values import (
    Alert,
    AlertId,
    Article,
    ArticleId,
    Channel,
    ChannelName,
    Clues,
    Decided,
    Decision,
    Desk,
    Known,
    Member,
    Nearby,
    Open,
    Outcome,
    Placement,
    Reading,
    Rule,
    Ruling,
    Source,
    StoryId,
)

KIND = "story.matched"


def read(articles: Sequence[Article], lexicon: Lexicon) -> dict[ArticleId, Reading]:
    """Say what each article is about."""
    return {article.id: lexicon.read(article.title, article.text, article.language) for article in articles}


def clues(
    articles: Sequence[Article], readings: Mapping[ArticleId, Reading], memory: stories.Memory
) -> dict[ArticleId, Clues]:
    """Give what each article is filed under, and its candidates are looked up by."""
    found: dict[ArticleId, Clues] = {}
    for article in articles:
        taken = memory.features(article, readings[article.id])
        found[article.id] = Clues(keys={key: _number(key) for key in taken.keys}, terms=tuple(taken.terms))
    return found


def _number(key: str | int) -> int:
    """Give an index key as a signed 64-bit number, which both databases index well."""
    return int.from_bytes(blake2b(str(key).encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


def window(
    clues: Mapping[ArticleId, Clues], nearby: Nearby, desk: Desk, memory: stories.Memory
) -> stories.Window:
    """Lay out the stories that a batch may join, by their sums."""
    found = stories.Window(
        span=desk.window, rarity=stories.Rarity(nearby.articles, nearby.terms), memory=memory
    )
    keys = {key: number for clue in clues.values() for key, number in clue.keys.items()}
    found.expect(
        nearby.words,
        {key: nearby.filed[number] for key, number in keys.items() if number in nearby.filed},
        terms=(term for clue in clues.values() for term in clue.terms),
    )
    return found


def asked(
    articles: Iterable[Article], readings: Mapping[ArticleId, Reading], window: stories.Window, now: datetime
) -> set[StoryId]:
    """Name the stories that some of the articles come so near that members have to be compared."""
    return {story for article in articles for story in window.asked(article, readings[article.id], now)}


def place(
    articles: Iterable[Article], readings: Mapping[ArticleId, Reading], window: stories.Window, now: datetime
) -> dict[ArticleId, Placement]:
    """Find the story of each article, the oldest first."""
    return {article.id: window.place(article, readings[article.id], now) for article in articles}


def matched(
    articles: Iterable[Article],
    readings: Mapping[ArticleId, Reading],
    places: Mapping[ArticleId, StoryId],
    desk: Desk,
) -> set[StoryId]:
    """Name the stories of which a rule wants one of the articles."""
    return {
        places[article.id]
        for article in articles
        for rule in desk.rules
        if alerts.judge(rule, article, readings[article.id], desk.sources.get(article.source))[0]
    }


def judge(
    articles: Sequence[Article],
    readings: Mapping[ArticleId, Reading],
    placements: Mapping[ArticleId, Placement],
    known: Known,
    desk: Desk,
    *,
    lexicon: Lexicon,
    now: datetime,
    bodies: bool = True,
) -> Outcome:
    """Judge each article, in its story, by every rule, and say which alerts are due.

    Args:
        articles: undecided ones, oldest first.
        readings: of each of them, from `read`.
        placements: of each that has no story yet, from `place`.
        known: what was told and alerted before of the stories that they tell.
        desk: rules, channels, sources.
        lexicon: for labels and for the version that the ledger keeps.
        now: when this sweep runs.
        bodies: whether anybody reads the alerts, whose bodies are most of what they cost.

    Returns:
        What to write, in one transaction. Of a story that several articles of
        the batch tell, the alert names them all.

    """
    batch = _Batch(known)
    for article in articles:
        story = known.placed.get(article.id) or placements[article.id].story
        telling = member(article, readings[article.id], story, desk)
        batch.tellings.setdefault(story, []).append(telling)
        for rule in desk.rules:
            batch.decisions.append(
                _decide_one(telling, rule, batch, desk.sources.get(article.source), lexicon.version)
            )
    pen = _Pen(batch, desk, lexicon, now, bodies)
    made = [*_alerts(batch, desk, pen), *_follow_ups(batch, desk, pen)]
    feeds = {
        article.id: desk.sources.get(article.source) or Source(name=article.source) for article in articles
    }
    return Outcome(
        articles=tuple(articles),
        readings=readings,
        placements=placements,
        decisions=tuple(batch.decisions),
        alerts=tuple(alerts.spilling(made, feeds, desk.channels, known.recent)),
        rewritten=tuple(_rewritten(batch, desk, pen)),
    )


def member(article: Article, reading: Reading, story: StoryId, desk: Desk) -> Member:
    """Give an article as a member of its story."""
    return Member(article=article, reading=reading, story=story, family=_family(article, desk))


def summary(outcome: Outcome) -> Decided:
    """Count what an outcome holds, for the run's report."""
    return Decided(
        articles=len(outcome.articles),
        matched=sum(reading.korea for reading in outcome.readings.values()),
        baseline=len({made.article for made in outcome.decisions if made.outcome == "baseline"}),
        opened=tuple(
            placed.story
            for id_, placed in outcome.placements.items()
            if isinstance(placed, Open) and outcome.readings[id_].korea
        ),
        alerts=tuple(alert.id for alert in outcome.alerts),
    )


@dataclass(slots=True)
class _Due:
    member: Member
    rule: Rule


@dataclass(slots=True)
class _Batch:
    """What one call gathers; it never leaves this file."""

    known: Known
    decisions: list[Decision] = field(default_factory=list)
    tellings: dict[StoryId, list[Member]] = field(default_factory=dict)
    due: dict[tuple[StoryId, str], _Due] = field(default_factory=dict)
    known_of: dict[StoryId, list[Member]] = field(init=False)

    def __post_init__(self) -> None:
        """Put the known members by their stories."""
        self.known_of = {}
        for one in self.known.members:
            self.known_of.setdefault(one.story, []).append(one)

    def earlier(self, story: StoryId) -> list[Member]:
        """Give a story's members that were decided before."""
        return self.known_of.get(story, [])

    def open_channels(self, rule: Rule, story: StoryId) -> bool:
        """Whether any channel of the rule has not had this story yet."""
        return any((channel, rule.name, story) not in self.known.alerted for channel in rule.channels)


def _decide_one(
    member: Member, rule: Rule, batch: _Batch, source: Source | None, lexicon_version: str
) -> Decision:
    article, story = member.article, member.story
    matched, reason, detail = alerts.judge(rule, article, member.reading, source)
    outcome: Ruling = "no-match"
    if matched and (rule.name, story) in batch.known.passed and batch.open_channels(rule, story):
        outcome, reason = "baseline", "story-before-rule"  # by which an edit keeps the story silent
        detail = f"{detail}; story {story} is older than the rule, which does not alert on the past"
    elif matched and not article.fresh:
        outcome, reason = "baseline", "baseline"
        detail = f"{detail}; older than alert_max_age when its source last changed, or was first read"
    elif matched and ((story, rule.name) in batch.due or not batch.open_channels(rule, story)):
        outcome, reason, detail = "same-story", "story-alerted", f"{detail}; story {story} has its alert"
    elif matched:
        outcome = "alert"
        batch.due[story, rule.name] = _Due(member, rule)
    return Decision(
        article=article.id,
        rule=rule.name,
        outcome=outcome,
        reason=reason,
        detail=detail,
        score=member.reading.score,
        story=story,
        rule_version=rule.version,
        lexicon_version=lexicon_version,
    )


def _alerts(batch: _Batch, desk: Desk, pen: _Pen) -> list[Alert]:
    """Freeze the alerts, now that every article of the batch has its story."""
    return [
        pen.write(entry.rule, desk.channels[name], entry.member)
        for (story, _), entry in batch.due.items()
        for name in entry.rule.channels
        if (name, entry.rule.name, story) not in batch.known.alerted
    ]


def _follow_ups(batch: _Batch, desk: Desk, pen: _Pen) -> list[Alert]:
    """Say what is news in stories that have alerted before: each kind once, with a cooldown."""
    found: list[Alert] = []
    for rule in (rule for rule in desk.rules if rule.repeat):
        for story, joined in batch.tellings.items():
            fresh = [one for one in joined if one.article.id not in batch.known.placed and one.article.fresh]
            before = [one for one in (*batch.earlier(story), *joined) if one not in fresh]
            if not fresh:
                continue
            before, fresh = _in_their_voices(before, fresh, desk)
            for kind, member, news in alerts.news(rule, before, fresh, desk.sources):
                for name in rule.channels:
                    told = [alert for alert in batch.known.told if _about(alert, name, rule, story)]
                    told += [alert for alert in found if _about(alert, name, rule, story)]
                    waits = any(_waits(alert, pen.now) for alert in told)
                    if told and not waits and f"story.{kind}" not in {alert.kind for alert in told}:
                        last = max(alert.due_at for alert in told)
                        channel = desk.channels[name]
                        found.append(pen.write(rule, channel, member, f"story.{kind}", news, last=last))
    return found


def _in_their_voices(
    before: Sequence[Member], fresh: Sequence[Member], desk: Desk
) -> tuple[list[Member], list[Member]]:
    """Give members with the family for which each speaks: of a wire copy, the agency's."""
    members = [*sorted(before, key=_age), *sorted(fresh, key=_age)]
    said = stories.voices(members, desk.sources)
    spoken = [replace(one, family=voice.family) for one, voice in zip(members, said, strict=True)]
    return spoken[: len(before)], spoken[len(before) :]


def _rewritten(batch: _Batch, desk: Desk, pen: _Pen) -> list[Alert]:
    """Write alerts anew that are still in their group_wait, and now have more sources to name."""
    found: list[Alert] = []
    rules = {rule.name: rule for rule in desk.rules}
    for alert in batch.known.told:
        if not _waits(alert, pen.now) or alert.rule not in rules or alert.channel not in desk.channels:
            continue
        rule, channel = rules[alert.rule], desk.channels[alert.channel]
        members = [*batch.earlier(alert.story), *batch.tellings.get(alert.story, ())]
        first = next((member for member in members if member.article.id == alert.article), None)
        if first is not None and alert.story in batch.tellings and _matches(rule, first, desk):
            found.append(pen.write(rule, channel, first))
    return found


def _matches(rule: Rule, member: Member, desk: Desk) -> bool:
    """Whether the article still matches: after an edit that takes it back, the alert stays as it was."""
    source = desk.sources.get(member.article.source)
    return alerts.judge(rule, member.article, member.reading, source)[0]


def _waits(alert: Alert, now: datetime) -> bool:
    """Whether a story's first alert is in its group_wait."""
    return alert.kind == KIND and alert.open_until is not None and alert.open_until > now


def _about(alert: Alert, channel: ChannelName, rule: Rule, story: StoryId) -> bool:
    return (alert.channel, alert.rule, alert.story) == (channel, rule.name, story)


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes alerts of one batch."""

    batch: _Batch
    desk: Desk
    lexicon: Lexicon
    now: datetime
    bodies: bool  # or none is wanted

    def write(
        self,
        rule: Rule,
        channel: Channel,
        member: Member,
        kind: str = KIND,
        news: str = "",
        *,
        last: datetime | None = None,
    ) -> Alert:
        """Write an alert about a story, for the article that made it due."""
        install, story = self.batch.known.install, member.story
        id_ = alerts.alert_id(install, channel.name, rule.name, story=story, kind=kind)
        first = kind == KIND
        return Alert(
            id=id_,
            channel=channel.name,
            rule=rule.name,
            story=story,
            article=member.article.id,
            body=self._body(id_, rule, channel, member, kind, news) if self.bodies else "",
            due_at=alerts.due_at(rule, channel, self.now, last=last),
            kind=kind,
            urgent=rule.urgent,
            open_until=self.now + rule.group_wait if first and rule.group_wait else None,
        )

    def _body(self, id_: AlertId, rule: Rule, channel: Channel, member: Member, kind: str, news: str) -> str:
        story, batch = member.story, self.batch
        told = {one.article.id: one for one in (*batch.earlier(story), *batch.tellings[story])}
        members = sorted(told.values(), key=_age)
        telling = alerts.Telling(
            id=id_,
            story=story,
            article=member.article,
            reading=member.reading,
            members=members,
            chorus=stories.chorus(members, self.desk.sources),
            kind=kind,
            news=news,
        )
        concepts, sources = self.lexicon.concepts, self.desk.sources
        return alerts.freeze(telling, rule, channel, concepts=concepts, sources=sources, now=self.now)


def _age(member: Member) -> tuple[datetime, str]:
    return member.article.at, member.article.id


def _family(article: Article, desk: Desk) -> str:
    source = desk.sources.get(article.source)
    return (source.family if source else "") or article.outlet
