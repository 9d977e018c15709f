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

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from models.alerts import next_attempt
from models.store import leases, trouble
from models.store.digests import DIGEST
from models.store.rows import alert
from models.tables import AlertRow, AttemptRow, ChannelRow
from models.values import AlertId, ChannelName, Claim, Dead, Delivered, Retry, Verdict

FIRST = "story.matched"  # the kind that follow-ups follow

# A clock that jumped back must not put an alert off for ever: no wait on the
# schedule is longer than 24 h and its jitter.
_LONGEST_WAIT = timedelta(hours=30)


def release(session: Session, now: datetime, *, gone: Collection[str] = ()) -> int:
    """Take back leases that ran out or whose holders are known to be gone; say how many."""
    query = select(AlertRow).where(AlertRow.state == "sending").with_for_update(skip_locked=True)
    sending = session.scalars(query)  # one that its sender records just now is no lapsed one
    rows = [row for row in sending if leases.lapsed(row, now, gone)]
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
    urgent_only: bool = False,
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
        urgent_only: the channel is in its quiet hours.

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
    if urgent_only:
        query = query.where(AlertRow.urgent)
    row = session.scalars(query).first()
    if row is None:
        return None
    row.state = "sending"
    until = leases.grant(row, token, holder, now)
    row.attempts += 1
    row.open_until = None  # frozen from here on
    session.flush()
    # Numbered on over a replay, which counts attempts anew: the ledger keeps each of them.
    made = select(func.max(AttemptRow.number)).where(AttemptRow.alert_id == row.id)
    number = (session.scalars(made).one() or 0) + 1
    session.add(AttemptRow(alert_id=row.id, number=number, started_at=now))
    return Claim(
        alert=alert(row),
        token=token,
        attempt=number,
        until=until,
        uncertain=row.uncertain,
        answers=_first_receipt(session, row),
    )


def _first_receipt(session: Session, row: AlertRow) -> str:
    """Give the receiver's name for the message that a follow-up answers.

    Nobody looks for a digest, or for a channel's trouble, in the thread of one of their stories.
    """
    if row.kind == FIRST or row.kind.startswith((DIGEST, trouble.OPERATIONS)):
        return ""
    query = select(AlertRow.receipt).where(
        AlertRow.channel == row.channel,
        AlertRow.rule == row.rule,
        AlertRow.story_id == row.story_id,
        AlertRow.kind == FIRST,
        AlertRow.receipt.is_not(None),
    )
    return session.scalars(query.order_by(AlertRow.generation)).first() or ""


def _open(channels: Collection[ChannelName], now: datetime) -> ColumnElement[bool]:
    """Pending, on one of these channels, and the channel takes alerts now."""
    waits = and_(ChannelRow.not_before > now, ChannelRow.not_before <= now + _LONGEST_WAIT)
    closed = select(ChannelRow.name).where(or_(ChannelRow.state != "active", waits))
    return and_(AlertRow.state == "pending", AlertRow.channel.in_(channels), AlertRow.channel.not_in(closed))


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(AlertRow.next_at <= now, AlertRow.next_at > now + _LONGEST_WAIT)


def record(
    session: Session,
    claim: Claim,
    verdict: Verdict,
    now: datetime,
    *,
    jitter: float,
    others: Sequence[ChannelName] = (),
) -> str:
    """Write what came of an attempt; give the alert's state, or "lost" if the lease was.

    Args:
        session: a writing session.
        claim: what was sent.
        verdict: what the receiver made of it.
        now: when that was.
        jitter: 0.8 to 1.2, drawn by the caller.
        others: channels on which a dead or disabled channel may be told of, the best first.

    """
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
            _settle(row, "delivered", verdict.left_out or None)
            row.delivered_at, outcome = now, "delivered"
            row.receipt = verdict.receipt or row.receipt
        case Dead():
            _settle(row, "dead", verdict.reason)
            outcome = "dead"
        case Retry():
            outcome = _again(row, verdict, now, jitter)
    row.last_status = verdict.status
    trouble.note(session, row, verdict, now, others=others)
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
    leases.free(row)


def waiting(session: Session, channels: Collection[ChannelName], now: datetime) -> datetime | None:
    """Say when the next attempt on any of these channels falls due; None if nothing waits."""
    query = (
        select(func.min(AlertRow.next_at), ChannelRow.not_before)
        .outerjoin(ChannelRow, ChannelRow.name == AlertRow.channel)
        .where(
            AlertRow.state == "pending",
            AlertRow.channel.in_(channels),
            or_(ChannelRow.state.is_(None), ChannelRow.state == "active"),
        )
        .group_by(AlertRow.channel, ChannelRow.not_before)
    )
    times = []
    for due, opens in session.execute(query).tuples():
        times.append(max(due, opens) if opens and opens <= now + _LONGEST_WAIT else due)
    return min(times, default=None)


def held(session: Session, channels: Collection[ChannelName], now: datetime) -> int:
    """Count the alerts that are due and still wait: for a rate, for morning, for a disabled channel."""
    mine = and_(AlertRow.state == "pending", AlertRow.channel.in_(channels), AlertRow.next_at <= now)
    return session.scalars(select(func.count()).select_from(AlertRow).where(mine)).one()
