"""How far a case at law or a motion in parliament has come.

A warrant is asked for on Monday and granted on Wednesday; a motion is brought
in, passed, and upheld by a court. One person, one office, one charge: the two
headlines share every name and nearly every word. They differ in the step.
"""

from __future__ import annotations

import re
from functools import cache

from models.stories.events.stage_words import COURSES

_WIDE = frozenset({"ko", "ja", "zh"})


def stages(title: str, language: str) -> frozenset[str]:
    """Name the steps that a title tells of; often none, two where it recalls the one before."""
    if not title or language not in COURSES[0]["a verdict"]:
        return frozenset()
    lowered = title.casefold()
    if _any(language).search(lowered) is None:
        return frozenset()
    return frozenset(stage for stage, pattern in _patterns(language) if pattern.search(lowered))


def course_of(stage: str) -> int:
    """Say which course a step belongs to: a case and a motion go side by side."""
    return next(number for number, course in enumerate(COURSES) if stage in course)


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    edge = "" if language in _WIDE else r"\b"
    return tuple(
        (stage, re.compile(rf"{edge}(?:{forms[language]}){edge}"))
        for course in COURSES
        for stage, forms in course.items()
    )


@cache
def _any(language: str) -> re.Pattern[str]:
    """All patterns of a language as one: nine titles in ten name no step, and are looked through once."""
    return re.compile("|".join(pattern.pattern for _, pattern in _patterns(language)))
