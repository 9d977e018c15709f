"""A rule that is new does not alert on the past: what it would have alerted on is told instead.

What it finds in the articles of the last days is written into the ledger as
baseline, and stories that it finds there stay silent under it. A rule whose
conditions changed counts as new, as far as it had not alerted yet, and so does
one that was away for a while: others told of what happened meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.store.deciding import BEFORE_THE_RULE
from models.store.inserts import insert_new
from models.store.listed import listed, sightings
from models.store.rows import article, reading
from models.tables import AlertRow, ArticleRow, DecisionRow, PlaceRow, ReadingRow, RuleRow
from models.values import Article, ArticleId, Preview, Reading, Rule, StoryId

Judge = Callable[[Rule, Article, Reading], tuple[bool, str, str]]


def is_settled(session: Session, rules: Sequence[Rule]) -> bool:
    """Whether every rule has judged before, as it is now."""
    known = {row.name: row.version for row in session.scalars(select(RuleRow))}
    return all(known.get(rule.name) == rule.version for rule in rules)


def settle(
    session: Session, rules: Sequence[Rule], judge: Judge, *, since: datetime, lexicon: str, now: datetime
) -> tuple[Preview, ...]:
    """Judge the past by the rules that are new; give what each would have alerted on.

    Args:
        session: a writing session, serial.
        rules: all of the desk's.
        judge: the one that alerts are judged by.
        since: how far the past goes back.
        lexicon: its version, for the ledger.
        now: when the rule was seen first.

    """
    known = {row.name: row.version for row in session.scalars(select(RuleRow))}
    session.execute(delete(RuleRow).where(RuleRow.name.not_in([rule.name for rule in rules])))
    found = []
    for rule in rules:
        if known.get(rule.name) == rule.version:
            continue
        told = _past(session, rule, judge, since, lexicon, now)
        if told is not None:
            found.append(told)
        session.merge(RuleRow(name=rule.name, version=rule.version, since=now))
    return tuple(found)


def _past(
    session: Session, rule: Rule, judge: Judge, since: datetime, lexicon: str, now: datetime
) -> Preview | None:
    """Write what a new rule finds in the past into the ledger; None if it finds nothing."""
    alerted = set(session.scalars(select(AlertRow.story_id).where(AlertRow.rule == rule.name)))
    stories: dict[str, str] = {}
    for known, told, story in _known(session, since):
        matched, _, detail = judge(rule, known, told)
        if story in alerted or not matched:
            continue
        stories.setdefault(story, known.title)
        session.execute(
            delete(DecisionRow).where(DecisionRow.article_id == known.id, DecisionRow.rule == rule.name)
        )
        values = {
            "article_id": known.id,
            "rule": rule.name,
            "outcome": "baseline",
            "reason": BEFORE_THE_RULE,
            "detail": f"{detail}; the rule is newer than the article, and does not alert on the past",
            "score": told.score,
            "story_id": story,
            "rule_version": rule.version,
            "lexicon_version": lexicon,
            "decided_at": now,
        }
        insert_new(session, DecisionRow, [values])
    if not stories:
        return None
    return Preview(rule=rule.name, stories=len(stories), newest=next(iter(stories.values())))


def _known(session: Session, since: datetime) -> Iterator[tuple[Article, Reading, StoryId]]:
    """Give the articles that have been decided, newest first, with all who listed them then.

    Of one that was edited just now the words are new and the reading is not; who lists one
    just now is news to a rule that listens to that source.
    """
    query = (
        select(ArticleRow, ReadingRow, PlaceRow.story_id)
        .join(ReadingRow, ReadingRow.article_id == ArticleRow.id)
        .join(PlaceRow, PlaceRow.article_id == ArticleRow.id)
        .where(ArticleRow.at >= since)
        .order_by(ArticleRow.at.desc())
    )
    for rows in session.execute(query).yield_per(200).partitions():
        seen = sightings(session, [ArticleId(row.id) for row, _, _ in rows])
        for row, read, story in rows:
            known = listed(article(row), seen) if row.state == "decided" else article(row)
            yield known, reading(read), StoryId(story)
