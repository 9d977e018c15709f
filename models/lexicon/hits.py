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
            concept=ConceptId(place[3]),
            form=pages.words(counted[place].candidate),
            field=counted[place].candidate.field,
            start=place[1],
            end=place[2],
            weight=counted[place].candidate.weight,
            because=counted[place].because,
            kind=counted[place].candidate.form.kind,
        )
        for place in sorted(counted)
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
            concept=ConceptId(place[3]),
            form=pages.words(seen[place].candidate),
            field=seen[place].candidate.field,
            start=place[1],
            end=place[2],
            because=seen[place].hidden,
        )
        for place in sorted(seen)
    )


def _place(candidate: Candidate, pages: Pages) -> Place:
    return candidate.field != "title", *pages.place(candidate), candidate.form.concept
