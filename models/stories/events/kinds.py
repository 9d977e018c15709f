"""Which kinds of things a text tells of, the same names in every language."""

from __future__ import annotations

from functools import cache

from ahocorasick_rs import AhoCorasick

from models.stories.events.kind_words import SUBJECTS, WEAPONS
from models.stories.terms import fold

LANGUAGES = ("en", "ko", "ja", "zh", "vi", "ru", "fr", "de", "es")
_WIDE = frozenset({"ko", "ja", "zh"})
_MARKS = " .,:;!?-'\"”’)"


def kinds(text: str, language: str) -> frozenset[str]:
    """Find the kinds of things that a text names, in the words of its language."""
    if not text or language not in LANGUAGES:
        return frozenset()
    automaton, forms = _forms_of(language)
    wide = language in _WIDE
    folded = fold(text) if wide else f"{fold(text)} "  # a short word may be the last one
    found: set[str] = set()
    for number, start, end in automaton.find_matches_as_indexes(folded, overlapping=True):
        kind, closed = forms[number]
        begins = wide or start == 0 or not folded[start - 1].isalnum()
        if begins and not (closed and folded[end : end + 1].isalpha()):
            found.add(kind)
    return frozenset(found)


@cache
def _forms_of(language: str) -> tuple[AhoCorasick, tuple[tuple[str, bool], ...]]:
    """Give what finds a language's forms in one pass, the kind of each, and whether the word ends there."""
    least = 2 if language in _WIDE else 3  # a shorter form is one with a mark after it
    found: list[tuple[str, tuple[str, bool]]] = []
    for kind, line in (WEAPONS | SUBJECTS).items():
        for form in _forms(line).get(language, ()):
            folded = fold(form.rstrip("$"))
            if len(folded) < least:
                found += [(folded + mark, (kind, False)) for mark in _MARKS]
            else:
                found.append((folded, (kind, form.endswith("$"))))
    return AhoCorasick([form for form, _ in found]), tuple(kind for _, kind in found)


def _forms(line: str) -> dict[str, tuple[str, ...]]:
    """Read one line of the word list: `en: drill,exercise | ko: 훈련,연습`."""
    parts = (part.split(":", 1) for part in line.split(" | "))
    return {
        name.strip(): tuple(form.strip() for form in forms.split(",") if form.strip())
        for name, forms in parts
    }
