"""Step 1: asks a feed for what is new, and gives its whole body or says why not.

httpx's door for reading. A body that ends early is a failed fetch: half a feed
stored under the whole one's ETag would lose the other half for good.
"""

from __future__ import annotations

import asyncio
import random
import re
import ssl
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from flows.network import AGENT, Resolver, guarded_client
from models import alerts
from models.errors import FetchError
from models.values import Fetched, NotModified, Source, Validators

DEADLINE = 20.0  # seconds for a fetch in all, redirects and retry included
CONNECT = 10.0
AGAIN = 0.3  # seconds until the one other attempt where nothing was answered
MOST_REDIRECTS = 5
MOST_WIRE = 5 * 1024 * 1024  # bytes as they come
MOST_INFLATED = 15 * 1024 * 1024

_HEADERS = {
    "User-Agent": f"{AGENT} (news feed reader)",
    "Accept": "application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.5",
    # Only what we can inflate piece by piece: httpx's own decoders give 67 MB of a bomb at once.
    "Accept-Encoding": "gzip",
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_GZIP = b"\x1f\x8b"
# What else servers write for Content-Encoding ("utf-8", "none") is none, and browsers heed none of it.
_COMPRESSION = re.compile(r"(?:x-)?(?:gzip|compress)|deflate|br|zstd")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_PROBLEMS = {
    401: "asks for a user name and password",
    403: "refuses us (403 Forbidden)",
    404: "is not there (404 Not Found): look for the feed's new address",
    410: "is gone for good (410 Gone): remove it, or look for its new address",
    429: "asks us to come less often (429 Too Many Requests)",
}


@asynccontextmanager
async def open_client(
    *, allow_private: bool = False, contact: str = "", proxy: str = "", resolve: Resolver | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client for feeds.

    Args:
        allow_private: lets intranet addresses be dialled.
        contact: an address or URL that the User-Agent names, for people who run servers.
        proxy: the URL of one to go through.
        resolve: stands in for the system's resolver.

    """
    async with guarded_client(
        allow_private=allow_private, connect=CONNECT, read=DEADLINE, proxy=proxy, resolve=resolve
    ) as client:
        client.headers.update(_HEADERS)
        if contact:
            client.headers["User-Agent"] = f"{AGENT} (news feed reader; {contact})"
        yield client


class Clients:
    """The clients of a sweep, made as they are needed: 15 ms for each feed otherwise."""

    def __init__(self, *, contact: str = "") -> None:
        self._contact = contact
        self._open: dict[tuple[bool, str], httpx.AsyncClient] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def get(self, source: Source, validators: Validators) -> Fetched | NotModified:
        """Fetch a feed as `get` does, with the client for feeds of its kind."""
        key = (source.allow_private, source.proxy)
        client = self._open.get(key)
        if client is None:
            opening = open_client(
                allow_private=source.allow_private, contact=self._contact, proxy=source.proxy
            )
            client = self._open[key] = await self._stack.enter_async_context(opening)
        return await get(client, source, validators)


async def get(client: httpx.AsyncClient, source: Source, validators: Validators) -> Fetched | NotModified:
    """Fetch a feed whole, or learn that it has not changed.

    Raises:
        FetchError: names the feed and what is wrong, never a URL; `after` holds
            the time that the server asks us to wait.

    """
    try:
        async with asyncio.timeout(DEADLINE):
            try:
                return await _follow(client, source.url, validators)
            except (httpx.TransportError, FetchError) as error:
                if not _is_worth_a_retry(error):
                    raise
            await asyncio.sleep(AGAIN + 0.2 * random.random())  # noqa: S311 - to spread, not to hide
            return await _follow(client, source.url, validators)
    except FetchError as error:
        raise FetchError(
            source.name, error.code, error.problem, permanent=error.permanent, after=error.after
        ) from None
    except TimeoutError:
        raise FetchError(source.name, "timeout", f"gave no whole answer within {DEADLINE:.0f} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        code, problem = _in_words(error)
        raise FetchError(source.name, code, problem) from None


def _is_worth_a_retry(error: Exception) -> bool:
    """Whether a moment later may be better: nothing was answered yet, so nothing is asked twice."""
    if isinstance(error, httpx.RemoteProtocolError):  # a server closed a kept connection as we used it
        return "without sending a response" in str(error)
    return isinstance(error, httpx.ConnectError | httpx.WriteError) or (
        isinstance(error, FetchError) and error.code == "unresolved"
    )


def _in_words(error: Exception) -> tuple[str, str]:
    """Return a code and our own words: httpx's texts hold whole URLs."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "tls", f"has no valid certificate ({cause.reason or 'TLS failed'})"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.ConnectTimeout):
        return "no-connection", f"did not take the connection within {CONNECT:.0f} s"
    if isinstance(error, httpx.ConnectError):
        return "no-connection", "takes no connection"
    if isinstance(error, httpx.TimeoutException):
        return "timeout", "stopped answering"
    # httpx reads a Location even where it is told not to follow, and calls a bad one this.
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError) and "location" not in str(error):
        return "truncated", "broke off before its answer was whole"
    return "bad-address", "has an address that cannot be asked"


async def _follow(client: httpx.AsyncClient, url: str, validators: Validators) -> Fetched | NotModified:
    """Ask, and go where redirects lead, each address checked like the first."""
    headers = _conditions(validators)
    first = here = _checked(url)
    for_good = True
    cookies: dict[bytes, str] = {}  # that redirects set: a site's gate lets nobody in without its own
    for _ in range(MOST_REDIRECTS + 1):
        # The validators are between us and the host that we know, no other one's business.
        asked = headers if here.host == first.host else {}
        shown = {"Cookie": cookies[here.netloc]} if here.netloc in cookies else {}
        async with client.stream("GET", here, headers=asked | shown) as answer:
            location = answer.headers.get("location", "")
            if answer.status_code not in _REDIRECTS or not location:
                moved_to = str(here) if for_good and here != first else ""
                # Those of an address that stands in for now would have the feed call itself unchanged.
                news = _validators(answer) if for_good else Validators()
                return await _answer(answer, news, asked=asked, validators=validators, moved_to=moved_to)
            for_good = for_good and answer.status_code in _FOR_GOOD
            if set_now := _cookies(answer):
                cookies[here.netloc] = set_now
        here = _checked(location, base=str(here))
    raise FetchError("", "redirect-loop", f"redirects more than {MOST_REDIRECTS} times")


def _checked(url: str, *, base: str = "") -> httpx.URL:
    """Return the address as httpx understands it, if nobody can understand it otherwise.

    A guard that reads `http://inner|@outer/`, with a backslash for the bar, in
    another way than the client behind it guards another host.
    """
    try:
        absolute = urljoin(base, url) if base else url
        parts = urlsplit(absolute)
        if parts.scheme not in {"http", "https"}:
            raise FetchError("", "not-http", "leads to an address that is not http or https", permanent=True)
        parsed = httpx.URL(absolute)
        # As it goes over the wire: httpx shows a name of Punycode as it is spoken.
        host, other = parsed.raw_host.decode("ascii").lower(), parts.hostname or ""
    except (httpx.InvalidURL, ValueError):
        raise FetchError("", "bad-address", "has no address that can be asked", permanent=True) from None
    if _UNSAFE.search(url) or "@" in parts.netloc or not host or (other.isascii() and other != host):
        raise FetchError("", "bad-address", "has an address that can be read in two ways", permanent=True)
    return parsed


def _conditions(validators: Validators) -> dict[str, str]:
    said = {
        "If-None-Match": validators.etag,
        "If-Modified-Since": validators.last_modified,
        "A-IM": "feed" if validators.etag else None,  # RFC 3229: or send only what is new since then
    }
    return {name: value for name, value in said.items() if value}


async def _answer(
    answer: httpx.Response, news: Validators, *, asked: dict[str, str], validators: Validators, moved_to: str
) -> Fetched | NotModified:
    status = answer.status_code
    if status == httpx.codes.NOT_MODIFIED and asked:
        await answer.aread()  # it has no body, but only what was read to its end leaves its connection open
        return NotModified(
            validators=Validators(
                etag=news.etag or validators.etag,
                last_modified=news.last_modified or validators.last_modified,
                body_hash=validators.body_hash,
            ),
            moved_to=moved_to,
            max_age=_max_age(answer),
        )
    if status not in {200, 203} and not (status == httpx.codes.IM_USED and "A-IM" in asked):
        problem = _PROBLEMS.get(status, f"answers {status} {answer.reason_phrase}".strip())
        after = alerts.retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC))
        raise FetchError("", f"http-{status}", problem, permanent=status == httpx.codes.GONE, after=after)
    return Fetched(
        body=await _body(answer),
        content_type=answer.headers.get("content-type", ""),
        validators=news,
        url=str(answer.url),
        status=status,
        moved_to=moved_to,
        partial=status == httpx.codes.IM_USED,
        max_age=_max_age(answer),
    )


def _max_age(answer: httpx.Response) -> timedelta | None:
    """Return for how long the server would send the same bytes again (Cache-Control)."""
    said = _MAX_AGE.search(answer.headers.get("cache-control", ""))
    age = answer.headers.get("age", "")
    spent = int(age) if age.isascii() and age.isdigit() and len(age) < 9 else 0
    return timedelta(seconds=max(0, int(said.group(1)) - spent)) if said else None


def _cookies(answer: httpx.Response) -> str:
    """Return the cookies that an answer sets, as its host wants them back; for this fetch alone."""
    pairs = (said.partition(";")[0].strip() for said in answer.headers.get_list("set-cookie"))
    return "; ".join(pair for pair in pairs if "=" in pair and pair.isascii() and pair.isprintable())


def _validators(answer: httpx.Response) -> Validators:
    return Validators(etag=_kept(answer, "etag"), last_modified=_kept(answer, "last-modified"))


def _kept(answer: httpx.Response, name: str) -> str | None:
    """Return a validator if it can be sent back as it is."""
    value = answer.headers.get(name, "").strip()
    return value if value.isascii() and value.isprintable() and 0 < len(value) <= 1_000 else None


async def _body(answer: httpx.Response) -> bytes:
    """Read the whole body, inflated by ourselves, within both limits."""
    said = re.split(r"[\s,]+", answer.headers.get("content-encoding", "").lower())
    codings = [coding.removeprefix("x-") for coding in said if _COMPRESSION.fullmatch(coding)]
    if codings not in ([], ["gzip"]):
        raise FetchError("", "unknown-encoding", "answers in a compression that was not asked for")
    inflater = _Inflater() if codings else None
    body, wire = bytearray(), 0
    async for chunk in answer.aiter_raw():
        if not wire and chunk.startswith(_GZIP):  # "news.xml.gz" is sent as the file that it is
            inflater = inflater or _Inflater()
        wire += len(chunk)
        if wire > MOST_WIRE:
            raise FetchError("", "too-large", f"sends more than {MOST_WIRE // 2**20} MiB")
        body += inflater.inflate(chunk, MOST_INFLATED - len(body)) if inflater else chunk
    if inflater and not inflater.is_whole:
        raise FetchError("", "truncated", "broke off before its answer was whole")
    return bytes(body)


class _Inflater:
    """Inflates gzip piece by piece, never beyond a limit, and knows whether it was whole."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._empty = True

    @property
    def is_whole(self) -> bool:
        return self._member.eof or self._empty

    def inflate(self, chunk: bytes, most: int) -> bytes:
        """Return what a piece of the stream holds.

        Raises:
            FetchError: it holds more than `most` bytes, or is no gzip.

        """
        out = bytearray()
        while chunk:
            if self._member.eof:  # a stream may hold several members; zeros may pad its end
                if not chunk.startswith(_GZIP):
                    return bytes(out)
                self._member = zlib.decompressobj(wbits=31)
            try:
                out += self._member.decompress(chunk, most - len(out) + 1)
            except zlib.error:
                raise FetchError("", "bad-gzip", "says that it answers in gzip, and does not") from None
            self._empty = False
            if len(out) > most:
                raise FetchError("", "too-large", f"inflates to more than {MOST_INFLATED // 2**20} MiB")
            chunk = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return bytes(out)
