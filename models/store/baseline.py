"""A rule that is new does not alert on the past: what it would have alerted on is told instead.

What it finds in the articles of the last days is written into the ledger as
baseline, and stories that it finds there stay silent under it. A rule whose
conditions changed counts as new, as far as it had not alerted yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.store.deciding import BEFORE_THE_RULE
from models.store.inserts import insert_new
from models.store.rows import article, reading
from models.tables import AlertRow, ArticleRow, DecisionRow, PlaceRow, ReadingRow, RuleRow
from models.values import Article, Preview, Reading, Rule

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
    query = (
        select(ArticleRow, ReadingRow, PlaceRow.story_id)
        .join(ReadingRow, ReadingRow.article_id == ArticleRow.id)
        .join(PlaceRow, PlaceRow.article_id == ArticleRow.id)
        .where(ArticleRow.state == "decided", ArticleRow.at >= since)
        .order_by(ArticleRow.at.desc())
    )
    stories: dict[str, str] = {}
    for row, read, story in session.execute(query).yield_per(200):
        told, text = reading(read), article(row)
        matched, _, detail = judge(rule, text, told)
        if story in alerted or not matched:
            continue
        stories.setdefault(story, row.title)
        session.execute(
            delete(DecisionRow).where(DecisionRow.article_id == row.id, DecisionRow.rule == rule.name)
        )
        values = {
            "article_id": row.id,
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
