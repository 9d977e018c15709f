"""What is found, and where it stands: candidates, and the title and text they were found in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.lexicon.fold import Folded
from models.lexicon.forms import Form
from models.values import Field


@dataclass(slots=True, eq=False)  # made by the dozen for each article: frozen, it takes three times as long
class Candidate:
    """A form found at a place of the folded text; the languages of a draw share it."""

    form: Form
    field: Field
    start: int
    end: int
    weight: float
    refused: str = ""  # why it cannot count, where a person would ask
    granted: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A folded title or text, and what the scan has to know of it."""

    composed: Folded  # from what was given; `folded` comes from this
    folded: Folded
    matches: Sequence[tuple[int, int, int]]  # of the automaton: number of the pattern, start, end
    field: Field
    in_capitals: bool
    head: int  # where the lead begins, behind the dateline, in the folded text
    cuts: tuple[tuple[int, int, str], ...]  # boilerplate: offsets in the composed text, and its name

    def cut(self, start: int, end: int) -> str:
        """Name the boilerplate that a match stands in, "" if in none."""
        low, _ = self.folded.span(start, end)
        return next((name for begin, stop, name in self.cuts if begin <= low < stop), "")


class Pages(NamedTuple):
    """A title and a text; leads from a candidate to what was given."""

    title: Page
    text: Page

    def place(self, candidate: Candidate) -> tuple[int, int]:
        """Give the offsets of a candidate in the title or text that was given."""
        page = self.title if candidate.field == "title" else self.text
        return page.composed.span(*page.folded.span(candidate.start, candidate.end))

    def words(self, candidate: Candidate) -> str:
        """Give a candidate as it is printed."""
        start, end = self.place(candidate)
        page = self.title if candidate.field == "title" else self.text
        return page.composed.original[start:end]
