"""Step 2, at a distance: documents are parsed in child processes that can be killed.

No list of bad inputs is ever whole: sixty tags of 5,000 attributes each (3 MB) hold
feedparser for half a minute, and Python cannot stop a thread. So a document of somebody else is
read in a child with a wall clock and a limit on its memory; what overruns is killed
by the kernel, its feed backs off, and the next document goes to a fresh child.

The children are plain subprocesses that know `parser` and nothing else: no fork
under a running event loop, no second import of whoever started us, and none of our
environment, in which the secrets stand. A child ends by itself when its parent is
gone: its stdin closes, and the alarm ends a parse that hangs.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

import orjson

from flows.parser import LENGTH, timed
from models.errors import ParseError
from models.values import Article, Fault, Listing, ParsedFeed, RawItem, Source

Work = Literal["feed", "page"]  # what a child reads

SECONDS = 5.0  # wall, for one document
MEMORY = 1024 * 1024 * 1024  # bytes of address space
PROCESSES = max(1, min(2, os.cpu_count() or 1))
START = 10.0  # seconds more before a child that says nothing is given up; its imports take 0.3

ENOUGH = 8  # documents at hand for each child; with fewer another one does not pay for its start
PATIENCE = 0.5  # seconds that such a document waits for it all the same
_OF_A_FEED = ("name", "url", "title", "language", "zone")  # what reading its documents takes
# What an interpreter may need to start; all else, the secrets among it, stays with us.
_NEEDED = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "TMPDIR")


class Parsers:
    """A few warm children; the first starts with the first document."""

    def __init__(
        self,
        *,
        work: Work = "feed",
        processes: int = PROCESSES,
        seconds: float = SECONDS,
        memory: int = MEMORY,
    ) -> None:
        self.work = work
        self.seconds = seconds
        self.memory = memory
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="parser")
        self._idle: list[subprocess.Popen[bytes]] = []
        self._all: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Condition()
        self._documents = 0  # that wait or are read

    async def parse(
        self, body: bytes, *, where: str, content_type: str = "", zone: str = "UTC", base_url: str = ""
    ) -> ParsedFeed:
        """Return what `models.sources.parse_feed` does, or raise as it does.

        Raises:
            ParseError: It is no feed; `parse_timeout` if it took too long to read,
                `parse_memory` if it took too much room.

        """
        head = {"where": where, "content_type": content_type, "zone": zone, "base_url": base_url}
        return _parsed(await self._told(where, head, body))

    async def read(
        self,
        body: bytes,
        *,
        feed: Source,
        content_type: str,
        base_url: str,
        now: datetime,
        cutoff: datetime | None,
        marks: str,
    ) -> Listing:
        """Return what `models.sources.read_listing` does, or raise as `parse` does."""
        head = {
            "feed": {name: getattr(feed, name) for name in _OF_A_FEED},
            "content_type": content_type,
            "base_url": base_url,
            "now": now,
            "cutoff": cutoff,
            "marks": marks,
        }
        return _listed(await self._told(feed.name, head, body))

    async def article(self, body: bytes, *, where: str, title: str, content_type: str = "") -> str:
        """Return what `models.sources.fulltext.read_article` does, or raise as it does.

        Raises:
            ParseError: The page holds no article; or as with `parse`.

        """
        told = await self._told(where, {"where": where, "title": title, "content_type": content_type}, body)
        return str(told["text"])

    async def _told(self, where: str, head: dict[str, Any], body: bytes) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        self._documents += 1
        try:
            answer = await loop.run_in_executor(self._threads, self._ask, where, orjson.dumps(head), body)
        finally:
            self._documents -= 1
        told: dict[str, Any] = orjson.loads(answer)
        if "code" in told:
            raise ParseError(where, told["code"], told["problem"], permanent=told["permanent"])
        return told

    def close(self) -> None:
        """End the children; a document that one of them holds fails."""
        with self._lock:
            children, self._all, self._idle = self._all, set(), []
        for child in children:
            _end(child)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ask(self, where: str, head: bytes, body: bytes) -> bytes:
        for _ in range(2):
            child, warm = self._take()
            try:
                answer = _exchange(child, head, body, self.seconds + START)
            except BaseException:
                self._drop(child)
                raise
            if answer is not None:
                with self._lock:
                    self._idle.append(child)
                    self._lock.notify()
                return answer
            self._drop(child)
            if child.returncode == -signal.SIGALRM or not warm:
                break
            # A warm child may have died between two documents, by somebody's hand: one more try.
        if child.returncode in {-signal.SIGALRM, None}:
            problem = f"holds the parser for more than {self.seconds:g} s: what it sends is no ordinary feed"
            raise ParseError(where, "parse_timeout", problem)
        raise ParseError(where, "parse_memory", "ended the parser: what it sends is no ordinary feed")

    def _take(self) -> tuple[subprocess.Popen[bytes], bool]:
        """Give a child, and whether it has read before: an idle one, or a new one if its start pays."""
        with self._lock:
            if len(self._all) * ENOUGH > self._documents:
                self._lock.wait_for(lambda: self._idle or not self._all, PATIENCE)
            while self._idle:
                child = self._idle.pop()
                if child.poll() is None:
                    return child, True
                self._all.discard(child)
                _end(child)
            child = _start(self.work, self.seconds, self.memory)
            self._all.add(child)
            return child, False

    def _drop(self, child: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._all.discard(child)
            self._lock.notify()
        _end(child)


_shared: dict[tuple[int, Work], Parsers] = {}


def shared(work: Work = "feed") -> Parsers:
    """Give the parsers of this process; they stay warm from run to run and end with it.

    Pages have children of their own: what reads them is larger, and no page is to
    hold up a feed.
    """
    mine = (os.getpid(), work)  # after a fork the children are the parent's
    if mine not in _shared:
        _shared[mine] = Parsers(work=work)
        atexit.register(_shared[mine].close)
    return _shared[mine]


# --- the parent's end of the pipes -----------------------------------------------------


def _start(work: Work, seconds: float, memory: int) -> subprocess.Popen[bytes]:
    here = str(Path(__file__).parent.parent)
    paths = os.pathsep.join(dict.fromkeys([here, *(path for path in sys.path if path)]))
    kept = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own interpreter on our own file
        [sys.executable, "-c", "from flows.parser import main; main()", work, str(seconds), str(memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=kept | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        start_new_session=True,  # Ctrl-C at a terminal is the parent's to handle
    )


def _exchange(child: subprocess.Popen[bytes], head: bytes, body: bytes, seconds: float) -> bytes | None:
    """Hand a document over and take the answer; None where the child ended or fell silent."""
    stdin, stdout = cast("BinaryIO", child.stdin), cast("BinaryIO", child.stdout)
    try:
        stdin.write(LENGTH.pack(len(head)) + head + LENGTH.pack(len(body)))
        stdin.write(body)
        stdin.flush()
        ready, _, _ = select.select([stdout], [], [], seconds)
        length = stdout.read(LENGTH.size) if ready else b""
        answer = stdout.read(LENGTH.unpack(length)[0]) if len(length) == LENGTH.size else b""
    except OSError:  # it died while it was handed the document
        answer = b""
    if answer:
        return answer
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(0.2)
    return None


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        with contextlib.suppress(OSError):  # what was still to be written has nobody to read it
            cast("BinaryIO", pipe).close()


def _parsed(told: dict[str, Any]) -> ParsedFeed:
    items = tuple(RawItem(**timed(item, "published_at")) for item in told.pop("items"))
    return ParsedFeed(items=items, **_read(told))


def _listed(told: dict[str, Any]) -> Listing:
    articles = (timed(article, "published_at", "first_seen_at") for article in told.pop("articles"))
    return Listing(articles=tuple(Article(**article) for article in articles), **_read(told))


def _read(told: dict[str, Any]) -> dict[str, Any]:
    """Give what feeds and listings have in common its types."""
    told["advice"] = None if told["advice"] is None else timedelta(seconds=told["advice"])
    told["faults"] = tuple(Fault(**fault) for fault in told["faults"])
    return told
