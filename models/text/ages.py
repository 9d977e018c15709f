"""Times that are told by their age: "3시간 전", "2 hours ago", "5分前", "вчера"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_UNITS = {
    timedelta(seconds=1): "초 秒 秒钟 second seconds sec secs giây секунду секунды секунд seconde secondes"
    " sekunde sekunden segundo segundos",
    timedelta(minutes=1): "분 分 分钟 分鐘 minute minutes min mins phút минуту минуты минут minuten minuto"
    " minutos",
    timedelta(hours=1): "시간 時間 小时 小時 hour hours hr hrs giờ час часа часов heure heures stunde"
    " stunden hora horas",
    timedelta(days=1): "일 日 天 day days ngày день дня дней jour jours tag tagen día días",
    timedelta(weeks=1): "주 주일 週間 周 週 week weeks tuần неделю недели недель semaine semaines woche"
    " wochen semana semanas",
    timedelta(days=30): "개월 달 か月 ヶ月 カ月 个月 個月 month months tháng месяц месяца месяцев mois monat"
    " monaten mes meses",
    timedelta(days=365): "년 年 year years năm год года лет an ans jahr jahren año años",
}
_LENGTH = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_UNIT = "|".join(sorted(map(re.escape, _LENGTH), key=len, reverse=True))
_ONE = {"a": 1, "an": 1, "one": 1, "une": 1, "un": 1, "eine": 1, "einer": 1, "einem": 1, "una": 1}
_COUNT = rf"(?P<count>\d{{1,4}}|{'|'.join(_ONE)})"
_AGES = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # 3시간 전, 5分前, 3小时前, 2 hours ago, 2 giờ trước, 2 часа назад
        rf"(?:약 |約|about )?{_COUNT}\s?(?P<unit>{_UNIT})\s?(?:전|前|之前|以前|ago|trước|назад)",
        # il y a 2 heures, vor 2 Stunden, hace 2 horas
        rf"(?:il y a|vor|hace)\s{_COUNT}\s(?P<unit>{_UNIT})",
    )
)
_NOW = re.compile(r"방금(?: 전)?|지금|たった今|刚刚|剛剛|just now|now|только что", re.IGNORECASE)
_YESTERDAY = re.compile(r"어제|昨日|昨天|yesterday|hôm qua|вчера|hier|gestern|ayer", re.IGNORECASE)
_LONGEST = 40


def read_age(text: str, seen: datetime) -> datetime | None:
    """Return the time that a text names by its age, reckoned from when it was seen, or None.

    As fine as its unit is: "3시간 전" may be off by an hour. Never raises for a text.
    """
    words = " ".join(text.split())
    if not words or len(words) > _LONGEST:
        return None
    if _NOW.fullmatch(words):
        return seen
    if _YESTERDAY.fullmatch(words):
        return seen - timedelta(days=1)
    found = next((match for form in _AGES if (match := form.fullmatch(words))), None)
    if not found:
        return None
    said = found["count"].casefold()
    count = _ONE[said] if said in _ONE else int(said)
    try:
        return seen - count * _LENGTH[found["unit"].casefold()]
    except OverflowError:
        return None
