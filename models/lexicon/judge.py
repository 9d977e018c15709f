"""Decide which candidates count: longest match, false friends, needs and unless."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from models.lexicon.pages import Candidate

_start = attrgetter("start")


@dataclass(slots=True)  # made by the dozen for each article: frozen, it takes three times as long
class Verdict:
    """A candidate and what became of it; `hidden` says why it does not count."""

    candidate: Candidate
    hidden: str = ""
    because: str = ""


class Groups:
    """Which groups a concept gives evidence for."""

    def __init__(self, member_of: Mapping[str, frozenset[str]], evidence: float) -> None:
        self._member_of = member_of
        self._evidence = evidence

    def of(self, candidates: Iterable[Candidate]) -> tuple[dict[str, str], dict[str, str]]:
        """Map each group that has a match, and each that has evidence, to its form.

        A form without weight is no evidence of anything, but it bars: 프랑스 weighs nothing
        and still makes a ballot French.
        """
        present: dict[str, str] = {}
        evidence: dict[str, str] = {}
        for candidate in candidates:
            for group in self._member_of[candidate.form.concept]:
                present.setdefault(group, candidate.form.text)
                if candidate.form.is_false_friend or candidate.weight >= self._evidence:
                    evidence.setdefault(group, candidate.form.text)
        return present, evidence


def judge(
    candidates: Sequence[Candidate], groups: Groups, *, decisive: float, anchor: float
) -> list[Verdict]:
    """Decide, in two passes: unconditional forms first, they are the others' evidence."""
    open_ = [c for c in candidates if not c.refused]
    standing = [c for c in open_ if not c.form.is_conditional]
    cover = _Cover(standing, decisive, anchor)
    verdicts: list[Verdict] = []
    let_in: dict[int, str] = {}
    if len(standing) < len(open_):
        present, evidence = groups.of(c for c in standing if not cover.over(c))
        for candidate in open_:
            form = candidate.form
            if not form.is_conditional:
                continue
            barred = next((group for group in form.unless if group in present), None)
            found = next((group for group in form.needs if group in evidence), None)
            if barred:
                verdicts.append(Verdict(candidate, hidden=f"not beside {present[barred]} ({barred})"))
            elif form.needs and found is None:
                verdicts.append(Verdict(candidate, hidden=f"needs {' or '.join(form.needs)}"))
            else:
                let_in[id(candidate)] = f"with {evidence[found]}" if found else "no " + ", ".join(form.unless)
    if let_in:
        standing = [c for c in open_ if not c.form.is_conditional or id(c) in let_in]
        cover = _Cover(standing, decisive, anchor)
    for candidate in standing:
        reasons = filter(None, (candidate.granted, let_in.get(id(candidate))))
        verdicts.append(Verdict(candidate, _name(cover.over(candidate)), ", ".join(reasons)))
    for candidate in candidates:
        if candidate.refused:  # 거북한 as the reason says more than "북한 is part of a word"
            outer = cover.over(candidate)
            by_friend = outer is not None and outer.form.is_false_friend
            verdicts.append(Verdict(candidate, hidden=_name(outer) if by_friend else candidate.refused))
    return verdicts


class _Cover:
    """Matches by place, to find which of them swallows another."""

    def __init__(self, candidates: Iterable[Candidate], decisive: float, anchor: float) -> None:
        self._decisive, self._anchor = decisive, anchor
        hiding = sorted((c for c in candidates if c.form.hides), key=_start)
        self._title = _Row([c for c in hiding if c.field == "title"])
        self._text = _Row([c for c in hiding if c.field != "title"])

    def over(self, inner: Candidate) -> Candidate | None:
        """Find the match that swallows this one.

        The longer wins. At equal length a concept beats a false friend: 북한산 before 석탄
        is coal of the North, and the mountain of that name gives way. A hint that hides
        nothing stays: World Cup is a topic and lowers the score of South Korea v Mexico.
        """
        row = self._title if inner.field == "title" else self._text
        for outer in row.before(inner.start):
            if outer.end < inner.end or outer is inner:
                continue
            longer = outer.end - outer.start > inner.end - inner.start
            if longer and not self._stands_out(inner, outer):
                return outer
            beaten = inner.form.is_false_friend and inner.form.hides and not outer.form.is_false_friend
            if not longer and beaten:
                return outer
        return None

    def _stands_out(self, inner: Candidate, outer: Candidate) -> bool:
        """Whether a country is still named inside a longer form.

        북한 인권, North Korean defectors and 韩国央行 speak of their country; 朝鮮日報 is a paper
        in Seoul, 南朝鲜 the other country, and the Corea in Partido de los Trabajadores de Corea
        is not the South. So: a country that is more than an anchor, inside a form that decides.
        """
        return (
            inner.form.kind == "country" != outer.form.kind
            and not outer.form.is_false_friend
            and outer.weight >= self._decisive
            and inner.weight > self._anchor
        )


class _Row:
    """Matches of a title or of a text, in the order of their starts."""

    def __init__(self, candidates: list[Candidate]) -> None:
        self._candidates = candidates
        self._starts = [c.start for c in candidates]
        self._longest = max((c.end - c.start for c in candidates), default=0)

    def before(self, start: int) -> list[Candidate]:
        """Give those that begin there or before, near enough to reach it."""
        first = bisect_left(self._starts, start - self._longest)
        return self._candidates[first : bisect_right(self._starts, start)]


def _name(outer: Candidate | None) -> str:
    if outer is None:
        return ""
    if outer.form.is_false_friend:
        return f"false friend {outer.form.concept}: {outer.form.text}"
    return f"inside {outer.form.text} ({outer.form.concept})"
