"""What a fork runs: the product with its parsing at home, dying where it is told to.

Events are counted, not seconds (under load a time-based kill never got past
collecting): every statement, every commit, every request and every answer.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
from sqlalchemy import Engine, event

from flows import pipeline, settings
from flows.clock import utc_now
from flows.connections import Connections
from models import sources
from models.values import Fetched, Listing, Selection, Source, SourceState

Clock = Callable[[], datetime]


async def watch(held: settings.Settings, *, clock: Clock = utc_now, drain: bool = False) -> None:
    """Run the product once; with `drain` also try what waits for a later attempt."""
    database = pipeline.open_database(held)
    await pipeline.watch(database, held, clock=clock, show=print, selection=Selection())
    if drain:
        await pipeline.deliver_due(database, held, clock=clock, show=print, waiting_too=True)


async def list_here(desk: Any, feed: Source, before: SourceState, answer: Fetched) -> Listing:
    """Parse without a process of its own, whose start takes longer than all the rest of a run."""
    now = desk.clock()
    return sources.read_listing(
        answer.body,
        feed=feed,
        content_type=answer.content_type,
        base_url=answer.url,
        now=now,
        cutoff=min(before.document_at or before.checked_at or now, now) - desk.settings.alert_max_age,
        marks=before.marks,
    )


def die_at(number: int) -> list[str]:
    """Name the events of this process as they come, and end it without a word at one of them."""
    names: list[str] = []

    def step(name: str) -> None:
        names.append(name)
        if len(names) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(_: object, __: object, statement: str, *___: object) -> None:
        step(f"before {statement[:40]}")

    def after(_: object, __: object, statement: str, *___: object) -> None:
        step(f"after {statement[:40]}")

    def commit(_: object) -> None:
        step("commit")

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    event.listen(Engine, "commit", commit)
    honest = Connections.handle_async_request

    async def watched(self: Connections, request: httpx.Request) -> httpx.Response:
        step(f"send {request.method}")
        answer = await honest(self, request)
        step(f"answer {request.method}")
        return answer

    Connections.handle_async_request = watched  # type: ignore[method-assign]
    return names
