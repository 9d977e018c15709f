"""Feeds of our own in every format and encoding, each with the items that it holds.

A document is made of items, a format, an encoding and what a server or the document
says of that encoding; the items are the oracle. `corpus()` gives several hundred.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape

KST = timezone(timedelta(hours=9))
AT = datetime(2026, 11, 22, 5, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """An item as a reader is to find it."""

    title: str
    text: str
    url: str
    guid: str
    at: datetime


@dataclass(frozen=True)
class Document:
    """A feed as it comes over the wire, and what is in it."""

    name: str
    body: bytes
    content_type: str
    entries: tuple[Entry, ...]


def _entries(*told: tuple[str, str]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            title=title,
            text=text,
            url=f"https://estuary.example/news/articleView.html?idxno={number}",
            guid=f"tag:estuary.example,2026:{number}",
            at=AT - timedelta(hours=number),
        )
        for number, (title, text) in enumerate(told)
    )


# What each encoding can hold, in the languages of the watch.
KOREAN = _entries(
    (
        "[속보] 북한, 동해상으로 탄도미사일 발사",
        "합동참모본부는 22일 북한이 원산 일대에서 미사일을 쐈다고 밝혔다.",
    ),
    ("통일부 “남북 연락사무소 재개 협의”", "통일부 당국자는 <북측>의 답을 기다린다고 말했다 & 덧붙였다."),
)
CP949 = _entries(("똠방각하 뷁 펲시콜라", "북한 소식을 전하는 쫓겨난 뚧꾼의 이야기다."))
JAPANESE = _entries(
    ("北朝鮮、元山から短距離弾道ミサイル発射", "韓国軍合同参謀本部によると、２２日午前に発射された。"),
    ("外相「断じて容認できない」", "政府は国家安全保障会議を開き、対応を協議した。"),
)
CHINESE = _entries(("朝鲜向东部海域发射弹道导弹", "韩国联合参谋本部22日表示，朝鲜从元山一带发射了导弹。"))
TAIWAN = _entries(("北韓向東海發射彈道飛彈", "南韓聯合參謀本部22日表示，北韓從元山一帶發射飛彈。"))
RUSSIAN = _entries(
    ("КНДР запустила баллистическую ракету", "Пуск произведён из района Вонсана, сообщил Сеул.")
)
VIETNAMESE = _entries(
    ("Triều Tiên phóng tên lửa đạn đạo", "Quân đội Hàn Quốc cho biết vụ phóng diễn ra sáng 22/11.")
)
WESTERN = _entries(
    (
        "Nordkorea feuert Raketen über dem Meer ab – Südkorea prüft",
        "“Größte Übung” seit März: 12 € je Bürger.",
    ),
    (
        "Corée du Nord : l’armée évoque un missile à portée réduite",
        "Les États-Unis ont été prévenus, dit-on à Séoul.",
    ),
)
LATIN = _entries(
    ("Corea del Norte lanzó dos misiles", "El ejército señaló que cayeron fuera de la zona económica.")
)
ASTRAL = _entries(
    (
        "🚀 North Korea 𠀋 fires “missiles” 김정은",
        "한국어, 日本語, 中文, Русский & Tiếng Việt in one 👩‍👩‍👧 feed.",
    )
)


# --- formats ---------------------------------------------------------------------------


def _rfc822(at: datetime) -> str:
    return format_datetime(at.astimezone(KST))


def _rss(version: str, item: Callable[[Entry], str], more: str = "", spaces: str = "") -> Callable[..., str]:
    def write(entries: Sequence[Entry], declaration: str) -> str:
        items = "".join(f"<item>{item(entry)}</item>" for entry in entries)
        head = f"<title>Estuary</title><link>https://estuary.example/</link>{more}"
        return f'{declaration}<rss version="{version}"{spaces}><channel>{head}{items}</channel></rss>'

    return write


def _plain(entry: Entry) -> str:
    return (
        f"<title>{escape(entry.title)}</title><link>{escape(entry.url)}</link>"
        f"<description>{escape(escape(entry.text))}</description>"
    )


def _full(entry: Entry) -> str:
    guid = f'<guid isPermaLink="false">{escape(entry.guid)}</guid>'
    return f"{_plain(entry)}{guid}<pubDate>{_rfc822(entry.at)}</pubDate>"


def _cdata(entry: Entry) -> str:
    return (
        f"<title><![CDATA[{escape(entry.title, quote=False)}]]></title><link>{escape(entry.url)}</link>"
        f"<guid isPermaLink='false'>{escape(entry.guid)}</guid><pubDate>{_rfc822(entry.at)}</pubDate>"
        f"<description><![CDATA[<p><b>{escape(entry.text)}</b></p>]]></description>"
    )


def _content(entry: Entry) -> str:
    whole = f"<p>{escape(entry.text)}</p><p>{escape(entry.title)}</p>"
    return (
        f"<title>{escape(entry.title)}</title><link>{escape(entry.url)}</link><description>...</description>"
        f"<guid isPermaLink='false'>{escape(entry.guid)}</guid><dc:date>{entry.at.isoformat()}</dc:date>"
        f"<content:encoded><![CDATA[{whole}]]></content:encoded><media:title>A picture</media:title>"
        f"<media:content url='https://estuary.example/a.jpg'><media:title>Another</media:title></media:content>"
    )


def _undeclared_prefix(entry: Entry) -> str:
    return _full(entry) + f"<dc:creator>{escape(entry.title)}</dc:creator><nbsp:x/>"


_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def _rdf(default: str, extra: str) -> Callable[..., str]:
    def write(entries: Sequence[Entry], declaration: str) -> str:
        items = "".join(
            f'<item rdf:about="{escape(entry.guid)}">{_plain(entry)}'
            + (f"<dc:date>{entry.at.astimezone(KST).isoformat()}</dc:date>" if extra else "")
            + "</item>"
            for entry in entries
        )
        return (
            f'{declaration}<rdf:RDF xmlns:rdf="{_RDF}" xmlns="{default}"{extra}>'
            f"<channel><title>Estuary</title><link>https://estuary.example/</link></channel>{items}</rdf:RDF>"
        )

    return write


def _atom(namespace: str, date: str, content: Callable[[str], str]) -> Callable[..., str]:
    def write(entries: Sequence[Entry], declaration: str) -> str:
        told = "".join(
            f'<entry><title>{escape(entry.title)}</title><link rel="alternate" href="{escape(entry.url)}"/>'
            f"<id>{escape(entry.guid)}</id><{date}>{entry.at.isoformat()}</{date}>{content(entry.text)}</entry>"
            for entry in entries
        )
        return f'{declaration}<feed xmlns="{namespace}"><title>Estuary</title><id>urn:x</id>{told}</feed>'

    return write


def _xhtml(text: str) -> str:
    inner = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(text)}</p></div>'
    return f'<content type="xhtml">{inner}</content>'


def _html(text: str) -> str:
    return f'<content type="html">{escape(f"<p>{escape(text)}</p>")}</content>'


def _summary(text: str) -> str:
    return f"<summary>{escape(text)}</summary>"


def _mode(text: str) -> str:
    return f'<content type="text/html" mode="escaped">{escape(f"<p>{escape(text)}</p>")}</content>'


def _json(version: str) -> Callable[..., str]:
    def write(entries: Sequence[Entry], _: str) -> str:
        items = [
            {
                "id": entry.guid,
                "url": entry.url,
                "title": entry.title,
                "content_html": f"<p>{escape(entry.text)}</p>",
                "date_published": entry.at.isoformat(),
            }
            for entry in entries
        ]
        told = {"version": f"https://jsonfeed.org/version/{version}", "title": "Estuary", "items": items}
        return json.dumps(told, ensure_ascii=False)

    return write


def _sitemap(prefix: str) -> Callable[..., str]:
    def write(entries: Sequence[Entry], declaration: str) -> str:
        urls = "".join(
            f"<url><loc>{escape(entry.url)}</loc><{prefix}:news><{prefix}:publication><{prefix}:name>Estuary"
            f"</{prefix}:name></{prefix}:publication><{prefix}:title>{escape(entry.title)}</{prefix}:title>"
            f"<{prefix}:publication_date>{entry.at.isoformat()}</{prefix}:publication_date></{prefix}:news></url>"
            for entry in entries
        )
        spaces = f'xmlns:{prefix}="http://www.google.com/schemas/sitemap-news/0.9"'
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return f'{declaration}<urlset xmlns="{space}" {spaces}>{urls}</urlset>'

    return write


_DC = ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
_MODULES = f'{_DC} xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"'
_DOCTYPE = (
    '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.example/rss-0.91.dtd">'
)

# Which formats carry a guid of their own, a date, and a text.
BARE = {"rss-0.90", "rss-0.91", "rss-0.92"}
UNDATED = {"rss-0.90", "rss-0.91", "rss-0.92"}
TITLES_ONLY = {"sitemap", "sitemap-prefix"}

FORMATS: dict[str, Callable[..., str]] = {
    "rss-0.90": _rdf("http://my.netscape.com/rdf/simple/0.9/", ""),
    "rss-0.91": lambda entries, declaration: _rss("0.91", _plain)(entries, f"{declaration}{_DOCTYPE}"),
    "rss-0.92": _rss("0.92", _plain),
    "rss-2.0": _rss("2.0", _full),
    "rss-2.0-cdata": _rss("2.0", _cdata),
    "rss-2.0-content": _rss("2.0", _content, spaces=_MODULES),
    "rss-2.0-prefix": _rss("2.0", _undeclared_prefix),  # not well-formed: prefixes that nobody declared
    "rss-2.0-style": lambda entries, declaration: _rss("2.0", _full)(
        entries, f'{declaration}<?xml-stylesheet type="text/xsl" href="a.xsl"?><!-- made by hand -->\n'
    ),
    "rdf-1.0": _rdf("http://purl.org/rss/1.0/", _DC),
    "atom-0.3": _atom("http://purl.org/atom/ns#", "issued", _mode),
    "atom-1.0-html": _atom("http://www.w3.org/2005/Atom", "published", _html),
    "atom-1.0-xhtml": _atom("http://www.w3.org/2005/Atom", "updated", _xhtml),
    "atom-1.0-text": _atom("http://www.w3.org/2005/Atom", "published", _summary),
    "json-1.0": _json("1"),
    "json-1.1": _json("1.1"),
    "sitemap": _sitemap("news"),
    "sitemap-prefix": _sitemap("n"),
}


# --- encodings -------------------------------------------------------------------------


@dataclass(frozen=True)
class Coding:
    """How a document is written, and what is claimed of that."""

    name: str
    entries: tuple[Entry, ...]
    codec: str
    declared: str = ""  # in the XML declaration; none without
    header: str = ""  # of Content-Type
    mark: bytes = b""


_UTF8 = b"\xef\xbb\xbf"
CODINGS = (
    Coding("utf-8", KOREAN, "utf-8", "utf-8"),
    Coding("utf-8-undeclared", JAPANESE, "utf-8"),
    Coding("utf-8-header-only", CHINESE, "utf-8", "", "utf-8"),
    Coding("utf-8-bom", KOREAN, "utf-8", "utf-8", "utf-8", _UTF8),
    Coding("utf-8-astral", ASTRAL, "utf-8", "utf-8"),
    Coding("utf-8-called-latin-1", VIETNAMESE, "utf-8", "utf-8", "iso-8859-1"),
    Coding("utf-8-called-euc-kr", KOREAN, "utf-8", "euc-kr"),
    Coding("utf-8-vietnamese", VIETNAMESE, "utf-8", "UTF-8"),
    Coding("utf-16-le", KOREAN, "utf-16-le", "utf-16", "", b"\xff\xfe"),
    Coding("utf-16-be", RUSSIAN, "utf-16-be", "utf-16", "", b"\xfe\xff"),
    Coding("utf-16-no-bom", JAPANESE, "utf-16-le", "utf-16"),
    Coding("utf-32-be", KOREAN, "utf-32-be", "utf-32", "", b"\x00\x00\xfe\xff"),
    Coding("utf-32-no-bom", RUSSIAN, "utf-32-le", "utf-32"),
    Coding("utf-16-called-utf-8", KOREAN, "utf-16-le", "utf-8", "utf-8", b"\xff\xfe"),
    Coding("euc-kr", KOREAN, "euc-kr", "euc-kr"),
    Coding("euc-kr-undeclared", KOREAN, "euc-kr"),
    Coding("euc-kr-called-utf-8", KOREAN, "euc-kr", "utf-8", "utf-8"),
    Coding("euc-kr-called-latin-1", KOREAN, "euc-kr", "iso-8859-1"),
    Coding("euc-kr-header", KOREAN, "euc-kr", "", "EUC-KR"),
    Coding("ks-c-5601", KOREAN, "euc-kr", "ks_c_5601-1987"),
    Coding("cp949", CP949, "cp949", "cp949"),
    Coding("cp949-called-euc-kr", CP949, "cp949", "euc-kr", "euc-kr"),
    Coding("shift-jis", JAPANESE, "shift_jis", "Shift_JIS"),
    Coding("euc-jp", JAPANESE, "euc_jp", "EUC-JP"),
    Coding("iso-2022-jp", JAPANESE, "iso2022_jp", "ISO-2022-JP"),
    Coding("gb2312", CHINESE, "gb2312", "gb2312"),
    Coding("gb18030", CHINESE, "gb18030", "gbk"),
    Coding("big5", TAIWAN, "big5", "big5"),
    Coding("windows-1251", RUSSIAN, "cp1251", "windows-1251"),
    Coding("koi8-r", RUSSIAN, "koi8-r", "koi8-r"),
    Coding("windows-1252", WESTERN, "cp1252", "windows-1252"),
    Coding("windows-1252-called-latin-1", WESTERN, "cp1252", "iso-8859-1"),
    Coding("iso-8859-1", LATIN, "iso-8859-1", "iso-8859-1"),
    Coding("iso-8859-15", LATIN, "iso-8859-15", "iso-8859-15"),
)


def corpus() -> Iterator[Document]:
    """Give every format in every encoding that it may be in."""
    for name, write in FORMATS.items():
        for coding in CODINGS:
            if name.startswith("json") and not coding.codec.startswith("utf"):
                continue  # JSON is Unicode by definition
            yield _document(name, write, coding)


def _document(name: str, write: Callable[..., str], coding: Coding) -> Document:
    declaration = f'<?xml version="1.0" encoding="{coding.declared}"?>\n' if coding.declared else ""
    kind = "application/json" if name.startswith("json") else "text/xml"
    entries = coding.entries
    return Document(
        name=f"{name} in {coding.name}",
        body=coding.mark + write(entries, declaration).encode(coding.codec),
        content_type=f"{kind}; charset={coding.header}" if coding.header else kind,
        entries=entries,
    )
