"""Add up what counts, line by line, and decide whether it is about the peninsula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.lexicon.judge import Verdict
from models.lexicon.pages import Pages
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


@dataclass(frozen=True, slots=True)
class Sum:
    """The score, its lines, and what it decides."""

    score: float
    korea: bool
    terms: tuple[Term, ...]
    why: str


def add_up(verdicts: Sequence[Verdict], scoring: Scoring, pages: Pages) -> Sum:
    """Add up the verdicts that count; `pages` gives the words as printed."""
    by_concept: dict[str, list[Verdict]] = {}
    hints: dict[str, Verdict] = {}
    for verdict in verdicts:
        form = verdict.candidate.form
        if verdict.hidden:
            continue
        if not form.is_false_friend:
            by_concept.setdefault(form.concept, []).append(verdict)
        elif form.weight < 0:
            known = hints.get(form.concept)
            if known is None or _against(verdict, scoring) < _against(known, scoring):
                hints[form.concept] = verdict
    terms = [term for group in by_concept.values() for term in _terms(group, scoring, pages)]
    terms.sort(key=lambda term: -term.value)
    terms = _cap(terms, scoring)
    lower = [
        Term(
            concept=ConceptId(name),
            form=pages.words(hint.candidate),
            field=hint.candidate.field,
            weight=hint.candidate.weight,
            factor=scoring.factors[hint.candidate.field],
            value=_against(hint, scoring),
            note="false friend",
        )
        for name, hint in hints.items()
    ]
    decisive = sum(term.value for term in terms if term.weight >= scoring.decisive)
    others = sum(term.value for term in terms if term.weight < scoring.decisive)
    against = sum(term.value for term in lower)
    score = round(decisive + max(0.0, others + against), 3)
    korea, why = _decide(by_concept, terms, score, scoring)
    if against and not korea:
        why += f"; {', '.join(term.form for term in lower)} took {-against:.2f}"
    return Sum(score, korea, (*terms, *lower), why)


def _against(hint: Verdict, scoring: Scoring) -> float:
    """What a hint takes away: far down in the text as little as a form there would add."""
    return round(hint.candidate.weight * scoring.factors[hint.candidate.field], 3)


def _terms(group: list[Verdict], scoring: Scoring, pages: Pages) -> list[Term]:
    """Count a concept once, by its best form; some kinds gain by a second one."""
    once = len(group) == 1 or len({(v.candidate.field == "title", v.candidate.start) for v in group}) == 1
    factors = scoring.once if once else scoring.factors

    def rank(verdict: Verdict) -> tuple[float, bool, int]:
        candidate = verdict.candidate
        return -candidate.weight * factors[candidate.field], candidate.field != "title", candidate.start

    ranked = sorted(group, key=rank)
    terms = [_term(ranked[0], factors[ranked[0].candidate.field], pages)]
    first = ranked[0].candidate.form
    if first.kind in scoring.second_kinds:
        second = next(
            (
                v
                for v in ranked[1:]
                if v.candidate.form.text != first.text and v.candidate.weight >= scoring.weak
            ),
            None,
        )
        if second is not None:
            factor = scoring.second_form * factors[second.candidate.field]
            terms.append(_term(second, factor, pages, note="second form"))
    return terms


def _term(verdict: Verdict, factor: float, pages: Pages, note: str = "") -> Term:
    candidate = verdict.candidate
    return Term(
        concept=ConceptId(candidate.form.concept),
        form=pages.words(candidate),
        field=candidate.field,
        weight=candidate.weight,
        factor=factor,
        value=round(candidate.weight * factor, 3),
        note=note or verdict.because,
    )


def _cap(terms: list[Term], scoring: Scoring) -> list[Term]:
    """Let the light forms add up to the cap, the heaviest of them first."""
    room = scoring.weak_cap
    capped = []
    for term in terms:
        if term.weight >= scoring.weak:
            capped.append(term)
            continue
        value = round(min(term.value, room), 3)
        room -= value
        if value < term.value:
            term = Term(  # noqa: PLW2901 - the same term, cut
                concept=term.concept, form=term.form, field=term.field, weight=term.weight,
                factor=term.factor, value=value, note="light forms are capped",
            )  # fmt: skip
        capped.append(term)
    return capped


def _decide(
    by_concept: Mapping[str, list[Verdict]], terms: Sequence[Term], score: float, scoring: Scoring
) -> tuple[bool, str]:
    strong = [
        v.candidate for group in by_concept.values() for v in group if v.candidate.weight >= scoring.decisive
    ]
    best = next((term for term in terms), None)
    if best is None:
        return False, "no word of the lexicon counts"
    leading = max(terms, key=lambda term: (term.weight, term.value))
    if any(candidate.field == "title" for candidate in strong):
        return True, f"{leading.form} in the title decides alone"
    if len(strong) > 1 and any(candidate.field == "lead" for candidate in strong):
        return True, f"{leading.form} decides, met {len(strong)} times and in the lead"
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
