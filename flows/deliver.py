"""Step 9: sends one alert and gives a verdict: the seam to the world for all channels.

Never logs a URL, never follows a redirect, reads 20 kB of an answer, takes 15 s in all.

httpx's errors carry the whole URL in their texts, and a webhook's URL is a
secret, so each is turned into a verdict of our own words here, at the edge.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import httpx

from flows import mail, others
from flows.clock import Clock
from flows.network import guarded_client
from models import alerts
from models.errors import FetchError
from models.text import for_display
from models.values import Channel, Claim, Dead, Delivered, Request, Retry, Verdict

DEADLINE = 15.0  # seconds for one attempt in all; far below the outbox's lease of 60
MAX_ANSWER = 20_000  # bytes read of an answer
Client = httpx.AsyncClient
Show = Callable[[str], None]

_THREADS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="send")


def open_client(*, allow_private: bool, proxy: str = "") -> AbstractAsyncContextManager[Client]:
    """Open a client for one channel; it dials private addresses, or goes through a proxy, only if told to."""
    return guarded_client(allow_private=allow_private, connect=5.0, read=DEADLINE, proxy=proxy)


async def send(client: Client, claim: Claim, channel: Channel, clock: Clock, show: Show) -> Verdict:
    """Send one alert over its channel, whatever kind that is; never raises."""
    if channel.kind == "terminal":
        show(alerts.terminal_text(claim.alert, channel))
        return Delivered()
    if channel.kind == "email":
        letter = alerts.letter(claim, channel, clock())
        judged = await _in_thread(functools.partial(mail.post, letter, seconds=5.0))
        return replace(judged, receipt=claim.alert.id) if isinstance(judged, Delivered) else judged
    if channel.kind == "apprise":
        return await _in_thread(functools.partial(others.post, channel, *alerts.plain_text(claim, channel)))
    judged = await post(client, alerts.request_for(claim, channel, clock()), clock)
    return replace(judged, answer=_hushed(judged.answer, channel))


async def _in_thread(work: Callable[[], Verdict]) -> Verdict:
    """Run what blocks; after the deadline its fate is uncertain, and its thread is left to end."""
    try:
        async with asyncio.timeout(DEADLINE):
            return await asyncio.get_running_loop().run_in_executor(_THREADS, work)
    except TimeoutError:
        return Retry(reason=f"no answer within {DEADLINE:.0f} s", uncertain=True)


def _hushed(answer: str, channel: Channel) -> str:
    """Take out of an answer what a receiver that echoes would give away, whole or in part."""
    parts = urlsplit(channel.url)
    echoed = (parts.path, parts.query, parts.username or "", parts.password or "")
    for secret in (channel.url, channel.secret, channel.old_secret, *echoed, *parts.path.split("/")):
        if len(secret) > 3:
            answer = answer.replace(secret, "[secret]").replace(unquote(secret), "[secret]")
    return answer


async def post(client: Client, request: Request, clock: Clock) -> Verdict:
    """Send one attempt and judge the answer.

    Failures from before a byte was written are certain; later ones may have
    arrived, and are sent again under the same id. What befalls an answer after
    its status changes nothing: the receiver has said whether it took the alert.
    """
    end = asyncio.get_running_loop().time() + DEADLINE
    try:
        return await _exchange(client, request, clock, end)
    except FetchError as error:
        return Dead(reason=error.problem) if error.permanent else Retry(reason=error.problem)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        return Retry(reason="no connection to the receiver")
    except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError):
        return Dead(reason="the channel's URL cannot be used")
    except TimeoutError:
        return Retry(reason=f"no answer within {DEADLINE:.0f} s", uncertain=True)
    except httpx.HTTPError as error:
        return Retry(reason=f"the exchange broke off ({type(error).__name__})", uncertain=True)


async def _exchange(client: Client, request: Request, clock: Clock, end: float) -> Verdict:
    headers = {"accept-encoding": "identity", **request.headers}  # an answer is shown as it comes
    asked = client.build_request("POST", request.url, content=request.body, headers=headers)
    async with asyncio.timeout_at(end):
        answer = await client.send(asked, stream=True, follow_redirects=False)
    try:
        body = await _beginning(answer, end)
    finally:
        await answer.aclose()
    judged = alerts.verdict(answer.status_code, answer.headers, clock())
    if request.answers_in == "slack" and isinstance(judged, Delivered):
        judged = alerts.slack_verdict(answer.status_code, body)
    return replace(judged, answer=for_display(body[:600].decode("utf-8", "replace"))[:300])


async def _beginning(answer: httpx.Response, end: float) -> bytes:
    """Read what comes of an answer until the deadline, at most MAX_ANSWER, and unpack nothing."""
    body = b""
    try:
        async with asyncio.timeout_at(end):
            async for chunk in answer.aiter_raw():
                body += chunk[: MAX_ANSWER - len(body)]
                if len(body) >= MAX_ANSWER:
                    break
    except (httpx.HTTPError, TimeoutError):
        return body
    return body
