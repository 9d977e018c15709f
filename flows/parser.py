"""The child that reads documents: started by `parsing`, knows this file and nothing else of `flows`.

It loads no more than reading takes, 60 ms: two of them are a good part of a sweep
that brings little. A document comes as two frames, its head as JSON and its body;
the answer goes as one, JSON again.
"""

from __future__ import annotations

import contextlib
import os
import signal
import struct
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import orjson

from models import sources
from models.errors import ParseError
from models.values import Source

LENGTH = struct.Struct("!I")  # of a frame, before it


def timed(item: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Put times in their texts' places."""
    for key in keys:
        item[key] = datetime.fromisoformat(item[key]) if item[key] else None
    return item


def main() -> None:
    """Read documents from stdin and answer on stdout, until stdin ends."""
    work, seconds, memory = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    _limit(memory)
    read = _article if work == "page" else _feed
    _warm_up(work)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while head := _frame(stdin):
        body = _frame(stdin)
        # The default action of SIGALRM is the end: no Python code has to run for it, so it
        # also comes while C code is busy, and when the parent is gone.
        signal.setitimer(signal.ITIMER_REAL, seconds)
        answer = _answer(read, orjson.loads(head), body)
        signal.setitimer(signal.ITIMER_REAL, 0)
        stdout.write(LENGTH.pack(len(answer)) + answer)
        stdout.flush()


def _limit(memory: int) -> None:
    import resource  # noqa: PLC0415 - there is none on Windows, where no child is limited

    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit of address space
            resource.setrlimit(limit, (most, most))


def _frame(stdin: BinaryIO) -> bytes:
    length = stdin.read(LENGTH.size)
    return stdin.read(LENGTH.unpack(length)[0]) if len(length) == LENGTH.size else b""


def _feed(body: bytes, head: dict[str, Any]) -> object:
    if "feed" not in head:
        return sources.parse_feed(body, **head)
    head["feed"] = Source(**head["feed"])
    return sources.read_listing(body, **timed(head, "now", "cutoff"))


def _warm_up(work: str) -> None:
    if work == "page":
        from models.sources import fulltext  # noqa: PLC0415 - what reads feeds needs none of it

        fulltext.warm_up()
    else:
        sources.warm_up()


def _article(body: bytes, head: dict[str, Any]) -> object:
    from models.sources import fulltext  # noqa: PLC0415 - as above

    return {"text": fulltext.read_article(body, **head)}


def _answer(read: Callable[[bytes, dict[str, Any]], object], head: dict[str, Any], body: bytes) -> bytes:
    try:
        told = read(body, head)
    except ParseError as error:
        return orjson.dumps({"code": error.code, "problem": error.problem, "permanent": error.permanent})
    except MemoryError:
        os._exit(1)  # what is left of this process is not to be trusted with the next document
    return orjson.dumps(told, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"{type(value).__name__} has no place in an answer")
