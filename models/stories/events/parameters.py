"""The parameters of one article's event, and in which of them two articles conflict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.stories.events.dates import local_days, mentions
from models.stories.events.numbers import anniversaries, ordinals, quantities
from models.stories.events.phases import phases
from models.stories.terms import lead_of

_NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What an article says of when, which, how far along and how many."""

    days: tuple[frozenset[date], ...] = ()  # one set of possible days for each mention of the event's day
    told: tuple[frozenset[date], ...] = ()  # and for each mention of a day on which somebody spoke
    ordinals: frozenset[int] = _NOTHING
    anniversaries: frozenset[int] = _NOTHING
    years: frozenset[int] = _NOTHING
    phases: frozenset[str] = frozenset()
    quantities: frozenset[int] = _NOTHING


@dataclass(frozen=True, slots=True)
class Conflict:
    """The parameter that keeps two articles apart, and its two values in words."""

    parameter: str  # "date", "ordinal", "anniversary", "phase", ...
    detail: str  # one sentence for a person


def parameters(title: str, text: str, *, language: str, published: datetime | None) -> Parameters:
    """Read the event parameters of a title and the opening of its text."""
    lead = lead_of(text)
    days: list[frozenset[date]] = []
    told: list[frozenset[date]] = []
    if published is not None:
        today = local_days(published, language)
        for part in (title, lead):
            for mention in mentions(part, language=language, today=today):
                (told if mention.told else days).append(mention.days)
    both = f"{title}. {lead}"
    return Parameters(
        days=tuple(days),
        told=tuple(told),
        ordinals=ordinals(both),
        anniversaries=anniversaries(both),
        phases=phases(title, lead, language),
        quantities=quantities(both),
    )


def conflict(a: Parameters, b: Parameters) -> Conflict | None:
    """Name the first parameter in which two articles cannot tell one event."""
    for name, ours, others in (
        ("ordinal", a.ordinals, b.ordinals),
        ("anniversary", a.anniversaries, b.anniversaries),
    ):
        if ours and others and not ours & others:
            return Conflict(name, f"{name} {_list(ours)} against {_list(others)}")
    if (clash := _phase_conflict(a.phases, b.phases)) is not None:
        return clash
    return _day_conflict(a, b)


def agreement(a: Parameters, b: Parameters) -> int:
    """Count the parameters in which two articles agree: days, ordinals, figures."""
    same_day = any(ours & others for ours in a.days for others in b.days)
    return (
        same_day
        + bool(a.ordinals & b.ordinals)
        + bool(a.anniversaries & b.anniversaries)
        + len(a.quantities & b.quantities)
    )


def _phase_conflict(ours: frozenset[str], others: frozenset[str]) -> Conflict | None:
    if ("begin" in ours and "end" in others and not {"end"} & ours and not {"begin"} & others) or (
        "end" in ours and "begin" in others and not {"begin"} & ours and not {"end"} & others
    ):
        return Conflict("phase", "one tells the beginning, the other the end")
    if "deny" in ours ^ others and (ours or others):
        return Conflict("denial", "one tells a denial, the other does not")
    return None


def _day_conflict(a: Parameters, b: Parameters) -> Conflict | None:
    if a.days and b.days:
        ours, others = a.days, b.days
    elif a.told and b.told:
        ours, others = a.told + a.days, b.told + b.days
    else:
        return None
    if any(one & other for one in ours for other in others):
        return None
    return Conflict("date", f"{_days(ours)} against {_days(others)}")


def _days(sets: tuple[frozenset[date], ...]) -> str:
    return ", ".join(sorted({min(days).isoformat() for days in sets}))


def _list(numbers: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))
