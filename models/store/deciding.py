"""What the decider reads and writes: undecided articles, their candidates, the outcome."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.store.rows import alert, article, chunks, insert_new, place_row, reading, reading_row
from models.tables import (
    AlertRow,
    ArticleRow,
    DecisionRow,
    InstallRow,
    PlaceRow,
    ProbeRow,
    ReadingRow,
    StoryRow,
    TagRow,
)
from models.values import (
    Alert,
    Article,
    ArticleId,
    Decision,
    Join,
    Known,
    Member,
    Outcome,
    Placement,
    Source,
    SourceName,
    StoryId,
)

PER_PROBE = 40  # newest articles looked at for one key: common keys tell little and cost much


def undecided(session: Session, limit: int) -> tuple[Article, ...]:
    """Give articles that no decide sweep has committed yet, oldest first."""
    query = (
        select(ArticleRow)
        .where(ArticleRow.state == "new")
        .order_by(ArticleRow.at, ArticleRow.id)
        .limit(limit)
    )
    return tuple(article(row) for row in session.scalars(query))


def recall(
    session: Session,
    articles: Sequence[Article],
    probes: Mapping[ArticleId, Collection[int]],
    *,
    window: timedelta,
    sources: Mapping[SourceName, Source],
) -> Known:
    """Give what the past has to do with a batch: candidates, their alerts, places kept."""
    ids = [item.id for item in articles]
    placed = _placed(session, ids)
    candidates = _candidates(session, articles, probes, window)
    members = _members(session, (candidates | set(placed)) - set(ids), placed, sources)
    stories = {member.story for member in members} | set(placed.values())
    query = select(AlertRow).where(AlertRow.story_id.in_(stories), AlertRow.generation == 0)
    alerts = [alert(row) for row in session.scalars(query)]
    return Known(
        members=members,
        placed=placed,
        alerted={(sent.channel, sent.rule, sent.story): sent.id for sent in alerts},
        install=session.scalars(select(InstallRow.token)).one(),
    )


def _placed(session: Session, ids: list[ArticleId]) -> dict[ArticleId, StoryId]:
    query = select(PlaceRow.article_id, PlaceRow.story_id).where(PlaceRow.article_id.in_(ids))
    return {ArticleId(id_): StoryId(story) for id_, story in session.execute(query)}


def _candidates(
    session: Session,
    articles: Sequence[Article],
    probes: Mapping[ArticleId, Collection[int]],
    window: timedelta,
) -> set[ArticleId]:
    """Find articles under the batch's keys, within the window around the batch."""
    if not articles:
        return set()
    since = min(item.at for item in articles) - window
    until = max(item.at for item in articles) + window
    found: set[ArticleId] = set()
    for key in {key for keys in probes.values() for key in keys}:
        query = (
            select(ProbeRow.article_id)
            .where(ProbeRow.key == key, ProbeRow.at.between(since, until))
            .order_by(ProbeRow.at.desc())
            .limit(PER_PROBE)
        )
        found.update(map(ArticleId, session.scalars(query)))
    return found


def _members(
    session: Session,
    ids: Collection[ArticleId],
    placed: Mapping[ArticleId, StoryId],
    sources: Mapping[SourceName, Source],
) -> tuple[Member, ...]:
    """Load candidates, the anchors of their stories, and the mates of articles placed before."""
    stories: set[str] = set(placed.values())
    for part in chunks(list(ids)):
        stories.update(session.scalars(select(PlaceRow.story_id).where(PlaceRow.article_id.in_(part))))
    found = []
    for wanted in chunks(list(stories)):
        query = (
            select(ArticleRow, ReadingRow, PlaceRow.story_id)
            .join(ReadingRow, ReadingRow.article_id == ArticleRow.id)
            .join(PlaceRow, PlaceRow.article_id == ArticleRow.id)
            .where(PlaceRow.story_id.in_(wanted))
            .order_by(ArticleRow.at)
        )
        for row, read, story in session.execute(query):
            source = sources.get(SourceName(row.source))
            family = (source.family if source else "") or row.outlet
            found.append(
                Member(article=article(row), reading=reading(read), story=StoryId(story), family=family)
            )
    return tuple(found)


def apply(
    session: Session,
    outcome: Outcome,
    probes: Mapping[ArticleId, Collection[int]],
    *,
    lexicon: str,
    now: datetime,
) -> None:
    """Write an outcome: readings, places, ledger, outbox and the "decided" marks together."""
    ids = [item.id for item in outcome.articles]
    for table in (ReadingRow, TagRow, DecisionRow, ProbeRow):  # of an edit's earlier text
        session.execute(delete(table).where(table.article_id.in_(ids)))
    insert_new(session, ReadingRow, (reading_row(id_, outcome.readings[id_], lexicon) for id_ in ids))
    insert_new(
        session,
        TagRow,
        (
            {"article_id": id_, "concept": concept, "rank": rank}
            for id_ in ids
            for rank, concept in enumerate(outcome.readings[id_].concepts)
        ),
    )
    by_id = {item.id: item for item in outcome.articles}
    for id_, placement in outcome.placements.items():
        _place(session, by_id[id_], placement, outcome.readings[id_].language)
    insert_new(session, PlaceRow, (place_row(*placed) for placed in outcome.placements.items()))
    insert_new(
        session,
        ProbeRow,
        ({"article_id": id_, "key": key, "at": by_id[id_].at} for id_ in ids for key in set(probes[id_])),
    )
    insert_new(session, DecisionRow, (_decision_row(decision, now) for decision in outcome.decisions))
    insert_new(session, AlertRow, (_alert_row(due, now) for due in outcome.alerts))
    session.execute(update(ArticleRow).where(ArticleRow.id.in_(ids)).values(state="decided"))


def _place(session: Session, item: Article, placement: Placement, language: str) -> None:
    """Open the story that an article opens, or stretch the one that it joins."""
    row = session.get(StoryRow, placement.story)
    if row is None:
        row = StoryRow(
            id=placement.story,
            anchor_id=item.id,
            title=item.title,
            language=language,
            opened_at=item.at,
            last_at=item.at,
        )
        session.add(row)
    elif isinstance(placement, Join):
        row.last_at = max(row.last_at, item.at)
        row.opened_at = min(row.opened_at, item.at)
    session.flush()


def _decision_row(decision: Decision, now: datetime) -> dict[str, Any]:
    return {
        "article_id": decision.article,
        "rule": decision.rule,
        "outcome": decision.outcome,
        "reason": decision.reason,
        "detail": decision.detail,
        "score": decision.score,
        "story_id": decision.story,
        "rule_version": decision.rule_version,
        "lexicon_version": decision.lexicon_version,
        "decided_at": now,
    }


def _alert_row(due: Alert, now: datetime) -> dict[str, Any]:
    return {
        "id": due.id,
        "channel": due.channel,
        "rule": due.rule,
        "story_id": due.story,
        "article_id": due.article,
        "kind": due.kind,
        "generation": due.generation,
        "body": due.body,
        "created_at": now,
        "state": "pending",
        "next_at": due.due_at,
    }
