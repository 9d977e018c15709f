"""Add up what counts, line by line, and decide whether it is about the peninsula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.lexicon.judge import Verdict
from models.lexicon.pages import Candidate, Pages
from models.values import ConceptId, Field, Term


@dataclass(frozen=True, slots=True)
class Scoring:
    """The numbers of [rules.score]."""

    threshold: float
    anchor: float
    mention: float
    decisive: float
    weak: float
    weak_cap: float
    second_form: float
    second_kinds: frozenset[str]
    factors: Mapping[Field, float]
    once: Mapping[Field, float]  # of a concept that is met once in the whole article


class Line(NamedTuple):
    """A form that counts and what it adds: a `Term` before it is put in words."""

    candidate: Candidate
    factor: float
    value: float
    note: str


class Sum(NamedTuple):
    """The score and what makes it up."""

    score: float
    lines: Sequence[Line]
    hints: Sequence[Line]  # what lowers it
    decisive: Sequence[Field]  # where forms stand that decide alone


class Outcome(NamedTuple):
    """What a score decides, in words."""

    korea: bool
    terms: tuple[Term, ...]
    why: str


def add_up(verdicts: Sequence[Verdict], scoring: Scoring) -> Sum:
    """Add up the verdicts that count."""
    by_concept: dict[str, list[Verdict]] = {}
    hints: dict[str, Line] = {}
    decisive: list[Field] = []
    for verdict in verdicts:
        candidate = verdict.candidate
        form = candidate.form
        if verdict.hidden:
            continue
        if not form.is_false_friend:
            by_concept.setdefault(form.concept, []).append(verdict)
            if candidate.weight >= scoring.decisive:
                decisive.append(candidate.field)
        elif form.weight < 0:
            # far down in the text it takes as little as a form there would add
            line = _line(candidate, scoring.factors[candidate.field], "false friend")
            if form.concept not in hints or line.value < hints[form.concept].value:
                hints[form.concept] = line
    lines = [line for group in by_concept.values() for line in _lines(group, scoring)]
    lines.sort(key=lambda line: -line.value)
    lines = _cap(lines, scoring)
    alone = sum(line.value for line in lines if line.candidate.weight >= scoring.decisive)
    others = sum(line.value for line in lines if line.candidate.weight < scoring.decisive)
    against = sum(hint.value for hint in hints.values())
    return Sum(round(alone + max(0.0, others + against), 3), lines, [*hints.values()], decisive)


def explain(total: Sum, scoring: Scoring, pages: Pages) -> Outcome:
    """Say what a sum decides; `pages` gives the words as printed."""
    terms, lower = ([_term(line, pages) for line in lines] for lines in (total.lines, total.hints))
    korea, why = _decide(total, terms, scoring)
    against = sum(term.value for term in lower)
    if against and not korea:
        why += f"; {', '.join(term.form for term in lower)} took {-against:.2f}"
    return Outcome(korea, (*terms, *lower), why)


def _lines(group: list[Verdict], scoring: Scoring) -> Iterator[Line]:
    """Count a concept once, by its best form; some kinds gain by a second one."""
    once = len(group) == 1 or len({(v.candidate.field == "title", v.candidate.start) for v in group}) == 1
    factors = scoring.once if once else scoring.factors

    def rank(verdict: Verdict) -> tuple[float, bool, int]:
        candidate = verdict.candidate
        return -candidate.weight * factors[candidate.field], candidate.field != "title", candidate.start

    best, *others = sorted(group, key=rank) if len(group) > 1 else group
    first = best.candidate
    yield _line(first, factors[first.field], best.because)
    if first.form.kind in scoring.second_kinds:
        for second in (verdict.candidate for verdict in others):
            if second.form.text != first.form.text and second.weight >= scoring.weak:
                yield _line(second, scoring.second_form * factors[second.field], "second form")
                break


def _line(candidate: Candidate, factor: float, note: str) -> Line:
    return Line(candidate, factor, round(candidate.weight * factor, 3), note)


def _cap(lines: list[Line], scoring: Scoring) -> list[Line]:
    """Let the light forms add up to the cap, the heaviest of them first."""
    room = scoring.weak_cap
    capped = []
    for line in lines:
        if line.candidate.weight >= scoring.weak:
            capped.append(line)
            continue
        value = round(min(line.value, room), 3)
        room -= value
        if value < line.value:
            capped.append(Line(line.candidate, line.factor, value, "light forms are capped"))
        else:
            capped.append(line)
    return capped


def _term(line: Line, pages: Pages) -> Term:
    candidate = line.candidate
    return Term(
        concept=ConceptId(candidate.form.concept),
        form=pages.words(candidate),
        field=candidate.field,
        weight=candidate.weight,
        factor=line.factor,
        value=line.value,
        note=line.note,
    )


def _decide(total: Sum, terms: Sequence[Term], scoring: Scoring) -> tuple[bool, str]:
    score, decisive = total.score, total.decisive
    if not terms:
        return False, "no word of the lexicon counts"
    leading = max(terms, key=lambda term: (term.weight, term.value))
    if "title" in decisive:
        return True, f"{leading.form} in the title decides alone"
    if len(decisive) > 1 and "lead" in decisive:
        return True, f"{leading.form} decides, met {len(decisive)} times and in the lead"
    if score >= scoring.threshold and leading.weight >= scoring.anchor:
        return True, f"score {score:.2f} reaches {scoring.threshold:.2f}, anchored by {leading.form}"
    if leading.weight < scoring.anchor:
        return False, (
            f"no form weighs {scoring.anchor:.2f}: {leading.form} has {leading.weight:.2f}; "
            "one word that names a Korea would be needed"
        )
    missing = scoring.threshold - score
    return (
        False,
        f"score {score:.2f} stays {missing:.2f} below {scoring.threshold:.2f}; {leading.form} is not enough",
    )
