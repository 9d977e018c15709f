"""The parameters of one article's event."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from models.stories.events.actors import doers
from models.stories.events.dates import local_days, mentions
from models.stories.events.kind_words import WEAPONS
from models.stories.events.kinds import kinds
from models.stories.events.numbers import anniversaries, ordinals, quantities
from models.stories.events.phases import phases
from models.stories.events.places import places, sites
from models.stories.events.sessions import tells_session
from models.stories.events.spheres import spheres
from models.stories.events.stages import stages
from models.stories.terms import lead_of

# Each of these begins with a letter, by which it is searched for: [Ss]tate made that ten times slower.
_STATE_MEDIA = re.compile(
    r"조선중앙|중앙통신|노동신문|朝鮮中央|労働新聞|朝中社|朝鲜中央|劳动新闻|勞動新聞|"
    r"KCNA|Rodong|State media|state media|ЦТАК|Нодон синмун|гос\w+ СМИ|médias? d'[ÉE]tat|"
    r"Staatsmedien|staatliche Medien|medios estatales|truyền thông nhà nước"
)
_NUMBERS: frozenset[int] = frozenset()
_NAMES: frozenset[str] = frozenset()
_DAYS: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What an article says of when, which, where, who, how far along and how many."""

    published: frozenset[date] = _DAYS  # the day of publication where the outlet is, or its two candidates
    days: tuple[frozenset[date], ...] = ()  # one set of possible days for each mention of the event's day
    told: tuple[frozenset[date], ...] = ()  # and for each mention of a day on which somebody spoke
    sharp: bool = False  # a day stands in the title or as a date, not only as a weekday of the lead
    session: bool = False  # tells how a market's day went, which is the day of publication
    late: bool = False  # tells what state media said, which is the day after
    ordinals: frozenset[int] = _NUMBERS
    anniversaries: frozenset[int] = _NUMBERS
    quantities: frozenset[int] = _NUMBERS
    phases: frozenset[str] = _NAMES
    stages: frozenset[str] = _NAMES  # how far a case at law or a motion has come, by the title
    kinds: frozenset[str] = _NAMES  # what the report is about: "balloon", "wildfire"
    weapons: frozenset[str] = _NAMES  # those of the title, else those of the lead
    doers: frozenset[str] = _NAMES  # which Korea acts
    spheres: frozenset[str] = _NAMES  # "state", "show", "sport", "learning": what its people are called
    places: frozenset[str] = _NAMES
    title_sites: frozenset[str] = _NAMES  # sites and towns that the title names, else the lead

    @property
    def day(self) -> frozenset[date]:
        """The days on which all mentions of the event's day agree; often none."""
        return frozenset.intersection(*self.days) if self.days else _DAYS


def parameters(title: str, text: str, *, language: str, published: datetime | None) -> Parameters:
    """Read the event parameters of a title and the opening of its text."""
    lead = lead_of(text)
    today = local_days(published, language) if published is not None else ()
    days: list[frozenset[date]] = []
    told: list[frozenset[date]] = []
    undated: list[str] = []
    sharp = False
    for part in (title, lead):
        left = part
        for mention in mentions(part, language=language, today=today) if today and part else ():
            (told if mention.told else days).append(mention.days)
            sharp = (
                sharp or part is title or any(sign.isdigit() for sign in part[mention.start : mention.end])
            )
            left = left[: mention.start] + " " * (mention.end - mention.start) + left[mention.end :]
        undated.append(left)
    of_title, of_lead = kinds(title, language), kinds(lead, language)
    at_title, at_lead = places(title), places(lead)
    return Parameters(
        published=frozenset(today),
        days=tuple(days),
        told=tuple(told),
        sharp=sharp,
        session=tells_session(title),
        late=_STATE_MEDIA.search(f"{title} {lead}") is not None,
        ordinals=ordinals(undated[0], language) or ordinals(undated[1], language),
        anniversaries=anniversaries(title) or (anniversaries(lead) if lead else _NUMBERS),
        quantities=quantities(". ".join(undated)),
        phases=phases(title, lead, language),
        stages=stages(title, language),
        kinds=of_title | of_lead,
        weapons=_weapons(of_title) or _weapons(of_lead),
        doers=doers(title, language),
        spheres=spheres(f"{title} {lead}", language),
        places=at_title | at_lead,
        title_sites=sites(at_title) or sites(at_lead),
    )


_MISSILES = frozenset({"ballistic", "cruise", "air-defence", "rocket-launcher"})


def _weapons(found: frozenset[str]) -> frozenset[str]:
    """Pick the weapons; a missile of no class named may be of any."""
    weapons = found & WEAPONS.keys()
    return weapons | _MISSILES if weapons and "missile" in found and not weapons & _MISSILES else weapons
