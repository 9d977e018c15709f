"""Search: texts and queries to tokens, the same on both databases; and what to highlight.

Korean, Japanese and Chinese are filed as pairs of characters, all other
scripts as words. A pair finds what stands inside a word (미사일 in 단거리미사일),
as trigrams do; and unlike trigrams it finds words of two syllables, such as
북한 or 朝鲜, which are the most asked for. The last character of a run stands
alone, so that one character can be looked for as the beginning of a pair.
(Overlapping bigrams as index terms: Lee and Ahn, Using n-Grams for Korean Text
Retrieval, SIGIR 1996.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from models.text import fold

LONGEST = 6_000  # tokens of a text: PostgreSQL keeps positions up to 16,383
_APART = 10  # positions between title and text, so that no phrase spans them

_PAIRED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f々ー"
_RUN = re.compile(f"[{_PAIRED}]+|[^\\W_{_PAIRED}]+")
_FIRST_PAIRED = re.compile(f"[{_PAIRED}]").match
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_MARKS = re.compile("[\u0300-\u036f]")
_LATIN = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side; the last may be the beginning of one."""

    tokens: tuple[str, ...]
    begins: bool = False
    unwanted: bool = False


def plain(text: str) -> str:
    """Give a text as it is filed: folded, Latin letters without their accents."""
    return _LATIN.sub(_bare, fold(text)).replace("đ", "d")


def tokens(text: str) -> list[str]:
    """Cut a text into what it is filed under, in order."""
    return list(_tokens(plain(text)))[:LONGEST]


def _tokens(folded: str) -> Iterator[str]:
    for run in _RUN.findall(folded):
        if _is_paired(run):
            yield from (a + b for a, b in pairwise(run))
            yield run[-1]
        else:
            yield run


def _is_paired(run: str) -> bool:
    return _FIRST_PAIRED(run) is not None


def _bare(letter: re.Match[str]) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", letter[0]))


def read_query(query: str) -> tuple[Term, ...]:
    """Read what a person looks for: words, "phrases", -unwanted, beginning*.

    All have to be there, in any order; in Korean, Japanese and Chinese they may
    stand inside of words.
    """
    found: list[Term] = []
    for minus, phrase, word in _TERM.findall(query):
        term = _term(phrase or word, unwanted=bool(minus), begins=word.endswith("*"))
        if term.tokens:
            found.append(term)
    return tuple(found)


def _term(words: str, *, unwanted: bool, begins: bool) -> Term:
    """Give the tokens that a text has to hold side by side.

    The last character of a run is a token of its own only where the run ends
    there; in a query it says nothing, unless it is all there is.
    """
    found: list[str] = []
    runs = _RUN.findall(plain(words))
    for number, run in enumerate(runs):
        whole = number + 1 < len(runs)  # something follows: the run ends here in the text, too
        if not _is_paired(run):
            found.append(run)
        elif len(run) == 1:
            found.append(run)
            begins = begins or not whole
        else:
            found += [a + b for a, b in pairwise(run)] + ([run[-1]] if whole else [])
    return Term(tuple(found), begins=begins, unwanted=unwanted)


def as_fts5(terms: Sequence[Term]) -> str:
    """Write a query for SQLite's FTS5; "" if there is nothing to look for."""
    wanted = [_fts5(term) for term in terms if not term.unwanted]
    unwanted = [_fts5(term) for term in terms if term.unwanted]
    return " NOT ".join([" AND ".join(wanted), *unwanted]) if wanted else ""


def _fts5(term: Term) -> str:
    return f'"{" ".join(term.tokens)}"' + (" *" if term.begins else "")


def as_tsquery(terms: Sequence[Term]) -> str:
    """Write the same for PostgreSQL."""
    wanted = [_tsquery(term) for term in terms if not term.unwanted]
    unwanted = ["!" + _tsquery(term) for term in terms if term.unwanted]
    return " & ".join([*wanted, *unwanted]) if wanted else ""


def as_tsquery_apart(terms: Sequence[Term]) -> str:
    """Write for PostgreSQL what each text that is wanted holds, wherever it stands in it."""
    wanted = [_tsquery(term, " & ") for term in terms if not term.unwanted]
    unwanted = ["!" + _tsquery(term) for term in terms if term.unwanted and len(term.tokens) == 1]
    return " & ".join([*wanted, *unwanted]) if wanted else ""


def _tsquery(term: Term, joined: str = " <-> ") -> str:
    words = [f"'{token}'" for token in term.tokens]
    return f"({joined.join(words)}{':*' if term.begins else ''})"


def as_tsvector(title: str, text: str) -> str:
    """Write a text as a tsvector: each token with its positions, the title's weighing more."""
    places: dict[str, list[str]] = {}
    head = tokens(title)
    for number, token in enumerate(head, start=1):
        places.setdefault(token, []).append(f"{number}A")
    for number, token in enumerate(tokens(text), start=len(head) + _APART):
        places.setdefault(token, []).append(f"{number}D")
    return " ".join(f"'{token}':{','.join(at[:250])}" for token, at in places.items())


def spans(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Give the places of a text that a query found, as offsets, in order and apart.

    Looked for in the text as it stands, letter by letter, so that folding cannot
    shift them.
    """
    folded, offsets = _with_offsets(text)
    found: list[tuple[int, int]] = []
    for term in terms:
        if term.unwanted:
            continue
        matches = re.finditer(_pattern(term), folded)
        found += [(offsets[match.start()], offsets[match.end() - 1] + 1) for match in matches]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _with_offsets(text: str) -> tuple[str, list[int]]:
    folded, offsets = [], []
    for offset, letter in enumerate(text):
        for one in _plain_letter(letter) or " ":
            folded.append(one)
            offsets.append(offset)
    return "".join(folded), offsets


@lru_cache(maxsize=4_096)
def _plain_letter(letter: str) -> str:
    return plain(letter)


def _pattern(term: Term) -> str:
    """Write a term as a pattern over the folded text: words whole, pairs anywhere."""
    parts: list[str] = []
    for token in term.tokens:
        paired = _is_paired(token)
        if paired and parts and len(token) == 2 and parts[-1].endswith(token[0]):
            parts[-1] += token[1]  # the next pair of the same run
        elif paired and len(token) == 1 and parts and parts[-1].endswith(token):
            continue  # the end of that run
        else:
            parts.append(token)
    last = parts[-1] if parts else ""
    edges = [r"(?<!\w)" if not _is_paired(parts[0]) else "", ""]
    edges[1] = "" if _is_paired(last) or term.begins else r"(?!\w)"
    return edges[0] + r"\W*".join(map(re.escape, parts)) + edges[1]


def snippet(text: str, terms: Sequence[Term], *, width: int = 160) -> tuple[str, list[tuple[int, int]]]:
    """Cut from a text the neighbourhood of its first find; give it with the finds in it."""
    found = spans(text, terms)
    begin = max(0, found[0][0] - width // 3) if found else 0
    part = text[begin : begin + width]
    head = "…" if begin else ""
    tail = "…" if begin + width < len(text) else ""
    shift = len(head) - begin
    inside = [(start + shift, end + shift) for start, end in found if end <= begin + width]
    return head + part + tail, inside
