"""Texts cut to a length without cutting a character that people see in two."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import regex

_GRAPHEME = regex.compile(r"\X")
_LONGEST = 32  # code points of one visible character: a letter under a heap of marks is cut after all


def cut(text: str, length: int, shown: Callable[[str], str] = str) -> str:
    """Cut a text so that what `shown` makes of it has at most so many characters, with "…".

    A flag, a family emoji or a letter with its marks stays whole or goes.
    """
    if len(shown(text)) <= length:
        return text
    kept, room = [], length - 1
    for match in _GRAPHEME.finditer(text):
        piece = match[0][:_LONGEST]
        room -= len(shown(piece)) if not piece.isspace() else len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip() + "…"


def fit(pieces: Iterable[str], length: int, separator: str) -> str:
    """Join as many pieces as fit, each whole: a link is never cut."""
    joined = ""
    for piece in pieces:
        longer = f"{joined}{separator}{piece}" if joined else piece
        if len(longer) > length:
            break
        joined = longer
    return joined
