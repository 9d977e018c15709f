"""What one run keeps in mind from batch to batch: the features of articles it met."""

from __future__ import annotations

from models.stories.features import Features, features
from models.values import Article, ArticleId, Reading

REMEMBERED = 2_000  # articles; some 20 MB where all have long texts


class Memory:
    """Features of the articles met last, so that a story's members are read once a run."""

    def __init__(self) -> None:
        self._met: dict[ArticleId, Features] = {}  # the one asked for last stands last

    def features(self, article: Article, reading: Reading) -> Features:
        """Give an article's features; of an edited article those of its new text."""
        met = self._met.pop(article.id, None)
        if met is None or met.fingerprint != article.fingerprint:
            met = features(article, reading)
        self.keep(met)
        return met

    def keep(self, taken: Features) -> None:
        """Remember features that were taken elsewhere."""
        self._met.pop(taken.id, None)
        self._met[taken.id] = taken
        if len(self._met) > REMEMBERED:
            del self._met[next(iter(self._met))]
