"""Many small writes, few commits: what waits is written in one transaction.

A commit that survives a power cut costs two or three waits for the disk, 10 to 20 ms;
a sweep over 1,000 feeds with a transaction each spent most of its time there. What a
caller gets back is committed, as before.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from models.database import Database
from models.errors import DeadlockError, PeninsulaError

_T = TypeVar("_T")

MOST = 256  # writes in one transaction
AGAIN = 3  # times after a deadlock; one by one, articles in one order, there is hardly a second
PAUSE = 0.2  # seconds that a write waits for others

SOON = 0.5  # seconds before what is written by itself is tried again

_Waiting = tuple[Callable[[Session], Any], asyncio.Future[Any]]


def despite_deadlocks(work: Callable[[], _T]) -> _T:
    """Return what `work` returns, done again where another process stood in its way as it in that one's."""
    for _ in range(AGAIN):
        try:
            return work()
        except DeadlockError:
            time.sleep(SOON)
    return work()


class Writer:
    """Takes writes from many tasks of one event loop and commits them together.

    A write is a function of the session. It is called again if another one in its
    transaction fails: that one fails by itself, the others go through. So it is if
    another process, on PostgreSQL, stood in the way as this one did in its.

    Who says how many tasks there are, and of each when it leaves, does not have the
    last of them wait for others that will not come.
    """

    def __init__(self, database: Database, *, tasks: int = MOST) -> None:
        self._database = database
        self._tasks = tasks  # that may still write
        self._waiting: list[_Waiting] = []
        self._timer: asyncio.TimerHandle | None = None

    async def write(self, work: Callable[[Session], _T]) -> _T:
        """Return what `work` returns, once it is committed."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_T] = loop.create_future()
        self._waiting.append((work, future))
        if len(self._waiting) >= min(MOST, self._tasks):
            self._flush()
        elif self._timer is None:
            self._timer = loop.call_later(PAUSE, self._flush)
        return await future

    def leave(self) -> None:
        """Say that a task will write no more."""
        self._tasks -= 1
        if 0 < self._tasks <= len(self._waiting):
            self._flush()

    def _flush(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None
        # A write whose task was cancelled has nobody to tell; its feed is simply asked again.
        batch = [waiting for waiting in self._waiting if not waiting[1].done()]
        self._waiting = []
        if batch:
            self._commit(batch)

    def _commit(self, batch: list[_Waiting], again: int = AGAIN) -> None:
        try:
            with self._database.writing() as session:
                done = [work(session) for work, _ in batch]
        except Exception as error:  # noqa: BLE001 - told to whoever waits
            by_itself = len(batch) > 1 and not isinstance(error, PeninsulaError)
            if by_itself or (isinstance(error, DeadlockError) and again):
                for waiting in batch:
                    self._commit([waiting], again - 1)
                return
            for _, future in batch:
                future.set_exception(error)
            return
        for (_, future), result in zip(batch, done, strict=True):
            future.set_result(result)
