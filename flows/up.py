"""`peninsula up`: a Prefect server if none answers, the deployments served, ended together.

`serve` alone schedules nothing: it needs a server whose scheduler runs. So the
server comes first, its health is waited for, and what was started here is ended
here. Nothing in this file imports Prefect; both children do.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import timedelta
from types import FrameType

import typer

from flows.settings import Settings
from models.errors import PeninsulaError

START_LIMIT = 180.0  # seconds: on a busy machine Prefect's server takes a minute
END_LIMIT = 25.0  # seconds a child gets to finish what it has in hand
LOOPBACK = "127.0.0.1"
# Not `-m flows.scheduled`: a module that runs as __main__ registers its flows as `__main__.watch`,
# which no flow run can import.
SERVE = "from flows.scheduled import main; main()"


def up(settings: Settings, *, every: timedelta, port: int) -> None:
    """Run the watch on its schedule until SIGINT or SIGTERM.

    Raises:
        PeninsulaError: the interval is zero, the server did not come up, or a
            child ended by itself.

    """
    if not every:
        raise PeninsulaError('the interval of the watch is zero; write one like "15m"')
    env = _environment(settings, every, port)
    url = env["PREFECT_API_URL"]
    children: list[subprocess.Popen[bytes]] = []
    previous = {number: signal.signal(number, _interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        if _healthy(url):
            typer.echo(f"A Prefect server answers at {url}.")
        elif os.environ.get("PREFECT_API_URL"):
            raise PeninsulaError(
                "PREFECT_API_URL is set and no Prefect server answers there; start it or unset it"
            )
        else:
            typer.echo(f"Starting a Prefect server on port {port} ...")
            children.append(
                _start(["-m", "prefect", "server", "start", "--host", LOOPBACK, "--port", str(port)], env)
            )
            _wait(url, children[0])
        children.append(_start(["-c", SERVE], env))
        typer.echo(
            f"Watching now and every {_told(every)}, busy feeds and deliveries every minute."
            f" Runs: {url.removesuffix('/api')}\n"
            "By hand: prefect deployment run watch/peninsula   Stop: Ctrl-C"
        )
        _stay(children)
    except KeyboardInterrupt:
        typer.echo("Stopping ...")
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        for child in reversed(children):  # first the runner, which still has to tell the server
            _end(child)


def _told(every: timedelta) -> str:
    """Say an interval as a person would: "minute", "15 minutes", "2 hours"."""
    seconds = int(every.total_seconds())
    size, unit = next(
        (size, unit) for size, unit in ((3600, "hour"), (60, "minute"), (1, "second")) if seconds % size == 0
    )
    return unit if seconds == size else f"{seconds // size} {unit}s"


def _environment(settings: Settings, every: timedelta, port: int) -> dict[str, str]:
    """Give what the children need to find the same watch.toml, database and server."""
    own = {
        "PENINSULA_CONFIG": str(settings.file.resolve()),
        "PENINSULA_EVERY": f"{int(every.total_seconds())}s",
        "DATABASE_URL": settings.database_url,
        "PREFECT_API_URL": os.environ.get("PREFECT_API_URL") or f"http://{LOOPBACK}:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **own}


def _start(arguments: list[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a child in a group of its own, so that Ctrl-C reaches it only through us, in order."""
    return subprocess.Popen([sys.executable, *arguments], env=dict(env), start_new_session=True)  # noqa: S603 - our own interpreter and modules


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=3) as answer:  # noqa: S310 - Prefect's own API address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_LIMIT
    while not _healthy(url):
        if server.poll() is not None:
            raise PeninsulaError(
                f"the Prefect server ended with code {server.returncode}; its last lines say why"
            )
        if time.monotonic() > until:
            raise PeninsulaError(f"the Prefect server did not answer within {START_LIMIT:.0f} s")
        time.sleep(0.5)


def _stay(children: list[subprocess.Popen[bytes]]) -> None:
    """Wait; a child that ends by itself ends the watch, loudly."""
    while True:
        for child in children:
            if child.poll() is not None:
                raise PeninsulaError(
                    f"a part of the watch ended with code {child.returncode}; start it again"
                )
        time.sleep(1)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(END_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
