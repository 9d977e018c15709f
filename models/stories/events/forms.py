"""Finds a language's forms in one pass over a text: `kinds` and `spheres` are named by them."""

from __future__ import annotations

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick

from models.stories.terms import fold

WIDE = frozenset({"ko", "ja", "zh"})


class Forms:
    """Forms in one automaton, each with what it is a sign of.

    In alphabets a form begins a word and takes any ending, or none after `$`.
    """

    def __init__(self, language: str, signs: Iterable[tuple[str, str]]) -> None:
        self._wide = language in WIDE
        found = list(signs)
        self._automaton = AhoCorasick([fold(form.rstrip("$")) for form, _ in found])
        self._names = tuple((name, form.endswith("$")) for form, name in found)

    def named_in(self, text: str) -> frozenset[str]:
        """Say of what there are signs in a text."""
        folded = fold(text) if self._wide else f"{fold(text)} "  # a form may end in a mark, as the text does
        found: set[str] = set()
        for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            name, closed = self._names[number]
            begins = self._wide or start == 0 or not folded[start - 1].isalnum()
            if begins and not (closed and folded[end : end + 1].isalpha()):
                found.add(name)
        return frozenset(found)
