"""How rare a term is in the window: document frequencies, counted online.

Weighted as in TF-IDF with the counts of the articles seen so far (incremental
IDF: Allan, Papka and Lavrenko, On-line New Event Detection and Tracking,
SIGIR 1998), started as if `PRIOR` articles without any of the terms had been
seen, so that the first hundred articles of a stream are not noise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from models.stories.facts import BACKGROUND

PRIOR = 1_000  # articles
HALVE_AT = 60_000  # articles; then all counts are halved, so that old news is forgotten and memory bounded
FLOOR = 0.1
UNSEEN = 1.5  # articles of the prior that a term is supposed to have stood in
# The names of the region's states stand in what a Korea desk reads from its first day on. Left to
# the counts, "North Korea" made a parade and a launch one story until some hundred articles had come.
COMMON_NAMES = 5.0
# On an empty database all words of a trade weigh alike, and two undated essays on the talks of
# 2019, two months apart, were one story. Copies are believed from the first article on.
DOUBT = 0.7
LEARNT = 100.0  # articles, after which a third of the doubt is left
_NAMES = frozenset(f"c:{concept}" for concept in BACKGROUND)


class Rarity:
    """Document frequencies of terms, with a memory of some ten thousand articles."""

    def __init__(self, articles: int = 0, counts: Mapping[str, int] | None = None) -> None:
        self.articles = articles
        self._counts = dict(counts or {})

    def add(self, terms: Iterable[str]) -> None:
        """Count one article's terms."""
        counts = self._counts
        for term in terms:
            counts[term] = counts.get(term, 0) + 1
        self.articles += 1
        if self.articles >= HALVE_AT:
            self.articles //= 2
            self._counts = {term: count // 2 for term, count in counts.items() if count > 1}

    def counts(self, terms: Iterable[str]) -> dict[str, int]:
        """Say in how many articles each of these terms stood, those never seen left out."""
        return {term: self._counts[term] for term in terms if term in self._counts}

    def count(self, term: str) -> int:
        """Say in how many articles a term stood."""
        return self._counts.get(term, 0)

    @property
    def trust(self) -> float:
        """How far words alone can be believed: little before any counts are known."""
        return 1 - DOUBT * math.exp(-self.articles / LEARNT)

    def vector(self, weights: dict[str, float]) -> dict[str, float]:
        """Weigh an article's terms by rarity, scaled to length 1.

        A term never seen in a thousand articles weighs 7, one that stands in all of them `FLOOR`.
        """
        articles, count, log = self.articles + PRIOR, self._counts.get, math.log
        raw = {
            term: weight
            * max(FLOOR, log(articles / (count(term, 0) + (COMMON_NAMES if term in _NAMES else UNSEEN))))
            for term, weight in weights.items()
        }
        length = math.sqrt(sum(value * value for value in raw.values()))
        return {term: value / length for term, value in raw.items()} if length else {}
