"""The decision for one article, and for one pair, without an index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.stories.compare import ELSEWHERE, FADE, irreconcilable
from models.stories.copies import COPY_SHARE, containment
from models.stories.facts import likeness as fact_likeness
from models.stories.features import Features, features
from models.stories.rarity import Rarity
from models.stories.window import Window
from models.values import Article, Join, Member, Open, Reading

SAME_AT = 0.18
SURE_COPY = 0.8  # so much of a text taken over is one text, however its headline turns it,
TOLD_APART = frozenset({"date", "place", "ordinal"})  # unless these tell two events of one template apart
TEMPLATE_SHARE = 0.15
LEAST_WORDS = 0.1  # copies share their openings; where only the ends agree, it is the site's furniture
WORDS_SCALE = 2.5
FACTS_DOUBT = 3.0
FOREIGN_DOUBT = 1.0  # words of two languages say nothing, so facts have to
APART = timedelta(hours=84)  # two reports further apart tell two events: no cycle of news lasts longer


def place(
    article: Article,
    reading: Reading,
    candidates: Sequence[Member],
    now: datetime,
    *,
    rarity: Rarity | None = None,
) -> Join | Open:
    """Say which candidate's story an article tells, or that it opens one.

    Pure: the same values give the same decision. `candidates` are the members
    of the stories that share one of the article's keys; `rarity` is what
    the window knows of how common terms are (counted from the candidates if
    there is none, which is a poorer guide).
    """
    return Window(candidates, rarity=rarity).decide(features(article, reading), now)


def same(
    a: tuple[Article, Reading], b: tuple[Article, Reading], *, rarity: Rarity | None = None
) -> tuple[bool, float, str]:
    """Say whether two articles tell one event: verdict, score 0 to 1, reason.

    The evidence and the vetoes are those of `place`. The threshold is a
    pair's own: whoever asks about two articles has chosen them, where the
    window asks about one article and ten thousand stories.
    """
    return compared(features(*a), features(*b), rarity or Rarity())


def compared(a: Features, b: Features, rarity: Rarity) -> tuple[bool, float, str]:
    """Say the same of features."""
    first, second = sorted((a, b), key=lambda one: one.at)
    if first.dated and second.dated and second.at - first.at > APART:
        return False, 0.0, "Published too far apart to be one event."
    words = closeness(first, second, rarity)
    passages = containment(first.sketch, second.sketch)
    if first.whole and second.whole and passages >= TEMPLATE_SHARE:
        copy = passages >= COPY_SHARE and words > LEAST_WORDS and irreconcilable(first, second) is None
        told = "one is a copy of the other" if copy else "a template or a quotation, not a copy"
        return copy, round(passages, 4), f"Of the shorter text {passages:.0%} stand in the other: {told}."
    score, reason = pair_score(first, second, words)
    if passages >= COPY_SHARE:
        score, reason = max(score, passages), f"Of the shorter text {passages:.0%} stand in the other."
    clash = irreconcilable(first, second)
    if clash is not None and score >= SAME_AT and (passages < SURE_COPY or clash.parameter in TOLD_APART):
        return False, round(score, 4), f"Alike, but {clash.detail}."
    return score >= SAME_AT, round(min(1.0, score), 4), reason


def closeness(a: Features, b: Features, rarity: Rarity) -> float:
    """Compare the words of two articles, weighed by rarity."""
    ours, others = rarity.vector(a.terms), rarity.vector(b.terms)
    return sum(value * others[term] for term, value in ours.items() if term in others)


def pair_score(a: Features, b: Features, words: float) -> tuple[float, str]:
    """Weigh words and facts: the more facts there are, the more they count.

    Words agree by chance less often than they differ by wording, and facts
    the other way round. 김정은 the leader and 김정은 the actress share words
    and no facts; 황해도서 날아오른 발사체 and 탄도미사일 발사 share facts and no words.
    """
    known = min(a.mass, b.mass)
    trust = known / (known + (FACTS_DOUBT if a.language == b.language else FOREIGN_DOUBT))
    shared = fact_likeness(a.facts, b.facts)
    score = (1 - trust) * WORDS_SCALE * words + trust * (0.3 * words + 0.7 * shared)
    if a.korea != b.korea and a.language == b.language:
        score *= ELSEWHERE
    if a.dated and b.dated:
        score *= max(0.0, 1 - FADE * abs((b.at - a.at).total_seconds()) / 86_400)
    return score, f"Words {words:.2f}, facts {shared:.2f}; {score:.2f} of the {SAME_AT:.2f} needed."
