"""The keys under which an article is stored and looked up, so that no window is ever scanned."""

from __future__ import annotations

from models.stories.features import features
from models.values import Article, Reading

NEWEST_PER_KEY = 48  # a key that is common (trump, 발사) leads to its newest stories only


def probes(article: Article, reading: Reading) -> tuple[str | int, ...]:
    """Give an article's index keys: at most 50, of three kinds.

    Integers are shingle hashes (the same passage), "w:" are terms of the title
    and rarer-looking ones of the lead, "f:" are pairs of facts, which meet
    across languages. A store keeps (key, article) rows and reads the newest
    `NEWEST_PER_KEY` of each key: that cap is what makes a common key cheap,
    and it loses nothing, since an article has rarer keys beside it.
    """
    return features(article, reading).keys
