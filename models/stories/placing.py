"""The decision for one article, and for one pair, without an index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.stories.compare import Likeness, liken
from models.stories.copies import COPY_SHARE, containment
from models.stories.features import Features, features
from models.stories.identity import story_id
from models.stories.profile import Profile
from models.stories.rarity import Rarity
from models.stories.window import Window
from models.values import Article, Join, Member, Open, Reading

SAME_AT = 0.2
APART = timedelta(hours=84)  # two reports further apart tell two events: no cycle of news lasts longer


def place(
    article: Article,
    reading: Reading,
    candidates: Sequence[Member],
    now: datetime,
    *,
    rarity: Rarity | None = None,
    family: str = "",
) -> Join | Open:
    """Say which candidate's story an article tells, or that it opens one.

    Pure: the same values give the same decision. `candidates` are the members
    of the stories that share one of the article's `probes`; `rarity` is what
    the window knows of how common terms are (counted from the candidates if
    there is none, which is a poorer guide).
    """
    return Window(candidates, rarity=rarity).decide(features(article, reading, family), now)


def same(
    a: tuple[Article, Reading], b: tuple[Article, Reading], *, rarity: Rarity | None = None
) -> tuple[bool, float, str]:
    """Say whether two articles tell one event: verdict, score 0 to 1, reason."""
    first, second = sorted((features(*a), features(*b)), key=lambda one: one.at)
    if first.dated and second.dated and second.at - first.at > APART:
        return False, 0.0, "Published too far apart to be one event."
    known = rarity or Rarity()
    story = Profile(story_id(first.id), first)
    story.add(first, known.vector(first.terms))
    likeness = liken(second, known.vector(second.terms), story, known)
    if likeness.veto is not None:
        return False, likeness.score, f"Alike, but {likeness.veto.detail}."
    return likeness.score >= SAME_AT, likeness.score, _reason(likeness)


def is_copy(a: Article, b: Article) -> bool:
    """Say whether one article is a copy of another: a wire copy is no second source."""
    if a.fingerprint and a.fingerprint == b.fingerprint:
        return True
    nothing = Reading(language="", korea=False, score=0.0)
    return copied(features(a, nothing), features(b, nothing))


def copied(a: Features, b: Features) -> bool:
    """Say the same of features."""
    return containment(a.sketch, b.sketch) >= COPY_SHARE


def _reason(likeness: Likeness) -> str:
    parts = ", ".join(f"{kind} {value:.2f}" for kind, value in likeness.evidence.items())
    return f"Evidence: {parts}; {SAME_AT:.2f} is needed."
