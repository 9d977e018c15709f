"""Two sides of a replay: which alerts a change adds, removes, makes one, makes several."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from models.values import Difference, Raised, Regrouped, RuleName, StoryId

_Key = tuple[RuleName, StoryId, str]


def compare(
    before: Mapping[_Key, Raised], after: Mapping[_Key, Raised], went: Collection[tuple[StoryId, StoryId]]
) -> Difference:
    """Say what became of each alert.

    Args:
        before: alerts without the change, in the order in which they fell due.
        after: alerts with it.
        went: for articles that the change puts into another story: (from, to).

    """
    joined: dict[_Key, list[Raised]] = {}
    parted: dict[_Key, list[Raised]] = {}
    removed, added = [], []
    for one in (one for key, one in before.items() if key not in after):
        to = _counterparts(one, after, (new for old, new in went if old == one.story))
        for key in to[:1]:
            joined.setdefault(key, []).append(one)
        removed += [] if to else [one]
    for one in (one for key, one in after.items() if key not in before):
        of = _counterparts(one, before, (old for old, new in went if new == one.story))
        for key in of[:1]:
            parted.setdefault(key, []).append(one)
        added += [] if of else [one]
    merged, split = _regrouped(joined, after, before), _regrouped(parted, before, after)
    moved = [(before[key], after[key]) for key in before if key in after and before[key].at != after[key].at]
    several = {group.one.key for group in split if len(group.several) > 1}
    renamed = [(group.several[0], group.one) for group in merged if len(group.several) == 1]
    moved += [pair for pair in renamed if pair[0].key not in several]
    return Difference(
        added=tuple(added),
        removed=tuple(removed),
        merged=tuple(group for group in merged if len(group.several) > 1),
        split=tuple(group for group in split if len(group.several) > 1),
        moved=tuple(sorted(moved, key=lambda pair: pair[1].at)),
    )


def _counterparts(one: Raised, others: Mapping[_Key, Raised], stories: Iterable[StoryId]) -> list[_Key]:
    return sorted({key for story in stories if (key := (one.rule, story, one.kind)) in others})


def _regrouped(
    groups: Mapping[_Key, list[Raised]], ones: Mapping[_Key, Raised], others: Mapping[_Key, Raised]
) -> tuple[Regrouped, ...]:
    """Put the alert that both sides have beside those that only the other side has."""
    found = [
        Regrouped(one=ones[key], several=_in_time([*([others[key]] if key in others else []), *several]))
        for key, several in groups.items()
    ]
    return tuple(sorted(found, key=lambda group: group.one.at))


def _in_time(alerts: Iterable[Raised]) -> tuple[Raised, ...]:
    return tuple(sorted(alerts, key=lambda one: one.at))
