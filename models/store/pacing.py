"""Before a claim: what a channel takes now. Rates, floods, digests, quiet hours.

Alerts over a rate, or in quiet hours, wait in the outbox as they are. Alerts
that leave together leave as one digest: a new alert whose body lists and counts
them, while they are marked "bundled" and name it. Nothing is marked sent that
was not. Runs in the transaction of the claim, so that no alert slips in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.alerts import MAX_RETRY_AFTER, last_quiet, quiet_since
from models.store.digests import DIGEST, bundle
from models.store.trouble import OPERATIONS, remembered
from models.tables import AlertRow
from models.values import Channel


@dataclass(frozen=True, slots=True)
class Gate:
    """What a channel takes now."""

    open: bool = True
    urgent_only: bool = False


def gate(session: Session, channel: Channel, now: datetime) -> Gate:
    """Bundle what leaves together, and say what may leave now."""
    urgent_only = quiet_since(channel, now) is not None
    if not urgent_only:
        _bundle(session, channel, now)
    if channel.rate is None:
        return Gate(urgent_only=urgent_only)
    row, rate = remembered(session, channel.name), channel.rate
    passed = max(now - (row.tokens_at or now), timedelta(0))
    tokens = rate.count if row.tokens is None else row.tokens + rate.count * (passed / rate.per)
    row.tokens, row.tokens_at = min(tokens, float(rate.count)), now
    if row.tokens < 1:
        ready = now + (1 - row.tokens) * rate.per / rate.count + timedelta(milliseconds=1)
        asked = row.not_before or ready  # by a Retry-After, or by a clock that was ahead, which is over
        row.not_before = max(ready, asked) if asked <= now + MAX_RETRY_AFTER else ready
        return Gate(open=False)
    return Gate(urgent_only=urgent_only)


def spend(session: Session, channel: Channel, now: datetime, *, pace: timedelta = timedelta(0)) -> None:
    """Take one token of a channel's rate for an attempt about to be made; the next waits for `pace`."""
    if channel.rate is not None:
        row = remembered(session, channel.name)
        row.tokens = (row.tokens or 0) - 1
    if pace:
        remembered(session, channel.name).not_before = now + pace


def _bundle(session: Session, channel: Channel, now: datetime) -> None:
    """Make one digest of the alerts that are to leave together, if there are several."""
    if channel.digest is None and not channel.flood and channel.quiet is None:
        return
    query = (
        select(AlertRow)
        .where(
            AlertRow.channel == channel.name,
            AlertRow.state == "pending",
            AlertRow.attempts == 0,
            AlertRow.urgent.is_(False),
            AlertRow.next_at <= now,
            AlertRow.kind.not_like(f"{DIGEST}%"),
            AlertRow.kind.not_like(f"{OPERATIONS}%"),
        )
        .order_by(AlertRow.next_at, AlertRow.id)
        .with_for_update(skip_locked=True)
    )
    due = session.scalars(query).all()
    began, woke = last_quiet(channel, now)
    slept = [row for row in due if began <= row.next_at < woke]
    if channel.flood and len(due) > channel.flood:
        bundle(session, due, now, why=f"{len(due)} alerts at once, over the channel's {channel.flood}")
    elif channel.digest is not None and len(due) > 1:
        bundle(session, due, now, why=f"{len(due)} alerts since the last digest")
    elif len(slept) > 1:
        bundle(session, slept, now, why=f"{len(slept)} alerts of the quiet hours")
