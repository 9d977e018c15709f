"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

MOST = 3_000  # words compared; more would take seconds
AROUND = 6  # words kept on either side of a change

# A word with what parts it from the next; Han and kana have no spaces: each stands alone.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|[^\w\s]")


class Change(NamedTuple):
    """A piece of two texts: kept, taken out, put in, or a gap of what is the same."""

    kind: Literal["kept", "out", "in", "gap"]
    text: str


def word_diff(old: str, new: str) -> tuple[Change, ...]:
    """Compare two texts by words; gives the changes with some words around them.

    Long stretches that are the same become one gap. (Ratcliff and Metzener,
    Pattern Matching: the Gestalt Approach, 1988, by difflib.)
    """
    first, second = _WORD.findall(old)[:MOST], _WORD.findall(new)[:MOST]
    found = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    return tuple(_changes(found, first, second))


def _changes(
    found: Sequence[tuple[str, int, int, int, int]], first: list[str], second: list[str]
) -> Iterator[Change]:
    for number, (kind, start, end, to_start, to_end) in enumerate(found):
        if kind == "equal":
            before = 0 if number == 0 else AROUND
            after = 0 if number == len(found) - 1 else AROUND
            same = first[start:end]
            if len(same) <= before + after + 1:
                yield Change("kept", "".join(same))
                continue
            if before:
                yield Change("kept", "".join(same[:before]))
            yield Change("gap", " … ")
            if after:
                yield Change("kept", "".join(same[-after:]))
            continue
        if end > start:
            yield Change("out", "".join(first[start:end]))
        if to_end > to_start:
            yield Change("in", "".join(second[to_start:to_end]))
