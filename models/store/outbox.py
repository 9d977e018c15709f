"""The outbox: an alert is due, leased to one sender, and then delivered, due again, or dead.

pending --claim--> sending --2xx--> delivered
   ^                  |---may be taken later--> pending, on the schedule
   |                  |---never will be-------> dead
   '---lease ran out--'   (uncertain: the receiver may have it; the id stays the same)

The attempt row is written, and committed, before the socket opens. A result
counts only while its token still holds the lease: a sender that slept through
its lease changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from models.alerts import next_attempt
from models.store.rows import alert, insert_new
from models.tables import AlertRow, AttemptRow, ChannelRow
from models.values import AlertId, ChannelName, Claim, Dead, Delivered, Retry, Verdict

LEASE = timedelta(seconds=60)

# A clock that jumped back must not put an alert off for ever: no wait on the
# schedule is longer than 24 h and its jitter.
_LONGEST_WAIT = timedelta(hours=30)


def holders(session: Session) -> frozenset[str]:
    """Name the senders that hold a lease."""
    query = select(AlertRow.lease_holder).where(AlertRow.state == "sending").distinct()
    return frozenset(holder for holder in session.scalars(query) if holder)


def release(session: Session, now: datetime, *, gone: Collection[str] = ()) -> int:
    """Take back leases that ran out or whose holders are known to be gone; say how many."""
    lapsed = or_(
        AlertRow.lease_until < now,
        AlertRow.lease_until > now + 10 * LEASE,
        AlertRow.lease_holder.in_(gone),
    )
    rows = session.scalars(select(AlertRow).where(AlertRow.state == "sending", lapsed)).all()
    for row in rows:
        _settle(row, "pending", "the sender stopped in mid-attempt")
        row.uncertain = True
        row.next_at = now
    return len(rows)


def claim(
    session: Session,
    channels: Collection[ChannelName],
    now: datetime,
    *,
    token: str,
    holder: str,
    waiting_too: bool = False,
    skip: Collection[AlertId] = (),
) -> Claim | None:
    """Lease the alert that is due longest, on any of these channels; None if none is.

    Args:
        session: a writing session; commit it before the socket opens.
        channels: the ones that this sender can serve.
        now: for what is due, and for the lease.
        token: fresh and random; only its bearer may record the result.
        holder: names this process, so that a later one can see that it died.
        waiting_too: take alerts whose next attempt lies ahead as well.
        skip: alerts not to take, whatever their state.

    """
    query = (
        select(AlertRow)
        .where(_open(channels, now), AlertRow.id.not_in(skip))
        .order_by(AlertRow.next_at, AlertRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if not waiting_too:
        query = query.where(_is_due(now))
    row = session.scalars(query).first()
    if row is None:
        return None
    row.state, row.lease_token, row.lease_holder, row.lease_until = "sending", token, holder, now + LEASE
    row.attempts += 1
    session.flush()
    session.add(AttemptRow(alert_id=row.id, number=row.attempts, started_at=now))
    return Claim(
        alert=alert(row),
        token=token,
        attempt=row.attempts,
        until=now + LEASE,
        uncertain=row.uncertain,
    )


def _open(channels: Collection[ChannelName], now: datetime) -> ColumnElement[bool]:
    """Pending, on one of these channels, and the channel takes alerts now."""
    closed = select(ChannelRow.name).where(or_(ChannelRow.state != "active", ChannelRow.not_before > now))
    return and_(AlertRow.state == "pending", AlertRow.channel.in_(channels), AlertRow.channel.not_in(closed))


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(AlertRow.next_at <= now, AlertRow.next_at > now + _LONGEST_WAIT)


def record(session: Session, claim: Claim, verdict: Verdict, now: datetime, *, jitter: float) -> str:
    """Write what came of an attempt; give the alert's state, or "lost" if the lease was."""
    query = select(AlertRow).where(
        AlertRow.id == claim.alert.id,
        AlertRow.state == "sending",
        AlertRow.lease_token == claim.token,
    )
    row = session.scalars(query.with_for_update()).first()
    if row is None:
        return "lost"
    match verdict:
        case Delivered():
            _settle(row, "delivered", None)
            row.delivered_at, outcome = now, "delivered"
        case Dead():
            _settle(row, "dead", verdict.reason)
            outcome = "dead"
            if verdict.disable:
                _disable(session, claim.alert.channel, verdict.reason)
        case Retry():
            outcome = _again(row, verdict, now, jitter)
    row.last_status = verdict.status
    session.execute(
        update(AttemptRow)
        .where(AttemptRow.alert_id == row.id, AttemptRow.number == claim.attempt)
        .values(ended_at=now, outcome=outcome, status=verdict.status, reason=row.last_reason)
    )
    return row.state


def _again(row: AlertRow, verdict: Retry, now: datetime, jitter: float) -> str:
    planned = next_attempt(row.failures, verdict, now, jitter=jitter)
    if planned is None:
        _settle(row, "dead", f"{verdict.reason}; the last of {row.attempts} attempts")
        return "dead"
    _settle(row, "pending", verdict.reason)
    row.next_at, row.failures = planned
    row.uncertain = row.uncertain or verdict.uncertain
    return "retry"


def _settle(row: AlertRow, state: str, reason: str | None) -> None:
    row.state, row.last_reason = state, reason
    row.lease_token = row.lease_holder = row.lease_until = None


def _disable(session: Session, channel: ChannelName, reason: str) -> None:
    insert_new(session, ChannelRow, [{"name": channel, "state": "active"}])
    session.execute(
        update(ChannelRow).where(ChannelRow.name == channel).values(state="disabled", reason=reason)
    )


def waiting(session: Session, channels: Collection[ChannelName], now: datetime) -> datetime | None:
    """Say when the next attempt on any of these channels falls due; None if nothing waits."""
    query = select(AlertRow.next_at).where(_open(channels, now)).order_by(AlertRow.next_at).limit(1)
    return session.scalars(query).first()
