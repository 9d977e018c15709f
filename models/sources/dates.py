"""What people write for a time, read by us before feedparser may guess.

feedparser reads dates without a zone and the literal `KST` as UTC, nine hours
off, and `2026. 1. 2. 오전 10:00` as the first of November. A wrong date is worse
than none: an undated item alerts, one dated last month is taken for old.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janv janvier januar jänner ene enero янв января январь",
            "feb february févr février fevrier fév février februar febrero фев февр февраля февраль",
            "mar march mars mär märz mrz marzo мар марта март",
            "apr april avr avril abr abril апр апреля апрель",
            "may mai mayo мая май",
            "jun june juin juni junio июн июня июнь",
            "jul july juil juillet juli julio июл июля июль",
            "aug august août aout agosto ago авг августа август",
            "sep sept september septembre septiembre set сен сент сентября сентябрь",
            "oct october octobre okt oktober octubre окт октября октябрь",
            "nov november novembre noviembre ноя нояб ноября ноябрь",
            "dec december déc décembre decembre dez dezember dic diciembre дек декабря декабрь",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))

# Zone names that the web's feeds use; others are read in the feed's own zone. CST is left out:
# it is Chicago in English feeds and Shanghai in Chinese ones.
_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "WEST": 1, "CEST": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "ICT": 7, "HKT": 8, "SGT": 8, "PHT": 8, "KST": 9, "JST": 9, "AEST": 10, "AEDT": 11,
    "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip

_DAYS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # 2026-11-22, 2026/11/22, 2026. 11. 22., 2026년 11월 22일, 2026年11月22日, 주체115(2026)년 11월 22일
        r"(?<!\d)(?:(?:주체|主体)\d{2,3}\s?\()?(?P<year>\d{4})\)?\s?[-./년年]\s?(?P<month>\d{1,2})\s?[-./월月]\s?(?P<day>\d{1,2})(?!\d)\s?[일日號号.]?",
        # 20261122T140000, 20261122140000, 202611221400
        r"(?<!\d)(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?=T\d|\d{4}(?:\d\d)?(?!\d)|$)",
        # 22 Nov 2026, 22. November 2026, 22 de noviembre de 2026, 22 Nov 26 14:00
        (
            rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?[.\s-]\s?(?:de\s)?(?P<name>{_MONTH})[.,]?(?:\sde)?[\s-]"
            r"(?P<year>\d{4}|\d{2}(?=\s\d{1,2}:))(?!\d)"
        ),
        # November 22, 2026
        rf"(?<!\w)(?P<name>{_MONTH})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}})(?!\d)",
        # Sun Nov 22 14:00:00 2026
        rf"(?<!\w)(?P<name>{_MONTH})\s+(?P<day>\d{{1,2}})(?=\s[\d:]{{5,8}}\s(?:[A-Z]{{1,4}}\s)?(?P<year>\d{{4}}))",
        # 22.11.2026 (German, Russian)
        r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)",
        # 22 tháng 11 năm 2026, 22 Th11 2026
        (
            r"(?<!\d)(?P<day>\d{1,2})\s(?:tháng|thg|th)\.?\s?(?P<month>\d{1,2})(?:,|\snăm)?\s"
            r"(?P<year>\d{4})(?!\d)"
        ),
        # 22/11/2026, 11-22-2026: only where one of the two readings is possible
        r"(?<!\d)(?P<day>1[3-9]|2\d|3[01])[/-](?P<month>\d{1,2})[/-](?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<month>\d{1,2})[/-](?P<day>1[3-9]|2\d|3[01])[/-](?P<year>\d{4})(?!\d)",
    )
)
# Of two digits a year is told from a day by who writes: 26.11.22 in Seoul is 22.11.26 in Berlin.
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<year>\d{2})[-./](?P<month>\d{2})[-./](?P<day>\d{2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d.])(?P<day>\d{2})\.(?P<month>\d{2})\.(?P<year>\d{2})(?!\d)")
_EAST_ASIA = frozenset({"Asia/Seoul", "Asia/Pyongyang", "Asia/Tokyo", "Asia/Shanghai", "Asia/Taipei"})
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff가-힣]")
_CLOCK = re.compile(
    r"(?P<half>오전|오후|午前|午後|上午|下午|[AP]\.?M\.?(?!\w))?\s*"
    r"(?P<hour>\d{1,2})\s*(?:[:시時时点點h](?![간間间])|(?=[AP]\.?M\.?(?!\w)))\s*(?P<minute>\d{2})?\s?[분分]?(?:[:\s]?(?P<second>\d{2})(?!\d)(?:[.,]\d+|초|秒)?)?"
    r"\s*(?P<late>[AP]\.?M\.?(?!\w))?",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"\s*\(?(?P<name>[A-Z]{1,4})?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?(?!\d)", re.IGNORECASE
)
_NAMED = re.compile(r"\s*\(?(?P<name>[A-Z]{1,4})(?![A-Z])")
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d+)?")
_COMPACT = re.compile(r"(?:(?<=T)|\A)(\d{2})(\d{2})(\d{2})?(?!\d|:)")
_AFTERNOON = ("오후", "午後", "下午", "p")
_LONGEST = 200


def read_date(text: str, zone: str = "UTC") -> datetime | None:
    """Return the time that a text names, aware UTC, or None.

    A time without a zone is in `zone`, an IANA name; a day without a time is
    its midnight there. Never raises for a text; an unknown zone is UTC.
    """
    found = find_date(text, zone)
    return found[0] if found else None


def find_date(text: str, zone: str = "UTC") -> tuple[datetime, str] | None:
    """Return the time that a text names and what of the text is not part of it."""
    text = text.strip()[:_LONGEST]
    epoch = _EPOCH.fullmatch(text)
    try:
        if epoch:
            return datetime.fromtimestamp(int(epoch.group(1)), UTC), ""
        forms = _DAYS + _short(text, zone)
        return next((read for form in forms if (read := _read(text, form, zone))), None)
    except (ValueError, OverflowError):  # the 13th month, year 0, year 10000 after the zone
        return None


def _short(text: str, zone: str) -> tuple[re.Pattern[str], ...]:
    """Return the form of a date with a year of two digits, where zone or script tell it."""
    if zone in _EAST_ASIA or _EAST_ASIAN.search(text):
        return (_YEAR_FIRST,)
    return (_DAY_FIRST,) if zone.startswith("Europe/") else ()


def zone_of(name: str) -> tzinfo:
    """Return the zone of an IANA name, UTC for one that is not known."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return UTC


def _read(text: str, form: re.Pattern[str], zone: str) -> tuple[datetime, str] | None:
    found = form.search(text)
    if not found:
        return None
    parts = found.groupdict()
    month = _MONTHS[parts["name"].casefold()] if parts.get("name") else int(parts["month"])
    year = int(parts["year"])
    day = datetime(year + 2000 if year < 100 and len(parts["year"]) == 2 else year, month, int(parts["day"]))  # noqa: DTZ001 - its zone is read below
    other, rest = text[: found.start()], _COMPACT.sub(_colons, text[found.end() :])
    clock = _CLOCK.search(rest)
    if not clock and (clock := _CLOCK.search(other)):  # 14:05, 22 ноября 2026
        other, rest = rest, other
    if not clock:
        return day.replace(tzinfo=zone_of(zone)).astimezone(UTC), other + rest
    time = day + timedelta(
        hours=_hour(clock), minutes=int(clock["minute"] or 0), seconds=min(int(clock["second"] or 0), 59)
    )
    where, end = _zone(rest, clock.end(), zone)
    return time.replace(tzinfo=where).astimezone(UTC), other + rest[: clock.start()] + rest[end:]


def _colons(digits: re.Match[str]) -> str:
    return ":".join(part for part in digits.groups() if part)


def _hour(clock: re.Match[str]) -> int:
    hour = int(clock["hour"])
    half = (clock["half"] or clock["late"] or "").casefold()
    if hour > 24:
        raise ValueError("no such hour")
    if not half or hour > 12:
        return hour
    return hour % 12 + (12 if half.startswith(_AFTERNOON) else 0)


def _zone(rest: str, end: int, zone: str) -> tuple[tzinfo, int]:
    """Return the zone written behind a clock time, else the feed's, and where it ends."""
    offset = _OFFSET.match(rest, end)
    if offset:
        away = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        return timezone(-away if offset["sign"] == "-" else away), offset.end()
    named = _NAMED.match(rest, end)
    if named and named["name"].upper() in _ZONES:
        return timezone(timedelta(hours=_ZONES[named["name"].upper()])), named.end()
    return zone_of(zone), end
