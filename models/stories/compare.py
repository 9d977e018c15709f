"""How much two articles, or an article and a story, speak of one event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.stories.copies import COPY_SHARE, containment
from models.stories.events import Conflict, conflict
from models.stories.events.kind_words import COMMONPLACE
from models.stories.facts import likeness as fact_likeness
from models.stories.features import Features, Heading
from models.stories.parties import party_conflict
from models.stories.profile import Profile
from models.stories.rarity import Rarity

JOIN_AT = 0.15
OWNERSHIP = 1.9
FADE = 0.25  # of the score, for each day between an article and its story
DRIFT = 0.5  # of the score, for each day between an article and its story's anchor, after the first half day
FACTS_GAIN = 0.3  # what facts in full agreement add to the words of one language
FACTS_DOUBT = 2.0  # facts that we pretend the poorer article has besides, none of them shared
FACTS_AT = 0.45  # from here on, facts alone make two articles of two languages one story
OTHER_SUBJECT = 0.8  # of the score, where article and story tell of kinds of things and share none
ELSEWHERE = 0.5  # of the score, where an article is about the peninsula and a story in its language is not
MARKET_DAY = 0.5  # of the score, where a market's day would join a story of what moved the market
LEAST_FACTS = 1.5  # with fewer in common, facts agree by chance
NEARLY = 0.8  # of the words' score that a close look needs, and the members are brought
RARE_FACT = 0.7  # the weight of a fact that is not told of everything


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 to 1, what it is made of, and what speaks against."""

    score: float
    evidence: dict[str, float] = field(default_factory=dict)
    nearest: Heading | None = None
    veto: Conflict | None = None


def liken(article: Features, vector: dict[str, float], story: Profile, rarity: Rarity) -> Likeness:
    """Compare an article with a story.

    Words are compared with the story's mean, passages and facts with its
    anchor and newest members, where the pair comes near enough for it.
    """
    text, fading = _words(article, vector, story, rarity)
    members = story.compared() if _worth_a_look(article, story, text * fading) else []
    if not members:
        return Likeness(text * fading, {"text": text}, story.anchor)
    doubt, evidence = _doubt(article, story, rarity), {"text": text}
    nearest, closest, clashes = members[0], -1.0, list[Conflict | None]()
    for member in members:
        closeness = overlap(article.terms, member.terms)
        share = containment(article.sketch, member.sketch) if closeness > 0.2 else 0.0
        shared = fact_likeness(article.facts, member.facts)
        if max(closeness, share, shared) > closest:
            nearest, closest = member, max(closeness, share, shared)
        if share >= COPY_SHARE:
            _raise(evidence, "copy", share)
        _raise(evidence, "facts", FACTS_GAIN * doubt * shared * _trust(article, member))
        if article.language != member.language and enough_shared(article, member):
            _raise(evidence, "foreign", shared * JOIN_AT / FACTS_AT)
        clashes.append(irreconcilable(article, member))
    told = (text + evidence["facts"]) * _shared_subject(article, story, members)
    score = max(told, evidence.get("copy", 0.0), evidence.get("foreign", 0.0)) * fading
    return Likeness(min(1.0, score), evidence, nearest, _veto(clashes))


def asks(article: Features, vector: dict[str, float], story: Profile, rarity: Rarity) -> bool:
    """Say whether the members of a story have to be at hand to compare it with an article.

    A little before they must: the articles of a batch shift each other's words.
    """
    text, fading = _words(article, vector, story, rarity)
    return _worth_a_look(article, story, text * fading / NEARLY)


def _words(
    article: Features, vector: dict[str, float], story: Profile, rarity: Rarity
) -> tuple[float, float]:
    """Compare an article's words with a story's mean; give that, and how far time takes from it."""
    cosine, ownership = story.weigh(vector, rarity)
    return (cosine + OWNERSHIP * ownership) * _doubt(article, story, rarity), _fading(article, story)


def _doubt(article: Features, story: Profile, rarity: Rarity) -> float:
    """Without dates nothing speaks against, and two essays on one saga share its words and its facts."""
    return 1.0 if article.dated and story.anchor.dated else rarity.trust


def _worth_a_look(article: Features, story: Profile, score: float) -> bool:
    """Whether facts and passages may still bring an article to a story, or words cannot tell."""
    return score >= JOIN_AT / 2 or article.language not in story.languages


def _veto(clashes: Sequence[Conflict | None]) -> Conflict | None:
    """Name what keeps an article out of a story: a conflict with more than half of its members.

    Half is enough where the anchor, which comes first, is about other states: it says whose story it is.
    """
    found = [clash for clash in clashes if clash is not None]
    if len(found) * 2 > len(clashes):
        return found[0]
    anchors = clashes[0]
    tied = len(found) * 2 == len(clashes) and anchors is not None and anchors.parameter == "party"
    return anchors if tied else None


def _shared_subject(article: Features, story: Profile, members: Sequence[Features]) -> float:
    """Say what is left of a score where an article tells of another kind of thing than a story."""
    left = 1.0
    if _of_other_subject(article, members):
        left *= OTHER_SUBJECT
    if article.korea and article.language in story.languages and not any(one.korea for one in members):
        left *= ELSEWHERE
    if article.events.session and not any(one.events.session for one in members):
        left *= MARKET_DAY
    return left


def _of_other_subject(article: Features, members: Sequence[Features]) -> bool:
    """Say whether an article tells of an heir where the story tells of drones: one leader, two affairs."""
    ours = article.events.kinds - COMMONPLACE
    others = frozenset().union(*(member.events.kinds for member in members)) - COMMONPLACE
    return bool(ours) and bool(others) and ours.isdisjoint(others)


def _raise(evidence: dict[str, float], kind: str, value: float) -> None:
    evidence[kind] = max(value, evidence.get(kind, 0.0))


def _trust(a: Features, b: Features) -> float:
    known = min(a.mass, b.mass)
    return known / (known + FACTS_DOUBT)


def _fading(article: Features, story: Profile) -> float:
    since = max(0.0, (article.hour - story.first) / 24 - 0.5)
    return max(0.0, 1 - FADE * story.age_of(article.hour) / 24) * max(0.0, 1 - DRIFT * since)


def irreconcilable(a: Features, b: Features) -> Conflict | None:
    """Name what keeps two articles apart, whatever their words: an event parameter, or the states.

    A market's day is told by whichever of its markets comes to mind: Seoul leads Asia up, China lags.
    """
    clash = conflict(a.events, b.events)
    if clash is not None or (a.events.session and b.events.session):
        return clash
    return party_conflict(a.parties, b.parties)


def enough_shared(a: Features, b: Features) -> bool:
    """Say whether two articles share several facts, at least one of them not told of everything."""
    shared = [min(weight, b.facts[token]) for token, weight in a.facts.items() if token in b.facts]
    return len(shared) > 1 and sum(shared) >= LEAST_FACTS and max(shared) >= RARE_FACT


def overlap(ours: dict[str, float], others: dict[str, float]) -> float:
    """Give the share of the shorter article's terms that stand in the other."""
    if not ours or not others:
        return 0.0
    return len(ours.keys() & others.keys()) / min(len(ours), len(others))
