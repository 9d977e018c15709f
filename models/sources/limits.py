"""What a document may hold at most; whatever is over it is counted and named, none cut in silence.

Reading and grouping take time with every character (two million of them fifteen
seconds), inside the one transaction that decides. No article is as long as these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from models.text import first_sentence
from models.values import Fault, RawItem

MOST_CHARACTERS = 10 * 1024 * 1024  # of a document
MOST_ITEMS = 2_000
MOST_TEXT = 100_000  # characters of an article: a novella
MOST_TITLE = 500

_UNDATED = datetime.max.replace(tzinfo=UTC)


def within_limits(items: Sequence[RawItem], *, where: str) -> tuple[list[RawItem], list[Fault]]:
    """Return the items that are read, in their order, and what was left out or cut.

    Over the cap the newest stay, and those without a date. A title that is a whole text
    becomes one: its first sentence stands for it.
    """
    kept, faults = list(items), []
    if len(items) > MOST_ITEMS:
        order = sorted(range(len(items)), key=lambda place: items[place].published_at or _UNDATED)
        kept = [items[place] for place in sorted(order[-MOST_ITEMS:])]
        said = f"{len(items) - MOST_ITEMS} items beyond {MOST_ITEMS:,} left out, the oldest ones"
        faults.append(Fault(where=where, code="too-many-items", detail=said))
    long = sum(len(item.title) > MOST_TITLE for item in kept)
    kept = [_titled(item) for item in kept]
    if long:
        said = f"{long} titles are whole texts: their first sentences stand for them"
        faults.append(Fault(where=where, code="long-title", detail=said))
    for place, item in enumerate(kept):
        if len(item.text) > MOST_TEXT:
            kept[place] = replace(item, text=item.text[:MOST_TEXT])
            said = f"of its {len(item.text):,} characters the first {MOST_TEXT:,} are read"
            faults.append(Fault(where=f"{where} item {item.position + 1}", code="long-text", detail=said))
    return kept, faults


def _titled(item: RawItem) -> RawItem:
    if len(item.title) <= MOST_TITLE:
        return item
    text = item.text if item.title in item.text else f"{item.title}\n{item.text}".strip()
    return replace(item, title=first_sentence(item.title), text=text)
