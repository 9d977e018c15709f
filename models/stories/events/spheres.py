"""In which sphere of life a report stands: the state, the stage, sport, learning.

김정은 the leader inspects a theatre on the day on which 김정은 the actress
signs for a drama: name, day and theatre agree. What they are called does not.
"""

from __future__ import annotations

from functools import cache

from models.stories.events.forms import Forms
from models.stories.events.sphere_words import SPHERES


def spheres(text: str, language: str) -> frozenset[str]:
    """Name the spheres whose callings and offices a text names; often none."""
    return _of(language).named_in(text) if text and language in SPHERES["state"] else frozenset()


@cache
def _of(language: str) -> Forms:
    named = ((form, sphere) for sphere, forms in SPHERES.items() for form in forms[language].split("|"))
    return Forms(language, named)
