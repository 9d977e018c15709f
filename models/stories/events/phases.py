"""Where an event stands: planned, begun, ended; asserted or denied.

Words are looked for in the title first, since leads tell the background (an
exercise that began last week) in the same words.
"""

from __future__ import annotations

import re
from functools import cache

from models.stories.events.phase_words import PHASES


def phases(title: str, lead: str, language: str) -> frozenset[str]:
    """Find the phases that a title names; those of the lead if the title names none."""
    of_title, of_lead = _found(title, language), _found(lead, language)
    told = of_title - {"deny"} or of_lead - {"deny"}
    if "deny" in of_title:
        return told | {"deny"}
    return told | {"mentions denial"} if "deny" in of_lead else told


def _found(text: str, language: str) -> frozenset[str]:
    if not text:
        return frozenset()
    lowered = text.casefold()
    if _any(language).search(lowered) is None:
        return frozenset()
    return frozenset(phase for phase, pattern in _patterns(language) if pattern.search(lowered))


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    wide = language in {"ko", "ja", "zh"}
    return tuple(
        (phase, re.compile(words[language] if wide else rf"\b(?:{words[language]})\b"))
        for phase, words in PHASES.items()
        if language in words
    )


@cache
def _any(language: str) -> re.Pattern[str]:
    """All patterns of a language as one: most titles name no phase, and are looked through once."""
    return re.compile("|".join(pattern.pattern for _, pattern in _patterns(language)))
