"""The values that `watch.toml` may hold: durations, zones, languages, names, rates, hours of the day."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, ConfigDict

from models.text import no_language, primary_language
from models.values import Rate

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}  # seconds
_LONGEST = timedelta(days=365_000)  # a time so long ago can still be written as a date


def duration(value: object) -> timedelta:
    """Read "90s", "15m", "48h" or "3d".

    Raises:
        ValueError: it is none of these, or too long.

    """
    match = re.fullmatch(r"(\d{1,18})\s*([smhd])", str(value).strip())
    if not match:
        raise ValueError(f'"{value}" is not a duration; write a number and s, m, h or d, as in "15m"')
    seconds = int(match[1]) * _UNITS[match[2]]
    if seconds > _LONGEST.total_seconds():
        raise ValueError(f'"{value}" is too long; write at most "{_LONGEST.days}d"')
    return timedelta(seconds=seconds)


def zone(value: str) -> str:
    """Give the name of a time zone back.

    Raises:
        ValueError: there is none of that name.

    """
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{value}" is no time zone; write one like "Asia/Seoul"') from None
    return value


def _language(value: str) -> str:
    if problem := no_language(value):
        raise ValueError(problem)
    return primary_language(value) or value


def _labels(value: str) -> str:
    if (language := _language(value)) not in {"en", "ko"}:
        raise ValueError(f'there are no labels in "{value}"; write "en" or "ko"')
    return language


def _name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,99}", value):
        raise ValueError(f'"{value}" is not a name; use lower-case letters, digits, "-", "." and "_"')
    return value


def _rate(value: object) -> Rate | None:
    if value in (None, ""):
        return None
    match = re.fullmatch(r"(\d{1,5})/(\d{0,4}[smhd])", str(value).strip())
    if not match or int(match[1]) == 0:
        raise ValueError(f'"{value}" is not a rate; write a number and a duration, as in "20/h" or "1/10s"')
    per = match[2] if match[2][0].isdigit() else f"1{match[2]}"
    return Rate(count=int(match[1]), per=duration(per))


def _hour(value: object) -> time:
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", str(value).strip())
    if not match:
        raise ValueError(f'"{value}" is not an hour of the day; write it like "07:30"')
    return time(int(match[1]), int(match[2]))


def _hours(value: object) -> tuple[time, time] | None:
    if value in (None, ""):
        return None
    start, _, end = str(value).partition("-")
    hours = _hour(start), _hour(end)
    if hours[0] == hours[1]:
        raise ValueError(f'"{value}" is all of the day or none; write it like "23:00-07:00"')
    return hours


Duration = Annotated[timedelta, BeforeValidator(duration)]
RateOf = Annotated[Rate | None, BeforeValidator(_rate)]
Hour = Annotated[time, BeforeValidator(_hour)]
Hours = Annotated[tuple[time, time] | None, BeforeValidator(_hours)]
Zone = Annotated[str, AfterValidator(zone)]
Language = Annotated[str, AfterValidator(_language)]
Labels = Annotated[str, AfterValidator(_labels)]
Name = Annotated[str, AfterValidator(_name)]


STRICT = ConfigDict(extra="forbid", frozen=True)
