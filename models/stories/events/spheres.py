"""In which sphere of life a report stands: the state, the stage, sport, learning.

김정은 the leader inspects a theatre on the day on which 김정은 the actress
signs for a drama: name, day and theatre agree. What they are called does not.
"""

from __future__ import annotations

import re
from functools import cache

from models.stories.events.sphere_words import SPHERES
from models.stories.terms import fold

_WIDE = frozenset({"ko", "ja", "zh"})


def spheres(text: str, language: str) -> frozenset[str]:
    """Name the spheres whose callings and offices a text names; often none."""
    if not text:
        return frozenset()
    folded = fold(text)
    return frozenset(sphere for sphere, pattern in _patterns(language) if pattern.search(folded))


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    opening = "" if language in _WIDE else r"\b"
    return tuple(
        (sphere, re.compile(rf"{opening}(?:{forms[language]})"))
        for sphere, forms in SPHERES.items()
        if language in forms
    )
