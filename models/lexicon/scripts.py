"""Which script a character is of: it decides where a word ends."""

from __future__ import annotations

from functools import cache

LATIN, CYRILLIC, HANGUL, KANA, HAN, DIGIT, OTHER = (
    "latin",
    "cyrillic",
    "hangul",
    "kana",
    "han",
    "digit",
    "other",
)

_RANGES = (
    ("0", "9", DIGIT),
    ("A", "Z", LATIN),
    ("a", "z", LATIN),
    ("\u00c0", "\u024f", LATIN),
    ("\u1e00", "\u1eff", LATIN),
    ("\u0400", "\u052f", CYRILLIC),
    ("\uac00", "\ud7a3", HANGUL),
    ("\u30a1", "\u30fa", KANA),  # Katakana only: Hiragana is grammar and borders everything
    ("\u30fc", "\u30ff", KANA),
    ("\u3005", "\u3007", HAN),
    ("\u3400", "\u9fff", HAN),
    ("\U00020000", "\U0003ffff", HAN),
)

LETTERS = {  # the class of one more letter, for "the word may go on"
    LATIN: "[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]",
    CYRILLIC: "[\u0400-\u052f]",
    HANGUL: "[\uac00-\ud7a3]",
    KANA: "[\u30a1-\u30fa\u30fc-\u30ff]",
    HAN: "[\u3005-\u3007\u3400-\u9fff]",
    DIGIT: "[0-9]",
}
CJK = frozenset({HANGUL, KANA, HAN})


@cache
def script(char: str) -> str:
    """Name the script of a character."""
    for low, high, name in _RANGES:
        if low <= char <= high:
            return name
    return OTHER
