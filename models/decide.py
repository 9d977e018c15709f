"""The heart: articles and what is known of the past in, everything to write out.

Pure: no database, no clock, no network. The same articles, knowledge and rules
give the same outcome, so that a replay is this function again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from models import alerts, stories
from models.lexicon import Lexicon
from models.values import (
    Alert,
    Article,
    ArticleId,
    Channel,
    Decided,
    Decision,
    Desk,
    Known,
    Member,
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


def probes(
    articles: Sequence[Article], readings: Mapping[ArticleId, Reading]
) -> dict[ArticleId, tuple[int, ...]]:
    """Give the index keys under which each article is filed, and its candidates are looked up."""
    return {
        article.id: tuple(map(_number, stories.probes(article, readings[article.id]))) for article in articles
    }


def _number(key: str | int) -> int:
    """Give an index key as a signed 64-bit number, which both databases index well."""
    return int.from_bytes(blake2b(str(key).encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


def decide(
    articles: Sequence[Article],
    readings: Mapping[ArticleId, Reading],
    known: Known,
    desk: Desk,
    *,
    lexicon: Lexicon,
    now: datetime,
) -> Outcome:
    """Place each article in a story, judge it by every rule, and say which alerts are due.

    Args:
        articles: undecided ones, oldest first.
        readings: of each of them, from `read`.
        known: candidates they may join, and what was alerted before.
        desk: rules, channels, sources.
        lexicon: for labels and for the version that the ledger keeps.
        now: when this sweep runs.

    Returns:
        What to write, in one transaction. Of a story that several articles of
        the batch tell, the alert names them all.

    """
    window = stories.Window(known.members, span=desk.window)
    batch = _Batch(known)
    for article in articles:
        reading = readings[article.id]
        story = known.placed.get(article.id)
        if story is None:
            placement = window.place(article, reading, now, family=_family(article, desk))
            batch.placements[article.id] = placement
            story = placement.story
        member = Member(article=article, reading=reading, story=story, family=_family(article, desk))
        batch.tellings.setdefault(story, []).append(member)
        for rule in desk.rules:
            batch.decisions.append(
                _decide_one(member, rule, batch, desk.sources.get(article.source), lexicon.version)
            )
    return Outcome(
        articles=tuple(articles),
        readings=readings,
        placements=batch.placements,
        decisions=tuple(batch.decisions),
        alerts=tuple(_alerts(batch, desk, lexicon, now)),
    )


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
    placements: dict[ArticleId, Placement] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    tellings: dict[StoryId, list[Member]] = field(default_factory=dict)
    due: dict[tuple[StoryId, str], _Due] = field(default_factory=dict)

    def open_channels(self, rule: Rule, story: StoryId) -> bool:
        """Whether any channel of the rule has not had this story yet."""
        return any((channel, rule.name, story) not in self.known.alerted for channel in rule.channels)


def _decide_one(
    member: Member, rule: Rule, batch: _Batch, source: Source | None, lexicon_version: str
) -> Decision:
    article, story = member.article, member.story
    matched, reason, detail = alerts.judge(rule, article, member.reading, source)
    outcome: Ruling = "no-match"
    if matched and not article.fresh:
        outcome, reason = "baseline", "baseline"
        detail = f"{detail}; older than what the watch alerts on when the source was first read"
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


def _alerts(batch: _Batch, desk: Desk, lexicon: Lexicon, now: datetime) -> list[Alert]:
    """Freeze the alerts, now that every article of the batch has its story."""
    return [
        _alert(entry, desk.channels[name], batch, desk, lexicon=lexicon, now=now)
        for (story, _), entry in batch.due.items()
        for name in entry.rule.channels
        if (name, entry.rule.name, story) not in batch.known.alerted
    ]


def _alert(
    due: _Due, channel: Channel, batch: _Batch, desk: Desk, *, lexicon: Lexicon, now: datetime
) -> Alert:
    story = due.member.story
    earlier = [member for member in batch.known.members if member.story == story]
    told = {member.article.id: member for member in (*earlier, *batch.tellings[story])}
    telling = alerts.Telling(
        id=alerts.alert_id(batch.known.install, channel.name, due.rule.name, story=story, kind=KIND),
        story=story,
        article=due.member.article,
        reading=due.member.reading,
        placement=batch.placements.get(due.member.article.id),
        members=sorted(told.values(), key=_age),
    )
    return Alert(
        id=telling.id,
        channel=channel.name,
        rule=due.rule.name,
        story=story,
        article=telling.article.id,
        body=alerts.freeze(
            telling, due.rule, channel, concepts=lexicon.concepts, sources=desk.sources, now=now
        ),
        due_at=now,
        kind=KIND,
    )


def _age(member: Member) -> tuple[datetime, str]:
    return member.article.at, member.article.id


def _family(article: Article, desk: Desk) -> str:
    source = desk.sources.get(article.source)
    return (source.family if source else "") or article.outlet
