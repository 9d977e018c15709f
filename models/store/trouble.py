"""What befalls a channel: throttled, failing for days, closed by its receiver; and who is told.

A channel is disabled by its receiver (410, `webhook-delivery: disable`), or by
five days of nothing but failures. Its alerts stay pending, and leave once it is
enabled again. The desk is told on another channel, once until it delivers again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.alerts import alert_id, listing
from models.store.inserts import insert_new
from models.tables import AlertRow, AttemptRow, ChannelRow, InstallRow
from models.values import ChannelName, Dead, Delivered, Retry, RuleName, StoryId, Verdict

GIVE_UP = timedelta(days=5)
OPERATIONS = "operations."


def remembered(session: Session, name: str) -> ChannelRow:
    """Give a channel's row, made if there is none yet; other senders wait for it till we commit."""
    insert_new(session, ChannelRow, [{"name": name, "state": "active"}])
    return session.get_one(ChannelRow, name, with_for_update=True)


def next_generation(session: Session, channel: ChannelName, rule: RuleName, story: StoryId, kind: str) -> int:
    """Count how often a channel was told this of a story by a rule: 0 the first time."""
    about = AlertRow.story_id == (story or None)  # a notice of feeds is about none
    same = (AlertRow.channel == channel, AlertRow.rule == rule, about)
    told = select(func.max(AlertRow.generation)).where(*same, AlertRow.kind == kind)
    last = session.scalars(told).one()
    return 0 if last is None else last + 1


def note(
    session: Session, row: AlertRow, verdict: Verdict, now: datetime, *, others: Sequence[ChannelName] = ()
) -> None:
    """Keep what a verdict teaches about the channel, and tell the desk of a dead or disabled one."""
    channel = remembered(session, row.channel)
    if isinstance(verdict, Delivered):
        channel.failing_since = channel.told_at = None
        return
    channel.failing_since = min(channel.failing_since or now, now)
    if isinstance(verdict, Retry) and verdict.status == 429 and verdict.after:
        channel.not_before = now + verdict.after
    gone = isinstance(verdict, Dead) and verdict.disable
    if channel.state == "active" and (gone or _failed_for_days(session, channel, now)):
        channel.state = "disabled"
        channel.reason = verdict.reason if gone else f"nothing but failures for 5 days: {verdict.reason}"
        _tell(session, row, channel, "channel-disabled", now, others=others)
    elif row.state == "dead" and channel.told_at is None:
        _tell(session, row, channel, "alert-dead", now, others=others)


def _failed_for_days(session: Session, channel: ChannelRow, now: datetime) -> bool:
    """Whether it failed for GIVE_UP, and in between: a clock that jumped is no evidence."""
    since = channel.failing_since or now
    if now - since < GIVE_UP:
        return False
    between = select(AttemptRow.alert_id).where(
        AlertRow.channel == channel.name,
        AttemptRow.started_at.between(since + timedelta(days=1), now - timedelta(days=1)),
    )
    found = between.join(AlertRow, AlertRow.id == AttemptRow.alert_id).limit(1)
    return session.scalars(found).first() is not None


def _tell(
    session: Session,
    row: AlertRow,
    channel: ChannelRow,
    what: str,
    now: datetime,
    *,
    others: Sequence[ChannelName],
) -> None:
    """Put an operations alert into the outbox of the first other channel that is open and does not fail.

    If one that tells of trouble is in trouble itself, the next is told of that, each once: `told_at`.
    """
    closed = set(session.scalars(select(ChannelRow.name).where(ChannelRow.state != "active")))
    failing = set(session.scalars(select(ChannelRow.name).where(ChannelRow.failing_since.is_not(None))))
    ready = [name for name in others if name not in closed and name != row.channel]
    other = min(ready, key=failing.__contains__, default=None)
    if other is None:
        return
    channel.told_at = now
    kind = OPERATIONS + what
    install = session.scalars(select(InstallRow.token)).one()
    story = StoryId(row.story_id or "")
    generation = next_generation(session, other, RuleName(row.rule), story, kind)
    id_ = alert_id(install, other, RuleName(row.rule), story=story, kind=kind, generation=generation)
    if what == "channel-disabled":
        title = f"Channel {row.channel} is disabled"
        text = (
            f"{channel.reason}. Its alerts are kept: peninsula channels enable {row.channel} lets them leave,"
            f" peninsula alerts replay --channel {row.channel} then those that are dead"
        )
    else:
        title = f"An alert on channel {row.channel} is dead"
        text = f"{row.last_reason}. Kept: peninsula alerts replay {row.id}"
    values = {
        "id": id_,
        "channel": other,
        "rule": row.rule,
        "story_id": row.story_id,
        "article_id": row.article_id,
        "kind": kind,
        "generation": generation,
        "body": listing(kind, id_, title=title, text=text, lines=(), now=now),
        "created_at": now,
        "state": "pending",
        "next_at": now,
        "urgent": True,
    }
    insert_new(session, AlertRow, [values])
