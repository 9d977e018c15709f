"""A farm of feeds for benchmarks: made from a seed, served from memory on loopback.

    python tests/bench/farm.py 1000 40        serves until stdin ends; one command a line

Feeds differ as in the wild: RSS, Atom and RDF; seven languages, a third of them Korean,
Japanese or Chinese; a few legacy encodings; summaries of HTML, escaped or in CDATA; a
fifth with whole texts; every second word a rare one; one headline in twelve about the
peninsula. Generation 0 is the
first look, each later one brings every feed one new entry and drops the oldest. Hosts
are addresses of 127/8, so that a client sees many sites.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import json
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate
from html import escape
from pathlib import Path
from typing import IO, Self, cast

WORDS = {
    "en": "government market report energy bank court vaccine policy budget minister company factory"
    " battery satellite research university currency housing railway airport storm flood harvest"
    " mining network camera sensor memory server lawsuit merger tariff port strike wage school"
    " hospital trial museum festival film",
    "ko": "정부 시장 보고서 에너지 은행 법원 백신 정책 예산 장관 회사 공장 배터리 위성 연구 대학교 환율"
    " 주택 철도 공항 태풍 홍수 수확 광산 네트워크 카메라 센서 메모리 서버 소송 합병 관세 항구 파업"
    " 임금 학교 병원 재판 박물관 축제 영화 국회",
    "ja": "政府 市場 報告書 電力 銀行 裁判所 接種 政策 予算 大臣 会社 工場 電池 衛星 研究 大学 為替 住宅"
    " 鉄道 空港 台風 洪水 収穫 鉱山 回線 撮影 計測 記憶 訴訟 合併 関税 港湾 賃金 学校 病院 審理"
    " 博物館 祭り 映画 国会",
    "zh": "政府 市场 报告 能源 银行 法院 疫苗 政策 预算 部长 公司 工厂 电池 卫星 研究 大学 汇率 住房"
    " 铁路 机场 台风 洪水 收成 矿山 网络 相机 内存 服务器 诉讼 合并 关税 港口 罢工 工资 学校 医院"
    " 审判 博物馆 电影 国会",
    "es": "gobierno mercado informe energía banco tribunal vacuna política presupuesto ministro empresa"
    " fábrica batería satélite investigación universidad moneda vivienda ferrocarril aeropuerto"
    " tormenta cosecha red",
    "de": "Regierung Markt Bericht Energie Bank Gericht Impfstoff Haushalt Minister Unternehmen Fabrik"
    " Batterie Satellit Forschung Universität Währung Wohnung Bahn Flughafen Sturm Ernte Netz"
    " Kamera Speicher Klage",
    "ru": "правительство рынок отчёт энергия банк суд вакцина политика бюджет министр компания завод"
    " батарея спутник исследование университет валюта жильё дорога аэропорт шторм урожай сеть"
    " камера память сервер",
}
NEWS = {  # each headline another event: what follows the name is drawn from all words
    "en": "North Korea",
    "ko": "북한",
    "ja": "北朝鮮",
    "zh": "朝鲜",
    "es": "Corea del Norte",
    "de": "Nordkorea",
    "ru": "КНДР",
}
LANGUAGES = ("en",) * 9 + ("ko",) * 4 + ("ja",) * 2 + ("zh",) * 2 + ("es", "de", "ru")
KINDS = ("rss",) * 10 + ("atom",) * 7 + ("rdf",) * 3
LEGACY = {"ko": "EUC-KR", "ja": "Shift_JIS", "zh": "GB18030", "es": "ISO-8859-1"}
NEWS_SHARE = 12
RARE_SHARE = 0.5  # of words: names and the like, without which all articles would be one story
RARE_WORDS = 20_000
SOUNDS = {  # what a rare word is put together from, and of how many
    "ko": ([chr(code) for code in range(0xAC00, 0xD7A4, 28)], 3),
    "ja": ([chr(code) for code in range(0x4E00, 0x5A00)], 2),
    "zh": ([chr(code) for code in range(0x4E00, 0x5A00)], 2),
    "ru": ([first + second for first in "бвгдзклмнпрст" for second in "аеиоу"], 3),
}
LATIN = ([first + second for first in "bcdfghklmnprstvz" for second in "aeiou"], 3)
STEP = 3 * 3600  # seconds between two entries: of a first look a third is younger than two days


@functools.cache
def rare(language: str, number: int) -> str:
    """Give a word that few articles have: the same for a language and a number."""
    sounds, length = SOUNDS.get(language, LATIN)
    return "".join(random.Random(f"{language} {number}").choices(sounds, k=length))  # noqa: S311 - as below


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `number` grows with its time."""

    number: int
    title: str
    summary: str
    text: str
    at: float


class Feed:
    """One feed of the farm, the same on every machine but for the time it ends at."""

    def __init__(self, number: int, entries: int, now: float) -> None:
        self._chance = random.Random(f"farm {number}")  # noqa: S311 - the same farm in every run
        self.number = number
        self._size, self._now = entries, now
        self.language = self._chance.choice(LANGUAGES)
        self.kind = self._chance.choice(KINDS)
        self._whole = self._chance.random() < 0.2
        self._cdata = self._chance.random() < 0.6
        legacy = LEGACY.get(self.language) if self.kind == "rss" and self._chance.random() < 0.1 else None
        self.encoding = legacy or "UTF-8"
        self._words = WORDS[self.language].split()
        self._join = "" if self.language in {"ja", "zh"} else " "

    def document(self, generation: int) -> bytes:
        """Write the feed as it stands after so many new entries."""
        numbers = range(generation + self._size - 1, generation - 1, -1)
        write = {"rss": self._rss, "atom": self._atom, "rdf": self._rdf}[self.kind]
        text = write([self._entry(number) for number in numbers])
        declared = f'<?xml version="1.0" encoding="{self.encoding}"?>\n{text}'
        return declared.encode(self.encoding, "xmlcharrefreplace")

    def _entry(self, number: int) -> Entry:
        chance = random.Random(f"{self.number} {number}")  # noqa: S311 - the same entry in every generation
        title = self._sentence(chance, 8)
        if chance.randrange(NEWS_SHARE) == 0:
            title = f"{NEWS[self.language]} {title}"
        size = {"ko": 600, "ja": 500, "zh": 500}.get(self.language, 1500)
        at = self._now - (self._size - number) * STEP + chance.randint(0, 600)
        whole = self._html(chance, 4 * size) if self._whole else ""
        return Entry(number, title, self._html(chance, size), whole, at)

    def _sentence(self, chance: random.Random, words: int) -> str:
        return self._join.join(
            rare(self.language, chance.randrange(RARE_WORDS))
            if chance.random() < RARE_SHARE
            else chance.choice(self._words)
            for _ in range(words)
        )

    def _html(self, chance: random.Random, size: int) -> str:
        parts, long = [], 0
        while long < size:
            said = f"{self._sentence(chance, chance.randint(9, 18))}."
            if chance.random() < 0.3:
                tag = f"https://site{self.number}.example/t/{chance.randint(1, 999)}?a=1&amp;b=2"
                said = f'<a href="{tag}">{said}</a>'
            elif chance.random() < 0.1:
                said = f"<strong>{said}</strong> &#8220;{chance.randint(2, 98)}&nbsp;%&#8221;"
            parts.append(f"<p>{said}</p>\n" if chance.random() < 0.4 else said)
            long += len(said)
        return "".join(parts)

    def _told(self, html: str) -> str:
        return f"<![CDATA[{html}]]>" if self._cdata else escape(html)

    def _url(self, entry: Entry) -> str:
        return f"https://site{self.number}.example/2026/{entry.number}.html"

    def _rss(self, entries: list[Entry]) -> str:
        items = []
        for entry in entries:
            items.append(
                f"<item><title>{escape(entry.title)}</title><link>{self._url(entry)}</link>"
                f'<guid isPermaLink="false">site{self.number}:{entry.number}</guid>'
                f"<pubDate>{formatdate(entry.at)}</pubDate><category>{self._words[0]}</category>"
                f"<description>{self._told(entry.summary)}</description>"
            )
            if entry.text:
                items.append(f"<content:encoded>{self._told(entry.text)}</content:encoded>")
            items.append("</item>\n")
        return (
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>Site {self.number}</title><link>https://site{self.number}.example/</link>"
            f"<description>All news</description><language>{self.language}</language>"
            f"{''.join(items)}</channel></rss>"
        )

    def _atom(self, entries: list[Entry]) -> str:
        items = []
        for entry in entries:
            at = datetime.fromtimestamp(int(entry.at), UTC).isoformat()
            items.append(
                f"<entry><title>{escape(entry.title)}</title><link href='{self._url(entry)}'/>"
                f"<id>tag:site{self.number}.example,2026:{entry.number}</id><published>{at}</published>"
                f"<updated>{at}</updated><author><name>Desk</name></author>"
                f'<summary type="html">{self._told(entry.summary)}</summary>'
            )
            if entry.text:
                items.append(f'<content type="html">{self._told(entry.text)}</content>')
            items.append("</entry>\n")
        return (
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{self.language}">'
            f"<title>Site {self.number}</title><id>tag:site{self.number}.example,2026:feed</id>"
            f"{''.join(items)}</feed>"
        )

    def _rdf(self, entries: list[Entry]) -> str:
        items = []
        for entry in entries:
            at = datetime.fromtimestamp(int(entry.at), UTC).isoformat()
            items.append(
                f'<item rdf:about="{self._url(entry)}"><title>{escape(entry.title)}</title>'
                f"<link>{self._url(entry)}</link><dc:date>{at}</dc:date>"
                f"<description>{self._told(entry.summary)}</description></item>\n"
            )
        return (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f'<channel rdf:about="https://site{self.number}.example/">'
            f"<title>Site {self.number}</title><link>https://site{self.number}.example/</link></channel>"
            f"{''.join(items)}</rdf:RDF>"
        )


# --- the server ------------------------------------------------------------------------


class Server(asyncio.Protocol):
    """Answers GET from memory, 304 where the validators say so; keeps connections open."""

    documents: dict[str, tuple[bytes, bytes]]  # path to ETag and whole answer
    served: Counter[str]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._heard = b""

    def data_received(self, data: bytes) -> None:
        """Answer each request whose head is whole."""
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            lines = head.split(b"\r\n")
            path = lines[0].split(b" ")[1].decode()
            said = {
                name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])
            }
            self._answer(path, said)

    def _answer(self, path: str, said: dict[bytes, bytes]) -> None:
        found = self.documents.get(path)
        if found is None:
            self._transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        etag, answer = found
        if said.get(b"if-none-match") == etag:
            self.served["304"] += 1
            self._transport.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n")
        else:
            self.served["200"] += 1
            self._transport.write(answer)
        if said.get(b"connection", b"").lower() == b"close":
            self._transport.close()


def answers(feeds: list[Feed], generation: int) -> dict[str, tuple[bytes, bytes]]:
    """Write every feed of a generation as the answer to its GET."""
    made = {}
    for feed in feeds:
        body = feed.document(generation)
        etag = b'"' + hashlib.sha256(body).hexdigest()[:16].encode() + b'"'
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nETag: %b\r\nContent-Length: %d\r\n\r\n"
        made[f"/{feed.number}.xml"] = (etag, head % (etag, len(body)) + body)
    return made


def host(number: int, hosts: int) -> str:
    """Give the loopback address of a feed."""
    return f"127.0.{1 + number % hosts // 250}.{1 + number % hosts % 250}"


async def serve(count: int, entries: int, hosts: int) -> None:
    """Serve, and obey stdin.

    `generation N` goes for all feeds, `generation N M` for one in M; `served` tells and
    forgets the counts.
    """
    feeds = [Feed(number, entries, time.time()) for number in range(count)]
    Server.documents, Server.served = answers(feeds, 0), Counter()
    loop = asyncio.get_running_loop()
    listen = sorted({host(number, hosts) for number in range(count)})
    server = await loop.create_server(Server, listen[0], 0, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    for address in listen[1:]:
        await loop.create_server(Server, address, port, backlog=1024)
    urls = [f"http://{host(number, hosts)}:{port}/{number}.xml" for number in range(count)]
    size = sum(len(answer) for _, answer in Server.documents.values())
    sys.stdout.write(json.dumps({"urls": urls, "bytes": size}) + "\n")
    sys.stdout.flush()
    while command := await loop.run_in_executor(None, sys.stdin.readline):
        if command.startswith("generation"):
            generation, *each = map(int, command.split()[1:])
            Server.documents |= answers(feeds[:: each[0] if each else 1], generation)
        sys.stdout.write(json.dumps(Server.served) + "\n")
        sys.stdout.flush()
        Server.served.clear()


class Farm:
    """The farm as a child process: its CPU is nobody else's."""

    def __init__(self, feeds: int, entries: int = 40, hosts: int = 200) -> None:
        arguments = [sys.executable, str(Path(__file__)), str(feeds), str(entries), str(hosts)]
        self._child = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        told = json.loads(self._out.readline())
        self.urls: list[str] = told["urls"]
        self.bytes: int = told["bytes"]

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._child.pid

    @property
    def _out(self) -> IO[str]:
        return cast("IO[str]", self._child.stdout)

    def say(self, command: str) -> dict[str, int]:
        """Give a command; returns what was served since the last one."""
        print(command, file=self._child.stdin, flush=True)
        answer: dict[str, int] = json.loads(self._out.readline())
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()
        self._child.wait()


if __name__ == "__main__":
    asyncio.run(serve(*(int(value) for value in (*sys.argv[1:3], *(sys.argv[3:4] or ["200"])))))
