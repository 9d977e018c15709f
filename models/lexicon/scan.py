"""One pass of an automaton over a text gives the candidates: forms that stand there.

A candidate has passed what can be told on the spot: language, capitals,
edges, tail, the words next to it. Whether it counts is for `judge.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from models.lexicon.conditions import Conditions, inside_word
from models.lexicon.fold import Folded
from models.lexicon.forms import Form, Literal
from models.lexicon.language import readable
from models.lexicon.pages import Candidate, Page
from models.lexicon.patterns import pattern
from models.lexicon.scripts import HANGUL, LATIN, LETTERS

_S = re.compile(f"s(?!{LETTERS[LATIN]})")
_ANY_CASE = int(re.IGNORECASE)  # a flag hashes in Python, a number at once
_DECLINED = frozenset({"country", "place", "person", "organisation", "weapon"})


class _Sought(NamedTuple):
    """A literal as a language looks for it."""

    literal: Literal
    in_capitals: bool
    takes_s: bool
    asks: bool  # whether the words around it have a say


class Scanner:
    """All literals in one automaton; patterns that several forms share are held once."""

    def __init__(self, literals: Iterable[Literal], conditions: Conditions, *, in_capitals: float) -> None:
        self._owners: dict[str, list[Literal]] = {}
        opened: set[str] = set()
        for literal in literals:
            self._owners.setdefault(literal.head, []).append(literal)
            if literal.form.open_left:
                opened.add(literal.head)
        self._lists = list(self._owners.values())
        self._open = {number for number, head in enumerate(self._owners) if head in opened}
        # The automaton gives no overlaps unless asked. As a DFA it would be a tenth faster, take
        # 95 MB more and five times as long to build.
        self._automaton = AhoCorasick(list(self._owners), implementation=Implementation.ContiguousNFA)
        self._conditions = conditions
        self._in_capitals = in_capitals
        self._views: dict[tuple[str, ...], dict[int, list[tuple[_Sought, list[int]]]]] = {}

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

    def scan(self, page: Page, languages: tuple[str, ...], *, lead: int) -> list[list[Candidate]]:
        """Find the candidates of a page, for each of the languages in play.

        Args:
            page: with the places where the automaton found something.
            languages: several in a draw; what they find alike is one candidate.
            lead: how many characters the lead has.

        """
        found: list[list[Candidate]] = [[] for _ in languages]
        lead += page.head
        view = self._views.setdefault(languages, {})
        for number, start, end in page.matches:
            if number not in view:
                view[number] = list(self._read_in(languages, number))
            for sought, readers in view[number]:
                candidate = self._try(sought, page, start, end, lead)
                if candidate is not None:
                    for reader in readers:
                        found[reader].append(candidate)
        return found

    def _read_in(self, languages: tuple[str, ...], number: int) -> Iterator[tuple[_Sought, list[int]]]:
        """Give the owners of a pattern, each with those of the languages that read it.

        Sorted out when it is first met: all patterns at once are 25 ms for each language, and
        of a minute's fifty articles a fifth of what deciding them takes.
        """
        for literal in self._lists[number]:
            ways: dict[bool, list[int]] = {}
            for reader, language in enumerate(languages):
                if (literal.form.language, literal.form.script) in readable(language):
                    ways.setdefault(_takes_s(literal, language), []).append(reader)
            for takes_s, readers in ways.items():
                yield _Sought(literal, literal.cased.isupper(), takes_s, literal.form.asks), readers

    def _try(self, sought: _Sought, page: Page, start: int, end: int, lead: int) -> Candidate | None:
        (_, cased, tail, form), text = sought.literal, page.folded.cased
        strict = form.case and (sought.in_capitals or not page.in_capitals)
        if strict and text[start:end] != cased:
            return None
        if tail:
            rest = pattern(tail, 0 if strict else _ANY_CASE).match(text, end)
            if rest is None:
                return None
            end = rest.end()
        if sought.takes_s and _S.match(text, end):
            end += 1
        wrong = self._conditions.bounded(text, start, end, form)
        refused = wrong or (self._conditions.refused(page.folded, start, end, form) if sought.asks else "")
        if refused and not _worth_telling(form, wrong, end - start):
            return None
        if page.cuts and (cut := page.cut(start, end)):
            if form.is_false_friend:
                return None
            refused = f"in a {cut}"
        acronym = page.in_capitals and form.case and sought.in_capitals and " " not in cased
        return Candidate(
            form,
            page.field if page.field == "title" or start < lead else "body",
            start,
            end,
            form.weight * self._in_capitals if acronym else form.weight,
            refused,
            self._conditions.granted(page.folded, start, end, form) if sought.asks and not refused else "",
        )


def _takes_s(literal: Literal, language: str) -> bool:
    """Whether an s may hang on: ICBMs anywhere, the genitive of a name (Choe Son Huis) in German."""
    form = literal.form
    if form.script != LATIN or literal.tail:
        return False
    if form.case and literal.cased.isupper():
        return True
    return language == "de" and form.language in ("any", "de") and form.kind in _DECLINED


def _worth_telling(form: Form, wrong: str, length: int) -> bool:
    """Whether a person would ask why a form did not count: 거북한 yes, the us in industry no."""
    if form.is_false_friend:
        return False
    return not wrong or (wrong != "word" and form.script == HANGUL and length > 1)
