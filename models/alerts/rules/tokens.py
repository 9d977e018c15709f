"""A query cut into tokens, and the error that shows where reading stopped."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 4000  # characters of a query

_TOKEN = re.compile(
    r"""(?P<open>\() | (?P<close>\))
    | (?P<score>score\s*(?P<sign>>=|<=|==|>|<|=)\s*(?P<number>[^\s()]*))
    | (?P<near>NEAR(?:/(?P<words>\w*))?(?=[\s("/]|$))
    | (?P<word>AND|OR|NOT)(?=[\s()"/]|$)
    | (?P<pattern>/(?P<inside>(?:\\.|[^/\\])*)/(?P<flags>\w*))
    | (?P<says>"(?P<quoted>(?:\\.|[^"\\])*)")
    | (?P<has>(?P<key>[A-Za-z]+):(?P<value>"(?:\\.|[^"\\])*"|[^\s()"]*))
    | (?P<bare>[^\s()":/]+)""",
    re.VERBOSE | re.DOTALL,
)


class QueryError(ValueError):
    """A query cannot be read: one line with the column and the place, marked ▸."""

    def __init__(self, query: str, column: int, problem: str) -> None:
        at = column - 1
        before, after = query[max(0, at - 24) : at], query[at : at + 24]
        start, end = "…" if at > 24 else "", "…" if at + 24 < len(query) else ""
        shown = " ".join(f"{start}{before}▸{after}{end}".split())
        super().__init__(f"column {column}: {problem}: {shown}")
        self.column = column


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a query; `parts` are its named groups."""

    kind: str
    text: str
    column: int  # 1-based
    parts: dict[str, str]


def tokens(query: str) -> list[Token]:
    """Cut a query up.

    Raises:
        QueryError: something in it is no token, such as a quote that is not closed.

    """
    if len(query) > LONGEST:
        raise QueryError(query, LONGEST, f"a query has at most {LONGEST} characters")
    found: list[Token] = []
    at = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        match = _TOKEN.match(query, at)
        if match is None:
            raise QueryError(query, at + 1, _unreadable(query[at]))
        kind = next(name for name in _KINDS if match[name] is not None)
        parts = {name: value for name, value in match.groupdict().items() if value is not None}
        found.append(Token(kind, match[0], at + 1, parts))
        at = match.end()
    return found


_KINDS = ("open", "close", "score", "near", "word", "pattern", "says", "has", "bare")


def _unreadable(char: str) -> str:
    return {
        '"': "this quote is not closed",
        "/": "this pattern is not closed; a pattern stands between two slashes",
    }.get(char, f'"{char}" cannot stand here')
