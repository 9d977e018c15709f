"""Tells a monitor that a run went well: the monitor alerts when it hears nothing.

A GET of one URL, as healthchecks.io, Uptime Kuma, Cronitor and the others take it.
The URL is a secret: whoever knows it can say that all is well.
"""

from __future__ import annotations

import asyncio

import httpx

from flows.network import guarded_client
from models.errors import FetchError

DEADLINE = 10.0  # seconds


async def beat(url: str) -> str:
    """Ask for the URL; give what went wrong in our own words, empty if nothing did. Never raises."""
    try:
        # The desk's own address, from its own environment: a monitor may well stand on an intranet.
        async with (
            asyncio.timeout(DEADLINE),
            guarded_client(allow_private=True, connect=5.0, read=DEADLINE) as client,
            client.stream("GET", url, follow_redirects=False) as answer,
        ):
            return "" if answer.is_success else f"the monitor answered {answer.status_code}"
    except TimeoutError:
        return f"the monitor did not answer within {DEADLINE:.0f} s"
    except (httpx.HTTPError, httpx.InvalidURL, FetchError) as error:
        return f"the monitor was not reached ({type(error).__name__})"
