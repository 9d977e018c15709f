"""Step 9: sends one request and gives a verdict. Never logs a URL, never follows a redirect.

httpx's errors carry the whole URL in their texts, and a webhook's URL is a
secret, so each is turned into a verdict of our own words here, at the edge.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from flows.network import guarded_client
from models.alerts import verdict
from models.errors import FetchError
from models.values import Dead, Request, Retry, Verdict

DEADLINE = 15.0  # seconds for one attempt in all; far below the outbox's lease of 60
MAX_ANSWER = 20_000  # bytes read of an answer
Client = httpx.AsyncClient
Clock = Callable[[], datetime]


def open_client(*, allow_private: bool) -> AbstractAsyncContextManager[Client]:
    """Open a client for one channel; it dials private addresses only if told to."""
    return guarded_client(allow_private=allow_private, connect=5.0, read=DEADLINE)


async def post(client: Client, request: Request, clock: Clock) -> Verdict:
    """Send one attempt and judge the answer.

    Failures from before a byte was written are certain; later ones may have
    arrived, and are sent again under the same id.
    """
    try:
        async with asyncio.timeout(DEADLINE):
            return await _exchange(client, request, clock)
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


async def _exchange(client: Client, request: Request, clock: Clock) -> Verdict:
    async with client.stream(
        "POST", request.url, content=request.body, headers=dict(request.headers), follow_redirects=False
    ) as answer:
        judged = verdict(answer.status_code, answer.headers, clock())
        size = 0
        async for chunk in answer.aiter_raw():  # the verdict stands: read on only to be polite
            size += len(chunk)
            if size > MAX_ANSWER:
                break
        return judged


def utc_now() -> datetime:
    """Give the time; the one clock that flows read."""
    return datetime.now(UTC)


def holder() -> str:
    """Name this process so that another one on this machine can tell whether it still lives."""
    pid = os.getpid()
    return f"{_machine()} {pid} {_started(pid)}"


def is_gone(name: str) -> bool:
    """Whether the process of that name is known to be dead; of another machine's we know nothing."""
    machine, pid, started = [*name.rsplit(" ", 2), "", ""][:3]
    return machine == _machine() and pid.isdigit() and _started(int(pid)) != started


def _machine() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id")
    namespace = Path("/proc/self/ns/pid")
    marks = [socket.gethostname()]
    if boot.exists():
        marks += [boot.read_text(encoding="ascii").strip(), str(namespace.readlink())]
    return "/".join(marks).replace(" ", "-")


def _started(pid: int) -> str:
    """When a process started, in a form that a re-used process id does not share; "" if it is gone."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        if stat.parent.parent.joinpath("self").exists():
            return stat.read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()[19]
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return ""
    except PermissionError:
        return "alive"
    return "alive"
