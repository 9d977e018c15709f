"""A connection through a proxy that watch.toml names: CONNECT, then it is a plain one.

The proxy is told the address that the guard has checked, and not the name: a proxy that
looks a name up itself may find another address than we did. TLS and the `Host` header
carry the name as ever. So the proxy has to allow CONNECT, to port 80 as well where a
feed is plain http.
"""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from models.errors import FetchError

_LONGEST_HEAD = 16 * 1024  # bytes of the proxy's answer


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where the proxy listens, and what it wants to hear."""

    host: str
    port: int
    tls: bool = False
    credentials: str = field(default="", repr=False)  # of Proxy-Authorization, Basic


def read_proxy(url: str) -> Proxy:
    """Read `http://user:password@host:port`.

    Raises:
        ValueError: it is no proxy's URL; the text holds nothing of it.

    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or parts.scheme not in {"http", "https"} or parts.path.strip("/") or parts.query:
        raise ValueError('a proxy is written like "http://proxy.example:3128"')
    said = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return Proxy(
        host=host,
        port=port,
        tls=parts.scheme == "https",
        credentials=base64.b64encode(said.encode()).decode() if parts.username else "",
    )


async def open_tunnel(
    proxy: Proxy,
    wire: httpcore.AsyncNetworkBackend,
    target: tuple[str, int],
    *,
    seconds: float,
) -> httpcore.AsyncNetworkStream:
    """Have a proxy connect us to an address and port.

    Raises:
        FetchError: it cannot be reached, or it does not want to.

    """
    end = time.monotonic() + seconds
    try:
        stream = await wire.connect_tcp(proxy.host, proxy.port, timeout=seconds)
        if proxy.tls:
            context = httpx.create_ssl_context()
            stream = await stream.start_tls(context, proxy.host, timeout=_left(end))
    except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError):
        raise FetchError("network", "proxy", "the proxy of watch.toml takes no connection") from None
    try:
        await stream.write(_request(proxy, *target), timeout=_left(end))
        head = b""
        while b"\r\n\r\n" not in head and len(head) < _LONGEST_HEAD:
            piece = await stream.read(4096, timeout=_left(end))
            if not piece:
                break
            head += piece
    except (httpcore.NetworkError, httpcore.TimeoutException):
        head = b""
    status = _status(head)
    if status == 200 and head.endswith(b"\r\n\r\n"):
        return stream
    await stream.aclose()
    raise FetchError("network", "proxy", _problem(status))


def _request(proxy: Proxy, host: str, port: int) -> bytes:
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {where} HTTP/1.1", f"Host: {where}"]
    if proxy.credentials:
        lines.append(f"Proxy-Authorization: Basic {proxy.credentials}")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def _status(head: bytes) -> int:
    """Return the status of the proxy's answer; 0 for none."""
    version, _, rest = head.partition(b" ")
    code = rest[:3]
    return int(code) if version.startswith(b"HTTP/1.") and len(code) == 3 and code.isdigit() else 0


def _problem(status: int) -> str:
    if status == 407:
        return "the proxy asks for a user name and password: name a variable with them as proxy_env"
    if status == 0:
        return "the proxy gives no answer that it could give"
    return f"the proxy does not connect us to it ({status})"


def _left(end: float) -> float:
    return max(0.1, end - time.monotonic())
