"""What a term finds in a text: folded words with the edges of their script, and bounded patterns.

Words are compared folded (`models.text.fold`). An edge asks for what its script
has: Latin and Cyrillic words begin and end where letters do; Hangul words begin
there and end anywhere, since particles follow without a space (북한이, 북한의);
Chinese and Japanese have no edges at all.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from models.text import fold

PATIENCE = 0.05  # seconds for one pattern on one text; a sane one takes a thousandth of that
LONGEST_PATTERN = 200
MOST_REPEATS = 1000
LONGEST_TEXT = 50_000  # characters that a pattern is tried on

_GAP = r"[\s\p{Pd}]+"
_BEFORE = {
    "latin": r"(?<![\p{Latin}\p{M}\p{N}])",
    "cyrillic": r"(?<![\p{Cyrillic}\p{M}\p{N}])",
    "number": r"(?<![\p{N}])",
    "hangul": r"(?<!\p{Hangul})",
}
_AFTER = {
    "latin": r"(?![\p{Latin}\p{M}\p{N}])",
    "cyrillic": r"(?![\p{Cyrillic}\p{M}\p{N}])",
    "number": r"(?![\p{N}])",
}
_SCRIPTS = {
    "latin": regex.compile(r"\p{Latin}"),
    "cyrillic": regex.compile(r"\p{Cyrillic}"),
    "number": regex.compile(r"\p{N}"),
    "hangul": regex.compile(r"\p{Hangul}"),
}
# Scripts without spaces: two characters count as a word, about what a word is in them.
_WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ー]{1,2}|[\p{L}\p{N}\p{M}]+")

# Tried on at load: what makes nested and overlapping repeats explode.
_TRAPS = ("a" * 600 + "!", "0" * 600 + "!", " " * 600 + "!", "a0 " * 200 + "!", "북" * 600 + "!")


@lru_cache(maxsize=1024)
def compiled(words: str) -> regex.Pattern[str]:
    """Compile words to a pattern for folded text."""
    folded = fold(words.strip("*"))
    body = _GAP.join(regex.escape(part) for part in regex.split(r"[\s\p{Pd}]+", folded) if part)
    before = "" if words.startswith("*") else _BEFORE.get(_script(folded[:1]), "")
    after = "" if words.endswith("*") else _AFTER.get(_script(folded[-1:]), "")
    return regex.compile(before + (body or regex.escape(folded)) + after)


def _script(char: str) -> str:
    return next((name for name, pattern in _SCRIPTS.items() if pattern.match(char)), "")


@lru_cache(maxsize=32)
def folded(text: str) -> str:
    """Fold a text once for all the rules that look at it."""
    return fold(text)


def spans(words: str, text: str) -> list[tuple[int, int]]:
    """Say where words stand in a text, counted in words of it: (words before, words up to their end)."""
    held = folded(text)
    found = []
    for match in compiled(words).finditer(held):
        first = count_words(held[: match.start()])
        found.append((first, first + max(1, count_words(match[0]))))
        if len(found) == 50:
            break
    return found


def count_words(text: str) -> int:
    """Count the words of a folded text."""
    return sum(1 for _ in _WORD.finditer(text))


@lru_cache(maxsize=256)
def _pattern(pattern: str, ignore_case: bool) -> regex.Pattern[str]:  # noqa: FBT001 - a key of the cache
    return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)


def search(pattern: str, text: str, *, ignore_case: bool) -> str | None:
    """Find a pattern in a text; give what it matched.

    Raises:
        TimeoutError: it took longer than `PATIENCE`.

    """
    found = _pattern(pattern, ignore_case).search(text[:LONGEST_TEXT], timeout=PATIENCE)
    return found[0] if found else None


def _repeats(pattern: str) -> int:
    """Multiply a pattern's counts: `regex` unrolls them, and ((((a{999}){999}){999}){999}) took 4 GB."""
    product = 1
    for braces in regex.findall(r"\{([^}]*)\}", pattern):
        counts = [int(number[:6]) for number in regex.findall(r"\d+", braces)]
        product *= max([1, *counts])
    return product


def objection(pattern: str) -> str:
    """Say why a pattern cannot be used; "" if it can.

    `regex` gives up after a set time, so that no pattern hangs the decider; one
    that explodes on simple text is refused here already.
    """
    if not pattern:
        return "the pattern is empty"
    if len(pattern) > LONGEST_PATTERN:
        return f"a pattern has at most {LONGEST_PATTERN} characters"
    if _repeats(pattern) > MOST_REPEATS:
        return f"the counts of a pattern, such as {{2,40}}, multiply to at most {MOST_REPEATS}"
    try:
        for trap in _TRAPS:
            search(pattern, trap, ignore_case=False)
    except TimeoutError:
        return "this pattern can take for ever; give nested repeats such as (a+)+ another form"
    except (regex.error, RecursionError, OverflowError, MemoryError, ValueError, IndexError) as error:
        return f"this is no pattern ({str(error)[:80]})"
    return ""
