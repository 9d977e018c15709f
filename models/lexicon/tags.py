"""Give the tags: what counts, what it implies, what two of them in one sentence mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from models.values import ConceptId, Hit, Term

# A full stop ends a sentence behind a small letter or a bracket: U.S. and Kim J. do not.
_SENTENCE_END = re.compile(r"(?<=[^\W\dA-Z][^\W\dA-Z)\"”’])[.!?]+(?=\s)|[。！？\n]")


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
    found = dict.fromkeys(term.concept for term in strongest if any(h.concept == term.concept for h in hits))
    follow: dict[ConceptId, None] = {}
    for topic, pairs in derive.items():
        if topic not in found and any(_share_sentence(one, other, hits, texts) for one, other in pairs):
            follow[ConceptId(topic)] = None
    queue = [*found, *follow]
    while queue:
        for broader in map(ConceptId, implies.get(queue.pop(0), ())):
            if broader not in found and broader not in follow:
                follow[broader] = None
                queue.append(broader)
    return (*found, *follow)


def _share_sentence(one: str, other: str, hits: Sequence[Hit], texts: tuple[str, str]) -> bool:
    places = [(h.concept, h.field == "title", h.start) for h in hits if h.concept in (one, other)]
    firsts = [(title, start) for concept, title, start in places if concept == one]
    others = [(title, start) for concept, title, start in places if concept == other]
    for title, start in firsts:
        for title_too, start_too in others:
            text = texts[0] if title else texts[1]
            if title is title_too and not _SENTENCE_END.search(
                text, min(start, start_too), max(start, start_too)
            ):
                return True
    return False
