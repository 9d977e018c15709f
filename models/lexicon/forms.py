"""Turn a form as written into what the scan looks for.

A form becomes one or more literals for the automaton (its head) and, where it
holds something that varies, a small regular expression for the rest (its
tail), tried only where the head was found. No text is ever searched by a
regular expression as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from models.lexicon.entries import CONDITIONS, FALSE_FRIEND, Entry, FormSpec
from models.lexicon.fold import fold_word
from models.lexicon.scripts import CJK, DIGIT, HANGUL, LETTERS, OTHER, script

_TOKEN = re.compile(r"(~|…|\{[^}]*\}|[-·・' ])")
_CHOICE = re.compile(r"\(([^()]*)\)")
_SPACED_DASH = re.compile(r" +-+ *|-+ +")  # Mỹ - Triều: one separator, and it has to be there
_TYPE_SUFFIX = "(?:[a-zA-Z](?![a-zA-Z]))?[가나다라마바사]?(?:형|호|型|号|號)?"
_STOP, _STOP_CJK = r"[^.;:!?\n]", r"[^.,;:!?。、\n]"
_ENDING = {"de": 20}  # letters that ~ stands for, 4 elsewhere; German joins nouns: Raketenabwehrschirm
_SPACE_OPTIONAL = ("ko", "ja", "zh")


class Form(NamedTuple):
    """A form ready to match, a tuple since thousands are made at every start."""

    concept: str
    kind: str
    language: str
    script: str
    text: str  # as written, for people
    weight: float
    case: bool
    mark: bool
    open_left: bool
    open_right: bool
    gap: bool
    hides: bool
    prev: tuple[str, ...] = ()  # conditions as written; `conditions.py` knows how to ask them
    not_prev: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    not_next: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @property
    def is_false_friend(self) -> bool:
        """Whether it hides or lowers instead of tagging."""
        return self.kind == FALSE_FRIEND

    @property
    def is_conditional(self) -> bool:
        """Whether the rest of the article has a say."""
        return bool(self.needs or self.unless)

    @property
    def asks(self) -> bool:
        """Whether the words around it have a say."""
        beside = self.prev or self.not_prev or self.next or self.not_next
        return bool(beside or self.near or self.not_near or self.mark)


class Literal(NamedTuple):
    """What the automaton looks for: a head, folded, and the tail behind it."""

    head: str  # lower case
    cased: str
    tail: str
    form: Form


@dataclass(frozen=True, slots=True)
class Shapes:
    """What of the rules shapes forms."""

    tones: Mapping[str, str]
    gap: int
    gap_cjk: int


def compile_entry(entry: Entry, shapes: Shapes) -> Iterator[Literal]:
    """Compile all forms of a concept."""
    for spec in entry.forms:
        whole = _compile_form(entry, spec)
        for text in choices(spec.text):
            form = whole._replace(script=_first_script(text))  # (러|露) is of two scripts
            for tones in _foldings(spec.language, text, shapes):
                tokens = [token for token in _TOKEN.split(text) if token]
                heads, rest = _heads(tokens, spec.language, tones)
                tail = _tail(rest, tokens[: len(tokens) - len(rest)], spec.language, tones, shapes)
                for cased in heads:
                    if cased.strip():
                        yield Literal(cased.lower(), cased, tail, form)


def choices(text: str) -> Iterator[str]:
    """Write out every choice of a form: `(a|b) c` gives `a c` and `b c`."""
    if "(" not in text:
        yield (_SPACED_DASH.sub(" ", text) if "-" in text else text).strip()
        return
    parts = _CHOICE.split(text)
    for picked in product(*(part.split("|") if n % 2 else [part] for n, part in enumerate(parts))):
        yield _SPACED_DASH.sub(" ", "".join(picked)).strip()


def _foldings(language: str, text: str, shapes: Shapes) -> list[Mapping[str, str] | None]:
    if language == "vi":
        return [shapes.tones]
    if language == "any" and fold_word(text) != fold_word(text, shapes.tones):
        return [None, shapes.tones]  # Rasŏn has to match in a Vietnamese text too
    return [None]


def _heads(tokens: list[str], language: str, tones: Mapping[str, str] | None) -> tuple[list[str], list[str]]:
    heads = [""]
    ways: tuple[str, ...]
    for position, token in enumerate(tokens):
        if token[0] in "~…{":
            return heads, tokens[position:]
        if token[0] == "-" or (token[0] == " " and language in _SPACE_OPTIONAL):
            ways = ("", " ")
        elif token[0] == " ":
            ways = ("", " ") if position and tokens[position - 1].endswith(".") else (" ",)
        elif token[0] in "·・":
            ways = ("", "·")
        elif token[0] == "'":
            ways = ("", "'")
        else:
            ways = (fold_word(token, tones),)
        heads = [head + way for head in heads for way in ways]
    return heads, []


def _tail(
    rest: list[str], before: list[str], language: str, tones: Mapping[str, str] | None, shapes: Shapes
) -> str:
    pieces = []
    last = _last_script("".join(before))
    for token in rest:
        if token[0] == "~":
            if last != HANGUL:  # in Hangul the ending is not part of the match
                pieces.append(LETTERS.get(last, r"\w") + f"{{0,{_ENDING.get(language, 4)}}}")
        elif token[0] == "…":
            cjk = last in CJK
            pieces.append(f"{_STOP_CJK if cjk else _STOP}{{0,{shapes.gap_cjk if cjk else shapes.gap}}}?")
            last = OTHER
        elif token[0] == "{":
            pieces.append(_number(token))
        elif token[0] == "-" or (token[0] == " " and language in _SPACE_OPTIONAL):
            pieces.append(" ?")
        elif token[0] == " ":
            pieces.append(" ")
        elif token[0] in "·・":
            pieces.append("·?")
        elif token[0] == "'":
            pieces.append("'?")
        else:
            # behind a gap a word has to begin: "fires … missile" is not "fires … antimissile"
            first = script(token[0])
            edge = f"(?<!{LETTERS[first]})" if last == OTHER and first in LETTERS and first not in CJK else ""
            last = script(token[-1])
            pieces.append(edge + re.escape(fold_word(token, tones)))
    return "".join(pieces)


def _number(token: str) -> str:
    if token[1:] == "n}":
        return r"\d{1,2}(?!\d)" + _TYPE_SUFFIX
    low, _, high = token.strip("{}").partition("-")
    numbers = "|".join(str(number) for number in range(int(high), int(low) - 1, -1))
    return rf"(?:{numbers})(?!\d)" + _TYPE_SUFFIX


def _first_script(text: str) -> str:
    return next((script(char) for char in text if script(char) not in (OTHER, DIGIT)), OTHER)


def _last_script(text: str) -> str:
    return next((script(char) for char in reversed(text) if script(char) != OTHER), OTHER)


def _compile_form(entry: Entry, spec: FormSpec) -> Form:
    keys = spec.keys
    bare = spec.text
    if "(" in bare:
        bare = _CHOICE.sub(lambda choice: choice[1].partition("|")[0] or choice[1].rpartition("|")[2], bare)
    is_open = keys.get("edges") == "open"
    return Form(
        concept=entry.id,
        kind=entry.kind,
        language=spec.language,
        script=_first_script(bare),
        text=spec.text,
        weight=float(keys.get("weight", entry.weight)),
        case=bool(keys.get("case")),
        mark=bool(keys.get("mark")),
        open_left=is_open,
        open_right=is_open or (bare.endswith("~") and _last_script(bare) == HANGUL) or bare.endswith("}"),
        gap="…" in bare,
        hides=bool(entry.keys.get("hides", True)) and "…" not in bare,
        **{key: spec.words(key) for key in CONDITIONS if key in keys},
    )
