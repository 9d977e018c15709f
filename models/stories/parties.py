"""The states that a report is about, whoever speaks for them.

Seoul, the Blue House and Lee are one party, South Korea. Sanctions against
Russian banks and sanctions against Chinese traders share a day, a ministry
and most of their words; the states they name tell them apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.stories.events import Conflict
from models.stories.names import STATE_OF
from models.values import Reading

# Whatever happens, Washington is asked about it, and the war in Ukraine is named for where it is: such a
# name in a headline marks a comment or a circumstance as often as a party.
_CIRCUMSTANCES = frozenset({"usa", "ukraine"})
_OFFICES: dict[str, str] = {
    "north-korea": "wpk wpk-central-committee kpa dprk-foreign-ministry academy-of-defense-science spa kcna "
    "lazarus-group rodong-sinmun kim-ju-ae kim-il-sung ri-yong-ho kim-song kim-son-gyong kim-yong-chol "
    "choe-ryong-hae kim-tok-hun pak-thae-song jo-yong-won no-kwang-chol dprk-officials",
    "south-korea": "rok-jcs unification-ministry nis chung-eui-yong suh-hoon kim-yong-hyun chung-dong-young "
    "ahn-gyu-back wi-sung-lac lee-jong-seok kim-min-seok rok-former-presidents rok-politicians rok-parties",
}
_STATE_OF = {name: state for state, names in _OFFICES.items() for name in names.split()} | STATE_OF
_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Parties:
    """The states that an article's title names, and those that stand in it anywhere."""

    of_title: frozenset[str] = _NOBODY
    everywhere: frozenset[str] = _NOBODY


def parties(reading: Reading) -> Parties:
    """Find the states that an article names, by themselves or by those who speak for them."""
    of_title: set[str] = set()
    everywhere: set[str] = set()
    for hit in reading.hits:
        state = hit.concept if hit.kind == "country" else _STATE_OF.get(hit.concept)
        if state is not None and state not in _CIRCUMSTANCES:
            everywhere.add(state)
            if hit.field == "title":
                of_title.add(state)
    everywhere.update(
        _STATE_OF[doubtful.concept] for doubtful in reading.hidden if doubtful.concept in _STATE_OF
    )
    return Parties(frozenset(of_title), frozenset(everywhere))


def party_conflict(a: Parties, b: Parties) -> Conflict | None:
    """Keep apart two articles each of which is headed by a state that the other never names."""
    ours, others = a.of_title - b.everywhere, b.of_title - a.everywhere
    if ours and others:
        return Conflict(
            "party", f"one is about {', '.join(sorted(ours))}, the other about {', '.join(sorted(others))}"
        )
    return None
