"""The parser's children: what they give, what they cost, and what ends them."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import parsing
from models.errors import ParseError
from models.sources import parse_feed
from models.values import ParsedFeed

DATA = Path(__file__).parent / "data"
GOOD = b"<rss version='2.0'><channel><title>T</title><item><title>One</title></item></channel></rss>"
# Each tag is below what `parse_feed` refuses by itself; together they hold feedparser for half a minute.
SLOW = (
    b"<rss version='2.0'><channel><item><title>A</title></item>"
    + (b"<x " + b" ".join(b"a%d='1'" % number for number in range(5_000)) + b"/>") * 60
    + b"</channel></rss>"
)
# One character beyond the basic plane, and Python keeps four bytes for each of nine million.
BIG = (
    b"<rss version='2.0'><channel><item><title>A</title><description>"
    + "🚀".encode()
    + b"x" * 9_000_000
    + b"</description></item></channel></rss>"
)


@pytest.fixture
def parsers() -> Iterator[parsing.Parsers]:
    made = parsing.Parsers()
    yield made
    made.close()


def read(parsers: parsing.Parsers, body: bytes, **options: str) -> ParsedFeed:
    return asyncio.run(parsers.parse(body, where="estuary", **options))


@pytest.mark.parametrize("name", ["mixed.xml", "item.atom", "item.rdf", "item.rss", "item.json"])
def test_a_child_reads_what_we_would_read(parsers: parsing.Parsers, name: str) -> None:
    body = (DATA / name).read_bytes()
    options = {"zone": "Asia/Seoul", "base_url": "https://estuary.example/rss", "content_type": "text/xml"}
    assert read(parsers, body, **options) == parse_feed(body, where="estuary", **options)


@pytest.mark.parametrize("body", [b"", b"hello", b"<html><body>404</body></html>", b"{"])
def test_what_is_no_feed_is_refused_by_a_child_as_by_us(parsers: parsing.Parsers, body: bytes) -> None:
    with pytest.raises(ParseError) as ours:
        parse_feed(body, where="estuary")
    with pytest.raises(ParseError) as theirs:
        read(parsers, body)
    assert (theirs.value.code, str(theirs.value)) == (ours.value.code, str(ours.value))


def test_a_document_that_hangs_is_ended_and_the_next_is_served() -> None:
    parsers = parsing.Parsers(processes=1, seconds=0.5)
    try:
        started = time.monotonic()
        with pytest.raises(ParseError) as caught:
            read(parsers, SLOW)
        assert caught.value.code == "parse_timeout"
        assert read(parsers, GOOD).items[0].title == "One"
        assert time.monotonic() - started < 5
    finally:
        parsers.close()


def test_a_document_beside_one_that_hangs_does_not_wait_for_it() -> None:
    parsers = parsing.Parsers(processes=2, seconds=2.0)

    async def both() -> float:
        slow = asyncio.create_task(parsers.parse(SLOW, where="slow"))
        await asyncio.sleep(0.2)
        started = time.monotonic()
        await parsers.parse(GOOD, where="good")
        took = time.monotonic() - started
        assert not slow.done()
        with pytest.raises(ParseError):
            await slow
        return took

    try:
        assert asyncio.run(both()) < 1.5
    finally:
        parsers.close()


def test_a_document_that_needs_too_much_room_ends_the_child_only() -> None:
    parsers = parsing.Parsers(processes=1, memory=104 * 2**20)
    try:
        with pytest.raises(ParseError) as caught:
            read(parsers, BIG)
        assert caught.value.code == "parse_memory"
        assert read(parsers, GOOD).items[0].title == "One"
    finally:
        parsers.close()


def test_a_child_that_somebody_ended_costs_no_document(parsers: parsing.Parsers) -> None:
    read(parsers, GOOD)
    (child,) = parsers._all
    os.kill(child.pid, signal.SIGKILL)
    assert read(parsers, GOOD).items[0].title == "One"


def test_a_child_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch, parsers: parsing.Parsers) -> None:
    monkeypatch.setenv("SLACK_WEBHOOK_URL", "https://hooks.example/CANARY")
    read(parsers, GOOD)
    (child,) = parsers._all
    assert b"CANARY" not in Path(f"/proc/{child.pid}/environ").read_bytes()


def test_no_child_is_started_before_there_is_a_document(parsers: parsing.Parsers) -> None:
    assert not parsers._all


@pytest.mark.parametrize(("documents", "children"), [(4, 1), (64, 2)])
def test_a_second_child_is_started_where_it_pays(documents: int, children: int) -> None:
    parsers = parsing.Parsers(processes=2)

    async def all_of_them() -> None:
        await parsers.parse(GOOD, where="estuary")
        await asyncio.gather(*(parsers.parse(GOOD, where="estuary") for _ in range(documents)))

    try:
        asyncio.run(all_of_them())
        assert len(parsers._all) == children
    finally:
        parsers.close()


def test_a_small_document_costs_a_few_milliseconds_more(parsers: parsing.Parsers) -> None:
    def median(work: object) -> float:
        times = []
        for _ in range(15):
            started = time.perf_counter()
            work()  # type: ignore[operator]  # a function without arguments
            times.append(time.perf_counter() - started)
        return statistics.median(times)

    async def measure() -> list[float]:
        times = []
        for _ in range(16):
            started = time.perf_counter()
            await parsers.parse(GOOD, where="estuary")
            times.append(time.perf_counter() - started)
        return times[1:]

    here = median(lambda: parse_feed(GOOD, where="estuary"))
    assert statistics.median(asyncio.run(measure())) - here < 0.02


def test_no_child_outlives_its_parent() -> None:
    code = (
        "import asyncio, os, sys\n"
        "from flows import parsing\n"
        "shared = parsing.shared()\n"
        f"asyncio.run(shared.parse({GOOD!r}, where='e'))\n"
        "print([child.pid for child in shared._all][0], flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=30)
    pid = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or _is_zombie(pid):
            return
        time.sleep(0.05)
    pytest.fail("the child is still there")


def _is_zombie(pid: int) -> bool:
    try:
        return ") Z" in Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return True
