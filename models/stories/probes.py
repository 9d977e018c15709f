"""The keys under which an article is stored and looked up, so that no window is ever scanned."""

from __future__ import annotations

from models.stories.features import Features, features
from models.values import Article, Reading

TITLE_TERMS = 20
LEAD_TERMS = 14
BANDS = 6  # smallest shingle hashes; texts with half their shingles in common share one of six in 98 %
PAIRED_FACTS = 5
NEWEST_PER_KEY = 48  # a key that is common (trump, 발사) leads to its newest stories only


def probes(article: Article, reading: Reading) -> tuple[str | int, ...]:
    """Give an article's index keys: at most 50, of three kinds.

    Integers are shingle hashes (the same passage), "w:" are terms of the title
    and rarer-looking ones of the lead, "f:" are pairs of facts, which meet
    across languages. A store keeps (key, article) rows and reads the newest
    `NEWEST_PER_KEY` of each key: that cap is what makes a common key cheap,
    and it loses nothing, since an article has rarer keys beside it.
    """
    return keys(features(article, reading))


def keys(article: Features) -> tuple[str | int, ...]:
    """Give the index keys of an article whose features are known."""
    title = [term for term, weight in article.terms.items() if weight >= 1.0][:TITLE_TERMS]
    lead = [term for term, weight in article.terms.items() if weight < 1.0]
    if len(lead) > LEAD_TERMS:  # long words are rare words (Zipf), and pairs of characters are all as long
        lead = sorted(lead, key=len, reverse=True)[:LEAD_TERMS]
    told = sorted(article.facts, key=lambda token: (-article.facts[token], token))[:PAIRED_FACTS]
    pairs = [f"f:{min(a, b)}+{max(a, b)}" for i, a in enumerate(told) for b in told[i + 1 :]]
    bands = [int(value) for value in article.sketch.hashes[:BANDS]] if article.sketch.shingles > BANDS else []
    return (*bands, *(f"w:{term}" for term in (*title, *lead)), *pairs)
