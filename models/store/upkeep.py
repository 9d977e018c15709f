"""What a person does to the outbox by hand: replay, drop, enable a channel; each on record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.alerts import alert_id
from models.errors import PeninsulaError
from models.store.corrections import ids_of
from models.store.digests import DIGEST, leave
from models.store.inserts import insert_new
from models.store.trouble import OPERATIONS, next_generation, remembered
from models.tables import AlertRow, AttemptRow, ChannelRow, InstallRow
from models.values import AlertId, Attempt, ChannelName, ChannelState, RuleName, StoryId

_OF_OTHERS = or_(AlertRow.kind.startswith(DIGEST), AlertRow.kind.startswith(OPERATIONS))
_WAITING = select(AlertRow.id).where(AlertRow.kind.startswith(DIGEST), AlertRow.state == "pending")
_TO_BE_TOLD = and_(AlertRow.state == "bundled", AlertRow.digest_id.in_(_WAITING))


def chosen(
    session: Session,
    *,
    ids: Collection[str] = (),
    channel: str | None = None,
    story: str | None = None,
    state: str | None = None,
    since: datetime | None = None,
) -> tuple[AlertId, ...]:
    """Give the alerts that all of these hold for, oldest first; `ids` may be beginnings of ids.

    A digest, or what befell a channel, is no alert of the story that it was made for: others are
    told by it. The alerts of a story that a digest is to tell are pending as long as that is.
    """
    query = select(AlertRow.id).order_by(AlertRow.created_at, AlertRow.id)
    if ids:
        query = query.where(or_(*(AlertRow.id.startswith(id_, autoescape=True) for id_ in ids)))
    if channel is not None:
        query = query.where(AlertRow.channel == channel)
    if story is not None:
        query = query.where(AlertRow.story_id.in_(ids_of(story)), ~_OF_OTHERS)
    if story is not None and state == "pending":
        query = query.where(or_(AlertRow.state == "pending", _TO_BE_TOLD))
    elif state is not None:
        query = query.where(AlertRow.state == state)
    if since is not None:
        query = query.where(AlertRow.created_at >= since)
    return tuple(map(AlertId, session.scalars(query)))


def replay(session: Session, id_: AlertId, now: datetime, *, new: bool = False) -> AlertId:
    """Make an alert due again, from the first attempt on; give its id.

    The id and the body stay, so that a receiver that has it sees a repeat. With
    `new` it is another alert on purpose: the next generation, under a new id.

    Raises:
        PeninsulaError: it is being sent right now.

    """
    row = session.get_one(AlertRow, id_, with_for_update=True)
    if new:
        return _next_generation(session, row, now)
    if row.state == "sending":
        raise PeninsulaError(f"{id_} is being sent; try again in a minute")
    row.uncertain = row.uncertain or row.state == "delivered"
    leave(session, row, now)  # unless it was sent: no alert is told twice
    row.state, row.next_at, row.attempts, row.failures = "pending", now, 0, 0
    row.open_until = row.digest_id = None
    row.last_reason = "replayed by hand"
    return id_


def _next_generation(session: Session, row: AlertRow, now: datetime) -> AlertId:
    channel, rule, story = ChannelName(row.channel), RuleName(row.rule), StoryId(row.story_id or "")
    generation = next_generation(session, channel, rule, story, row.kind)
    install = session.scalars(select(InstallRow.token)).one()
    id_ = alert_id(install, channel, rule, story=story, kind=row.kind, generation=generation)
    values = {
        "id": id_,
        "channel": row.channel,
        "rule": row.rule,
        "story_id": row.story_id,
        "article_id": row.article_id,
        "kind": row.kind,
        "generation": generation,
        "body": row.body.replace(row.id, id_),
        "created_at": now,
        "state": "pending",
        "next_at": now,
        "urgent": row.urgent,
        "last_reason": f"replayed by hand from {row.id}",
    }
    insert_new(session, AlertRow, [values])
    return id_


def drop(session: Session, id_: AlertId, now: datetime) -> bool:
    """Take an alert out of the outbox by hand, kept and marked so; false if it had left before."""
    row = session.get_one(AlertRow, id_, with_for_update=True)
    if row.state not in {"pending", "dead"} and not leave(session, row, now):
        return False
    row.state, row.last_reason = "dropped", f"dropped by hand on {now:%Y-%m-%d %H:%M} UTC"
    return True


def attempts(session: Session, id_: AlertId) -> tuple[Attempt, ...]:
    """Give every try to send an alert, in order."""
    query = select(AttemptRow).where(AttemptRow.alert_id == id_).order_by(AttemptRow.number)
    return tuple(
        Attempt(
            number=row.number,
            started_at=row.started_at,
            ended_at=row.ended_at,
            outcome=row.outcome or "",
            status=row.status,
            reason=row.reason or "",
        )
        for row in session.scalars(query)
    )


def enable(session: Session, name: ChannelName) -> bool:
    """Open a channel again; its alerts leave with the next sweep. False if it was open."""
    row = remembered(session, name)
    was = row.state
    row.state, row.reason, row.failing_since, row.told_at, row.not_before = "active", None, None, None, None
    return was != "active"


def channel_states(session: Session, names: Collection[ChannelName]) -> Mapping[ChannelName, ChannelState]:
    """Give what is remembered of channels, and how many of their alerts wait or are dead."""
    rows = {row.name: row for row in session.scalars(select(ChannelRow).where(ChannelRow.name.in_(names)))}
    query = (
        select(AlertRow.channel, AlertRow.state, func.count())
        .where(AlertRow.channel.in_(names))
        .group_by(AlertRow.channel, AlertRow.state)
    )
    counts = {(channel, state): count for channel, state, count in session.execute(query)}
    found = {}
    for name in names:
        row = rows.get(name)
        found[name] = ChannelState(
            state=row.state if row else "active",
            reason=(row.reason if row else "") or "",
            failing_since=row.failing_since if row else None,
            not_before=row.not_before if row else None,
            pending=counts.get((name, "pending"), 0),
            dead=counts.get((name, "dead"), 0),
        )
    return found
