"""Marks that wires put on a text: flash, report number, lead, update, agency.

Read from titles and datelines and taken off before texts are compared, since
"(2nd LD)" says which version this is and nothing of what happened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Which version of a wire text a title announces."""

    kind: str = ""  # "flash", "report", "roundup", "lead", "update", "correction", "exclusive"; "" for none
    number: int = 0  # 2보 is 2, (3rd LD) is 3, UPDATE 1 is 1; 0 where the mark has no number
    title: str = ""  # without the mark


_FLASH = (
    r"속보|긴급|速報|緊急|快讯|快訊|突发|突發|急讯|URGENT|BREAKING(?: NEWS)?|FLASH|ALERT|SNAP|"
    r"СРОЧНО|МОЛНИЯ|EILMELDUNG|EIL|TIN NÓNG|KHẨN|URGENTE|ÚLTIMA HORA|ALERTE"
)
_OTHER = (
    r"단독|독자|사진|영상|포토|그래픽|전문|상보|표|독점|独自|独占|写真|動画|図解|独家|獨家|图|圖|"
    r"EXCLUSIVE|EXCLUSIF|EXCLUSIVO|EXKLUSIV|VIDEO|WATCH|PHOTOS?|LIVE|OPINION|ANALYSIS|EXPLAINER|ЭКСКЛЮЗИВ"
)
_OPEN, _CLOSE = r"[\[\(<【〔（［〈《]", r"[\]\)>】〕）］〉》]"
_KIND_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("report", re.compile(rf"{_OPEN}\s*(?:속보\s*)?(\d)\s*보\s*{_CLOSE}")),
    ("roundup", re.compile(rf"{_OPEN}\s*종합\s*(\d)?\s*보?\s*{_CLOSE}")),
    (
        "lead",
        re.compile(rf"{_OPEN}\s*(?:(\d)(?:st|nd|rd|th)\s+)?(?:LD|LEAD|WRITETHRU)\s*{_CLOSE}", re.IGNORECASE),
    ),
    (
        "update",
        re.compile(
            r"^\s*(?:UPDATE|WRAPUP|REFILE|RPT|ACTUALISATION|MISE À JOUR)\s*(\d+)?\s*[-:–—]\s*", re.IGNORECASE
        ),
    ),
    (
        "correction",
        re.compile(
            r"^\s*(?:CORRECTED|CORRECTION|CORRECTIF|BERICHTIGUNG|정정|訂正|更正)\s*[-:–—]\s*"
            rf"|{_OPEN}\s*(?:정정|訂正|更正|corrected)\s*{_CLOSE}",
            re.IGNORECASE,
        ),
    ),
    (
        "flash",
        re.compile(
            rf"{_OPEN}\s*(?:{_FLASH})\s*{_CLOSE}|^\s*(?:{_FLASH})\s*(?:[:：!\-–—|]|】)\s*", re.IGNORECASE
        ),
    ),
    (
        "exclusive",
        re.compile(rf"{_OPEN}\s*(?:{_OTHER})\s*{_CLOSE}|^\s*(?:{_OTHER})\s*[:：]\s*", re.IGNORECASE),
    ),
)

_AGENCIES = (
    r"연합뉴스|연합|뉴시스|뉴스1|聯合ニュース|共同通信|共同|時事通信|時事|朝鮮中央通信|朝鲜中央通信社?|"
    r"韩联社|韓聯社|新华社|新華社|中新社|中央社|РИА Новости|ТАСС|Интерфакс|"
    r"Yonhap(?: News(?: Agency)?)?|Reuters|AFP|AP|dpa|EFE|Kyodo(?: News)?|KCNA(?: Watch)?|"
    r"Xinhua|TASS|UPI|TTXVN|ANSA"
)
_DATELINE = re.compile(
    rf"^\s*(?:{_OPEN}[^\]\)）】]{{0,24}}(?:=|＝)\s*(?:{_AGENCIES}){_CLOSE}(?:\s*[가-힣·\s]{{2,24}}기자\s*=)?"
    rf"|{_OPEN}\s*(?:{_AGENCIES})[^\]\)）】]{{0,16}}{_CLOSE}\s*(?:--?|–|—)?"
    rf"|【[^】]{{1,24}}】|(?:{_AGENCIES})\s*[^\s,。、]{{1,12}}\d{{1,2}}[日月][^，,]{{0,8}}电\s*"
    rf"|[A-ZÀ-ÞА-Я][\wÀ-ÿА-я.,\s/-]{{1,40}}\(\s*(?:{_AGENCIES})\s*\)\s*(?:--?|–|—)"
    rf"|[А-ЯЁ][А-ЯЁ\s/-]{{2,40}},\s*\d{{1,2}}\s[а-я]+\.?\s*/\s*(?:{_AGENCIES})\s*/\s*\.?)\s*",
)
_SIGN = re.compile(r"[\[\](<>)【】〔（［〈《:：!|–—-]")  # every mark and every credit has one of them
_LONGEST_CREDIT = 80  # characters
_CREDIT = re.compile(rf"\s*[\(（\[]\s*(?:{_AGENCIES})\s*[\)）\]]\s*\.?\s*$|\s+[-–—|]\s+(?:{_AGENCIES})\s*$")


def revision(title: str) -> Revision:
    """Read the wire marks of a title, and give the title without them.

    A title may carry two (`[속보] ... (종합)`): the first in this order names
    the kind: numbered report, roundup, lead, update, correction, flash, rest.
    """
    if _SIGN.search(title) is None:  # four titles of five, at a fifth of the price
        return Revision(title=" ".join(title.split()))
    kind, number, left = "", 0, title
    for name, pattern in _KIND_PATTERNS:
        for _ in range(2):  # "[속보] ... [속보]" exists
            found = pattern.search(left)
            if found is None:
                break
            if not kind:
                kind = name
                digits = found.group(1) if pattern.groups else None
                number = int(digits) if digits else 0
            left = f"{left[: found.start()]} {left[found.end() :]}"
    return Revision(kind=kind, number=number, title=_without_credit(" ".join(left.split())) or title.strip())


def without_dateline(text: str) -> str:
    """Cut what stands before an agency text and after it: place, agency, credit."""
    dateline = _DATELINE.match(text)
    return _without_credit(text[dateline.end() :] if dateline else text)


def credit_line(title: str, text: str) -> str:
    """Give what credits an agency: the dateline, or the end of the text or the title."""
    found = [_DATELINE.match(text), _CREDIT.search(text), _CREDIT.search(title)]
    return " ".join(match.group() for match in found if match)


def _without_credit(text: str) -> str:
    # The end alone is searched: from the front, every space of a long text is a place to try.
    end = max(0, len(text) - _LONGEST_CREDIT)
    found = _SIGN.search(text, end) and _CREDIT.search(text, end)
    return text[: found.start()] if found else text
