"""Ask the words around a match: next, prev, near, and how a Korean word goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from models.lexicon.fold import Folded, fold_word
from models.lexicon.forms import Form
from models.lexicon.scripts import CJK, DIGIT, HAN, HANGUL, LETTERS, OTHER, script

_SIGHT = 24  # characters that next and prev may look at; the longest word listed has 17
_WORDLESS = frozenset({HAN, HANGUL, OTHER})
_WORD = re.compile("[가-힣]+")
_WORD_BEFORE = re.compile(r"[가-힣]+\Z")


class Conditions:
    """The local conditions, compiled when they are first asked."""

    def __init__(
        self,
        *,
        words: Mapping[str, tuple[str, ...]],
        tones: Mapping[str, str],
        korean: Mapping[str, tuple[str, ...]],
        max_particles: int,
        window: int,
        window_cjk: int,
    ) -> None:
        self._words = words
        self._tones = tones
        self._window = window
        self._window_cjk = window_cjk
        ending = f"(?:{_either(korean['particles'])}){{0,{max_particles}}}"
        self._endings = {
            "person": re.compile(f"(?:{_either(korean['titles'])})?{ending}"),
            "place": re.compile(f"(?:{_either(korean['places'])})?{ending}"),
        }
        self._ending = re.compile(ending)
        self._prefixes = frozenset(korean["prefixes"])
        self._compiled: dict[tuple[tuple[str, ...], bool], re.Pattern[str]] = {}
        self._strings: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.ends_word = lru_cache(maxsize=4096)(self._ends_word)

    def bounded(self, text: str, start: int, end: int, form: Form) -> str:
        """Say what is wrong with the edges of a match; "" if nothing is."""
        if start and not form.open_left:
            first = script(text[start])
            if first == HANGUL:
                before = _WORD_BEFORE.search(text, max(0, start - _SIGHT), start)
                if before and not (form.kind == "country" and before.group() in self._prefixes):
                    return f"part of the word {before.group()}{text[start:end]}"
            elif inside_word(text, start):
                return "word"
        if end < len(text):
            last, after = script(text[end - 1]), script(text[end])
            if last == HANGUL and after == HANGUL:
                rest = _WORD.match(text, end)
                if not form.open_right and rest and not self._goes_on(rest.group(), form):
                    return f"part of the word {text[start:end]}{rest.group()}"
            elif last == after and last not in ("han", OTHER) and (not form.open_right or last == DIGIT):
                return "word"
        return ""

    def _goes_on(self, rest: str, form: Form) -> bool:
        """Whether the rest of a word may hang on: an ending, or a noun the form itself asks for.

        조중친선 and 나선경제무역지대 are printed in one word as often as in two.
        """
        return self.ends_word(rest, form.kind) or rest.startswith(self._folded(form.next + form.near))

    def _ends_word(self, rest: str, kind: str) -> bool:
        return bool(self._endings.get(kind, self._ending).fullmatch(rest))

    def refused(self, folded: Folded, start: int, end: int, form: Form) -> str:
        """Say which condition of the form does not hold; "" if all do."""
        text = folded.cased
        if form.prev and not self._before(form.prev, text, start):
            return f"needs one of {_some(form.prev)} before it"
        if form.next and not self._behind(form.next, text, end):
            return f"needs one of {_some(form.next)} behind it"
        barred = (form.not_prev and self._before(form.not_prev, text, start)) or (
            form.not_next and self._behind(form.not_next, text, end)
        )
        if barred:
            return f"{barred.strip() or 'the start'} stands beside it"
        if form.mark and not _is_marked(folded, start, end):
            return "needs its hyphen or dot"
        return self._too_far(text, start, end, form) if form.near or form.not_near else ""

    def _too_far(self, text: str, start: int, end: int, form: Form) -> str:
        around = self._around(text, start, end)
        if form.near and not any(word in around for word in self._folded(form.near)):
            return f"needs one of {_some(form.near)} near it"
        barred = next((word for word in self._folded(form.not_near) if word in around), "")
        return f"{barred.strip()} is near it" if barred else ""

    def _around(self, text: str, start: int, end: int) -> str:
        window = self._window_cjk if script(text[start]) in CJK else self._window
        return text[max(0, start - window) : start] + "\0" + text[end : end + window]

    def granted(self, folded: Folded, start: int, end: int, form: Form) -> str:
        """Say which condition let a conditional form in; "" if it has none."""
        if form.next:
            return f"before {(self._behind(form.next, folded.cased, end) or '').strip()}"
        if form.prev:
            return f"after {(self._before(form.prev, folded.cased, start) or '').strip() or 'the start'}"
        if form.near:
            around = self._around(folded.cased, start, end)
            return f"near {next(word for word in self._folded(form.near) if word in around).strip()}"
        return ""

    def _behind(self, words: tuple[str, ...], text: str, end: int) -> str | None:
        found = self._expression(words, behind=True).match(text, end)
        return found.group() if found else None

    def _before(self, words: tuple[str, ...], text: str, start: int) -> str | None:
        found = self._expression(words, behind=False).search(text[max(0, start - _SIGHT) : start])
        return (found.group() or " ") if found else None

    def _expression(self, words: tuple[str, ...], *, behind: bool) -> re.Pattern[str]:
        key = (words, behind)
        if key not in self._compiled:
            options = "|".join(self._option(word, behind=behind) for word in self._named(words))
            self._compiled[key] = re.compile(f" ?(?:{options})" if behind else rf"(?:{options}) ?\Z")
        return self._compiled[key]

    def _option(self, word: str, *, behind: bool) -> str:
        special = {
            "{d}": r"[\d零〇一二三四五六七八九十百]",
            "{han}": LETTERS["han"],
            "{start}": r"\A",
            "{Name}": r"(?<!\w)[A-ZÀ-ÞĂĐƠƯА-Я][\w'-]*",
        }
        if word in special:
            return special[word]
        bare = word.removesuffix("~")
        option = "|".join(sorted({re.escape(fold_word(bare, tones)) for tones in (None, self._tones)}))
        edge = script(bare[-1] if behind else bare[0])
        if edge in ("latin", "cyrillic") and bare == word:
            option = f"(?:{option})(?!{LETTERS[edge]})" if behind else f"(?<!{LETTERS[edge]})(?:{option})"
        return option

    def _named(self, words: tuple[str, ...]) -> Iterator[str]:
        for word in words:
            if word.startswith("@"):
                yield from self._words.get(word[1:], ())
            else:
                yield word

    def _folded(self, words: tuple[str, ...]) -> tuple[str, ...]:
        if words not in self._strings:
            ways = (fold_word(word, tones) for word in self._named(words) for tones in (None, self._tones))
            self._strings[words] = tuple(dict.fromkeys(ways))
        return self._strings[words]


def inside_word(text: str, start: int) -> bool:
    """Whether the word at a place begins before it; Hangul is asked in words, Han has none."""
    first = script(text[start])
    return start > 0 and first not in _WORDLESS and script(text[start - 1]) == first


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _is_marked(folded: Folded, start: int, end: int) -> bool:
    low, high = folded.span(start, end)
    return any(_is_mark(char) for char in folded.original[low:high])


@cache
def _is_mark(char: str) -> bool:
    """Whether a character is a dot or a hyphen, not the space that both may stand for."""
    return fold_word(char) == "·" or (fold_word(char) == " " and not char.isspace())


def _some(words: tuple[str, ...]) -> str:
    return ", ".join(words[:4]) + (", ..." if len(words) > 4 else "")
