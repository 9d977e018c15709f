"""What a query is once it is read: a tree of frozen parts, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Place = Literal["anywhere", "title", "text"]
Key = Literal["language", "source", "family", "bloc", "outlet"]
Sign = Literal[">=", "<=", ">", "<", "="]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A concept of the lexicon is found in the article."""

    concept: str
    column: int


@dataclass(frozen=True, slots=True)
class Says:
    """Words stand in the title or the text; `*` leaves an edge open."""

    words: str
    place: Place
    column: int


@dataclass(frozen=True, slots=True)
class Fits:
    """A regular expression of the desk's own fits somewhere."""

    pattern: str
    ignore_case: bool
    column: int


@dataclass(frozen=True, slots=True)
class Has:
    """The article's language, source, family, bloc or outlet is one of these."""

    key: Key
    values: tuple[str, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Scored:
    """The article's score compares so with a number."""

    sign: Sign
    number: float
    column: int


@dataclass(frozen=True, slots=True)
class Near:
    """Two things stand with at most so many words between them, in either order."""

    left: Node
    right: Node
    words: int
    column: int


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node
    column: int


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Node, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Node, ...]
    column: int


Node = Tagged | Says | Fits | Has | Scored | Near | Not | All | Any


def show(node: Node) -> str:  # noqa: PLR0911 - one for each kind of part
    """Write a part as a query has it."""
    match node:
        case Tagged(concept):
            return concept
        case Says(words, place):
            return f'"{words}"' if place == "anywhere" else f'{place}:"{words}"'
        case Fits(pattern, ignore_case):
            return f"/{pattern}/{'i' if ignore_case else ''}"
        case Has(key, values):
            return f"{key}:{','.join(values)}"
        case Scored(sign, number):
            return f"score{sign}{number:g}"
        case Near(left, right, words):
            return f"{show(left)} NEAR/{words} {show(right)}"
        case Not(part):
            return f"NOT {show(part)}"
        case All(parts):
            return "(" + " AND ".join(map(show, parts)) + ")"
        case Any(parts):
            return "(" + " OR ".join(map(show, parts)) + ")"


def named(node: Node) -> Iterator[tuple[str, str, int]]:
    """Give every name that has to exist: (kind, name, column), kind "concept" or a key."""
    match node:
        case Tagged(concept, column):
            yield "concept", concept, column
        case Has(key, values, column):
            yield from ((key, value, column) for value in values)
        case Near(left, right):
            yield from (*named(left), *named(right))
        case Not(part):
            yield from named(part)
        case All(parts) | Any(parts):
            for part in parts:
                yield from named(part)
        case _:
            return
