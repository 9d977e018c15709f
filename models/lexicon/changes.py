"""Which texts two lexicons can read differently, told without reading them.

A reading follows from the forms that stand in a text, so a text without any
form that one lexicon has and the other has not is read alike by both. Forms are
found by their heads, as `scan` finds them: one small automaton instead of two
readings. What it passes is to be read by both; what it holds back need not be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from ahocorasick_rs import AhoCorasick

from models.lexicon.entries import Entry
from models.lexicon.fold import compose, fold
from models.lexicon.forms import Literal
from models.lexicon.reader import Lexicon

_BEYOND_FORMS = ("kind", "groups", "implies", "derive")  # keys that change readings beside a form's own


class Changes:
    """What of one lexicon is otherwise in another."""

    def __init__(self, before: Lexicon, after: Lexicon) -> None:
        self._before, self._after = before, after
        self._all = before.rules != after.rules or not _in_order(before, after)
        heads = set() if self._all else {literal.head for literal in self._literals()}
        self._automaton = AhoCorasick(sorted(heads)) if heads else None

    def may_touch(self, title: str, text: str, language: str | None = None) -> bool:
        """Whether the two may read a text differently; False is certain.

        Takes what `Lexicon.read` takes.
        """
        if self._automaton is None:
            return self._all
        parts = compose(title).cased, compose(text).cased
        return any(
            self._automaton.find_matches_as_indexes(fold(part, self._before.tones(settled)).lower)
            for settled in self._before.settle(*parts, language)
            for part in parts
        )

    def _literals(self) -> Iterator[Literal]:
        """Give the literals that only one side has; all of a concept that means something else."""
        old, new = self._before.entries, self._after.entries
        other = self._meaning_else()
        for name in dict.fromkeys((*old, *new)):
            ours, theirs = old.get(name), new.get(name)
            if name not in other and _same(ours, theirs):
                continue
            before = list(self._before.literals(ours)) if ours else []
            after = list(self._after.literals(theirs)) if theirs else []
            counts, others = Counter(before), Counter(after)
            differing = (counts - others) + (others - counts)
            moved = [one for one in before if one in others] != [one for one in after if one in counts]
            yield from chain(before, after) if name in other or moved else differing

    def _meaning_else(self) -> set[str]:
        """Name the concepts whose every find may be read differently.

        Those that one side has alone, or under another kind or group or with other
        consequences; those from which one of them follows; and those that it takes.
        """
        old, new = self._before.entries, self._after.entries
        other = {
            name
            for name in {*old, *new}
            if name not in old
            or name not in new
            or any(old[name].keys.get(key) != new[name].keys.get(key) for key in _BEYOND_FORMS)
        }
        entries = [*old.values(), *new.values()]
        size = 0
        while size < len(other):
            size = len(other)
            other |= {entry.id for entry in entries if not other.isdisjoint(entry.words("implies"))}
            taken = (entry.keys.get("derive", ()) for entry in entries if entry.id in other)
            other.update(name for pairs in taken for pair in pairs for name in pair)
        return other


def _same(ours: Entry | None, theirs: Entry | None) -> bool:
    return ours is not None and theirs is not None and (ours.keys, ours.forms) == (theirs.keys, theirs.forms)


def _in_order(before: Lexicon, after: Lexicon) -> bool:
    """Whether the concepts of both come in one order, which settles what is found at one place."""
    shared = [name for name in before.entries if name in after.entries]
    return shared == [name for name in after.entries if name in before.entries]
