"""What a story looks like to the next article: its terms, concepts and a few members."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence

import orjson

from models.stories.features import Features, Heading
from models.stories.rarity import Rarity
from models.values import ArticleId, StoryId

KEPT_TERMS = 200  # of a packed story; with 100 the labelled sets score within .002
SINGLY = 8  # members that are compared one by one, the anchor and the newest; thousands cost no more


class Profile:
    """A story's centroid, kept up online, and the members that are compared singly.

    One that was unpacked has no members at hand, only its anchor's heading: three
    in four candidates share too little with an article to be looked at so closely. And
    of its terms it has those that were asked for: a batch may meet thousands of stories.
    """

    __slots__ = (
        "_packed",
        "anchor",
        "counts",
        "first",
        "id",
        "languages",
        "last",
        "length",
        "members",
        "newest",
        "sums",
    )

    def __init__(self, story: StoryId, opened_by: Heading) -> None:
        self.id = story
        self.anchor = opened_by
        self.first = opened_by.hour
        self.last = opened_by.hour
        self.members = 0
        self.newest: deque[Features] = deque(maxlen=SINGLY)
        self.sums: dict[str, float] = {}
        self.counts: dict[str, int] = {}  # of the terms that stand in more than one member
        self.languages: set[str] = set()
        self.length = 0.0  # of `sums`, squared
        self._packed = b""  # what it was unpacked from

    def add(self, article: Features, vector: dict[str, float]) -> None:
        """Take an article in; one older than the anchor becomes the anchor, the id stays."""
        if article.dated and (article.hour < self.anchor.hour or not self.anchor.dated):
            self.anchor = article
        self.first = min(self.first, article.hour)
        self.last = max(self.last, article.hour)
        self.members += 1
        self.newest.append(article)
        for term, value in vector.items():
            before = self.sums.get(term)
            if before is None:
                self.sums[term] = value
                self.length += value * value
            else:
                self.sums[term] = after = before + value
                self.length += after * after - before * before
                self.counts[term] = self.counts.get(term, 1) + 1
        self.languages.add(article.language)

    def pack(self) -> bytes:
        """Give the story's sums for keeping; its heaviest terms, where they are many."""
        kept = orjson.loads(self._packed) if self._packed else {"sums": {}, "counts": {}}
        sums, counts = kept["sums"] | self.sums, kept["counts"] | self.counts
        heaviest = sorted(sums, key=sums.__getitem__, reverse=True)[:KEPT_TERMS]
        anchor = self.anchor
        return orjson.dumps(
            {
                "anchor": (anchor.id, anchor.hour, anchor.dated, anchor.outlet, anchor.title),
                "first": self.first,
                "last": self.last,
                "members": self.members,
                "length": self.length,
                "languages": sorted(self.languages),
                "sums": {term: round(sums[term], 5) for term in heaviest},
                "counts": {term: counts[term] for term in heaviest if term in counts},
            }
        )

    @classmethod
    def unpack(cls, story: StoryId, packed: bytes, terms: Mapping[str, str]) -> Profile:
        """Give the story again, without its members and with no more than some `terms`, each by itself.

        The texts are shared by all stories, too: 3,000 stories whole took 75 MiB, and more each day.
        """
        kept = orjson.loads(packed)
        id_, hour, dated, outlet, title = kept["anchor"]
        profile = cls(story, Heading(id=ArticleId(id_), hour=hour, dated=dated, outlet=outlet, title=title))
        profile.first, profile.last = kept["first"], kept["last"]
        profile.members, profile.length = kept["members"], kept["length"]
        profile.languages.update(kept["languages"])
        profile.sums = {terms[term]: value for term, value in kept["sums"].items() if term in terms}
        profile.counts = {terms[term]: count for term, count in kept["counts"].items() if term in terms}
        profile._packed = packed
        return profile

    @property
    def thin(self) -> bool:
        """Whether its members are not at hand."""
        return not isinstance(self.anchor, Features)

    def fill(self, members: Sequence[Features]) -> None:
        """Have its members at hand, oldest first; they are in the sums already."""
        self.anchor = next((one for one in members if one.id == self.anchor.id), members[0])
        self.newest.extend(members)

    def compared(self) -> list[Features]:
        """Give the members that are compared one by one: the anchor, then the newest."""
        newest = [member for member in reversed(self.newest) if member is not self.anchor]
        anchor = [self.anchor] if isinstance(self.anchor, Features) else []
        return anchor + newest[: SINGLY - 1]

    def weigh(self, vector: dict[str, float], rarity: Rarity) -> tuple[float, float]:
        """Compare an article's terms with the story: the cosine with its mean, and their ownership.

        Ownership says how far the terms are this story's own, 0 to 1: of the articles
        with a term, the share that stands in this story, near 1 for the name that came
        up with the event. A large story is known by its name alone, however the headline
        goes on.
        """
        sums, counts, articles = self.sums, self.counts, rarity.count
        product = owned = 0.0
        # One plain loop for both, over what is shared: asked a dozen times for each article, it was
        # an eighth of deciding.
        for term in filter(sums.__contains__, vector):
            value = vector[term]
            product += value * sums[term]
            owned += value * value * counts.get(term, 1) / (articles(term) + _DOUBT)
        return product / math.sqrt(self.length) if self.length else 0.0, owned

    def age_of(self, hour: float) -> float:
        """Give the hours between an article and the story's span; 0 inside it."""
        return hour - self.last if hour > self.last else max(0.0, self.first - hour)


_DOUBT = 10.0  # articles with the term that we pretend stood elsewhere
