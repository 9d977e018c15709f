"""Number words of nine languages, and the shapes in which ordinals stand."""

from __future__ import annotations

import re

from models.stories.events.shapes import Shape, shape

HAN_DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九", 1)} | {"两": 2, "兩": 2}

_CARDINALS: dict[str, str] = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf",
    "de": "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve",
    "ru": "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
    "ko": "한 두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두 열세 열네 열다섯",
}
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "hundred": 100, "dozen": 12, "vingt": 20, "trente": 30, "zwanzig": 20, "dreißig": 30, "hundert": 100,
    "veinte": 20, "treinta": 30, "cien": 100, "двадцать": 20, "тридцать": 30, "сто": 100,
}  # fmt: skip
WORDS: dict[str, int] = {
    word: number
    for words in _CARDINALS.values()
    for number, word in enumerate(words.split(), 1)
    if number > 2
} | _TENS

_ORDINALS: dict[str, str] = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    "fr": "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième "
    "treizième quatorzième quinzième seizième",
    "fr2": "première seconde",
    "de": "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte dreizehnte vierzehnte "
    "fünfzehnte sechzehnte",
    "es": "primer segundo tercer cuarto quinto sexto séptimo octavo noveno décimo undécimo duodécimo decimotercero "
    "decimocuarto",
    "es2": "primera segunda tercera cuarta quinta sexta séptima octava novena décima undécima duodécima decimotercera "
    "decimocuarta",
    "es3": "primero segundo tercero",
    "vi": "nhất hai ba tư năm sáu bảy tám chín mười",
    "ko": "첫 두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두 열세 열네 열다섯",
}
_RUSSIAN_STEMS = "перв втор трет четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат"
_RUSSIAN_ENDINGS = "ый ой ий ая яя ое ье ого его ому ему ым ом ую ью ей ья ьего ьей ьем"
ORDINAL_WORDS: dict[str, int] = {
    word: number for words in _ORDINALS.values() for number, word in enumerate(words.split(), 1)
}
ORDINAL_WORDS |= {
    stem + ending: number
    for number, stem in enumerate(_RUSSIAN_STEMS.split(), 1)
    for ending in _RUSSIAN_ENDINGS.split()
}
ORDINAL_WORDS |= {
    stem + ending: number
    for number, stem in enumerate((word.removesuffix("e") for word in _ORDINALS["de"].split()), 1)
    for ending in ("e", "en", "er", "es", "em")
}

# What is counted as a series. "first in five years" or "second largest" number nothing.
_SERIES_EN = (
    r"(?:round|wave|volley|salvo|package|batch|meeting|session|summit|test|launch|launche|trial|vote|hearing|trip|"
    r"visit|tranche|edition|plenum|plenary|plenary meeting|congress|talks|attempt|exchange|shipment|phase|stage|"
    r"case|bid|motion|impeachment|sanctions|russia sanctions|russia package|security meeting|firing|rocket|missile|"
    r"security consultative|statement|incursion|intrusion|flight|delegation|reunion|tunnel|satellite|reactor|destroyer|"
    r"consultative|committee|dialogue|report|warning|barrage|leaflet|campaign|debate)"
)
_AFTER = r"(?:[\w'’-]+ ){0,2}"


def _words(*languages: str) -> str:
    names = {word for language in languages for word in _ORDINALS[language].split()}
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


_RUSSIAN = "|".join(sorted((word for word in ORDINAL_WORDS if "а" <= word[0] <= "я"), key=len, reverse=True))
_GERMAN = "|".join(
    sorted(
        (word for word in ORDINAL_WORDS if word.rstrip("enrsm") + "e" in _ORDINALS["de"].split()),
        key=len,
        reverse=True,
    )
)

_GERMAN_STEMS = "|".join(word.removesuffix("e") for word in _ORDINALS["de"].split())

# Where a number in digits comes first, a lookbehind stands behind its first digit: in front of it, the
# lookbehind would be tried at every sign.
_HAN_SHAPES = (
    shape(
        "回目|度目|次|弾|輪|轮|波|届|批",
        r"第?(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?:回目|度目|次|弾|輪|轮|波|届|批)(?!元|第|の)",
    ),
    shape("第", r"第(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?:回|轮|輪|次|波|届|批|号|弾)"),
)
ORDINALS: dict[str, tuple[Shape, ...]] = {
    "en": (
        shape(
            _words("en"),
            rf"\b(?P<n>{_words('en')})(?!-)[\s-]{_AFTER}{_SERIES_EN}s?\b",
            rf"\b(?P<n>{_words('en')}) (?:such |north korean |straight )?{_SERIES_EN}",
        ),
        shape("", rf"(?P<n>\d(?<!\w\d)\d{{0,2}})(?:st|nd|rd|th) {_AFTER}{_SERIES_EN}s?\b"),
    ),
    "ko": (
        shape("차", r"(?P<n>\d(?<![\d.]\d)\d{0,2})\s?차(?!례|량|장|원|로|관|세|별|전|선|종)"),
        shape("번째|회째|탄", r"(?P<n>\d(?<![\d.]\d)\d{0,2})\s?(?:번째|회째|탄(?!도|약|두))"),
        shape("번째", rf"(?<![가-힣])(?P<n>{_words('ko')})\s?번째"),
        shape("제", r"제\s?(?P<n>\d{1,3})\s?(?:회|기|호)(?!\s*의실)"),
    ),
    "ja": _HAN_SHAPES,
    "zh": _HAN_SHAPES,
    "fr": (
        shape(
            _words("fr", "fr2"),
            rf"\b(?P<n>{_words('fr', 'fr2')}) (?:train|paquet|vague|salve|round|tour|essai|tir|sommet|réunion|vote|session|"
            r"lancement|rencontre|série|visite|motion|tentative|cycle|envoi)",
        ),
        shape(
            "",
            r"(?P<n>\d(?<!\w\d)\d{0,2})(?:e|ème|er|ère) (?:train|paquet|vague|salve|round|tour|essai|tir|sommet|réunion|vote|"
            r"session|lancement|rencontre|série|visite)",
        ),
    ),
    "de": (
        shape(
            _GERMAN_STEMS,
            rf"\b(?P<n>{_GERMAN}) (?:\w+ )?\w*(?:sanktionspaket|paket|welle|runde|test|gipfel|treffen|sitzung|abstimmung|start|"
            r"salve|versuch|besuch)",
        ),
        shape(
            "",
            r"(?P<n>\d(?<!\d\d)\d{0,2})\. (?:\w+ )?\w*(?:sanktionspaket|paket|welle|runde|test|gipfel|treffen|sitzung|abstimmung|"
            r"start|salve|versuch)",
        ),
    ),
    "es": (
        shape(
            _words("es", "es2", "es3"),
            rf"\b(?P<n>{_words('es', 'es2', 'es3')}) (?:paquete|ronda|oleada|ola|prueba|ensayo|cumbre|reunión|votación|sesión|"
            r"lanzamiento|intento|tanda|visita|moción)",
        ),
        shape(
            "",
            r"(?P<n>\d(?<!\w\d)\d{0,2})(?:\.?[ºª]|er|ro|ra|to|ta|mo|ma|vo|va) (?:paquete|ronda|oleada|prueba|ensayo|cumbre|"
            r"reunión|sesión|lanzamiento)",
        ),
    ),
    "ru": (
        shape(
            _RUSSIAN_STEMS.replace(" ", "|"),
            rf"\b(?P<n>{_RUSSIAN}) (?:[а-яё]+ )?(?:пакет|раунд|волн|испытани|саммит|встреч|заседани|пуск|запуск|голосовани|сесси|"
            r"попытк|партии|визит|залп|съезд|пленум)",
        ),
        shape(
            "",
            r"(?P<n>\d(?<!\d\d)\d{0,2})-(?:й|го|му|м|я|ю|е|ый|ой|ая) (?:[а-яё]+ )?(?:пакет|раунд|волн|испытани|саммит|встреч|"
            r"заседани|пуск|запуск|голосовани|сесси|съезд|пленум)",
        ),
    ),
    "vi": (
        shape(
            "lần|đợt|vòng|gói|phiên|kỳ",
            r"(?:lần|đợt|vòng|gói|phiên|kỳ) (?:thứ )?(?P<n>\d{1,3}|nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)\b",
        ),
    ),
}
ANNIVERSARIES = (
    shape("주년|돌|주기|周年|週年", r"(?P<n>\d{1,3})\s?(?:주년|돌|주기|周年|週年)"),
    shape("年", r"(?P<n>\d(?<!\d\d)\d{1,2})年(?=式典|記念|を|の節目)"),
    shape(
        "anniversary|birthday|year since",
        r"(?P<n>\d{1,3})(?:st|nd|rd|th)(?: founding| birth| party| state| army)? (?:anniversary|birthday|year since)",
    ),
    shape("anniversaire", r"(?P<n>\d{1,3})(?:e|ème|er) anniversaire"),
    shape("jahrestag|geburtstag", r"(?P<n>\d{1,3})\. (?:jahrestag|geburtstag)"),
    shape("aniversario", r"(?P<n>\d{1,3})(?:\.?º|er|°)? aniversario"),
    shape("-", r"(?P<n>\d{1,3})-(?:й|ю|я|летие|летия|летию|ой|го) ?(?:годовщин)?"),
    shape("năm", r"(?P<n>\d{1,3}) năm (?:ngày|thành lập)", r"kỷ niệm (?:lần thứ )?(?P<n>\d{1,3}) năm"),
)
