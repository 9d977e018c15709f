"""Servers good and bad, and our client on them: for the tests of what comes over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import pytest

from flows import fetch
from flows.network import Resolver
from models.errors import FetchError
from models.values import Fetched, NotModified, Source, SourceName, Validators

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def get(
    url: str,
    validators: Validators | None = None,
    *,
    allow_private: bool = True,
    resolve: Resolver | None = None,
) -> Fetched | NotModified:
    async def run() -> Fetched | NotModified:
        async with fetch.open_client(allow_private=allow_private, resolve=resolve) as client:
            return await fetch.get(
                client, Source(name=SourceName("estuary"), url=url), validators or Validators()
            )

    return asyncio.run(run())


def fetched(url: str, **options: Any) -> Fetched:
    answer = get(url, **options)
    assert isinstance(answer, Fetched)
    return answer


def refusal(url: str, **options: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(url, **options)
    assert str(caught.value).startswith("estuary: ")
    assert "http:/" not in str(caught.value)
    return caught.value


@contextmanager
def serving(handler: Handler) -> Iterator[str]:
    """A server that says byte for byte what a test wants, on a thread of its own."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await handler(reader, writer)

    with listening(answer) as port:
        yield f"http://127.0.0.1:{port}/feed"


@dataclass
class Receiver:
    """A receiver of alerts: each is written down whole, then answered by the next of `answers`."""

    url: str = ""
    answers: list[Handler] = field(default_factory=list)  # the last one for ever
    posts: list[tuple[str, bytes]] = field(default_factory=list)  # webhook-id, body


@contextmanager
def receiving(*answers: Handler) -> Iterator[Receiver]:
    """A receiver that answers byte for byte what a test wants, on a thread of its own."""
    receiver = Receiver(answers=list(answers))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = (line.partition(":") for line in head.decode().split("\r\n")[1:])
        headers = {name.lower(): value.strip() for name, _, value in lines}
        body = await reader.readexactly(int(headers["content-length"]))
        receiver.posts.append((headers["webhook-id"], body))
        now = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
        await now(reader, writer)

    with listening(answer) as port:
        receiver.url = f"http://127.0.0.1:{port}/hook"
        yield receiver


@contextmanager
def listening(handler: Handler) -> Iterator[int]:
    """Listen on a thread of its own; give the port."""
    loop = asyncio.new_event_loop()
    ready, stop = Event(), asyncio.Event()
    ports: list[int] = []

    async def serve() -> None:
        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await handler(reader, writer)
            except (OSError, asyncio.IncompleteReadError):
                pass  # the client has gone, which is what most of these tests want of it
            finally:
                writer.close()

        server = await asyncio.start_server(meet, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await stop.wait()
        server.close()
        pending = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)

    thread = Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait(5)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(5)
        loop.close()


def saying(*pieces: bytes, pause: float = 0.0) -> Handler:
    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return say


def raw(body: bytes, *headers: str, length: int | None = None, status: str = "200 OK") -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body) if length is None else length}",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body
