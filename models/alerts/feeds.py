"""What happened to feeds as one notice for the desk, however many feeds it befell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from models.values import FeedEvent, Health

Lines = tuple[tuple[str, str, str], ...]  # title, address, note: as `listing` takes them

_TROUBLE = frozenset(Health) - {Health.NEW, Health.HEALTHY, Health.REDIRECTED}


def feed_news(events: Sequence[FeedEvent]) -> tuple[str, str, Lines]:
    """Give title, text and lines of a notice; no line if all of it is over already.

    Of a feed that changed its state more than once only the last is news, and
    nothing is if it is back where it was.
    """
    last = [event for name in dict.fromkeys(one.source for one in events) for event in _last(name, events)]
    ill = {event.source for event in last if event.kind == "health" and event.state in _TROUBLE}
    well = {event.source for event in last if event.kind == "health"} - ill
    others = {event.source for event in last} - ill - well
    said = [
        f"{len(feeds)} {words}"
        for feeds, words in ((ill, "in trouble"), (well, "well again"), (others, "with a remark"))
        if feeds
    ]
    lines = tuple((f"{event.source}: {event.detail or event.state}", "", _note(event)) for event in last)
    text = "peninsula feeds list says how each does, peninsula feeds show NAME what is known of it."
    return f"Feeds: {', '.join(said)}", text, lines


def _last(name: str, events: Sequence[FeedEvent]) -> list[FeedEvent]:
    """Give the last event of each kind for a feed, less a change of health that has passed."""
    mine = sorted((event for event in events if event.source == name), key=_kind)
    kept = []
    for kind, group in groupby(mine, _kind):
        changes = list(group)
        if kind != "health" or changes[0].was != changes[-1].state:
            kept.append(changes[-1])
    return kept


def _kind(event: FeedEvent) -> str:
    return event.kind


def _note(event: FeedEvent) -> str:
    return f"was {event.was}" if event.was else event.kind
