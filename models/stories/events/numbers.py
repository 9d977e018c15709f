"""Numbers in a text: those that name one of a series, and those that measure.

An ordinal (12차, 13th package, fünfte Welle, 第三次) or an anniversary
(73주년) names an event and vetoes. A count (2발, two missiles, 340명) only
measures it, is put right for days, and speaks for sameness where it agrees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from models.stories.events.number_words import (
    ANNIVERSARIES,
    HAN_DIGITS,
    ORDINAL_WORDS,
    ORDINALS,
    WORDS,
)
from models.stories.events.shapes import Shape

# The lookbehind stands behind the first digit, where it is tried at digits only.
_DIGITS = re.compile(r"(\d(?<![\d.,/:-]\d)(?:\d{0,2}(?:,\d{3})+|\d*))(?:\.\d+)?(?![\d/:])")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_DIGIT = re.compile(r"\d")
_HAN_RUN = re.compile(r"[一二三四五六七八九十百千]{1,6}")
_SCALES = (
    ("만", 10_000),
    ("万", 10_000),
    ("萬", 10_000),
    ("천", 1_000),
    ("千", 1_000),
    ("nghìn", 1_000),
    ("억", 100_000_000),
)


def ordinals(text: str, language: str) -> frozenset[int]:
    """Find which of a series the text speaks of: fifth wave, 6차, 第13輪."""
    if not text:
        return frozenset()
    lowered = unicodedata.normalize("NFC", text).casefold()
    found = set(_values(ORDINALS.get(language, ()), lowered, below=200))
    return frozenset(found)


def anniversaries(text: str) -> frozenset[int]:
    """Find which anniversary the text speaks of: 73주년, 74th anniversary, 朝鮮戦争73年."""
    if _DIGIT.search(text) is None:
        return frozenset()
    lowered = unicodedata.normalize("NFC", text).casefold()
    return frozenset(_values(ANNIVERSARIES, lowered, below=3000))


def quantities(text: str) -> frozenset[int]:
    """Find the numbers of three and more (ones and twos agree by chance), years left out."""
    found: set[int] = set()
    for match in _DIGITS.finditer(text):
        value = int(match.group(1).replace(",", ""))
        for sign, factor in _SCALES:
            if text.startswith(sign, match.end()):
                value *= factor
        if value >= 3 and not 1900 <= value <= 2100:
            found.add(value)
    found |= {WORDS[word] for word in _WORD.findall(text.casefold()) if word in WORDS}
    return frozenset(found)


def _values(shapes: Iterable[Shape], lowered: str, *, below: int) -> Iterator[int]:
    """Read the numbers that stand in one of the shapes."""
    for shape in shapes:
        if shape.fits(lowered):
            for pattern in shape.patterns:
                for match in pattern.finditer(lowered):
                    value = _value(match.group("n"))
                    if value is not None and 0 < value < below:
                        yield value


def _value(word: str) -> int | None:
    word = " ".join(word.split())
    if word.isdigit():
        return int(word)
    if word in ORDINAL_WORDS:
        return ORDINAL_WORDS[word]
    if word in WORDS:
        return WORDS[word]
    return han_number(word) if _HAN_RUN.fullmatch(word) else None


def han_number(word: str) -> int | None:
    """Read a Han numeral: 十三 is 13, 二十 is 20, 百二 is 102."""
    total, current = 0, 0
    for sign in word:
        if sign in HAN_DIGITS:
            current = HAN_DIGITS[sign]
        elif sign in "十百千":
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            current = 0
        else:
            return None
    return total + current or None
