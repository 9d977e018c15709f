"""Step 5 for a backlog: a second process reads the next articles while this one places the last.

What an article says (its reading, and the features that stories are compared by) depends
on nothing but its text and the words; it takes as long as finding its story and writing it
down, which has to be done in order. The first look at a thousand feeds leaves 40,000
articles to decide, so there the two share the work. The child is a plain subprocess, as
those of `parsing`: it ends when its stdin does, and what it did not read is read here.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self, cast

from models import decide, lexicon, stories
from models.lexicon import Lexicon
from models.stories.features import Features, features
from models.values import Article, ArticleId, Reading

LEAST = 2_000  # articles that wait: starting a process and compiling the words costs as much as 500

_LENGTH = struct.Struct("!Q")
Files = tuple[dict[str, str], dict[str, str]]  # of the lexicon, by name: ours, and the desk's own


class _Read(NamedTuple):
    """What the child made of an article."""

    words: str  # version of the lexicon
    version: int  # of the article
    reading: Reading
    features: Features


class Reader:
    """Reads batches of articles here, or from `files` on in a second process, one batch ahead."""

    def __init__(self, words: Lexicon, memory: stories.Memory, files: Files | None = None) -> None:
        self._words = words
        self._memory = memory
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._asked: Future[dict[ArticleId, _Read]] | None = None
        self._child = _start(files) if files and (os.cpu_count() or 1) > 1 else None

    @property
    def is_ahead(self) -> bool:
        """Whether there is a child that could read the next batch."""
        return self._child is not None

    def read(self, batch: Sequence[Article], following: Sequence[Article]) -> dict[ArticleId, Reading]:
        """Say what each article of a batch is about, and have those that follow read meanwhile."""
        done = self._asked.result() if self._asked else {}
        self._asked = None
        if self._child and following:
            self._asked = self._thread.submit(_exchange, self._child, following)
        ready = {one.id: done[one.id] for one in batch if self._holds(done.get(one.id), one)}
        for one in ready.values():
            self._memory.keep(one.features)
        late = [one for one in batch if one.id not in ready]
        return {id_: one.reading for id_, one in ready.items()} | decide.read(late, self._words)

    def _holds(self, read: _Read | None, article: Article) -> bool:
        """Whether what was read is the article as it stands now, by these words."""
        return read is not None and (read.words, read.version) == (self._words.version, article.version)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child:
            self._child.kill()
            self._child.wait()
        self._thread.shutdown()  # its exchange has ended with the child
        if self._child:
            for pipe in (self._child.stdin, self._child.stdout):
                with contextlib.suppress(OSError):  # what was still to be written has nobody to read it
                    cast("BinaryIO", pipe).close()


def _start(files: Files) -> subprocess.Popen[bytes]:
    here = str(Path(__file__).parent.parent)
    paths = os.pathsep.join(dict.fromkeys([here, *(path for path in sys.path if path)]))
    child = subprocess.Popen(
        [sys.executable, "-c", "from flows import ahead; ahead.main()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": paths},
        start_new_session=True,  # Ctrl-C at a terminal is the parent's to handle
    )
    _write(cast("BinaryIO", child.stdin), files)
    return child


def _exchange(child: subprocess.Popen[bytes], articles: Sequence[Article]) -> dict[ArticleId, _Read]:
    """Have articles read; nothing of them where the child is gone."""
    try:
        _write(cast("BinaryIO", child.stdin), articles)
        found = _frame(cast("BinaryIO", child.stdout))
    except (OSError, ValueError):  # it died, or its pipes were closed
        found = b""
    answer: Mapping[ArticleId, _Read] = pickle.loads(found) if found else {}  # noqa: S301 - our own child's
    return dict(answer)


def _write(pipe: BinaryIO, value: object) -> None:
    frame = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(frame)) + frame)
    pipe.flush()


def _frame(pipe: BinaryIO) -> bytes:
    """Read what the other side wrote; nothing where it broke off."""
    length = pipe.read(_LENGTH.size)
    size = _LENGTH.unpack(length)[0] if len(length) == _LENGTH.size else 0
    frame = pipe.read(size)
    return frame if len(frame) == size else b""


# --- the child -----------------------------------------------------------------------------


def main() -> None:
    """Compile the words that stdin begins with, then read batches from it until it ends."""
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    shipped, own = pickle.loads(_frame(stdin))  # noqa: S301 - our own parent's
    words = lexicon.load(shipped, own=own)
    while frame := _frame(stdin):
        articles: Sequence[Article] = pickle.loads(frame)  # noqa: S301 - the same
        readings = decide.read(articles, words)
        _write(
            stdout,
            {
                one.id: _Read(words.version, one.version, readings[one.id], features(one, readings[one.id]))
                for one in articles
            },
        )
