"""Four wrong orders, each applied in a child: a harness that lets one pass sees nothing."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select

from flows import collect, sending
from models import alerts, store
from models.store import rows
from models.tables import AlertRow
from models.values import Claim, Delivered, Request


def etag_early() -> None:
    """Save a feed's validators before its articles."""
    honest: Any = collect._taken_in

    def early(desk: Any, feed: Any, read: Any, *more: Any) -> Any:
        with desk.writer._database.writing() as session:
            store.touch(session, feed, read)
        return honest(desk, feed, read, *more)

    collect._taken_in = early  # type: ignore[assignment]  # that is the point


def mark_then_post() -> None:
    """Write "delivered" before anything is sent."""
    honest: Any = sending._claim

    def marked(database: Any, channel: Any, now: Any, **more: Any) -> Claim | None:
        claim: Claim | None = honest(database, channel, now, **more)
        if claim is not None:
            with database.writing() as session:
                store.record(session, claim, Delivered(), now, jitter=1.0)
        return claim

    sending._claim = marked


def no_lease() -> None:
    """Read what is due, post it, mark it: nobody knows that somebody is at it."""

    def read(session: Any, channels: Any, now: Any, **_: Any) -> Claim | None:
        query = select(AlertRow).where(AlertRow.state == "pending", AlertRow.channel.in_(channels))
        row = session.scalars(query.order_by(AlertRow.id)).first()
        return Claim(alert=rows.alert(row), token="", attempt=1, until=now) if row else None

    def mark(session: Any, claim: Claim, verdict: Any, now: Any, **_: Any) -> str:
        row = session.get_one(AlertRow, claim.alert.id)
        row.state, row.delivered_at = (
            ("delivered", now) if isinstance(verdict, Delivered) else ("pending", None)
        )
        return str(row.state)

    store.claim, store.record = read, mark


def random_ids() -> None:
    """Draw an id for each attempt."""
    honest: Any = alerts.request_for

    def drawn(*arguments: Any) -> Any:
        from dataclasses import replace

        request: Request = honest(*arguments)
        return replace(request, headers={**request.headers, "webhook-id": f"msg_{secrets.token_hex(13)}"})

    alerts.request_for = drawn  # type: ignore[assignment]  # that is the point


MUTANTS = {
    "etag-early": etag_early,
    "mark-then-post": mark_then_post,
    "no-lease": no_lease,
    "random-ids": random_ids,
}
