"""Connections kept open between requests, one for each of the hosts asked last: httpx's transport.

httpcore's own pool looks at every connection, and polls the idle ones, at every
request: 1,000 feeds on 200 hosts took 1.4 times the CPU. Here a host's turn is
somebody else's care (`flows.turns`), so a kept connection is found by its host.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import cast

import httpcore
import httpx

MOST_IDLE = 256  # 64 had most of 1,000 feeds on 200 hosts dialled anew: 0.2 s

_Host = tuple[bytes, bytes, int]  # scheme, name, port
_FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


class Connections(httpx.AsyncBaseTransport):
    """Sends a request over the connection that is kept for its host, or over a new one."""

    def __init__(
        self, backend: httpcore.AsyncNetworkBackend, certificates: Callable[[], ssl.SSLContext]
    ) -> None:
        self._backend = backend
        self._certificates = certificates
        self._idle: dict[_Host, httpcore.AsyncHTTPConnection] = {}  # the one used last stands last
        self._most = _most_idle()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is still to be read, and then to be closed."""
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        origin = asked.url.origin
        host = (origin.scheme, origin.host, origin.port)
        connection = self._idle.pop(host, None)
        if connection is not None and connection.has_expired():
            await connection.aclose()
            connection = None
        if connection is None:
            secure = self._certificates() if origin.scheme == b"https" else None
            connection = httpcore.AsyncHTTPConnection(
                origin, ssl_context=secure, network_backend=self._backend
            )
        with _said_by_httpx():
            answer = await connection.handle_async_request(asked)

        async def give_back() -> None:
            await self._keep(host, connection)

        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer, give_back),
            extensions=answer.extensions,
        )

    async def _keep(self, host: _Host, connection: httpcore.AsyncHTTPConnection) -> None:
        if not connection.is_idle():  # an answer that was not read to its end has closed it
            return
        spare = self._idle.pop(host, None)
        self._idle[host] = connection
        if spare is None and len(self._idle) > self._most:
            spare = self._idle.pop(next(iter(self._idle)))
        if spare is not None:
            await spare.aclose()

    async def aclose(self) -> None:
        """Close what is kept; a connection in use is closed by whoever reads from it."""
        while self._idle:
            _, connection = self._idle.popitem()
            await connection.aclose()


class _Body(httpx.AsyncByteStream):
    """An answer's body, which gives its connection back when it is closed."""

    def __init__(self, answer: httpcore.Response, give_back: Callable[[], Awaitable[None]]) -> None:
        self._answer = answer
        self._give_back = give_back

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _said_by_httpx():
            async for part in self._answer.aiter_stream():
                yield part

    async def aclose(self) -> None:
        await self._answer.aclose()
        await self._give_back()


def _most_idle() -> int:
    """Return how many connections to keep: of the files that we may have open, 256 on macOS, a quarter."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return MOST_IDLE
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_IDLE if files == resource.RLIM_INFINITY else min(MOST_IDLE, files // 4)


@contextmanager
def _said_by_httpx() -> Iterator[None]:
    """Raise httpcore's errors as httpx's own, which have the same names."""
    try:
        yield
    except _FAILURES as error:
        own = cast("type[httpx.TransportError]", getattr(httpx, type(error).__name__))
        raise own(str(error)) from error
