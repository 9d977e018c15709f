"""What is remembered of feeds between fetches, and what happened to them."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Insert, Table, Update, bindparam, select, update
from sqlalchemy.orm import Session

from models.store.inserts import insert_unless_there
from models.tables import FeedEventRow, SourceRow
from models.values import FeedEvent, Health, Identity, Source, SourceName, SourceState, Validators


def source_states(session: Session) -> dict[SourceName, SourceState]:
    """Give what is remembered of every source."""
    return {SourceName(row.name): _state(row) for row in session.scalars(select(SourceRow))}


def _state(row: SourceRow) -> SourceState:
    return SourceState(
        validators=Validators(etag=row.etag, last_modified=row.last_modified, body_hash=row.body_hash),
        checked_at=row.checked_at,
        next_at=row.next_at,
        failures=row.failures,
        last_error=row.last_error or "",
        last_code=row.last_code or "",
        url=row.url,
        moved_to=row.moved_to or "",
        identity=cast("Identity", row.identity),
        renamed_at=row.renamed_at,
        asked=row.asked,
        document_at=row.document_at,
        listed=row.listed,
        pace=row.pace,
        newest_at=row.newest_at,
        advice=None if row.advice_s is None else timedelta(seconds=row.advice_s),
        health=Health(row.health),
        health_at=row.health_at,
        health_detail=row.health_detail or "",
        validators_lie=row.validators_lie,
        marks=row.marks,
        whole_at=row.whole_at,
    )


def touch(session: Session, source: Source, state: SourceState) -> None:
    """Keep what a fetch taught about a source."""
    values = {
        "url": source.url,
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "body_hash": state.validators.body_hash,
        "checked_at": state.checked_at,
        "next_at": state.next_at,
        "failures": state.failures,
        "last_error": state.last_error or None,
        "last_code": state.last_code or None,
        "moved_to": state.moved_to or None,
        "identity": state.identity,
        "renamed_at": state.renamed_at,
        "asked": state.asked,
        "document_at": state.document_at,
        "listed": state.listed,
        "pace": state.pace,
        "newest_at": state.newest_at,
        "advice_s": None if state.advice is None else int(state.advice.total_seconds()),
        "health": state.health,
        "health_at": state.health_at,
        "health_detail": state.health_detail or None,
        "validators_lie": state.validators_lie,
        "marks": state.marks,
        "whole_at": state.whole_at,
    }
    # Two statements of Core, made once: to read the row first, as the ORM does, or to build the
    # statement for each feed takes four times as long.
    known, new = _statements()
    connection = session.connection()
    if not connection.execute(known, {**values, "known_as": source.name}).rowcount:
        connection.execute(new, {**values, "name": source.name})


@functools.cache
def _statements() -> tuple[Update, Insert]:
    """Give what writes the columns of a known feed, and of a new one."""
    table = cast("Table", SourceRow.__table__)
    return update(table).where(table.c.name == bindparam("known_as")), insert_unless_there(SourceRow)


def tell(session: Session, events: Iterable[FeedEvent]) -> None:
    """Keep what happened to feeds."""
    for event in events:
        session.add(
            FeedEventRow(
                source=event.source,
                at=event.at,
                kind=event.kind,
                state=event.state,
                was=event.was,
                detail=event.detail,
            )
        )


def feed_events(
    session: Session, *, source: SourceName | None = None, since: datetime | None = None, limit: int = 20
) -> tuple[FeedEvent, ...]:
    """Give what happened to feeds, newest first."""
    query = select(FeedEventRow).order_by(FeedEventRow.at.desc(), FeedEventRow.id.desc()).limit(limit)
    if source is not None:
        query = query.where(FeedEventRow.source == source)
    if since is not None:
        query = query.where(FeedEventRow.at >= since)
    return tuple(map(event, session.scalars(query)))


def event(row: FeedEventRow) -> FeedEvent:
    """Give what happened to a feed of a row."""
    return FeedEvent(
        source=SourceName(row.source),
        at=row.at,
        kind=row.kind,  # type: ignore[arg-type]  # written from the same literals
        state=row.state,
        was=row.was,
        detail=row.detail,
    )
