"""What an article says in no language: concepts, kinds, figures, as tokens with weights.

A Korean, an English and a Japanese report of one launch share no letter. They
share what the lexicon calls its concepts, the kinds of things they tell of,
and figures: 340 evacuees are 340 in every script.
"""

from __future__ import annotations

from models.stories.events import Parameters
from models.stories.events.kind_words import COMMONPLACE
from models.values import Reading

# The region's states and seats of power stand in every article and tell none from another.
BACKGROUND = frozenset(
    (
        *("north-korea", "south-korea", "korean-peninsula", "usa", "china", "japan", "russia"),
        *("pyongyang", "seoul", "inter-korean", "military", "us-dprk-talks", "economy"),
        *("kcna", "yonhap", "rodong-sinmun", "domestic-politics-rok", "domestic-politics-dprk"),
    )
)
_FIELD = {"title": 1.0, "lead": 0.7, "body": 0.2}


def facts(reading: Reading, events: Parameters) -> dict[str, float]:
    """Weigh an article's language-independent tokens; 1 for a plain one in the title."""
    found: dict[str, float] = {}
    for hit in reading.hits:
        if hit.concept not in BACKGROUND:
            token = f"c:{hit.concept}"
            found[token] = max(found.get(token, 0.0), _FIELD[hit.field])
    for kind in sorted(events.kinds):  # a sum of floats depends on the order, a set's on the process
        found[f"k:{kind}"] = 0.35 if kind in COMMONPLACE else 0.9
    for stage in sorted(events.stages):
        found[f"s:{stage}"] = 0.9
    for number in events.quantities:
        found[f"n:{number}"] = 0.4 if number < 10 else 0.8 if number < 100 else 1.2
    for number in events.ordinals:
        found[f"o:{number}"] = 1.0
    for number in events.anniversaries:
        found[f"y:{number}"] = 1.0
    return found


def likeness(ours: dict[str, float], others: dict[str, float]) -> float:
    """Compare two articles' facts, 0 to 1: the share of the poorer one's that the richer one has."""
    shared = sum(min(weight, others[token]) for token, weight in ours.items() if token in others)
    least = max(min(sum(ours.values()), sum(others.values())), 2.0)
    return min(1.0, shared / least)
