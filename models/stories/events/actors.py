"""Which Korea did it: owner of a thing, the land it came over, who ended a pact.

남측 무인기가 평양 상공에 and 북측 무인기가 서울 상공에 share nearly every
word. Only patterns that name the doer beyond doubt are read; the first state
in a headline is as often the one that complains.
"""

from __future__ import annotations

import re
from functools import cache

from models.stories.events.actor_words import ACCUSE, ENDS, NORTH, OVER_AFTER, OVER_BEFORE, SOUTH, THINGS
from models.stories.terms import fold


def doers(title: str, language: str) -> frozenset[str]:
    """Name the Korea that acts, "north" or "south"; both or none where the title leaves it open."""
    if language not in NORTH:
        return frozenset()
    folded = fold(title)
    if _either(language).search(folded) is None:
        return frozenset()
    return frozenset(side for side, pattern in _patterns(language) if pattern.search(folded))


@cache
def _either(language: str) -> re.Pattern[str]:
    """Both Koreas by name: most titles name neither, and are searched once for eight times."""
    return re.compile(f"{NORTH[language]}|{SOUTH[language]}")


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    wide = language in {"ko", "ja", "zh"}
    shapes: list[tuple[str, str]] = []
    for side, ours, others in (("north", NORTH, SOUTH), ("south", SOUTH, NORTH)):
        mine, theirs, thing = ours[language], others[language], THINGS[language]
        if wide:
            shapes.append((side, rf"(?:{mine})(?:의|の|的)?\s?(?:군의?\s?|小型|소형\s?)?(?:{thing})"))
            shapes.append((side, rf"(?:{theirs})(?:{OVER_AFTER[language]})"))
            shapes.append((side, rf"^[\s\"'“”‘’]*(?:{mine})[^\"“]*(?:{ENDS[language]})"))
        else:
            after = language in {"fr", "es", "vi"}
            owned = (
                rf"(?:{thing})\s(?:de |du |cua )?(?:la )?(?:{mine})"
                if after
                else rf"\b(?:{mine})\s(?:{thing})\b"
            )
            shapes.append((side, owned))
            shapes.append((side, rf"\b{OVER_BEFORE[language]}\s(?:{theirs})"))
            if language in ACCUSE:
                shapes.append((side, rf"\b(?:{ACCUSE[language]})\s(?:the |la |le |del? )?(?:{mine})"))
            shapes.append((side, rf"^(?:{mine})\b[^,;:]{{0,30}}?\b(?:{ENDS[language]})\b"))
    return tuple((side, re.compile(shape)) for side, shape in shapes)
