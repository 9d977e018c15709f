"""What happened to feeds, told to the desk: in the outbox like any alert, once.

A network that is down makes every feed unreachable at one stroke, and some servers
come and go. So what happened since the last notice is one notice, with at least half
an hour between two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.alerts import alert_id, feed_news, listing
from models.instants import milliseconds
from models.store.feeds import event
from models.store.inserts import insert_new
from models.store.trouble import OPERATIONS
from models.tables import AlertRow, FeedEventRow, InstallRow
from models.values import AlertId, ChannelName, RuleName, StoryId

KIND = OPERATIONS + "feeds"
RULE = RuleName("operations")
PAUSE = timedelta(minutes=30)
_FRESH = timedelta(days=1)  # what is older was before the desk asked to be told


def announce(session: Session, channels: Sequence[ChannelName], now: datetime) -> tuple[AlertId, ...]:
    """Put what happened to feeds and was not told yet into the outbox; give the alerts' ids."""
    last = session.scalars(select(func.max(FeedEventRow.told_at))).one()
    if not channels or (last is not None and last <= now < last + PAUSE):
        return ()
    query = (
        select(FeedEventRow)
        .where(FeedEventRow.told_at.is_(None), FeedEventRow.at > now - _FRESH)
        .order_by(FeedEventRow.at, FeedEventRow.id)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(query).all()
    title, text, lines = feed_news([event(row) for row in rows])
    for row in rows:
        row.told_at = now
    if not lines:
        return ()
    facts = "|".join(f"{row.source} {milliseconds(row.at)} {row.kind} {row.state}" for row in rows)
    kind = f"{KIND}-{hashlib.sha256(facts.encode()).hexdigest()[:16]}"
    install = session.scalars(select(InstallRow.token)).one()
    made = []
    for channel in channels:
        id_ = alert_id(install, channel, RULE, story=StoryId(""), kind=kind)
        values = {
            "id": id_,
            "channel": channel,
            "rule": RULE,
            "kind": kind,
            "generation": 0,
            "body": listing(KIND, id_, title=title, text=text, lines=lines, now=now),
            "created_at": now,
            "state": "pending",
            "next_at": now,
        }
        insert_new(session, AlertRow, [values])
        made.append(id_)
    return tuple(made)
