"""Days named in a text, resolved against the day of publication.

"Monday", 12일, 昨日 and завтра mean days only once one knows when and where
they were written. A mention gives the set of days that it may mean: one for a
date in full, two for a weekday that may lie behind or ahead, and one more
where a text in English leaves open whether its day began in Seoul or London.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from models.stories.events import calendar_words as words

_HOME_HOURS = {"ko": 9, "ja": 9, "zh": 8, "vi": 7, "ru": 3, "fr": 1, "de": 1, "es": 1}
_SEOUL = timezone(timedelta(hours=9))


@dataclass(frozen=True, slots=True)
class Mention:
    """A day named in a text: what it may mean, where it stands, how it is used."""

    days: frozenset[date]
    start: int
    end: int
    told: bool = False  # the day on which somebody said so, not the day on which it happened


def local_days(published: datetime, language: str) -> tuple[date, ...]:
    """Give the day of publication where the outlet is; two where that is open.

    A time stored with its own offset tells the zone. Most feeds give UTC: then
    the language's home decides, and English, at home everywhere, gets UTC's
    day and Seoul's.
    """
    if published.utcoffset():
        return (published.date(),)
    home = _HOME_HOURS.get(language)
    if home is not None:
        return (published.astimezone(timezone(timedelta(hours=home))).date(),)
    days = {published.astimezone(UTC).date(), published.astimezone(_SEOUL).date()}
    return tuple(sorted(days))


def mentions(text: str, *, language: str, today: tuple[date, ...]) -> Iterator[Mention]:
    """Find the days that a text names, in the words of its language."""
    taken: list[tuple[int, int]] = []
    for read, found in _found(text, language):
        start, end = found.span()
        if any(start < other_end and end > other_start for other_start, other_end in taken):
            continue
        days = frozenset(day for now in today for day in _days(read, found, now))
        if not days:
            continue
        taken.append((start, end))
        if not _beside(words.UNTIL, text, start, end, language):
            yield Mention(days, start, end, told=_beside(words.TELLING, text, start, end, language))


def _found(text: str, language: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Find what may be a day, and how to read it."""
    lowered = words.lowered(text)
    for shape in words.shapes(language):
        if shape.fits(lowered):
            for pattern in shape.patterns:
                yield from ((shape.read, found) for found in pattern.finditer(text))


def _days(read: str, found: re.Match[str], today: date) -> list[date]:
    groups = found.groupdict()
    if read == "relative":
        return [today + timedelta(days=words.RELATIVE[_key(found.group("word"))])]
    if read == "weekday":
        return _weekday(words.WEEKDAYS[_key(found.group("word"))], today)
    if read == "month-shift":
        shift = words.MONTH_SHIFTS[_key(found.group("word"))]
        month = today.year * 12 + today.month - 1 + shift
        return _day(month // 12, month % 12 + 1, groups["day"])
    if read == "day":
        return _nearest_day_of_month(int(groups["day"]), today)
    month_number = int(groups["month"]) if groups["month"].isdigit() else words.MONTHS[_key(groups["month"])]
    if groups.get("year"):
        return _day(int(groups["year"]), month_number, groups["day"])
    years = [
        day
        for year in (today.year - 1, today.year, today.year + 1)
        for day in _day(year, month_number, groups["day"])
    ]
    return [min(years, key=lambda day: abs((day - today).days))] if years else []


def _key(word: str) -> str:
    return " ".join(word.casefold().rstrip(".").split())


def _day(year: int, month: int, day: str) -> list[date]:
    if not (1 <= month <= 12 and 1 <= year <= 9999 and 1 <= int(day) <= calendar.monthrange(year, month)[1]):
        return []
    return [date(year, month, int(day))]


def _weekday(weekday: int, today: date) -> list[date]:
    """Give the last such day up to today and the next one: the verb decides, we keep both."""
    back = (today.weekday() - weekday) % 7
    past = today - timedelta(days=back)
    return [past] if back == 0 else [past, past + timedelta(days=7)]


def _nearest_day_of_month(day: int, today: date) -> list[date]:
    """Resolve a bare 12일: the nearest twelfth, behind or ahead."""
    found: list[date] = []
    for shift in (-1, 0, 1):
        month = today.year * 12 + today.month - 1 + shift
        if 1 <= month // 12 <= 9999:
            found += _day(month // 12, month % 12 + 1, str(day))
    return [min(found, key=lambda near: abs((near - today).days))] if found else []


def _beside(shapes: words.Shapes, text: str, start: int, end: int, language: str) -> bool:
    """Say whether a mention stands after or before one of a language's set phrases."""
    before, after = shapes.get(language, (None, None))
    if after is not None and after.match(text, end):
        return True
    return before is not None and before.search(text[max(0, start - 60) : start]) is not None
