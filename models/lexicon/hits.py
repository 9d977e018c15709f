"""Say what counts and what does not, at the places and in the words of what was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.lexicon.judge import Verdict
from models.lexicon.pages import Candidate, Pages
from models.values import ConceptId, Hidden, Hit

Place = tuple[bool, int, int, str]  # below the title, start, end, concept: sorted, the reading order


def best(verdicts: Iterable[Verdict], pages: Pages) -> dict[Place, Verdict]:
    """Find what counts: of each concept at a place the heaviest form."""
    found: dict[Place, Verdict] = {}
    for verdict in verdicts:
        candidate = verdict.candidate
        if verdict.hidden or candidate.form.is_false_friend:
            continue
        place = _place(candidate, pages)
        known = found.get(place)
        if known is None or known.candidate.weight < candidate.weight:
            found[place] = verdict
    return found


def hits(counted: Mapping[Place, Verdict], pages: Pages) -> tuple[Hit, ...]:
    """List what counts in reading order."""
    return tuple(
        Hit(
            concept=ConceptId(concept),
            form=pages[below].composed.original[start:end],
            field=verdict.candidate.field,
            start=start,
            end=end,
            weight=verdict.candidate.weight,
            because=verdict.because,
            kind=verdict.candidate.form.kind,
        )
        for (below, start, end, concept), verdict in sorted(counted.items())
    )


def hidden(verdicts: Iterable[Verdict], counted: Mapping[Place, Verdict], pages: Pages) -> tuple[Hidden, ...]:
    """List in reading order what was seen and does not count, by the first reason for each place."""
    seen: dict[Place, Verdict] = {}
    for verdict in verdicts:
        if verdict.hidden and not verdict.candidate.form.is_false_friend:
            place = _place(verdict.candidate, pages)
            if place not in counted:
                seen.setdefault(place, verdict)
    return tuple(
        Hidden(
            concept=ConceptId(concept),
            form=pages[below].composed.original[start:end],
            field=verdict.candidate.field,
            start=start,
            end=end,
            because=verdict.hidden,
        )
        for (below, start, end, concept), verdict in sorted(seen.items())
    )


def _place(candidate: Candidate, pages: Pages) -> Place:
    return candidate.field != "title", *pages.place(candidate), candidate.form.concept
