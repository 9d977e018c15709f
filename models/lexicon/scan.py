"""One pass of an automaton over a text gives the candidates: forms that stand there.

A candidate has passed what can be told on the spot: language, capitals,
edges, tail, the words next to it. Whether it counts is for `judge.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from models.lexicon.conditions import Conditions, inside_word
from models.lexicon.fold import Folded
from models.lexicon.forms import Form, Literal
from models.lexicon.patterns import pattern
from models.lexicon.scripts import HANGUL, LATIN, LETTERS
from models.values import Field

_S = re.compile(f"s(?!{LETTERS[LATIN]})")
_ANY_CASE = int(re.IGNORECASE)  # a flag hashes in Python, a number at once
_DECLINED = frozenset({"country", "place", "person", "organisation", "weapon"})


@dataclass(slots=True)  # made by the dozen for each article: frozen, it takes three times as long
class Candidate:
    """A form found at a place of the folded text."""

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

    def cut(self, candidate: Candidate) -> str:
        """Name the boilerplate that a candidate stands in, "" if in none."""
        low, _ = self.folded.span(candidate.start, candidate.end)
        return next((name for start, end, name in self.cuts if start <= low < end), "")


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


class _Sought(NamedTuple):
    """A literal as a language looks for it."""

    form: Form
    cased: str
    tail: str
    in_capitals: bool  # ICBM, or 북한, which has none
    takes_s: bool
    asks: bool  # whether the words around it have a say


class Scanner:
    """All literals in one automaton; patterns that several forms share are held once."""

    def __init__(self, literals: Iterable[Literal], conditions: Conditions, *, in_capitals: float) -> None:
        self._owners: dict[str, list[Literal]] = {}
        for literal in literals:
            self._owners.setdefault(literal.head, []).append(literal)
        self._lists = list(self._owners.values())
        self._open = {
            number
            for number, owners in enumerate(self._lists)
            if any(literal.form.open_left for literal in owners)
        }
        # The automaton gives no overlaps unless asked. As a DFA it would be a tenth faster, take
        # 95 MB more and five times as long to build.
        self._automaton = AhoCorasick(list(self._owners), implementation=Implementation.ContiguousNFA)
        self._conditions = conditions
        self._in_capitals = in_capitals
        self._views: dict[frozenset[tuple[str, str]], dict[int, list[_Sought]]] = {}

    def __len__(self) -> int:
        """Count the patterns."""
        return len(self._lists)

    def matches(self, folded: Folded) -> Sequence[tuple[int, int, int]]:
        """Find where the patterns stand, whatever the language, but for those that a word stands before.

        Of a Latin text those are half of all: the us in industry.
        """
        text = folded.cased
        return [
            match
            for match in self._automaton.find_matches_as_indexes(folded.lower, overlapping=True)
            if not inside_word(text, match[1]) or match[0] in self._open
        ]

    def scan(self, page: Page, readable: frozenset[tuple[str, str]], *, lead: int) -> list[Candidate]:
        """Find the candidates of a page.

        Args:
            page: with the places where the automaton found something.
            readable: (language, script) pairs in play.
            lead: how many characters the lead has.

        """
        found: list[Candidate] = []
        lead += page.head
        view = self._views.setdefault(readable, {})
        for number, start, end in page.matches:
            if number not in view:
                view[number] = self._read_in(readable, number)
            for sought in view[number]:
                candidate = self._try(sought, page, start, end, lead)
                if candidate is not None:
                    found.append(candidate)
        return [each for each in found if _stays(each, page)] if page.cuts else found

    def _read_in(self, readable: frozenset[tuple[str, str]], number: int) -> list[_Sought]:
        """Give the owners of a pattern that a language reads.

        Sorted out when it is first met: all patterns at once are 25 ms for each language, and
        of a minute's fifty articles a fifth of what deciding them takes.
        """
        genitive = ("de", LATIN) in readable
        return [
            _Sought(
                form=literal.form,
                cased=literal.cased,
                tail=literal.tail,
                in_capitals=literal.cased.isupper(),
                takes_s=_takes_s(literal, genitive=genitive),
                asks=literal.form.asks,
            )
            for literal in self._lists[number]
            if (literal.form.language, literal.form.script) in readable
        ]

    def _try(self, sought: _Sought, page: Page, start: int, end: int, lead: int) -> Candidate | None:
        form, text = sought.form, page.folded.cased
        strict = form.case and (sought.in_capitals or not page.in_capitals)
        if strict and text[start:end] != sought.cased:
            return None
        if sought.tail:
            rest = pattern(sought.tail, 0 if strict else _ANY_CASE).match(text, end)
            if rest is None:
                return None
            end = rest.end()
        if sought.takes_s and _S.match(text, end):
            end += 1
        wrong = self._conditions.bounded(text, start, end, form)
        refused = wrong or (self._conditions.refused(page.folded, start, end, form) if sought.asks else "")
        if refused and not _worth_telling(form, wrong, end - start):
            return None
        acronym = page.in_capitals and form.case and sought.in_capitals and " " not in sought.cased
        return Candidate(
            form,
            page.field if page.field == "title" or start < lead else "body",
            start,
            end,
            form.weight * self._in_capitals if acronym else form.weight,
            refused,
            self._conditions.granted(page.folded, start, end, form) if sought.asks and not refused else "",
        )


def _takes_s(literal: Literal, *, genitive: bool) -> bool:
    """Whether an s may hang on: ICBMs anywhere, the genitive of a name (Choe Son Huis) in German."""
    form = literal.form
    if form.script != LATIN or literal.tail:
        return False
    if form.case and literal.cased.isupper():
        return True
    return genitive and form.language in ("any", "de") and form.kind in _DECLINED


def _stays(candidate: Candidate, page: Page) -> bool:
    """Refuse a candidate in boilerplate; a false friend there is not worth telling."""
    cut = page.cut(candidate)
    if cut:
        candidate.refused, candidate.granted = f"in a {cut}", ""
    return not (cut and candidate.form.is_false_friend)


def _worth_telling(form: Form, wrong: str, length: int) -> bool:
    """Whether a person would ask why a form did not count: 거북한 yes, the us in industry no."""
    if form.is_false_friend:
        return False
    return not wrong or (wrong != "word" and form.script == HANGUL and length > 1)
