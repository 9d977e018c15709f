"""Bytes to text, so that one bad byte never turns a Korean feed into mojibake.

feedparser's own detection reads a UTF-8 Korean feed with one flipped byte as
cp437 and garbles feeds that declare EUC-KR and hold its superset cp949: no
keyword matches any more and the story is lost without a word. So it only ever
sees what left this file.
"""

from __future__ import annotations

import codecs
import re

from models.sources.guessing import guess

# Labels that the web uses, to the superset that browsers read them with (WHATWG Encoding).
# Only these: Python also knows "rot13", "utf-7" and "unicode_escape" as encodings.
_SUPERSETS = {
    "utf-8": "utf-8",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "cp1252": "cp1252",
    "euc_kr": "cp949",
    "cp949": "cp949",
    "johab": "johab",
    "iso2022_kr": "iso2022_kr",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "euc_jp": "euc_jp",
    "iso2022_jp": "iso2022_jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "tis-620": "cp874",
    "cp874": "cp874",
    **{f"iso8859-{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    "iso8859-9": "cp1254",
    **{f"cp125{part}": f"cp125{part}" for part in (0, 1, 3, 4, 5, 6, 7, 8)},
}
_KOREAN_LABELS = {
    "ks_c_5601-1987",
    "ks_c_5601-1989",
    "ksc5601",
    "ksc_5601",
    "x-windows-949",
    "windows-949",
    "ms949",
}
_STATEFUL = {"iso2022_kr", "iso2022_jp"}  # seven-bit: every byte of them is valid UTF-8 too

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:+-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_WIDE = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")  # three bytes of UTF-8: Hangul, kana, Han
_LONE = re.compile("[\ud800-\udfff]")


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """Return the text of a document and the encoding that read it.

    Order: byte order mark; UTF-8 where it is certain; the HTTP header; the
    document's own declaration; UTF-8; the one whose letters make sense (`guessing`);
    cp949; and at last the candidate that damages least, its name then ending in
    "/replace". Never raises; the text holds no lone surrogate and no byte order mark.

    Two answers differ from the letter of RFC 7303, both for what servers do: a
    label that can decode any bytes (ISO-8859-1, which Apache sends by default)
    does not overrule bytes that are valid UTF-8, and UTF-16 is believed only
    where the bytes show it.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _marked(body.removeprefix(mark), name, content_type)
    wide = _looks_wide(body)
    if wide:
        return _soften(body, wide)
    declared = _declared(body, content_type)
    if _is_utf8(body, declared):
        return body.decode("utf-8"), "utf-8"
    return _by_label(body, declared) or _unlabelled(body, declared)


def _by_label(body: bytes, declared: list[str]) -> tuple[str, str] | None:
    """Decode with what header and document name, if that is possible."""
    for name in declared:
        text = _strictly(body, name)
        if text is not None and name == "cp1252":  # a label that fits all
            return (body.decode("cp949"), "cp949") if _is_korean(body) else guess(body) or (text, name)
        if text is not None:
            return text, name
    return None


def _unlabelled(body: bytes, declared: list[str]) -> tuple[str, str]:
    """Decode what no label reads: UTF-8 with a few bad bytes, or what the letters are those of."""
    if not _mostly_utf8(body.decode("utf-8", "replace")):
        guessed = guess(body) if not set(declared) - {"utf-8", "cp1252"} else None
        if guessed:
            return guessed
        text = _strictly(body, "cp949")
        if text is not None:
            return text, "cp949"
    return _least_damage(body, ["utf-8", *declared, "cp949"])


def _marked(body: bytes, name: str, content_type: str) -> tuple[str, str]:
    """Decode what followed a byte order mark."""
    text = _strictly(body, name)
    if text is not None:
        return text, name
    if name != "utf-8":
        return _soften(body, name)
    # A PHP include saved with a mark in front of an EUC-KR page is seen in the wild.
    return _least_damage(body, [name, *_declared(body, content_type), "cp949"])


def _looks_wide(body: bytes) -> str:
    """Return the UTF-16 or UTF-32 that a document without mark is in, or ""."""
    head = body[:64]
    even, odd = head[0::2], head[1::2]
    if len(head) < 8:
        return ""
    if head.count(0) * 8 > len(head) * 5:  # three of four
        return "utf-32-be" if head[0] == 0 else "utf-32-le"
    if odd.count(0) * 2 > len(odd) and even.count(0) * 4 < len(even):
        return "utf-16-le"
    if even.count(0) * 2 > len(even) and odd.count(0) * 4 < len(odd):
        return "utf-16-be"
    return ""


def _declared(body: bytes, content_type: str) -> list[str]:
    """Return the encodings that header and document name, as we know them, header first."""
    labels = [match.group(1) for match in [_HEADER.search(content_type)] if match]
    head = body[:2048].lstrip()
    found = _DECLARED.match(head) or _META.search(head)
    if found:
        labels.append(found.group(1).decode("ascii", "replace"))
    known = [name for name in map(_known, labels) if name]
    # Latin-1 last: it is what servers say that were told nothing, and it reads everything.
    return sorted(dict.fromkeys(known), key=lambda name: name == "cp1252")


def _known(label: str) -> str:
    label = label.casefold()
    if label in _KOREAN_LABELS:
        return "cp949"
    try:
        return _SUPERSETS.get(codecs.lookup(label).name, "")
    except LookupError:
        return ""


def _is_utf8(body: bytes, declared: list[str]) -> bool:
    """Tell whether the bytes are UTF-8 whatever else is claimed.

    A short EUC-KR text may be valid UTF-8 by chance, in two-byte sequences;
    three-byte ones, in which UTF-8 holds Hangul and Han, do not come by chance.
    """
    if any(name in _STATEFUL for name in declared) or _strictly(body, "utf-8") is None:
        return False
    by_chance = bool(declared) and "utf-8" not in declared and _is_multibyte(declared[0])
    return not by_chance or body.isascii() or _WIDE.search(body) is not None


def _is_multibyte(name: str) -> bool:
    return name in {"cp949", "johab", "cp932", "euc_jp", "gb18030", "big5hkscs"}


def _is_korean(body: bytes) -> bool:
    """Tell whether bytes labelled Latin-1 are EUC-KR: the common syllables lie where °±²³ are."""
    text = _strictly(body, "euc_kr")
    return text is not None and len(re.findall("[가-힣]", text)) >= 2


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name).removeprefix("\ufeff")
    except (UnicodeError, LookupError):
        return None


def _soften(body: bytes, name: str) -> tuple[str, str]:
    text = body.decode(name, "replace")
    used = name if _strictly(body, name) is not None else f"{name}/replace"
    return _LONE.sub("\ufffd", text).removeprefix("\ufeff"), used


def _mostly_utf8(damaged: str) -> bool:
    """Tell whether a text with U+FFFD in it is UTF-8 with a few bad bytes."""
    whole = sum(character > "\x7f" and character != "\ufffd" for character in damaged)
    return whole > 4 * damaged.count("\ufffd")


def _least_damage(body: bytes, names: list[str]) -> tuple[str, str]:
    """Decode with the candidate that leaves the fewest characters unread, first wins."""
    texts = [(_soften(body, name)) for name in dict.fromkeys(names)]
    return min(texts, key=lambda pair: pair[0].count("\ufffd"))
