"""What one run keeps in mind from batch to batch: the features of articles it met."""

from __future__ import annotations

from models.stories.features import Features, features
from models.values import Article, ArticleId, Reading

REMEMBERED = 1_500  # articles, at some 10 KB: a batch, and what it asks for again and again


class Memory:
    """Features of the articles met last, so that a story's members are read once a run."""

    def __init__(self) -> None:
        self._met: dict[ArticleId, Features] = {}  # the one asked for last stands last

    def features(self, article: Article, reading: Reading) -> Features:
        """Give an article's features; of an edited article those of its new text."""
        taken = self._met.pop(article.id, None)
        if taken is None or taken.fingerprint != article.fingerprint:
            taken = features(article, reading)
        self._met[article.id] = taken
        if len(self._met) > REMEMBERED:
            del self._met[next(iter(self._met))]
        return taken
