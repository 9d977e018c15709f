"""Names among an article's words: one term each, and the state that a name speaks for.

Left as words, "North Korean leader Kim Jong Un" is six of them, and any two
stories about him are alike. Topics and events stay words: "trade deal" and
"tariffs" are one concept, and two affairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from models.stories.terms import LEAD_WEIGHT, TITLE_WEIGHT
from models.values import Hidden, Hit, Reading

NAMING = frozenset({"person", "country", "place", "organisation", "media"})
# Entries that gather many people, parties or places under one id: their words tell them apart.
GATHERING = frozenset(
    ("rok-politicians", "rok-former-presidents", "rok-parties", "rok-regions", "dprk-officials")
)
# A headline says Seoul, Lee or South Korea and means the same. The state counts by half: Kim and
# Xi in one headline are nearer to another about Kim and Xi than to any about their two states.
STATE_SHARE = 0.5
_STATES: dict[str, tuple[str, ...]] = {
    "north-korea": ("pyongyang", "kim-jong-un", "kim-yo-jong", "kim-jong-il", "choe-son-hui"),
    "south-korea": (
        *("seoul", "blue-house", "lee-jae-myung", "yoon-suk-yeol", "moon-jae-in", "park-geun-hye"),
        *("cho-hyun", "kang-kyung-wha"),
    ),
    "usa": ("white-house", "us-state-department", "donald-trump", "marco-rubio", "mike-pompeo"),
    "china": ("xi-jinping", "wang-yi"),
    "russia": ("vladimir-putin",),
    "japan": ("shinzo-abe", "sanae-takaichi"),
}
STATE_OF = {name: state for state, names in _STATES.items() for name in names}


def names(reading: Reading) -> Iterator[Hit | Hidden]:
    """Give where names stand that mean one thing alone.

    Once a text names somebody beyond doubt, a doubtful mention of the same
    name is he: 김정은 국무위원장 in a lead tells whose name 김정은 is in the title.
    """
    sure = {hit.concept for hit in reading.hits if hit.kind in NAMING and hit.concept not in GATHERING}
    mentions: tuple[Hit | Hidden, ...] = (*reading.hits, *reading.hidden)
    yield from (mention for mention in mentions if mention.concept in sure)


def name_terms(found_names: Iterable[Hit | Hidden]) -> dict[str, float]:
    """Weigh the names of a title and its lead, and the states they speak for."""
    found: dict[str, float] = {}
    for hit in found_names:
        weight = {"title": TITLE_WEIGHT, "lead": LEAD_WEIGHT}.get(hit.field, 0.0)
        if not weight:
            continue
        found[f"c:{hit.concept}"] = max(weight, found.get(f"c:{hit.concept}", 0.0))
        state = STATE_OF.get(hit.concept)
        if state is not None:
            found[f"c:{state}"] = max(STATE_SHARE * weight, found.get(f"c:{state}", 0.0))
    return found
