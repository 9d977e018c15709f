"""The shapes in which a number or a day stands, each with strings that tell where to look for it.

A pattern that begins with a word's edge, or ignores case, is tried at every
sign of a text: 5 to 20 us a lead, for each shape. Looking for a dozen strings
takes one, and most leads have none of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """Patterns of one shape, and the strings of which every match holds one; no strings, no such rule."""

    needs: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    read: str = ""  # how a day is read from it

    def fits(self, lowered: str) -> bool:
        """Say whether a text without case may have this shape."""
        return not self.needs or any(need in lowered for need in self.needs)


def shape(needs: str, *patterns: str) -> Shape:
    """Make a shape of patterns on text without case, its needs written as `a|b`."""
    return Shape(tuple(needs.split("|")) if needs else (), tuple(map(re.compile, patterns)))
