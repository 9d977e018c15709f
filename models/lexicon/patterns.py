"""Regular expressions of single forms, compiled when they are first needed."""

from __future__ import annotations

import re
from functools import cache


@cache
def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Compile an expression once; most forms never need theirs in one run."""
    return re.compile(source, flags)
