"""In which sphere of life a report stands: the state, the stage, sport, learning.

김정은 the leader inspects a theatre on the day on which 김정은 the actress
signs for a drama: name, day and theatre agree. What they are called does not.
"""

from __future__ import annotations

from functools import cache

from ahocorasick_rs import AhoCorasick

from models.stories.events.sphere_words import SPHERES
from models.stories.terms import fold

_WIDE = frozenset({"ko", "ja", "zh"})


def spheres(text: str, language: str) -> frozenset[str]:
    """Name the spheres whose callings and offices a text names; often none."""
    if not text or language not in SPHERES["state"]:
        return frozenset()
    folded = fold(text)
    automaton, forms = _forms(language)
    found: set[str] = set()
    for number, start, end in automaton.find_matches_as_indexes(folded, overlapping=True):
        sphere, closed = forms[number]
        begins = language in _WIDE or start == 0 or not _in_word(folded[start - 1])
        if begins and not (closed and _in_word(folded[end : end + 1])):
            found.add(sphere)
    return frozenset(found)


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


@cache
def _forms(language: str) -> tuple[AhoCorasick, tuple[tuple[str, bool], ...]]:
    """Give what finds a language's forms in one pass, the sphere of each, and whether the word ends there."""
    found = [(form, sphere) for sphere, forms in SPHERES.items() for form in forms[language].split("|")]
    return (
        AhoCorasick([form.rstrip("$") for form, _ in found]),
        tuple((sphere, form.endswith("$")) for form, sphere in found),
    )
