"""How much two articles, or an article and a story, speak of one event."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.stories.copies import COPY_SHARE, containment
from models.stories.events import Conflict, agreement, conflict
from models.stories.features import Features
from models.stories.profile import Profile
from models.stories.rarity import Rarity

JOIN_AT = 0.25
OWNERSHIP = 1.5
CONCEPT_SHARE = 0.6
BACKGROUND_CONCEPTS = frozenset(
    {"north-korea", "south-korea", "korean-peninsula", "usa", "china", "japan", "russia"}
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 to 1, what it is made of, and what speaks against."""

    score: float
    evidence: dict[str, float] = field(default_factory=dict)
    nearest: Features | None = None
    veto: Conflict | None = None


def liken(article: Features, vector: dict[str, float], story: Profile, rarity: Rarity) -> Likeness:
    """Compare an article with a story."""
    evidence = {"text": story.cosine(vector) + OWNERSHIP * story.ownership(vector, rarity)}
    members = story.compared()
    nearest, closest, copy = members[0], -1.0, 0.0
    clashes: list[Conflict] = []
    agreeing = 0
    for member in members:
        closeness = overlap(article.terms, member.terms)
        share = containment(article.sketch, member.sketch) if closeness > 0.2 else 0.0
        if max(closeness, share) > closest:
            nearest, closest = member, max(closeness, share)
        copy = max(copy, share)
        clash = conflict(article.events, member.events)
        if clash is not None:
            clashes.append(clash)
        agreeing += agreement(article.events, member.events) > 0
    if copy >= COPY_SHARE:
        evidence["copy"] = copy
    if article.language != nearest.language or evidence["text"] < JOIN_AT:
        evidence["concepts"] = concept_likeness(article, story.concepts, story.members, rarity)
    veto = clashes[0] if len(clashes) * 2 > len(members) or (clashes and not agreeing) else None
    return Likeness(min(1.0, _combined(evidence)), evidence, nearest, veto)


def _combined(evidence: dict[str, float]) -> float:
    return max(evidence["text"], evidence.get("copy", 0.0), evidence.get("concepts", 0.0))


def overlap(ours: dict[str, float], others: dict[str, float]) -> float:
    """Give the share of the shorter article's terms that stand in the other."""
    if not ours or not others:
        return 0.0
    small, large = (ours, others) if len(ours) <= len(others) else (others, ours)
    return sum(1 for term in small if term in large) / len(small)


def concept_likeness(article: Features, concepts: dict[str, float], members: int, rarity: Rarity) -> float:
    """Compare concepts, weighed by rarity: what a Korean and an English report share.

    The states of the region stand in every article and count for nothing.
    """
    ours = {
        c: w * rarity.weight("c:" + c) for c, w in article.concepts.items() if c not in BACKGROUND_CONCEPTS
    }
    others = {
        c: w / members * rarity.weight("c:" + c) for c, w in concepts.items() if c not in BACKGROUND_CONCEPTS
    }
    shared = sum(min(ours[c], others[c]) for c in ours if c in others)
    total = sum(ours.values()) + sum(others.values()) - shared
    return CONCEPT_SHARE * shared / total if total else 0.0
