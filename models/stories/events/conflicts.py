"""In which parameter two articles cannot tell one event, and in which they agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from models.stories.events.parameters import Parameters
from models.stories.events.stages import course_of


@dataclass(frozen=True, slots=True)
class Conflict:
    """The parameter that keeps two articles apart, and its two values in words."""

    parameter: str  # "ordinal", "anniversary", "weapon", "actor", "sphere", "place", "phase", "stage", ...
    detail: str  # half a sentence for a person


def conflict(a: Parameters, b: Parameters) -> Conflict | None:
    """Name the first parameter in which two articles cannot tell one event.

    Only what identifies an event is asked. Figures are not: a later report
    that says three missiles where the first said two puts it right, and one
    that says 340 evacuated where the first said 260 counts on. Two events of
    one kind differ in a day, a number of their series, a place or a phase.
    """
    return (
        _apart("ordinal", a.ordinals, b.ordinals)
        or _apart("anniversary", a.anniversaries, b.anniversaries)
        or _apart("weapon", a.weapons, b.weapons)
        or _apart("actor", a.doers, b.doers)
        or _apart("sphere", a.spheres, b.spheres)
        or _place_conflict(a, b)
        or _phase_conflict(a, b)
        or _stage_conflict(a, b)
        or _plan_conflict(a, b)
        or _plan_conflict(b, a)
        or _day_conflict(a, b)
    )


def agreement(a: Parameters, b: Parameters) -> int:
    """Count the parameters in which two articles agree."""
    return (
        bool(a.day & b.day)
        + bool(a.ordinals & b.ordinals)
        + bool(a.anniversaries & b.anniversaries)
        + bool(a.weapons & b.weapons)
        + bool(a.title_sites & b.title_sites)
        + len(a.quantities & b.quantities)
    )


def _apart(
    name: str, ours: frozenset[int] | frozenset[str], others: frozenset[int] | frozenset[str]
) -> Conflict | None:
    if ours and others and ours.isdisjoint(others):
        return Conflict(name, f"{name} {_list(ours)} against {_list(others)}")
    return None


def _place_conflict(a: Parameters, b: Parameters) -> Conflict | None:
    """Compare where it happened; a place that the other names too, if only by the way, is no conflict."""
    if a.title_sites & b.places or b.title_sites & a.places:
        return None
    return _apart("place", a.title_sites, b.title_sites)


def _phase_conflict(a: Parameters, b: Parameters) -> Conflict | None:
    ours, others = a.phases, b.phases
    for one, other in (("begin", "end"), ("end", "begin")):
        if one in ours and other in others and other not in ours and one not in others:
            return Conflict("phase", "one tells the beginning, the other the end")
    if ("deny" in ours and not {"deny", "mentions denial"} & others) or (
        "deny" in others and not {"deny", "mentions denial"} & ours
    ):
        return Conflict("denial", "one tells a denial, the other does not")
    return None


def _stage_conflict(a: Parameters, b: Parameters) -> Conflict | None:
    """Keep two steps of one case or one motion apart; on one day they may be told as one."""
    if not a.stages or not b.stages or not a.published or not b.published:
        return None
    if not a.published.isdisjoint(b.published):
        return None
    for course in sorted({course_of(stage) for stage in a.stages}):
        ours, others = (
            frozenset(stage for stage in one.stages if course_of(stage) == course) for one in (a, b)
        )
        if others and ours.isdisjoint(others):
            return Conflict("stage", f"one tells of {_list(ours)}, the other of {_list(others)}")
    return None


def _plan_conflict(plan: Parameters, deed: Parameters) -> Conflict | None:
    """Keep a plan for a day to come and the deed of that day apart."""
    if "plan" not in plan.phases or "plan" in deed.phases or not plan.published or not deed.published:
        return None
    ahead = [min(days) for days in plan.days if min(days) > max(plan.published)]
    if ahead and max(deed.published) >= min(ahead):
        return Conflict("plan", f"one plans for {min(ahead).isoformat()}, the other tells of the day itself")
    return None


def _day_conflict(a: Parameters, b: Parameters) -> Conflict | None:
    """Compare the days of two events; each must be one day, beyond doubt.

    Where a report gives its event no day but that of the statement about it
    (합참은 12일 … 밝혔다), that is the day of the event; of what
    state media say, the day after it.
    """
    if a.session and b.session and a.published and b.published and a.published.isdisjoint(b.published):
        return Conflict("date", f"market days {_days(a.published)} against {_days(b.published)}")
    if not a.sharp and not b.sharp:
        return (
            None  # "on Monday" and "Tuesday" in two leads are steps of one affair more often than two affairs
        )
    ours, others = a.day, b.day
    if not ours and not a.days and b.days:
        ours = _stated(a)
    if not others and not b.days and a.days:
        others = _stated(b)
    if not a.days and not b.days and a.told and b.told:
        ours, others = _stated(a), _stated(b)
    if ours and others and ours.isdisjoint(others):
        return Conflict("date", f"{_days(ours)} against {_days(others)}")
    return None


def _stated(article: Parameters) -> frozenset[date]:
    told = frozenset.union(*article.told) if article.told else frozenset()
    return told | {day - timedelta(days=1) for day in told} if article.late else told


def _days(days: frozenset[date]) -> str:
    return " or ".join(day.isoformat() for day in sorted(days))


def _list(values: frozenset[int] | frozenset[str]) -> str:
    return ", ".join(sorted(map(str, values)))
