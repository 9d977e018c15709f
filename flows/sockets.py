"""Sockets for httpcore, on asyncio itself: its network backend for connections without a proxy.

httpcore's own goes through anyio, whose scopes and task groups were a third of the event
loop's time over 1,000 feeds that have nothing new. Here a connection is its socket, with
TLS around it or without.
"""

from __future__ import annotations

import asyncio
import functools
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpcore

_PIECE = 64 * 1024  # bytes read at once
_T = TypeVar("_T")
_Late = type[httpcore.TimeoutException]
_Failed = type[httpcore.NetworkError]


class Sockets(httpcore.AsyncNetworkBackend):
    """Dials addresses; names are looked up by who guards us."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to an IP address.

        Raises:
            httpcore.ConnectError: nobody takes the connection.
            httpcore.ConnectTimeout: nobody answered within `timeout` seconds.

        """
        with _said_by_httpcore(httpcore.ConnectTimeout, httpcore.ConnectError):
            wire = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
            try:
                wire.setblocking(False)
                for option in (*(socket_options or ()), (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)):
                    wire.setsockopt(*option)
                if local_address:
                    wire.bind((local_address, 0))
                async with asyncio.timeout(timeout):
                    await asyncio.get_running_loop().sock_connect(wire, (host, port))
            except BaseException:
                wire.close()
                raise
        return _Plain(wire)


class _Plain(httpcore.AsyncNetworkStream):
    """A connection without TLS, or before it."""

    def __init__(self, wire: socket.socket) -> None:
        self._wire = wire
        self._loop = asyncio.get_running_loop()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as above
        with _said_by_httpcore(httpcore.ReadTimeout, httpcore.ReadError):
            async with asyncio.timeout(timeout):
                return await self._received(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        if not buffer:  # h11's end of a message that has no body
            return
        with _said_by_httpcore(httpcore.WriteTimeout, httpcore.WriteError):
            async with asyncio.timeout(timeout):
                await self._loop.sock_sendall(self._wire, buffer)

    async def aclose(self) -> None:
        self._wire.close()

    async def _received(self, most: int) -> bytes:
        # What is there already comes without a wait, and a server that never stops would keep the
        # loop, and all deadlines on it, for itself.
        await asyncio.sleep(0)
        return await self._loop.sock_recv(self._wire, most)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
    ) -> httpcore.AsyncNetworkStream:
        try:
            with _said_by_httpcore(httpcore.ConnectTimeout, httpcore.ConnectError):
                secure = _Secure(self._wire, ssl_context, server_hostname)
                async with asyncio.timeout(timeout):
                    await secure.shake_hands()
        except BaseException:
            self._wire.close()
            raise
        return secure

    def get_extra_info(self, info: str) -> Any:
        return _has_something(self._wire) if info == "is_readable" else None


class _Secure(_Plain):
    """A connection with TLS, which reads and writes memory; what it wrote goes over the socket.

    asyncio's own TLS holds 256 KiB for each connection, and as many are kept.
    """

    def __init__(self, wire: socket.socket, context: ssl.SSLContext, name: str | None) -> None:
        super().__init__(wire)
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=name)

    async def shake_hands(self) -> None:
        await self._done(self._tls.do_handshake)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as above
        with _said_by_httpcore(httpcore.ReadTimeout, httpcore.ReadError):
            async with asyncio.timeout(timeout):
                try:
                    return await self._done(lambda: self._tls.read(max_bytes))
                except (ssl.SSLZeroReturnError, ssl.SSLEOFError):  # many servers go without a farewell
                    return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        left = memoryview(buffer)
        with _said_by_httpcore(httpcore.WriteTimeout, httpcore.WriteError):
            async with asyncio.timeout(timeout):
                while left:  # a record of TLS holds 16 KiB
                    left = left[await self._done(functools.partial(self._tls.write, left)) :]

    def get_extra_info(self, info: str) -> Any:
        return self._tls if info == "ssl_object" else super().get_extra_info(info)

    async def _done(self, step: Callable[[], _T]) -> _T:
        """Take a step of TLS, as soon as it has what it needs of the other side."""
        while True:
            try:
                done = step()
            except ssl.SSLWantReadError:
                await self._send()
                if received := await self._received(_PIECE):
                    self._in.write(received)
                else:
                    self._in.write_eof()
            else:
                await self._send()
                return done

    async def _send(self) -> None:
        if self._out.pending:
            await self._loop.sock_sendall(self._wire, self._out.read())


@contextmanager
def _said_by_httpcore(late: _Late, failed: _Failed) -> Iterator[None]:
    """Raise a socket's errors as httpcore's, the first one as the cause."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except OSError as error:  # TLS's are such, too
        raise failed(str(error)) from error


def _has_something(wire: socket.socket) -> bool:
    """Whether a connection at rest has something to read: its end, or what nobody asked for."""
    try:
        wire.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
