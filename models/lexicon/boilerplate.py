"""Find what says nothing of the topic: datelines, photo credits, related-story strips."""

from __future__ import annotations

import re
from collections.abc import Iterable


class Boilerplate:
    """The marks of [rules.boilerplate]."""

    def __init__(
        self,
        *,
        after: Iterable[str],
        line: Iterable[str],
        credit: Iterable[str],
        dateline: Iterable[str],
        credit_letters: int,
    ) -> None:
        self._after = _one_of([*after])
        self._rest = _one_of([*line, *credit])
        self._dateline = tuple(re.compile(source) for source in dateline)
        self._letters = credit_letters

    def head(self, text: str) -> int:
        """Measure the dateline and byline a text begins with, 0 if none."""
        for expression in self._dateline:
            found = expression.match(text)
            if found:
                return found.end()
        return 0

    def cuts(self, text: str) -> tuple[tuple[int, int, str], ...]:
        """List what to leave out, as offsets into the text, with a name for people."""
        found: list[tuple[int, int, str]] = []
        head = self.head(text)
        if head:
            found.append((0, head, "dateline"))
        if self._rest is not None:
            for mark in self._rest.finditer(text):
                end = min(mark.end() + self._letters, len(text))
                stop = re.search(r"[\n|]", text[mark.end() : end])
                found.append((mark.start(), mark.end() + stop.start() if stop else end, "credit or link"))
        below = self._after.search(text) if self._after is not None else None
        if below:
            found.append((below.start(), len(text), "strip below the article"))
        return tuple(found)


def _one_of(marks: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(re.escape(mark) for mark in marks)) if marks else None
