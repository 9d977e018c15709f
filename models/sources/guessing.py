"""Which legacy encoding bytes are in that nobody labels, or labels wrongly.

A text read in its own encoding is made of the letters that its language writes
with: Korean of Hangul, Japanese of kana among Han, Chinese of the common Han of
GB 2312 or Big5, Russian of small Cyrillic letters, French of accented letters
beside plain ones. Read in another, it is made of the rare ones (the idea of
Li and Momoi, "A composite approach to language/encoding detection", 2001).
"""

from __future__ import annotations

import re
from collections.abc import Callable

_ENOUGH = 0.85  # of the letters beyond ASCII; mojibake has half of that
_LEAST_KANA = 0.1
_SAMPLE = 20_000  # bytes, from the first that is not ASCII
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_KANA = re.compile("[\u3041-\u30fa]")
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[А-яЁё][а-яё]*")  # read wrongly, small letters are capitals
_CAPITALS = re.compile("[А-ЯЁ]+")
_MARKS = frozenset("‘’“”„–—…•€£©®°·«»№\xa0")  # of print, as Windows-1252 and -1251 have them
_OF_ONE = {"koi8-r", "cp1251", "cp1252"}


def guess(body: bytes) -> tuple[str, str] | None:
    """Return the text of bytes that are no UTF-8 and the encoding it is in, or None if none stands out.

    Bad bytes do not hinder: they stand as U+FFFD, and the name then ends in "/replace".
    """
    first = _BEYOND_ASCII.search(body)
    sample = body[max(0, first.start() - 20) :][:_SAMPLE] if first else b""
    for name, usual in _USUAL:
        text = sample.decode(name, "replace")
        lost = text.count("\ufffd")
        # An encoding of two bytes has symbols of its own; in one of a byte they speak against it.
        beyond = sum(char > "\x7f" and (char.isalpha() or name in _OF_ONE) for char in text) + lost
        if beyond and usual(text) >= _ENOUGH * beyond:
            whole = body.decode(name, "replace")
            return whole, f"{name}/replace" if "\ufffd" in whole else name
    return None


def _korean(text: str) -> int:
    return _common(text, "euc_kr", 0xB0, 0xC8)


def _japanese(text: str) -> int:
    """Count kana and Han of the first level, if there are kana among them."""
    common = _common(text, "euc_jp", 0xA4, 0xCF)
    return common if len(_KANA.findall(text)) >= _LEAST_KANA * common else 0


def _chinese(text: str) -> int:
    return _common(text, "gb2312", 0xB0, 0xD7)


def _taiwanese(text: str) -> int:
    return _common(text, "big5", 0xA4, 0xC6)


def _russian(text: str) -> int:
    """Count letters of small words; those of capitals too, where they are the fewer."""
    words: list[str] = [word for word in _WORD.findall(text) if not word.isascii()]
    small = sum(len(word) for word in words if _CYRILLIC.fullmatch(word) and not word.isupper())
    large = sum(len(word) for word in words if _CAPITALS.fullmatch(word))
    return _marks(text) + small + large * (large < small)


def _western(text: str) -> int:
    """Count letters that stand beside plain ones in a word, and the marks of print."""
    words: list[str] = [word for word in _WORD.findall(text) if not word.isascii()]
    foreign = [(sum(letter > "\x7f" for letter in word), len(word)) for word in words]
    return _marks(text) + sum(count for count, length in foreign if count < length)


def _marks(text: str) -> int:
    return sum(map(text.count, _MARKS))


def _common(text: str, name: str, first: int, last: int) -> int:
    """Count the letters whose first byte, in an encoding of two, stands in the rows of common ones."""
    wide = (letter.encode(name, "ignore") for letter in text if letter > "\x7f" and letter.isalpha())
    return sum(len(coded) == 2 and first <= coded[0] <= last for coded in wide)


_USUAL: tuple[tuple[str, Callable[[str], int]], ...] = (
    ("cp949", _korean),
    ("euc_jp", _japanese),
    ("cp932", _japanese),
    ("gb18030", _chinese),
    ("big5hkscs", _taiwanese),
    ("koi8-r", _russian),
    ("cp1251", _russian),
    ("cp1252", _western),
)
