"""Names of days and months in nine languages, and the shapes in which dates stand."""

from __future__ import annotations

import re
from functools import cache

from models.stories.events.shapes import Shape

_WEEKDAY_NAMES: dict[str, tuple[str, ...]] = {
    # Monday first, alternatives by |
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "de": ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag"),
    "es": ("lunes", "martes", "miércoles|miercoles", "jueves", "viernes", "sábado|sabado", "domingo"),
    "ru": (
        "понедельник|понедельника", "вторник|вторника", "среду|среда|среды", "четверг|четверга",
        "пятницу|пятница|пятницы", "субботу|суббота|субботы", "воскресенье|воскресенья",
    ),
    "vi": ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"),
    "ko": ("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"),
    "ja": ("月曜日|月曜", "火曜日|火曜", "水曜日|水曜", "木曜日|木曜", "金曜日|金曜", "土曜日|土曜", "日曜日|日曜"),
    "zh": ("周一|星期一|週一", "周二|星期二|週二", "周三|星期三|週三", "周四|星期四|週四", "周五|星期五|週五", "周六|星期六|週六", "周日|星期日|星期天|週日"),
}  # fmt: skip
_MONTH_NAMES: dict[str, tuple[str, ...]] = {
    "en": (
        "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul", "august|aug",
        "september|sept|sep", "october|oct", "november|nov", "december|dec",
    ),
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    "de": ("januar|jan", "februar|feb", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre|setiembre", "octubre", "noviembre", "diciembre"),
    "ru": ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"),
}  # fmt: skip
_RELATIVE_DAYS: dict[str, dict[str, int]] = {
    "en": {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "last night": -1},
    "fr": {"avant-hier": -2, "hier": -1, "aujourd'hui": 0, "demain": 1},
    "de": {"vorgestern": -2, "gestern": -1, "heute": 0, "übermorgen": 2},
    "es": {"anteayer": -2, "ayer": -1, "hoy": 0},
    "ru": {"позавчера": -2, "вчера": -1, "сегодня": 0, "послезавтра": 2, "завтра": 1},
    "vi": {"hôm kia": -2, "hôm qua": -1, "hôm nay": 0, "ngày mai": 1},
    "ko": {"그저께": -2, "그제": -2, "어제": -1, "전날": -1, "오늘": 0, "이날": 0, "내일": 1, "모레": 2},
    "ja": {"一昨日": -2, "おととい": -2, "昨日": -1, "きのう": -1, "前日": -1, "昨夜": -1, "今日": 0, "きょう": 0, "同日": 0, "明日": 1, "あす": 1},
    "zh": {"前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "今天": 0, "今日": 0, "当天": 0, "當天": 0, "今早": 0, "今午": 0, "今晚": 0, "明天": 1, "明日": 1, "后天": 2, "後天": 2},
}  # fmt: skip
_MONTH_SHIFTS: dict[str, dict[str, int]] = {
    "ko": {"지난달": -1, "이달": 0, "이번 달": 0, "내달": 1, "다음 달": 1, "다음달": 1},
    "ja": {"先月": -1, "今月": 0, "来月": 1},
    "zh": {"上月": -1, "上个月": -1, "本月": 0, "下月": 1, "下个月": 1},
}


def _folded(table: dict[str, tuple[str, ...]], first: int) -> dict[str, int]:
    return {
        name: number
        for names in table.values()
        for number, alternatives in enumerate(names, first)
        for name in alternatives.split("|")
    }


WEEKDAYS = _folded(_WEEKDAY_NAMES, 0)
MONTHS = _folded(_MONTH_NAMES, 1)
RELATIVE = {word: shift for words in _RELATIVE_DAYS.values() for word, shift in words.items()}
MONTH_SHIFTS = {word: shift for words in _MONTH_SHIFTS.values() for word, shift in words.items()}

Shapes = dict[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]
# A day beside a verb of saying is the day of the statement: "the ministry said Monday", 28일 밝혔다.
TELLING: Shapes = {
    "en": (re.compile(r"\b(?:said|says|told|tweeted|wrote|announced|reported|confirmed|added|interview|urged|called|statement|released|published|photographs|footage)\b(?:(?!\b(?:will|would|to|plans?)\b)[^.;]){0,30}?(?: on)? $", re.IGNORECASE), None),
    "ko": (None, re.compile(r"(?:[^.,]{0,14}(?:에서|통해|간담회서))?\s*(?:이 같이 |이같이 |공식 )?(?:밝혔|전했|말했|보도했|발표했|공개했|알렸|설명했|주장했|밝힌|전한)")),
    "ja": (None, re.compile(r"[、,]?\s*(?:朝|夜|午前|午後)?[^。、]{0,10}(?:発表|明らかにし|伝え|報じ|述べ|語)")),
    "zh": (None, re.compile(r"[^。,,]{0,6}(?:表示|称|宣布|发布|報導|报道|透露|說|说)")),
    "ru": (re.compile(r"(?:сообщил[аи]?|заявил[аи]?|передает|сказал[а]?)[^.,]{0,20}в[о]? $"), None),
    "fr": (re.compile(r"(?:a annoncé|a déclaré|a indiqué|a affirmé|ont indiqué|ont annoncé|rapporté)\s(?:[a-zé']+\s)?$"), None),
    "de": (re.compile(r"(?:teilte|sagte|erklärte|berichtete|meldete)[^.,]{0,24}\s$"), None),
    "es": (re.compile(r"(?:dijo|anunció|informó|declaró|afirmó)\s(?:[a-zé']+\s)?$"), None),
    "vi": (re.compile(r"(?:cho biết|thông báo|đưa tin|tuyên bố)\s(?:hôm\s)?$"), None),
}  # fmt: skip

# A day after "until" closes a span and is not the day of the event.
UNTIL: Shapes = {
    "en": (re.compile(r"\b(?:until|till|through|thru|runs? to|lasts? to|by) $", re.IGNORECASE), None),
    "ko": (None, re.compile(r"\s?까지")),
    "ja": (None, re.compile(r"\s?まで")),
    "zh": (re.compile(r"(?:至|到|持续至|直到)$"), None),
    "ru": (re.compile(r"\bдо $", re.IGNORECASE), None),
    "fr": (re.compile(r"\b(?:jusqu'au|au) $", re.IGNORECASE), None),
    "de": (re.compile(r"\bbis(?: zum)? $", re.IGNORECASE), None),
    "es": (re.compile(r"\bhasta(?: el)? $", re.IGNORECASE), None),
    "vi": (re.compile(r"\b(?:đến|tới)(?: ngày)? $", re.IGNORECASE), None),
}


def _any(names: dict[str, int]) -> str:
    return "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True))


def _of(table: dict[str, tuple[str, ...]], language: str) -> str:
    names = [name for group in table[language] for name in group.split("|")]
    return "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True))


def lowered(text: str) -> str:
    """Take the case off a text as re.IGNORECASE does, to which a Turkish İ or ı is an i."""
    return text.casefold().replace("i\u0307", "i").replace("\u0131", "i")


@cache
def shapes(language: str) -> tuple[Shape, ...]:
    """Give the date shapes of a language, longest first."""
    found = [_shape("date", ("-",), r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)")]
    if language in {"ko", "ja", "zh"}:
        found += _wide(language)
    elif language == "vi":
        found += [
            _shape(
                "date", (), r"(?P<day>\d(?<!\d\d)\d?)[/-](?P<month>\d{1,2})(?:[/-](?P<year>20\d\d))?(?!\d)"
            ),
            _shape(
                "date",
                ("tháng",),
                r"(?<!\d)(?P<day>\d{1,2}) tháng (?P<month>\d{1,2})(?: năm (?P<year>20\d\d))?",
            ),
        ]
    if language in _MONTH_NAMES:
        month = _of(_MONTH_NAMES, language)
        dates = [
            rf"(?P<day>\d(?<!\d\d)\d?)(?:\.|er|º)?(?: de)? (?P<month>{month})\b\.?(?:(?: de)? (?P<year>20\d\d))?"
        ]
        if language == "en":
            dates.insert(
                0,
                rf"\b(?=\w{{3,9}}\.? \d)(?P<month>{month})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:, (?P<year>20\d\d))?(?!\d)",
            )
        found.append(_shape("date", _shortest(month), *dates))
    if language in _WEEKDAY_NAMES and language not in {"ko", "ja", "zh"}:
        weekday = _of(_WEEKDAY_NAMES, language)
        found.append(
            _shape("weekday", _shortest(weekday), rf"\b(?P<word>{weekday})(?:abend|morgen|nacht)?\b")
        )
    if language in _RELATIVE_DAYS and language not in {"ko", "ja", "zh"}:
        relative = _any(_RELATIVE_DAYS[language])
        found.append(_shape("relative", tuple(_RELATIVE_DAYS[language]), rf"\b(?P<word>{relative})\b"))
    return tuple(found)


def _wide(language: str) -> list[Shape]:
    year, month, day = {"ko": ("년", "월", "일"), "ja": ("年", "月", "日"), "zh": ("年", "月", "[日号號]")}[
        language
    ]
    not_span = {
        "ko": r"(?!간|째|차|본|정|정상|상|반|선|부터\s*\d+일간)",
        "ja": r"(?!間|ぶり|連続|目|本|米|韓|朝[^にの、]|中[^に]|銀|経)",
        "zh": r"(?!本|间|内|韩|朝[^，,]|美|中[^午]|元|游)",
    }[language]
    shift, relative = _any(_MONTH_SHIFTS[language]), _any(_RELATIVE_DAYS[language])
    return [
        _shape(
            "date",
            (month,),
            rf"(?:(?P<year>(?:19|20)\d\d)\s*{year}\s*)?(?<!\d)(?P<month>\d{{1,2}})\s*{month}\s*(?P<day>\d{{1,2}})\s*{day}",
        ),
        _shape("month-shift", (), rf"(?P<word>{shift})\s*(?P<day>\d{{1,2}})\s*{day}"),
        # The lookbehind stands behind the first digit, where it is tried at digits only.
        _shape("day", (), rf"(?P<day>\d(?<![\d월月·.,]\d)\d?)\s?{day}{not_span}"),
        _shape("weekday", (), rf"(?P<word>{_of(_WEEKDAY_NAMES, language)})"),
        _shape("relative", (), rf"(?P<word>{relative})"),
    ]


def _shape(read: str, needs: tuple[str, ...], *patterns: str) -> Shape:
    return Shape(needs, tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns), read)


def _shortest(names: str) -> tuple[str, ...]:
    """Give the strings one of which stands in each of these names: jan is enough for january."""
    every = [re.sub(r"\\", "", name) for name in names.split("|")]
    return tuple(name for name in every if not any(other in name for other in every if other != name))
