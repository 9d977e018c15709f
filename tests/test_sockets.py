"""Connections as they are: plain and with TLS, kept, slow, broken off and refused."""

from __future__ import annotations

import asyncio
import resource
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any

import httpcore
import httpx
import pytest

from flows.connections import Connections
from flows.sockets import Sockets

PEM = Path(__file__).parent / "data" / "self-signed.pem"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=PEM)


def shown() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


class Server:
    """Answers each request of a connection with its path, and counts connections."""

    def __init__(self) -> None:
        self.met = 0
        self.last: asyncio.StreamWriter | None = None

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer until the other side goes."""
        self.met += 1
        self.last = writer
        try:
            while True:
                body = (await reader.readuntil(b"\r\n\r\n")).split()[1] * 100_000
                writer.write(OK % len(body) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            writer.close()


@asynccontextmanager
async def asking(
    handler: Handler, *, tls: bool = False, host: str = "127.0.0.1"
) -> AsyncIterator[Callable[..., Awaitable[bytes]]]:
    """Serve, and give what asks for a path, or posts to it."""
    server = await asyncio.start_server(handler, host, 0, ssl=shown() if tls else None)
    name = "localhost" if tls else f"[{host}]" if ":" in host else host
    url = f"http{'s' * tls}://{name}:{server.sockets[0].getsockname()[1]}"

    class Here(Sockets):
        async def connect_tcp(self, *_: Any, **options: Any) -> httpcore.AsyncNetworkStream:
            return await super().connect_tcp(**options | {"host": host})

    try:
        async with httpx.AsyncClient(transport=Connections(Here(), trusting), timeout=0.3) as client:

            async def ask(path: str, body: bytes = b"") -> bytes:
                return (await client.request("POST" if body else "GET", url + path, content=body)).content

            yield ask
    finally:
        server.close()
        await asyncio.sleep(0.05)  # those who answer see that we have gone


@pytest.mark.parametrize(("tls", "host"), [(False, "127.0.0.1"), (True, "127.0.0.1"), (False, "::1")])
def test_a_connection_is_kept_for_the_next_request(*, tls: bool, host: str) -> None:
    server = Server()

    async def run() -> list[bytes]:
        async with asking(server.answer, tls=tls, host=host) as ask:
            # TLS 1.3's tickets come after the handshake, unasked: no reason to dial anew.
            return [await ask(path) for path in ("/a", "/b", "/c")]

    assert asyncio.run(run()) == [b"/a" * 100_000, b"/b" * 100_000, b"/c" * 100_000]
    assert server.met == 1


@pytest.mark.parametrize("tls", [False, True])
def test_a_large_request_arrives_whole(*, tls: bool) -> None:
    sent = bytes(range(256)) * 2_000  # half a megabyte: many records of TLS, more than a socket takes at once

    async def measure(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        said = b"whole" if await reader.readexactly(len(sent)) == sent else b"another"
        writer.write(OK % len(said) + said)
        await writer.drain()
        writer.close()

    async def run() -> bytes:
        async with asking(measure, tls=tls) as ask:
            return await ask("/", sent)

    assert asyncio.run(run()) == b"whole"


@pytest.mark.parametrize("tls", [False, True])
def test_a_kept_connection_that_its_server_has_closed_is_dialled_anew(*, tls: bool) -> None:
    server = Server()

    async def run() -> tuple[bytes, bytes]:
        async with asking(server.answer, tls=tls) as ask:
            first = await ask("/a")
            assert server.last
            server.last.close()
            await asyncio.sleep(0.05)
            return first[:2], (await ask("/b"))[:2]

    assert asyncio.run(run()) == (b"/a", b"/b")
    assert server.met == 2


@pytest.mark.parametrize(("files", "kept"), [(20, 5), (resource.RLIM_INFINITY, 9)])
def test_no_more_connections_are_kept_than_a_quarter_of_the_files_that_may_be_open(
    monkeypatch: pytest.MonkeyPatch, files: int, kept: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    server = Server()

    async def run() -> None:
        listening = await asyncio.start_server(server.answer, "0.0.0.0", 0)  # noqa: S104 - all of 127/8
        port = listening.sockets[0].getsockname()[1]
        hosts = [f"http://127.0.0.{number}:{port}/" for number in range(1, 10)]
        async with httpx.AsyncClient(transport=Connections(Sockets(), trusting)) as client:
            for url in (*hosts, *hosts[-kept:]):
                await client.get(url)
            assert server.met == len(hosts)
            for url in hosts[:-kept]:
                await client.get(url)
        listening.close()
        await asyncio.sleep(0.05)

    asyncio.run(run())
    assert server.met == 9 + 9 - kept


@pytest.mark.parametrize("tls", [False, True])
def test_a_server_that_says_nothing_is_waited_for_as_long_as_was_said(*, tls: bool) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def run() -> None:
        async with asking(silent, tls=tls) as ask:
            await ask("/")

    with pytest.raises(httpx.ReadTimeout):
        asyncio.run(run())


@pytest.mark.parametrize("tls", [False, True])
def test_an_answer_that_breaks_off_is_an_error(*, tls: bool) -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK % 100 + b"half")
        await writer.drain()
        writer.transport.abort()

    async def run() -> None:
        async with asking(half, tls=tls) as ask:
            await ask("/")

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        asyncio.run(run())


def test_a_handshake_without_end_is_a_timeout_and_no_tls_at_all_an_error() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def shake(handler: Handler) -> None:
        server = await asyncio.start_server(handler, "127.0.0.1", 0)
        stream = await Sockets().connect_tcp("127.0.0.1", server.sockets[0].getsockname()[1], timeout=1)
        try:
            await stream.start_tls(trusting(), "localhost", timeout=0.2)
        finally:
            server.close()
            await asyncio.sleep(0.05)

    with pytest.raises(httpcore.ConnectTimeout):
        asyncio.run(shake(silent))
    with pytest.raises(httpcore.ConnectError) as caught:
        asyncio.run(shake(plain))
    assert isinstance(caught.value.__cause__, ssl.SSLError)


@pytest.mark.parametrize("tls", [False, True])
def test_a_server_that_never_stops_sending_does_not_keep_the_loop_for_itself(*, tls: bool) -> None:
    over = Event()

    def flood(listening: socket.socket) -> None:
        wire, _ = listening.accept()
        with suppress(OSError), shown().wrap_socket(wire, server_side=True) if tls else wire as sending:
            while not over.is_set():
                sending.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 500)

    async def ask(port: int) -> float:
        stream = await Sockets().connect_tcp("127.0.0.1", port, timeout=1)
        if tls:
            stream = await stream.start_tls(trusting(), "localhost", timeout=1)
        started = time.monotonic()

        async def read_on() -> None:
            while await stream.read(65_536, timeout=9):
                time.sleep(0.01)  # noqa: ASYNC251 - as long as it takes to read what came

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(read_on(), 0.5)
        await stream.aclose()
        return time.monotonic() - started

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Thread(target=flood, args=(listening,))
        server.start()
        Timer(4, over.set).start()
        try:
            assert asyncio.run(ask(listening.getsockname()[1])) < 3
        finally:
            over.set()
            server.join()


def test_nobody_there_is_an_error_and_an_address_that_leads_nowhere_a_timeout() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(httpcore.ConnectError):
            asyncio.run(Sockets().connect_tcp("127.0.0.1", taken.getsockname()[1], timeout=1))
    with socket.socket() as full:  # its queue holds one, and nobody takes from it
        full.bind(("127.0.0.1", 0))
        full.listen(0)

        async def crowd() -> set[type]:
            port = full.getsockname()[1]
            dialled = [Sockets().connect_tcp("127.0.0.1", port, timeout=0.2) for _ in range(9)]
            found = await asyncio.gather(*dialled, return_exceptions=True)
            for stream in found:
                if isinstance(stream, httpcore.AsyncNetworkStream):
                    await stream.aclose()
            return {type(one) for one in found if isinstance(one, Exception)}

        assert asyncio.run(crowd()) == {httpcore.ConnectTimeout}
