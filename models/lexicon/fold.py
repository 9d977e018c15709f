"""Fold a text for comparing, and know where each folded character came from.

First step of a reading. Forms of the lexicon are folded the same way, so the
scan compares like with like; the offsets lead back into the original, since a
hit has to be marked in the text that people see.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

# U+318D and U+119E are how Korean newsrooms type their middle dot (북ㆍ미, 5ᆞ18). NFKC makes the
# first one a vowel, so dots are settled before NFKC sees them.
_DOTS = "\u318d\u119e\u2027\u2219\u30fb\uff65\u2022\u22c5"
_SEPARATORS = "-_\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES = "\u2018\u2019\u02bc\u02bb\u201b\u2032\u0060\u00b4\uff07"
_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02"
_DROPPED = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"

ODD = "\uf8ff"  # stands for a character that does not fold one to one
_SIGNS = {
    **dict.fromkeys("\n\x0b\x0c\u2028\u2029", "\n"),
    **dict.fromkeys(_SEPARATORS, " "),
    **dict.fromkeys(_DOTS, "·"),
    **dict.fromkeys(_APOSTROPHES, "'"),
    **dict.fromkeys(_QUOTES, '"'),
    **dict.fromkeys(_DROPPED, ODD),
}
_NO_WIDTH = re.compile(f"[{_DROPPED}]")
_HANGUL_PARTS = ((0x1160, 0x11FF), (0xD7B0, 0xD7FF))  # vowels and finals that join what is before them
_VOICED = "\uff9e\uff9f"  # half-width marks of ガ and パ, characters of their own

# ё is printed as е nearly everywhere; ŏ and ŭ are Korean names in any language, Vietnamese has neither
_RESPELT = {"ё": "е", "Ё": "Е", "ŏ": "o", "Ŏ": "O", "ŭ": "u", "Ŭ": "U"}

_RUNS = re.compile(r"[ \n]*\n[ \n]*| {2,}|#\w+")
_CAMEL = re.compile(r"(?<=[a-zа-я0-9])(?=[A-ZА-Я])")
_ODD_RUN = re.compile(f".?{ODD}+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `starts` and `ends` are None where nothing moved."""

    original: str
    cased: str
    lower: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the offsets in the original of a slice of the folded text."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1] if end > start else self.starts[start]


def fold(text: str, tones: Mapping[str, str] | None = None) -> Folded:
    """Fold a text; with `tones` its Latin letters keep their marks (Vietnamese)."""
    table = _BARE if tones is None else _MARKED
    folded = text.translate(table)
    starts: list[int] | None = None
    ends: list[int] | None = None
    if ODD in folded:
        folded, starts, ends = _join_odd(text, folded, table)
    if "  " in folded or "\n" in folded or "#" in folded:
        folded, starts, ends = _collapse(folded, starts, ends)
    if tones:
        folded = _respell(folded, tones)
    lower = folded.lower()
    if len(lower) != len(folded):  # İ is the only capital that grows
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in folded)
    return Folded(text, folded, lower, starts, ends)


def compose(text: str) -> Folded:
    """Put a text in NFC and drop what has no width; everything else stays.

    Datelines and languages are told from this: a feed written on a Mac may hold
    decomposed Hangul, one out of a word processor a zero-width space anywhere.
    """
    if text.isascii() or (unicodedata.is_normalized("NFC", text) and _NO_WIDTH.search(text) is None):
        return Folded(text, text, text)
    composed = text.translate(_COMPOSED)
    if ODD not in composed:
        return Folded(text, composed, composed)
    composed, starts, ends = _join_odd(text, composed, _COMPOSED)
    return Folded(text, composed, composed, starts, ends)


def fold_word(word: str, tones: Mapping[str, str] | None = None) -> str:
    """Fold a word of the lexicon, capitals kept."""
    return word if word.isascii() and word.isalnum() else fold(word, tones).cased


class _Table(dict[int, str]):
    """What one character folds to, worked out when it is first seen."""

    def __init__(self, form: Literal["NFC", "NFKC"], one: Callable[[str], str]) -> None:
        super().__init__()
        self.form = form
        self._one = one

    def __missing__(self, code: int) -> str:
        folded = self[code] = self._one(chr(code))
        return folded


def _fold_one(char: str, *, marks: bool) -> str:
    if char == ODD or 0xD800 <= ord(char) <= 0xDFFF:
        return "\ufffd"  # a lone surrogate cannot cross into the automaton
    if char in _SIGNS:
        return _SIGNS[char]
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) != 1 or _joins(char) or unicodedata.combining(plain) or "\u1100" <= char <= "\u115f":
        return ODD
    if plain.isspace():
        return " "
    return _SIGNS.get(plain) or _strip(plain, marks=marks)


def _strip(char: str, *, marks: bool) -> str:
    """Take the marks off a Latin letter."""
    if char in _RESPELT:
        return _RESPELT[char]
    if marks or char < "\u00c0" or not ("\u00c0" <= char <= "\u024f" or "\u1e00" <= char <= "\u1eff"):
        return char
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() else char


def _joins(char: str) -> bool:
    """Whether a character is part of the one before it."""
    code = ord(char)
    return (
        char in _VOICED
        or char in _DROPPED
        or unicodedata.combining(char) != 0
        or any(low <= code <= high for low, high in _HANGUL_PARTS)
    )


def _join_odd(text: str, folded: str, table: _Table) -> tuple[str, list[int], list[int]]:
    """Replace the odd characters, cluster by cluster, and note where all came from."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for run in _ODD_RUN.finditer(folded):
        begin = run.start()
        parts.append(folded[position:begin])
        starts.extend(range(position, begin))
        ends.extend(range(position + 1, begin + 1))
        for low, high in _clusters(text, begin, run.end()):
            piece = _fold_cluster(text[low:high], table)
            parts.append(piece)
            starts.extend([low] * len(piece))
            ends.extend([high] * len(piece))
        position = run.end()
    parts.append(folded[position:])
    starts.extend(range(position, len(text)))
    ends.extend(range(position + 1, len(text) + 1))
    return "".join(parts), starts, ends


def _clusters(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    low = begin
    for here in range(begin + 1, end):
        if not _joins(text[here]):
            yield low, here
            low = here
    yield low, end


def _fold_cluster(cluster: str, table: _Table) -> str:
    kept = "".join(char for char in cluster if char not in _DROPPED)
    if table is not _COMPOSED:
        kept = "".join("·" if char in _DOTS else char for char in kept)
    plain = unicodedata.normalize(table.form, kept)
    folded = "".join(table[ord(char)] if char != ODD else "\ufffd" for char in plain)
    if ODD not in folded:
        return folded
    # marks that no letter takes (Ко́рея in schoolbooks) go; anything else stays as it is
    return "".join(
        char if new == ODD else new
        for char, new in zip(plain, folded, strict=True)
        if not (new == ODD and unicodedata.combining(char))
    )


def _collapse(
    folded: str, old_starts: list[int] | None, old_ends: list[int] | None
) -> tuple[str, list[int], list[int]]:
    """Make one space of many, a line break of an empty line, words of a #HashTag."""
    starts: Sequence[int] = range(len(folded)) if old_starts is None else old_starts
    ends: Sequence[int] = range(1, len(folded) + 1) if old_ends is None else old_ends
    parts: list[str] = []
    firsts: list[int] = []
    lasts: list[int] = []
    position = 0
    for run in _RUNS.finditer(folded):
        low, high = run.span()
        for begin, end, piece in _replace(run.group(), low, high):
            parts += (folded[position:begin], piece)
            firsts += starts[position:begin]
            lasts += ends[position:begin]
            if piece:
                firsts.append(starts[begin] if begin < len(starts) else ends[-1])
                lasts.append(ends[end - 1] if end > begin else firsts[-1])
            position = end
    parts.append(folded[position:])
    firsts += starts[position:]
    lasts += ends[position:]
    return "".join(parts), firsts, lasts


def _replace(run: str, low: int, high: int) -> Iterator[tuple[int, int, str]]:
    if run[0] == "#":
        for seam in _CAMEL.finditer(run):
            yield low + seam.start(), low + seam.start(), " "
    else:
        yield low, high, "\n" if run.count("\n") > 1 else " "


def _respell(folded: str, tones: Mapping[str, str]) -> str:
    """Write a Vietnamese syllable's tone where the older school puts it (hoá, hóa)."""
    for ours, theirs in tones.items():
        if ours in folded:
            folded = re.sub(rf"{ours}(?!\w)", theirs, folded)
    return folded


def _compose_one(char: str) -> str:
    if char == ODD:
        return "\ufffd"
    plain = unicodedata.normalize("NFC", char)
    return ODD if len(plain) != 1 or _joins(char) or "\u1100" <= char <= "\u115f" else plain


_BARE = _Table("NFKC", partial(_fold_one, marks=False))
_MARKED = _Table("NFKC", partial(_fold_one, marks=True))
_COMPOSED = _Table("NFC", _compose_one)
