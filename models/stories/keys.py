"""The keys of an article: passages, words and pairs of facts that it may share with another."""

from __future__ import annotations

from collections.abc import Mapping

from models.stories.copies import Sketch

TITLE_TERMS = 20
LEAD_TERMS = 14
BANDS = 6  # smallest shingle hashes; texts with half their shingles in common share one of six in 98 %
PAIRED_FACTS = 5


def keys(terms: Mapping[str, float], facts: Mapping[str, float], sample: Sketch) -> tuple[str | int, ...]:
    """Give the index keys of an article, some fifty at most, of three kinds.

    Integers are shingle hashes (the same passage), "w:" are terms of the title
    and rarer-looking ones of the lead, "f:" are pairs of facts, which meet
    across languages. Of a common key the newest stories are looked at only: that
    makes it cheap and loses nothing, since an article has rarer keys beside it.
    """
    bands = [int(value) for value in sample.hashes[:BANDS]] if sample.shingles > BANDS else []
    return (*bands, *word_keys(terms, facts))


def word_keys(terms: Mapping[str, float], facts: Mapping[str, float]) -> tuple[str, ...]:
    """Give the keys but for the passages: words, and pairs of facts."""
    title = [term for term, weight in terms.items() if weight >= 1.0][:TITLE_TERMS]
    lead = [term for term, weight in terms.items() if weight < 1.0]
    if len(lead) > LEAD_TERMS:  # long words are rare words (Zipf), and pairs of characters are all as long
        lead = sorted(lead, key=len, reverse=True)[:LEAD_TERMS]
    told = sorted(facts, key=lambda token: (-facts[token], token))[:PAIRED_FACTS]
    pairs = [f"f:{min(a, b)}+{max(a, b)}" for i, a in enumerate(told) for b in told[i + 1 :]]
    return (*(f"w:{term}" for term in (*title, *lead)), *pairs)
