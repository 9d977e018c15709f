"""What one run keeps in mind from batch to batch: the features of articles it met."""

from __future__ import annotations

import pickle

from models.stories.features import Features, features
from models.values import Article, ArticleId, Reading

REMEMBERED = 12_000  # articles, at some 5 KB
AT_HAND = 400  # of them as they are, at 30 KB: a batch and what it asked for last


class Memory:
    """Features of the articles met last, so that a story's members are read once a run.

    Kept packed: that takes a sixth of the room, and unpacking an eighteenth of the time
    of taking them anew. A batch meets thousands of members, and with room for fewer
    than that each of them would be read again in every batch.
    """

    def __init__(self) -> None:
        self._met: dict[ArticleId, bytes] = {}  # the one asked for last stands last
        self._at_hand: dict[ArticleId, Features] = {}

    def features(self, article: Article, reading: Reading) -> Features:
        """Give an article's features; of an edited article those of its new text."""
        taken = self._at_hand.get(article.id) or self._unpacked(article.id)
        if taken is None or taken.fingerprint != article.fingerprint:
            taken = features(article, reading)
            self._met.pop(article.id, None)
        self._keep(taken, self._met.pop(article.id, b""))
        return taken

    def _keep(self, taken: Features, packed: bytes) -> None:
        self._met[taken.id] = packed or pickle.dumps(taken, pickle.HIGHEST_PROTOCOL)
        self._at_hand[taken.id] = taken
        for kept, most in ((self._met, REMEMBERED), (self._at_hand, AT_HAND)):
            if len(kept) > most:
                del kept[next(iter(kept))]

    def _unpacked(self, id_: ArticleId) -> Features | None:
        packed = self._met.get(id_)
        taken: Features | None = pickle.loads(packed) if packed else None  # noqa: S301 - packed above
        return taken
