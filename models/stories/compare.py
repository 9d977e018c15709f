"""How much two articles, or an article and a story, speak of one event."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.stories.copies import COPY_SHARE, containment
from models.stories.events import Conflict, conflict
from models.stories.facts import likeness as fact_likeness
from models.stories.features import Features
from models.stories.profile import Profile
from models.stories.rarity import Rarity

JOIN_AT = 0.17
OWNERSHIP = 2.0
FADE = 0.25  # of the score, for each day between an article and its story
DRIFT = 0.33  # of the score, for each day between an article and its story's anchor, after the first half day
SINGLY = 8  # members of a story that are compared one by one: the anchor and the newest
FACTS_AT = 0.45  # from here on, facts alone make two articles of two languages one story
FACTS_SCALE = JOIN_AT / FACTS_AT
LEAST_FACTS = 1.5  # with fewer in common, facts agree by chance


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 to 1, what it is made of, and what speaks against."""

    score: float
    evidence: dict[str, float] = field(default_factory=dict)
    nearest: Features | None = None
    veto: Conflict | None = None


def liken(article: Features, vector: dict[str, float], story: Profile, rarity: Rarity) -> Likeness:
    """Compare an article with a story.

    Words are compared with the story's mean, passages and facts with its
    anchor and newest members, where the pair comes near enough for it.
    """
    text = story.cosine(vector) + OWNERSHIP * story.ownership(vector, rarity)
    fading = _fading(article, story)
    foreign = article.language not in story.languages
    if not foreign and text * fading < JOIN_AT / 2:
        return Likeness(text * fading, {"text": text}, story.anchor)
    evidence = {"text": text}
    members = story.compared(SINGLY)
    nearest, closest, clashes = members[0], -1.0, []
    for member in members:
        closeness = overlap(article.terms, member.terms)
        share = containment(article.sketch, member.sketch) if closeness > 0.2 else 0.0
        facts = _shared_facts(article, member)
        if max(closeness, share, facts) > closest:
            nearest, closest = member, max(closeness, share, facts)
        if share >= COPY_SHARE:
            evidence["copy"] = max(share, evidence.get("copy", 0.0))
        if facts and article.language != member.language:
            evidence["facts"] = max(facts * FACTS_SCALE, evidence.get("facts", 0.0))
        clash = conflict(article.events, member.events)
        if clash is not None:
            clashes.append(clash)
    veto = clashes[0] if len(clashes) * 2 > len(members) else None
    return Likeness(min(1.0, max(evidence.values()) * fading), evidence, nearest, veto)


def _fading(article: Features, story: Profile) -> float:
    if not article.dated:
        return 1.0
    since = max(0.0, (article.at - story.first).total_seconds() / 86_400 - 0.5)
    return max(0.0, 1 - FADE * story.age_of(article.at) / 24) * max(0.0, 1 - DRIFT * since)


def _shared_facts(article: Features, member: Features) -> float:
    shared = sum(
        min(weight, member.facts[token]) for token, weight in article.facts.items() if token in member.facts
    )
    return fact_likeness(article.facts, member.facts) if shared >= LEAST_FACTS else 0.0


def overlap(ours: dict[str, float], others: dict[str, float]) -> float:
    """Give the share of the shorter article's terms that stand in the other."""
    if not ours or not others:
        return 0.0
    small, large = (ours, others) if len(ours) <= len(others) else (others, ours)
    return sum(1 for term in small if term in large) / len(small)
