"""A farm of hostile servers next to three good feeds: one run, and the good ones are whole."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from desk import NOW, Item, rss
from outside import environment, processes
from wire import Handler, raw, saying, serving

GOOD = 40  # items of each good feed
HEAD = b"<rss version='2.0'><channel><title>T</title><item><title>A</title></item>"
TAIL = b"</channel></rss>"
ATTRIBUTES = b"<x " + b" ".join(b"a%d='1'" % number for number in range(5_000)) + b"/>"


def _bomb(wbits: int) -> bytes:
    packer = zlib.compressobj(9, wbits=wbits)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(200)) + packer.flush()


def _endless_headers() -> Handler:
    async def pour(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(200_000):
            writer.write(b"X-%d: %s\r\n" % (number, b"a" * 100))
            await writer.drain()

    return pour


def _hang() -> Handler:
    async def hang(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    return hang


def _odd(words: bytes) -> bytes:
    return raw(HEAD + b"<item><title>" + words + b"</title></item>" + TAIL)


HOSTILE: dict[str, Handler] = {
    "bomb-gzip": saying(raw(_bomb(31), "Content-Encoding: gzip")),
    "bomb-twice": saying(raw(gzip.compress(_bomb(31)), "Content-Encoding: gzip, gzip")),
    "bomb-deflate": saying(raw(_bomb(15), "Content-Encoding: deflate")),
    "false-br": saying(raw(b"\x1b\xff\xff" * 1_000, "Content-Encoding: br")),
    "false-zstd": saying(raw(b"\x28\xb5\x2f\xfd" * 1_000, "Content-Encoding: zstd")),
    "drip-body": saying(raw(HEAD, length=9_999), *[b"x"] * 600, pause=0.1),
    "drip-head": saying(*[b"H"] * 600, pause=0.1),
    "hang": _hang(),
    "endless-headers": _endless_headers(),
    "loop": saying(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /feed\r\n\r\n"),
    "to-file": saying(b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: file:///etc/passwd\r\n\r\n"),
    "cut-gzip": saying(raw(gzip.compress(HEAD * 50 + TAIL)[:-9], "Content-Encoding: gzip")),
    "cut-length": saying(raw(HEAD + TAIL, length=9_999)),
    "cut-chunk": saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n"),
    "attributes": saying(raw(HEAD + ATTRIBUTES * 60 + TAIL)),
    "attributes-again": saying(raw(HEAD + ATTRIBUTES * 70 + TAIL)),
    "author": saying(raw(HEAD + b"<item><author>" + b"a" * 90_000 + b"</author></item>" + TAIL)),
    "style": saying(
        raw(HEAD + b"<item><description>&lt;p style='" + b"a" * 90_000 + b"'></description></item>")
    ),
    "entities": saying(raw(b"<!DOCTYPE rss [" + b"\n<!ENTITY a 'b'>" * 9_000 + b"]>" + HEAD + TAIL)),
    "newlines": saying(raw(b"\n" * 90_000 + b"<!DOCTYPE rss>" + HEAD + TAIL)),
    "comments": saying(raw(HEAD + b"<!--" * 70_000)),
    "nested": saying(raw(HEAD + b"<a>" * 300_000)),
    "laughs": saying(
        raw(
            b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
            b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
            b'<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>'
            b"<rss><channel><item><title>&e;&e;&e;</title></item></channel></rss>"
        )
    ),
    "nul": saying(_odd(b"a\x00b\x08c\x1bd&#0;")),
    "surrogates": saying(_odd(b"a&#xD800;b&#xDFFF;c&#x110000;d&#99999999999999999999;")),
    "json-surrogates": saying(raw(b'{"items": [{"id": "\\ud800", "title": "\\udfff", "url": "http://["}]}')),
    "json-deep": saying(raw(b'{"items": ' + b"[" * 900_000)),
    "page": saying(raw(b"<html><body>" + b"<p>" * 900_000)),
    "path": saying(raw(b"/etc/hostname")),
    "many": saying(raw(b"<rss><channel>" + b"<item><title>x</title></item>" * 60_000 + TAIL)),
    "nothing": saying(b""),
    "noise": saying(raw(bytes(range(256)) * 4_000)),
}
FAILING = set(HOSTILE) - {
    *("author", "style", "entities", "newlines", "comments", "nul", "surrogates", "json-surrogates", "many"),
    *("nested", "laughs", "attributes", "attributes-again"),
}


def _good(name: str) -> str:
    return rss(
        [
            Item(title=f"Report {n} of {name}", text=f"Text {n} of {name}.", guid=f"{n}", at=NOW)
            for n in range(GOOD)
        ],
        title=name,
    )


@contextmanager
def _peaks(folder: Path, seconds: float = 0.05) -> Iterator[dict[int, int]]:
    """Watch the resident memory of a folder's run and of its children: pid to most bytes."""
    most: dict[int, int] = {}
    stop = Event()

    def look() -> None:
        while not stop.wait(seconds):
            for pid in processes(folder):
                try:
                    told = Path(f"/proc/{pid}/status").read_text("utf-8")
                except OSError:  # it ended meanwhile
                    continue
                if peak := re.search(r"VmHWM:\s+(\d+)", told):
                    most[pid] = int(peak[1]) * 1024

    thread = Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


@pytest.mark.slow
def test_hostile_servers_cost_their_own_slot_and_nothing_else(tmp_path: Path) -> None:
    with ExitStack() as stack:
        urls = {name: stack.enter_context(serving(handler)) for name, handler in HOSTILE.items()}
        for name in ("estuary", "harbour", "ridge"):
            urls[name] = stack.enter_context(serving(saying(raw(_good(name).encode()))))
        tables = [
            f'[[feed]]\nname = "{name}"\nurl = "{url}"\nallow_private = true\n' for name, url in urls.items()
        ]
        (tmp_path / "watch.toml").write_text("[watch]\nconcurrency = 8\n" + "".join(tables), "utf-8")
        env = environment(tmp_path)
        command = [
            sys.executable,
            "-c",
            "from flows.cli import main; main()",
            "collect",
            "--no-seeds",
            "--json",
        ]
        started = time.monotonic()
        with _peaks(tmp_path) as peaks:
            done = subprocess.run(
                command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=240
            )
        took = time.monotonic() - started
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    told = {source["source"]: source for source in json.loads(done.stdout)["sources"]}
    assert set(told) == set(urls)
    for name in ("estuary", "harbour", "ridge"):
        assert (told[name]["new"], told[name]["error"], told[name]["faults"]) == (GOOD, None, [])
    assert {name for name in FAILING if not told[name]["error"]} == set()
    assert "holds the parser" in told["attributes"]["error"]
    assert "http" not in " ".join(source["error"] or "" for source in told.values()).replace(
        "http or https", ""
    )
    # Each feed costs at most its fetch of 20 s and its parse of 5 s: 8 fetches and 2 parses at once.
    assert took < (20 * len(urls)) / 8 + (5 * len(urls)) / 2
    assert max(peaks.values()) < 300 * 2**20, peaks


@pytest.mark.slow
def test_a_feed_that_renames_all_its_items_at_every_fetch_alerts_once(tmp_path: Path) -> None:
    number = iter(range(1_000))

    async def rotate(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        turn = next(number)
        items = [
            Item(title=f"Report {n}", text=f"Text {n}", guid=f"{turn}-{n}", url=f"https://a.kr/{n}", at=NOW)
            for n in range(49)
        ]
        writer.write(raw(rss([Item(guid=f"{turn}", url="https://a.kr/launch"), *items]).encode()))
        await writer.drain()

    env = environment(tmp_path)
    command = [sys.executable, "-c", "from flows.cli import main; main()", "run", "--no-seeds", "--json"]
    new, alerts = 0, 0
    with serving(rotate) as url:
        desk = '[watch]\nalert_max_age = "9999d"\n[[rule]]\nname = "r"\n'
        feed = f'{desk}[[feed]]\nname = "a"\nurl = "{url}"\nallow_private = true\n'
        (tmp_path / "watch.toml").write_text(feed, "utf-8")
        for _ in range(6):
            done = subprocess.run(
                command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True, timeout=60
            )
            told = json.loads(done.stdout)
            new += told["sources"][0]["new"]
            alerts += len(told["alerts"])
    assert (new, alerts) == (50, 1)
