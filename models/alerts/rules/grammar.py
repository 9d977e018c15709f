"""A query's text to its tree: recursive descent, one token ahead.

any  := all (OR all)*
all  := not ((AND)? not)*
not  := NOT not | near
near := term (NEAR/n term)?
term := "(" any ")" | concept | words | /pattern/ | key:value | score>=n
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast

from models.alerts.rules.tokens import QueryError, Token, tokens
from models.alerts.rules.tree import All, Any, Fits, Has, Near, Node, Not, Says, Scored, Sign, Tagged
from models.alerts.rules.words import objection
from models.text import fold, no_language, primary_language
from models.values import Bloc

__all__ = ["QueryError", "parse"]

DEEPEST = 40  # brackets and NOTs within each other
FARTHEST = 100  # words that NEAR may span
NEARBY = 10  # words that NEAR without a number spans

_CONCEPT = re.compile(r"[a-z0-9][a-z0-9.-]*")
_KEYS = ("language", "source", "family", "bloc", "outlet")
_HINTS = {
    "lang": "language",
    "concept": "the concept's bare name, such as north-korea",
    "feed": "source",
    "regex": "/pattern/",
}


@lru_cache(maxsize=512)
def parse(query: str) -> Node:
    """Read a query.

    Raises:
        QueryError: it cannot be read; the text names the column and shows the place.

    """
    reader = _Reader(query)
    if not reader.tokens:
        raise QueryError(query, 1, "the query is empty")
    tree = reader.any(0)
    if (extra := reader.peek()) is not None:
        raise QueryError(query, extra.column, "this bracket was never opened")
    return tree


class _Reader:
    """Walks the tokens of one query."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = tokens(query)
        self.at = 0

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next_is(self, kind: str, text: str = "") -> bool:
        token = self.peek()
        return token is not None and token.kind == kind and (not text or token.text == text)

    def fail(self, token: Token | None, problem: str) -> QueryError:
        return QueryError(self.query, token.column if token else len(self.query) + 1, problem)

    def any(self, depth: int) -> Node:
        parts = [self.all(depth)]
        while self.next_is("word", "OR"):
            self.at += 1
            parts.append(self.all(depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts), parts[0].column)

    def all(self, depth: int) -> Node:
        parts = [self.negation(depth)]
        while (token := self.peek()) is not None and token.kind != "close" and token.text != "OR":
            self.at += token.text == "AND" and token.kind == "word"
            parts.append(self.negation(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts), parts[0].column)

    def negation(self, depth: int) -> Node:
        token = self.peek()
        if depth > DEEPEST:
            raise self.fail(token, f"brackets and NOTs stand at most {DEEPEST} deep")
        if token is not None and self.next_is("word", "NOT"):
            self.at += 1
            return Not(self.negation(depth + 1), token.column)
        return self.near(depth)

    def near(self, depth: int) -> Node:
        left = self.term(depth)
        token = self.peek()
        if token is None or token.kind != "near":
            return left
        self.at += 1
        right = self.term(depth)
        for side in (left, right):
            if not _has_a_place(side):
                problem = "beside NEAR stand a concept, words, or an OR of such in brackets"
                raise QueryError(self.query, side.column, problem)
        if self.next_is("near"):
            raise self.fail(self.peek(), "NEAR joins two; write A NEAR/5 B AND B NEAR/5 C")
        words = token.parts.get("words", str(NEARBY))
        if not words.isascii() or not words.isdigit() or int(words[:9]) > FARTHEST:
            raise self.fail(token, f"NEAR/ is followed by a number of words, at most {FARTHEST}")
        return Near(left, right, int(words), token.column)

    def term(self, depth: int) -> Node:
        token = self.peek()
        if token is None:
            raise self.fail(None, "the query ends where a term is expected")
        self.at += 1
        match token.kind:
            case "open":
                inner = self.any(depth + 1)
                if not self.next_is("close"):
                    raise self.fail(token, "this bracket is not closed")
                self.at += 1
                return inner
            case "says":
                return self.says(token, _unquoted(token.parts["quoted"]), "anywhere")
            case "pattern":
                return self.fits(token)
            case "has":
                return self.has(token)
            case "score":
                return self.scored(token)
            case "bare":
                return self.bare(token)
        raise self.fail(token, f"a term is expected before {token.text}")

    def bare(self, token: Token) -> Node:
        if token.text in {"and", "or", "not", "near"}:
            raise self.fail(token, f"write {token.text.upper()} in capitals, or the word in quotes")
        if _CONCEPT.fullmatch(token.text):
            return Tagged(token.text, token.column)
        return self.says(token, token.text, "anywhere")

    def says(self, token: Token, words: str, place: str) -> Node:
        if not fold(words.strip("*")):
            raise self.fail(token, "there are no words to look for")
        return Says(
            words, "title" if place == "title" else "text" if place == "text" else "anywhere", token.column
        )

    def fits(self, token: Token) -> Node:
        flags, pattern = token.parts["flags"], token.parts["inside"].replace(r"\/", "/")
        if flags not in {"", "i"}:
            raise self.fail(token, "the only letter after a pattern is i: ignore case")
        if problem := objection(pattern):
            raise self.fail(token, problem)
        return Fits(pattern, flags == "i", token.column)

    def has(self, token: Token) -> Node:
        key, given = token.parts["key"], token.parts["value"]
        value = _unquoted(given[1:-1]) if given.startswith('"') else given
        if key in {"title", "text"}:
            return self.says(token, value, key)
        if key not in _KEYS:
            raise self.fail(token, f'there is no key "{key}"; write {_HINTS.get(key, ", ".join(_KEYS))}')
        values = (value,) if given.startswith('"') else tuple(part for part in value.split(",") if part)
        if not values:
            raise self.fail(token, f"{key}: is followed by a value, with no space between")
        if key == "bloc" and (wrong := [one for one in values if one not in set(Bloc)]):
            raise self.fail(token, f'there is no bloc "{wrong[0]}"; there are {", ".join(Bloc)}')
        if key == "language":
            if problem := next(filter(None, map(no_language, values)), ""):
                raise self.fail(token, problem)
            values = tuple(primary_language(one) or one for one in values)
        return Has(key, values, token.column)  # type: ignore[arg-type]  # one of _KEYS

    def scored(self, token: Token) -> Node:
        number = token.parts["number"]
        if not re.fullmatch(r"\d{1,4}(\.\d{1,4})?", number, re.ASCII):
            raise self.fail(token, "a score is compared with a number, as in score>=1.5")
        sign = token.parts["sign"].replace("==", "=")
        return Scored(cast("Sign", sign), float(number), token.column)


def _has_a_place(node: Node) -> bool:
    """Whether a part is found at places of a text, so that something can be near it."""
    if isinstance(node, Any):
        return all(map(_has_a_place, node.parts))
    return isinstance(node, Tagged | Says)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
