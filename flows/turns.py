"""One request at a time for each host, with a pause between two: manners towards servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from models.values import Source

PAUSE = timedelta(seconds=1)


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0  # on the loop's clock


class Turns:
    """Who may ask now: `slots` feeds at once, of each host one.

    A host on an intranet (`allow_private`) is the desk's own: it is asked at full
    speed, unless a pause is configured, which then holds for every host.
    """

    def __init__(self, slots: int, pause: timedelta | None) -> None:
        self._slots = asyncio.Semaphore(slots)
        self._pause = pause
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, feed: Source, url: str) -> AsyncIterator[None]:
        """Wait for a feed's turn, and keep it while its server is asked."""
        if feed.allow_private and self._pause is None:
            async with self._slots:
                yield
            return
        host = self._hosts.setdefault(urlsplit(url).netloc.casefold(), _Host())
        # The host first and a slot then: a queue at one host holds up none of the others.
        async with host.lock:
            clock = asyncio.get_running_loop().time
            await asyncio.sleep(max(0.0, host.free_at - clock()))
            async with self._slots:
                try:
                    yield
                finally:
                    pause = PAUSE if self._pause is None else self._pause
                    host.free_at = clock() + pause.total_seconds()
