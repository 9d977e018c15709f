"""Fold a text for comparing, and know where each folded character came from.

First step of a reading. Forms of the lexicon are folded the same way, so the
scan compares like with like; the offsets lead back into the original, since a
hit has to be marked in the text that people see.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
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

# Each way begins with a character of its own: the engine then skips the others, three times as fast
_RUNS = re.compile(r"\n[ \n]+| [ \n]+|#\w+")
_CAMEL = re.compile(r"(?<=[a-zа-я0-9])(?=[A-ZА-Я])")
_ODD_RUN = re.compile(f"{ODD}+")

# What folds to itself and is common: ASCII but for -, _ and `, Cyrillic but for Ё and ё, stops and
# brackets of the East, kana, Han, Hangul. Only the rest is looked up.
_PLAIN = (
    r" !-,.-^a-~\u0402-\u0450\u0452-\u045f\u3001-\u3011\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3"
)
_RARE = re.compile(f"[^{_PLAIN}]")


class Origins:
    """Where the characters of a changed text came from: stretches that moved together.

    A list of every character's place was an eighth of a reading; a text of a
    thousand characters has some ten stretches, and few of its places are asked for.
    """

    __slots__ = ("_begins", "_highs", "_length", "_lows", "_moved")

    def __init__(self) -> None:
        self._begins: list[int] = []  # of each stretch, in the changed text
        self._lows: list[int] = []  # where it came from
        self._highs: list[int] = []
        self._moved: list[bool] = []  # as it was; else all of it came from [low, high)
        self._length = 0

    def add(self, length: int, low: int, high: int, *, moved: bool) -> None:
        """Note the next stretch of the changed text."""
        if length:
            self._begins.append(self._length)
            self._lows.append(low)
            self._highs.append(high)
            self._moved.append(moved)
            self._length += length

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give where a slice of the changed text came from."""
        here = bisect_right(self._begins, start) - 1
        low = self._lows[here] + (start - self._begins[here] if self._moved[here] else 0)
        if end <= start:
            return low, low
        here = bisect_left(self._begins, end) - 1
        moved = self._moved[here]
        return low, self._lows[here] + end - self._begins[here] if moved else self._highs[here]


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and the steps that led to it, the first one first; none where nothing moved."""

    original: str
    cased: str
    lower: str
    steps: tuple[Origins, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the offsets in the original of a slice of the folded text."""
        for step in reversed(self.steps):
            start, end = step.span(start, end)
        return start, end


def fold(text: str, tones: Mapping[str, str] | None = None) -> Folded:
    """Fold a text; with `tones` its Latin letters keep their marks (Vietnamese)."""
    table = _BARE if tones is None else _MARKED
    folded = table.fold(text)
    steps: tuple[Origins, ...] = ()
    if ODD in folded:
        folded, step = _join_odd(text, folded, table)
        steps += (step,)
    if "  " in folded or "\n" in folded or "#" in folded:
        folded, moves = _collapse(folded)
        steps += moves
    if tones:
        folded = _respell(folded, tones)
    lower = folded.lower()
    if len(lower) != len(folded):  # İ is the only capital that grows
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in folded)
    return Folded(text, folded, lower, steps)


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
    composed, step = _join_odd(text, composed, _COMPOSED)
    return Folded(text, composed, composed, (step,))


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

    def fold(self, text: str) -> str:
        """Fold a text character by character.

        Few of a text's characters fold to another one: replacing each of them everywhere takes
        half as long as looking all up, as `translate` does. It is fast for ASCII alone.
        """
        if text.isascii():
            return text.translate(self)
        folds = {char: new for char in set(_RARE.findall(text)) if (new := self[ord(char)]) != char}
        if not folds.keys().isdisjoint(folds.values()):  # ㅋ folds to a letter that folds on
            return text.translate(self)
        for char, new in folds.items():
            text = text.replace(char, new)
        return text


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


def _join_odd(text: str, folded: str, table: _Table) -> tuple[str, Origins]:
    """Replace the odd characters, cluster by cluster, and note where all came from."""
    parts: list[str] = []
    origins = Origins()
    position = 0
    for run in _ODD_RUN.finditer(folded):
        begin = max(run.start() - 1, 0)  # what is before a mark may take it
        parts.append(folded[position:begin])
        origins.add(begin - position, position, begin, moved=True)
        for low, high in _clusters(text, begin, run.end()):
            piece = _fold_cluster(text[low:high], table)
            parts.append(piece)
            origins.add(len(piece), low, high, moved=False)
        position = run.end()
    parts.append(folded[position:])
    origins.add(len(text) - position, position, len(text), moved=True)
    return "".join(parts), origins


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


def _collapse(folded: str) -> tuple[str, tuple[Origins, ...]]:
    """Make one space of many, a line break of an empty line, words of a #HashTag.

    A lone line break becomes a space too; if nothing else does, nothing moved and no step is told.
    """
    parts: list[str] = []
    origins = Origins()
    position = 0
    for run in _RUNS.finditer(folded):
        low, high = run.span()
        for begin, end, piece in _replace(run.group(), low, high):
            parts += (folded[position:begin].replace("\n", " "), piece)
            origins.add(begin - position, position, begin, moved=True)
            origins.add(len(piece), begin, end, moved=False)
            position = end
    parts.append(folded[position:].replace("\n", " "))
    origins.add(len(folded) - position, position, len(folded), moved=True)
    return "".join(parts), (origins,) if position else ()


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
