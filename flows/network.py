"""The wire, guarded: one address looked up, checked, and that very address dialled.

A feed's address, or where it redirects to, is somebody else's text. Checking a
name and then fetching it lets the name's owner answer twice, first with a public
address and then with 127.0.0.1; so the check stands between look-up and dialling,
in httpcore's network backend, and TLS still asks for the name.
"""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import logging
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib import metadata
from typing import Any

import httpcore
import httpx

from flows.connections import Connections
from flows.sockets import Sockets
from flows.tunnel import Proxy, open_tunnel, read_proxy
from models.errors import FetchError

AGENT = f"peninsula-watch/{metadata.version('peninsula-watch')}"
Resolver = Callable[[str, int], Awaitable[list[str]]]

_IPv4 = ipaddress.IPv4Address
_IPv6 = ipaddress.IPv6Address

# What is not for the public: IANA's special-purpose registries (read 2026-11), multicast, and the
# address at which Azure answers its machines. `ipaddress.is_private` of Python 3.11 misses
# 100.64/10, 6to4, NAT64, multicast and more.
_CLOSED_4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        *(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "127.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
        ),  # this host, this house
        *("100.64.0.0/10", "169.254.0.0/16", "168.63.129.16/32"),  # carriers, link-local, Azure
        *("192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"),  # protocols, documentation
        *("192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24"),  # AS112, AMT, 6to4
        *("198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),  # benchmarks, multicast, reserved and broadcast
    )
)
# Of IPv6 only the global unicast space is open, less its own special ranges: Teredo and other
# protocols, documentation, 6to4, the AS112 sink, documentation again.
_OPEN_6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # an IPv6-only network reaches public IPv4 by it

# Look-ups block a thread each; asyncio's own pool has six on two cores, and dead names would
# hold all the others up for seconds.
_LOOKUPS = ThreadPoolExecutor(max_workers=32, thread_name_prefix="lookup")

# Their INFO and DEBUG lines carry whole URLs, and a webhook's URL is a secret.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@asynccontextmanager
async def guarded_client(
    *,
    allow_private: bool,
    connect: float,
    read: float,
    proxy: str = "",
    resolve: Resolver | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client that dials public addresses only, or any if `allow_private`.

    It follows no redirect, keeps no cookie, heeds no proxy variable or `.netrc`,
    and gives our name and version. A refused address raises FetchError, with
    `permanent` for one that stands in the URL itself.

    Args:
        allow_private: for who watches an intranet, and for tests.
        connect: seconds for looking up, dialling and TLS together with each of them.
        read: seconds that one read or write may take.
        proxy: the URL of one that every connection goes through; it is dialled wherever it stands.
        resolve: stands in for the system's resolver.

    """
    guard = _Guard(
        allow_private=allow_private,
        resolve=resolve or _system_addresses,
        proxy=read_proxy(proxy) if proxy else None,
    )
    async with httpx.AsyncClient(
        transport=Connections(guard, _certificates),
        headers={"User-Agent": AGENT},
        timeout=httpx.Timeout(read, connect=connect),
        follow_redirects=False,
        trust_env=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    ) as client:
        yield client


def is_public(address: str) -> bool:
    """Whether an IP address is one that the public internet serves."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, _IPv6):
        inner = parsed.ipv4_mapped
        if inner is None and parsed in _NAT64:
            inner = _IPv4(int(parsed) & 0xFFFFFFFF)
        if inner is None:
            return parsed in _OPEN_6 and not any(parsed in network for network in _CLOSED_6)
        parsed = inner
    return not any(parsed in network for network in _CLOSED_4)


class _Guard(httpcore.AsyncNetworkBackend):
    """Looks a name up once, checks every address of it, and dials one of those."""

    def __init__(self, *, allow_private: bool, resolve: Resolver, proxy: Proxy | None = None) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._proxy = proxy
        self._wire: httpcore.AsyncNetworkBackend = Sockets()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        *rest: Any,
        **options: Any,
    ) -> httpcore.AsyncNetworkStream:
        """Dial the first address that answers, all of them within `timeout`."""
        end = time.monotonic() + (timeout or 10.0)
        if self._proxy:
            return await self._through(self._proxy, host, port, end)
        addresses = await self._addresses(host, port, end - time.monotonic())
        while True:
            left = end - time.monotonic()
            address = addresses.pop(0)
            try:
                share = max(left / (len(addresses) + 1), 0.1)
                return await self._wire.connect_tcp(address, port, share, *rest, **options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not addresses:
                    raise

    async def _through(self, proxy: Proxy, host: str, port: int, end: float) -> httpcore.AsyncNetworkStream:
        """Have the proxy dial an address that was checked; what may be private it looks up itself."""
        address = host
        if not self._allow_private:
            address = (await self._addresses(host, port, end - time.monotonic()))[0]
        # httpcore's own sockets: a proxy has a name, and perhaps TLS around the feed's TLS.
        wire, left = httpcore.AnyIOBackend(), max(0.1, end - time.monotonic())
        return await open_tunnel(proxy, wire, (address, port), seconds=left)

    async def sleep(self, seconds: float) -> None:
        """Wait; httpcore does between retries of its own."""
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int, seconds: float) -> list[str]:
        try:
            async with asyncio.timeout(seconds):
                addresses = list(dict.fromkeys(await self._resolve(host, port)))
        except (OSError, UnicodeError):  # includes socket.gaierror and TimeoutError
            addresses = []
        if not addresses:
            raise FetchError("network", "unresolved", "its host name does not resolve to an address")
        if self._allow_private or all(map(is_public, addresses)):
            return addresses
        raise FetchError(
            "network",
            "private-address",
            "its host is a private or special address; allow_private = true lets it be dialled",
            permanent=_is_literal(host),
        )


async def _system_addresses(host: str, port: int) -> list[str]:
    """Ask the system, which also reads 127.1, 0x7f000001 and their like as addresses."""
    if _is_literal(host):  # says itself what the system would say
        return [host.strip("[]")]
    look_up = functools.partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_LOOKUPS, look_up)
    return [str(address[0]) for *_, address in found]


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Load the certificates once: 20 to 30 ms each time."""
    return httpx.create_ssl_context()
