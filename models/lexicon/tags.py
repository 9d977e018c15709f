"""Give the tags: what counts, what it implies, what two of them in one sentence mean."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from models.values import ConceptId, Hit, Term

# A full stop ends a sentence behind a small letter or a bracket: U.S. and Kim J. do not.
# The sign comes first in the expression: the engine then looks behind it nowhere else.
_SENTENCE_END = re.compile(
    r"[.!?。！？\n](?:(?<=[。！？\n])|(?<=[^\W\dA-Z][^\W\dA-Z)\"”’][.!?])[.!?]*(?=\s))"
)


def tags(
    terms: Iterable[Term],
    hits: Sequence[Hit],
    texts: tuple[str, str],
    *,
    implies: Mapping[str, tuple[str, ...]],
    derive: Mapping[str, tuple[tuple[str, str], ...]],
) -> tuple[ConceptId, ...]:
    """List the concepts, strongest first, then what follows from them."""
    strongest = sorted((t for t in terms if t.weight >= 0), key=lambda t: (-t.value, -t.weight))
    hit = {h.concept for h in hits}
    found = dict.fromkeys(term.concept for term in strongest if term.concept in hit)
    follow: dict[ConceptId, None] = {}
    places = _sentences(hits, texts, implies)
    none: set[tuple[bool, int]] = set()
    for topic, pairs in derive.items():
        near = (places.get(one, none) & places.get(other, none) for one, other in pairs)
        if topic not in found and any(near):
            follow[ConceptId(topic)] = None
    queue = [*found, *follow]
    while queue:
        for broader in map(ConceptId, implies.get(queue.pop(0), ())):
            if broader not in found and broader not in follow:
                follow[broader] = None
                queue.append(broader)
    return (*found, *follow)


def _sentences(
    hits: Sequence[Hit], texts: tuple[str, str], implies: Mapping[str, tuple[str, ...]]
) -> dict[str, set[tuple[bool, int]]]:
    """Number the sentences that each concept stands in, by itself or implied.

    Title and text are numbered apart. 평양 stands for the North in 中 왕이, 평양 방문.
    """
    ends = [[found.end() for found in _SENTENCE_END.finditer(text)] for text in texts]
    places: dict[str, set[tuple[bool, int]]] = {}
    for hit in hits:
        body = hit.field != "title"
        here = (body, bisect_right(ends[body], hit.start))
        for concept in (hit.concept, *implies.get(hit.concept, ())):
            places.setdefault(concept, set()).add(here)
    return places
