"""Several alerts told as one: a new alert that lists and counts them, while they are kept as "bundled".

Each of them keeps its body, its place in the ledger and its id, and names the digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.alerts import alert_id, listing
from models.store.inserts import insert_new
from models.store.trouble import OPERATIONS, next_generation
from models.tables import AlertRow, ArticleRow, InstallRow
from models.values import AlertId, ChannelName, RuleName, SourceName, StoryId

DIGEST = "story.digest"
HOUR = timedelta(hours=1)
# An alert of theirs that was due within the hour has one of these; by state and time they are indexed.
_LEFT = ("pending", "sending", "delivered", "dead", "dropped")


def bundle(session: Session, rows: Sequence[AlertRow], now: datetime, *, why: str) -> None:
    """Put one alert in the place of several that wait; its id follows from theirs."""
    digest = _digest(session, rows[0], "|".join(sorted(row.id for row in rows)), rows, now, why=why)
    _mark(rows, digest, why)


def spill(session: Session, rows: Sequence[AlertRow], source: SourceName, now: datetime, *, why: str) -> None:
    """Put alerts of one feed and channel, over its cap, into the feed's digest of the hour.

    The digest is opened by the first of them and leaves an hour later; until then it
    is written anew for each that comes to it.
    """
    first = rows[0]
    query = (
        select(AlertRow.id)
        .join(ArticleRow, ArticleRow.id == AlertRow.article_id)
        .where(
            AlertRow.channel == first.channel,
            AlertRow.kind.startswith(DIGEST),
            AlertRow.state == "pending",
            AlertRow.open_until > now,
            ArticleRow.source == source,
        )
        .with_for_update(of=AlertRow, skip_locked=True)  # one that a sender takes just now is closed
    )
    digest = session.scalars(query).first()
    if digest is None:
        _mark(rows, _digest(session, first, first.id, rows, now, why=why, after=HOUR), why)
        return
    _mark(rows, AlertId(digest), why)
    _tell_anew(session, session.get_one(AlertRow, digest), now, why=why)


def leave(session: Session, row: AlertRow, now: datetime) -> bool:
    """Take an alert out of the digest that tells it; false if none does, or one that was sent or tried."""
    digest = session.get(AlertRow, row.digest_id, with_for_update=True) if row.digest_id else None
    if digest is None or digest.state != "pending" or digest.attempts:
        return False
    row.digest_id = None
    _tell_anew(session, digest, now, why=row.last_reason or "")
    return True


def _tell_anew(session: Session, digest: AlertRow, now: datetime, *, why: str) -> None:
    """Write a digest that waits for what it tells now."""
    session.flush()
    told = select(AlertRow).where(AlertRow.digest_id == digest.id)
    if rows := session.scalars(told.order_by(AlertRow.created_at, AlertRow.id)).all():
        digest.body = _body(AlertId(digest.id), rows, now, why)
    else:
        digest.state, digest.open_until, digest.last_reason = "dropped", None, "nothing is left in it"


def recent(session: Session, now: datetime) -> dict[tuple[ChannelName, SourceName], int]:
    """Count the alerts of the last hour by channel and feed; those in digests are no alerts of their own."""
    query = (
        select(AlertRow.channel, ArticleRow.source, func.count())
        .join(ArticleRow, ArticleRow.id == AlertRow.article_id)
        .where(
            AlertRow.state.in_(_LEFT),
            AlertRow.next_at > now - HOUR,
            AlertRow.created_at.between(now - HOUR, now),
            AlertRow.kind.not_like(f"{DIGEST}%"),
            AlertRow.kind.not_like(f"{OPERATIONS}%"),
        )
        .group_by(AlertRow.channel, ArticleRow.source)
    )
    found = session.execute(query).tuples()
    return {(ChannelName(channel), SourceName(source)): count for channel, source, count in found}


def _digest(
    session: Session,
    first: AlertRow,
    members: str,
    rows: Sequence[AlertRow],
    now: datetime,
    *,
    why: str,
    after: timedelta = timedelta(0),
) -> AlertId:
    """Put a digest of these alerts into the outbox, named after `members`; open for `after`."""
    kind = f"{DIGEST}-{hashlib.sha256(members.encode()).hexdigest()[:16]}"
    install = session.scalars(select(InstallRow.token)).one()
    name, rule, story = ChannelName(first.channel), RuleName(first.rule), StoryId(first.story_id or "")
    # The same alerts, replayed by hand, leave together once more: in a digest of its own.
    generation = next_generation(session, name, rule, story, kind)
    id_ = alert_id(install, name, rule, story=story, kind=kind, generation=generation)
    values = {
        "id": id_,
        "channel": name,
        "rule": rule,
        "story_id": story,
        "article_id": first.article_id,
        "kind": kind,
        "generation": generation,
        "body": _body(id_, rows, now, why),
        "created_at": now,
        "state": "pending",
        "next_at": now + after,
        "open_until": now + after if after else None,
    }
    insert_new(session, AlertRow, [values])
    return id_


def _body(id_: AlertId, rows: Sequence[AlertRow], now: datetime, why: str) -> str:
    told: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        data = json.loads(row.body)["data"]
        told.setdefault(data["story"]["id"], []).append(data)
    lines = [
        (
            first["story"]["title"],
            first["article"]["url"],
            ", ".join(dict.fromkeys(map(_note, (first, *more)))),
        )
        for first, *more in told.values()
    ]
    title = f"{len(told)} {'stories' if len(told) > 1 else 'story'} on the peninsula"
    text = f"{why}; each story is listed once."
    return listing(DIGEST, id_, title=title, text=text, lines=lines, now=now)


def _note(data: Mapping[str, Any]) -> str:
    """Say why an alert is in a digest: what is new, or whose it is."""
    return data.get("news") or f"rule {data['rule']}"


def _mark(rows: Sequence[AlertRow], digest: AlertId, why: str) -> None:
    for row in rows:
        row.state, row.digest_id, row.open_until = "bundled", digest, None
        row.last_reason = why
