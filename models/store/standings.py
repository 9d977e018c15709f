"""How the watch stands, read at one moment; and the silence that is told once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import standing as judged
from models.store.feeds import source_states, tell
from models.store.leases import last_runs
from models.tables import AlertRow, ArticleRow, ChannelRow, FeedEventRow, ReadingRow, StoryRow
from models.values import ChannelName, FeedEvent, SourceName, Standing

ALL = SourceName("all feeds")  # no feed's name holds a space
_MONTH = timedelta(days=30)
_STORIES = 500


def standing(
    session: Session,
    *,
    feeds: Collection[SourceName],
    channels: Collection[ChannelName],
    now: datetime,
    gone: Collection[str] = (),
) -> Standing:
    """Give how the watch stands.

    Args:
        session: a reading session.
        feeds: names of the feeds that are enabled.
        channels: names of the channels that are on.
        now: the time.
        gone: holders of leases that are known to be dead.

    """
    waiting = select(func.count(), func.min(ArticleRow.first_seen_at)).where(ArticleRow.state == "new")
    undecided, oldest = session.execute(waiting).one()
    states = select(AlertRow.state, func.count()).group_by(AlertRow.state)
    closed = select(ChannelRow.name).where(
        or_(ChannelRow.state != "active", ChannelRow.not_before > now),
    )
    due = select(func.min(AlertRow.next_at)).where(
        AlertRow.state == "pending",
        AlertRow.next_at <= now,
        AlertRow.channel.in_(channels),
        AlertRow.channel.not_in(closed),
    )
    disabled = (
        select(ChannelRow.name)
        .where(ChannelRow.state == "disabled", ChannelRow.name.in_(channels))
        .order_by(ChannelRow.name)
    )
    stories = _opened(session, now)
    return Standing(
        at=now,
        runs=last_runs(session, now, gone=gone),
        undecided=undecided,
        oldest_undecided=oldest,
        alerts=dict(session.execute(states).tuples().all()),
        due_since=session.scalars(due).one(),
        disabled=tuple(ChannelName(name) for name in session.scalars(disabled)),
        stranded=tuple(stranded(session, channels)),
        feeds={name: state for name, state in source_states(session).items() if name in feeds},
        newest_story=max(stories, default=None),
        usual_gap=judged.usual_gap(stories),
    )


def stranded(session: Session, channels: Collection[ChannelName]) -> dict[ChannelName, int]:
    """Count the alerts that wait for channels other than those that are on."""
    query = (
        select(AlertRow.channel, func.count())
        .where(AlertRow.state == "pending", AlertRow.channel.not_in(channels))
        .group_by(AlertRow.channel)
        .order_by(AlertRow.channel)
    )
    return {ChannelName(name): count for name, count in session.execute(query).tuples()}


def _opened(session: Session, now: datetime) -> list[datetime]:
    """Give when the last month's stories about the peninsula began."""
    query = (
        select(StoryRow.opened_at)
        .join(ReadingRow, ReadingRow.article_id == StoryRow.anchor_id)
        .where(ReadingRow.korea, StoryRow.last_at > now - _MONTH, StoryRow.opened_at <= now)
        .order_by(StoryRow.opened_at.desc())
        .limit(_STORIES)
    )
    return list(session.scalars(query))


def mind_silence(session: Session, now: datetime, *, times: int) -> FeedEvent | None:
    """Note once that stories have stopped coming, and once that they come again."""
    stories = _opened(session, now)
    newest, usual = max(stories, default=None), judged.usual_gap(stories)
    silent = judged.is_silent(newest, usual, now, times=times)
    query = select(FeedEventRow.state).where(FeedEventRow.source == ALL, FeedEventRow.kind == "silence")
    was = session.scalars(query.order_by(FeedEventRow.id.desc()).limit(1)).first() or "well"
    state = "silent" if silent else "well"
    if state == was:
        return None
    detail = "stories come again"
    if silent and newest and usual:
        span, least = judged.told(now - newest), judged.told(usual)
        detail = f"no new story for {span}, usually at most {least}: do the feeds still come?"
    event = FeedEvent(source=ALL, at=now, kind="silence", state=state, was=was, detail=detail)
    tell(session, [event])
    return event
