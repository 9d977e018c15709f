"""What the decider reads and writes: undecided articles, their candidates, the outcome."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from models.instants import milliseconds
from models.store.calendar import witnessed
from models.store.candidates import candidates, members
from models.store.corrections import counted
from models.store.digests import recent, spill
from models.store.inserts import insert_new, insert_plain
from models.store.listed import listed, sightings, with_sightings
from models.store.rows import alert, article, place_row, reading_row
from models.store.words import count, counts, keep_story_words, story_words
from models.tables import (
    AlertRow,
    ArticleRow,
    DecisionRow,
    InstallRow,
    PlaceRow,
    ProbeRow,
    ReadingRow,
    StoryRow,
    StoryWordsRow,
    TagRow,
    VersionRow,
)
from models.values import (
    Alert,
    Article,
    ArticleId,
    Clues,
    Decision,
    Join,
    Known,
    Nearby,
    Open,
    Outcome,
    RuleName,
    Source,
    SourceName,
    StoryId,
)

# An article's fifty keys are dropped when no story of its time can be joined any more, or they
# would outgrow the archive: kept for as many windows after it was decided, since news comes late.
KEPT_OPEN = 4
MOST_CHARACTERS = 500_000  # of a batch's texts: two to four seconds
FIRST = "story.matched"  # the kind that follow-ups follow
BEFORE_THE_RULE = "story-before-rule"
_KEEP_PROBE = "INSERT INTO probe (article_id, key, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


def undecided(
    session: Session, limit: int, *, ids: Collection[ArticleId] | None = None
) -> tuple[Article, ...]:
    """Give articles that no decide sweep has committed yet, oldest first; of these ids only, if named.

    At most `limit` of them, and fewer where they are long: reading takes time with every
    character, and nobody else writes while a batch is decided.
    """
    query = (
        select(ArticleRow.__table__)
        .where(ArticleRow.state == "new")
        .order_by(ArticleRow.at, ArticleRow.id)
        .limit(limit)
    )
    if ids is not None:
        query = query.where(ArticleRow.id.in_(ids))
    found: list[Article] = []
    room = MOST_CHARACTERS
    for row in session.execute(query):
        room -= len(row.text)
        if found and room < 0:
            break
        found.append(article(row))
    return with_sightings(session, found)


def nearby(
    session: Session, articles: Sequence[Article], clues: Mapping[ArticleId, Clues], *, window: timedelta
) -> Nearby:
    """Give what a batch may join: the stories that stand under its keys, and how common its terms are."""
    filed = candidates(session, articles, clues, window)
    number, terms = counts(session, {term for clue in clues.values() for term in clue.terms})
    return Nearby(
        words=story_words(session, {story for standing in filed.values() for story in standing}),
        filed=filed,
        placed=_placed(session, [item.id for item in articles]),
        articles=number,
        terms=terms,
    )


def recall(
    session: Session,
    places: Mapping[ArticleId, StoryId],
    *,
    placed: Mapping[ArticleId, StoryId],
    matched: Collection[StoryId],
    sources: Mapping[SourceName, Source],
    now: datetime,
) -> Known:
    """Give what was told and alerted before of the stories that a batch tells.

    Args:
        session: to read from.
        places: of all articles of the batch.
        placed: of those that had one before, as `nearby` says.
        matched: stories of which an alert may fall due, so that it has to name who told them.
        sources: for the family of each outlet.
        now: when this sweep runs.

    """
    stories = set(places.values())
    related = counted(session, stories)
    # What may still be written anew no sender takes meanwhile: who joins would be named nowhere.
    open_ = (AlertRow.story_id.in_(related), AlertRow.state == "pending", AlertRow.open_until > now)
    session.execute(select(AlertRow.id).where(*open_).order_by(AlertRow.id).with_for_update())
    query = select(AlertRow).where(AlertRow.story_id.in_(related), AlertRow.generation == 0)
    sent = [
        (alert(row), story)
        for row in session.scalars(query)
        for story in related[StoryId(row.story_id or "")]
    ]
    mates = members(session, {story for _, story in sent} | set(matched), sources)
    seen = sightings(session, [one.article.id for one in mates])
    return Known(
        members=tuple(
            replace(one, article=listed(one.article, seen)) for one in mates if one.article.id not in places
        ),
        placed=placed,
        alerted={(made.channel, made.rule, story): made.id for made, story in sent if made.kind == FIRST},
        told=tuple(replace(made, story=story) for made, story in sent),
        passed=_passed(session, related),
        recent=recent(session, now),
        install=session.scalars(select(InstallRow.token)).one(),
    )


def _passed(
    session: Session, related: Mapping[StoryId, Collection[StoryId]]
) -> frozenset[tuple[RuleName, StoryId]]:
    """Give what rules found in stories that are older than they are, and whom that counts for."""
    query = select(DecisionRow.rule, DecisionRow.story_id).where(
        DecisionRow.story_id.in_(related), DecisionRow.reason == BEFORE_THE_RULE
    )
    found = session.execute(query.distinct()).tuples()
    return frozenset((RuleName(rule), story) for rule, told in found for story in related[StoryId(told)])


def _placed(session: Session, ids: Collection[ArticleId]) -> dict[ArticleId, StoryId]:
    query = select(PlaceRow.article_id, PlaceRow.story_id).where(PlaceRow.article_id.in_(ids))
    return {ArticleId(id_): StoryId(story) for id_, story in session.execute(query)}


def apply(
    session: Session,
    outcome: Outcome,
    clues: Mapping[ArticleId, Clues],
    *,
    words: Mapping[StoryId, bytes],
    lexicon: str,
    window: timedelta,
    now: datetime,
) -> None:
    """Write an outcome: readings, places, ledger, outbox and the "decided" marks together."""
    ids = [item.id for item in outcome.articles]
    today = witnessed(session, now)
    until = (today or now) + KEPT_OPEN * window
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
    _place(session, outcome, by_id)
    insert_new(session, PlaceRow, (place_row(*placed) for placed in outcome.placements.items()))
    places = [(id_, milliseconds(by_id[id_].at)) for id_ in ids]
    probes = [(id_, key, at) for id_, at in places for key in set(clues[id_].keys.values())]
    insert_plain(session, _KEEP_PROBE, probes)
    keep_story_words(session, words, until=until)
    count(session, [clues[id_].terms for id_ in outcome.placements])
    if today:
        _let_go(session, today)
    insert_new(session, DecisionRow, (_decision_row(decision, now) for decision in outcome.decisions))
    insert_new(session, AlertRow, (_alert_row(due, now) for due in outcome.alerts))
    _spill(session, outcome, by_id, now)
    for told in outcome.rewritten:  # unless a sender took it, or its wait ended, a moment ago
        waits = (AlertRow.id == told.id, AlertRow.state == "pending", AlertRow.open_until > now)
        session.execute(update(AlertRow).where(*waits).values(body=told.body))
    decided = {"state": "decided", "decided_at": now, "probed_until": until}
    for version in {item.version for item in outcome.articles}:  # an edit that came meanwhile waits
        read = [item.id for item in outcome.articles if item.version == version]
        these = (ArticleRow.id.in_(read), ArticleRow.version == version)
        session.execute(update(ArticleRow).where(*these).values(decided))
        edited = (VersionRow.article_id.in_(read), VersionRow.number == version)
        unread = VersionRow.decided_at.is_(None)  # edited while it was read: a replay has to know
        session.execute(update(VersionRow).where(*edited, unread).values(decided_at=now))


def _let_go(session: Session, today: datetime) -> None:
    """Drop what no article can join by any more."""
    session.execute(delete(StoryWordsRow).where(StoryWordsRow.until < today))
    over = ArticleRow.probed_until < today
    session.execute(delete(ProbeRow).where(ProbeRow.article_id.in_(select(ArticleRow.id).where(over))))
    session.execute(update(ArticleRow).where(over).values(probed_until=None))


def _spill(session: Session, outcome: Outcome, by_id: Mapping[ArticleId, Article], now: datetime) -> None:
    """Have those alerts told together that are over their feed's cap, for each channel and feed."""
    over: dict[tuple[str, SourceName, str], list[str]] = {}
    for due in outcome.alerts:
        if due.spilt:
            over.setdefault((due.channel, by_id[due.article].source, due.spilt), []).append(due.id)
    for (_, source, why), ids in over.items():
        unsent = (AlertRow.state == "pending", AlertRow.attempts == 0)
        found = select(AlertRow).where(AlertRow.id.in_(ids), *unsent).order_by(AlertRow.id)
        if rows := session.scalars(found).all():
            spill(session, rows, source, now, why=why)


def _place(session: Session, outcome: Outcome, by_id: Mapping[ArticleId, Article]) -> None:
    """Open the stories that articles open, and stretch those that they join."""
    opened = [(by_id[id_], placed) for id_, placed in outcome.placements.items() if isinstance(placed, Open)]
    insert_new(
        session,
        StoryRow,
        (
            {
                "id": placed.story,
                "anchor_id": item.id,
                "title": item.title,
                "language": outcome.readings[item.id].language,
                "opened_at": item.at,
                "last_at": item.at,
            }
            for item, placed in opened
        ),
    )
    spans: dict[StoryId, list[datetime]] = {}
    for id_, placed in outcome.placements.items():
        if isinstance(placed, Join):
            spans.setdefault(placed.story, []).append(by_id[id_].at)
    query = select(StoryRow.id, StoryRow.opened_at, StoryRow.last_at).where(StoryRow.id.in_(spans))
    stretched = [
        {"story": id_, "first": min(opened, *spans[StoryId(id_)]), "newest": max(last, *spans[StoryId(id_)])}
        for id_, opened, last in session.execute(query)
    ]
    if stretched:
        stretch = update(StoryRow).where(StoryRow.id == bindparam("story"))
        session.connection().execute(
            stretch.values(opened_at=bindparam("first"), last_at=bindparam("newest")), stretched
        )


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
        "urgent": due.urgent,
        "open_until": due.open_until,
    }
