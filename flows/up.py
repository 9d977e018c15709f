"""`peninsula up`: a Prefect server if none answers, the deployments served, kept alive together.

`serve` alone schedules nothing: it needs a server whose scheduler runs. So the
server comes first and its health is waited for. A part that ends by itself is
started again: Prefect's runner gives up when its server is away for half a
minute, and a watch has to outlive that. What was started here is ended here,
and ends by itself if this process is killed. Nothing in this file imports
Prefect; its children do.
"""

from __future__ import annotations

import ipaddress
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType

import typer

from flows import logs, monitor
from flows.settings import Settings
from models.errors import PeninsulaError

START_LIMIT = 180.0  # seconds: on a busy machine Prefect's server takes a minute
END_LIMIT = 25.0  # seconds a child gets to finish what it has in hand
LOOPBACK = "127.0.0.1"
# Not `-m flows.serving`: a module that runs as __main__ registers its flows as `__main__.watch`,
# which no flow run can import.
SERVE = ("-c", "from flows.tied import serve; serve()")
SERVER = ("-c", "from flows.tied import server; server()")
AUTH = "PREFECT_SERVER_API_AUTH_STRING"
# Prefect forgets no run by itself, and a watch leaves three thousand a day, with logs and tables.
KEPT = {
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(7 * 24 * 3600),  # seconds
}

_LOOK = 3.0  # seconds between two looks at a server's health
_PATIENCE = 15.0  # seconds that somebody else's server may be away before we start our own
_STEADY = 60.0  # seconds that a part has to live for its next end to count as its first
_FALLS = 5  # in a row, each within that time: it will not come up
_LONGEST = 60.0  # seconds between two starts


def up(
    settings: Settings,
    *,
    every: timedelta,
    port: int,
    host: str = LOOPBACK,
    status_port: int = 0,
    json_logs: bool = False,
) -> None:
    """Run the watch on its schedule until SIGINT or SIGTERM.

    Args:
        settings: the desk.
        every: the interval of the watch.
        port: of the Prefect server, if one is started here.
        host: the address that this server and the status listen on.
        status_port: where `/metrics` and `/health` answer; the next after `port` if it is 0.
        json_logs: logs are a JSON object a line.

    Raises:
        PeninsulaError: the interval is zero, the address is open to others and has no
            password, the server did not come up, or a part ends again and again.

    """
    if not every:
        raise PeninsulaError('the interval of the watch is zero; write one like "15m"')
    if not _is_loopback(host) and not os.environ.get(AUTH):
        raise PeninsulaError(
            f"--host {host} lets others reach Prefect's API, which asks for no password;"
            f' set {AUTH} to "user:password" first'
        )
    env = _environment(settings, every, _api(host, port)) | (logs.ENVIRONMENT if json_logs else {})
    parts = _Parts(env, ("--host", host, "--port", str(port)))
    try:
        with _interruptible(), _status(settings, host, status_port or port + 1) as status:
            parts.start()
            typer.echo(
                f"Watching now and every {_told(every)}, busy feeds and deliveries every minute."
                f" Runs: {parts.url.removesuffix('/api')}\n{status}\n"
                "By hand: prefect deployment run watch/peninsula   Stop: Ctrl-C"
            )
            parts.keep()
    except KeyboardInterrupt:
        typer.echo("Stopping ...")
    finally:
        parts.end()


@contextmanager
def _status(settings: Settings, host: str, port: int) -> Iterator[str]:
    """Answer for the status while the watch lasts; say where."""
    try:
        server = monitor.serve(settings, host, port)
    except OSError as error:
        yield f"No status: port {port} cannot be had ({error.strerror}); choose one with --status-port."
        return
    try:
        yield f"Status: http://{host}:{port}/health and /metrics"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Turn SIGTERM and SIGINT into KeyboardInterrupt."""
    previous = {number: signal.signal(number, _interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _told(every: timedelta) -> str:
    """Say an interval as a person would: "minute", "15 minutes", "2 hours"."""
    seconds = int(every.total_seconds())
    size, unit = next(
        (size, unit) for size, unit in ((3600, "hour"), (60, "minute"), (1, "second")) if seconds % size == 0
    )
    return unit if seconds == size else f"{seconds // size} {unit}s"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _api(host: str, port: int) -> str:
    """Give the address of Prefect's API: the user's own server, or the one that is started here."""
    reached = LOOPBACK if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104 - compared, not bound
    return os.environ.get("PREFECT_API_URL") or f"http://{reached}:{port}/api"


def _environment(settings: Settings, every: timedelta, url: str) -> dict[str, str]:
    """Give what the children need to find the same watch.toml, database and server."""
    own = {
        "PENINSULA_CONFIG": str(settings.file.resolve()),
        "PENINSULA_EVERY": f"{int(every.total_seconds())}s",
        "DATABASE_URL": settings.database_url,
        "PREFECT_API_URL": url,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PYTHONUNBUFFERED": "1",
    }
    if password := os.environ.get(AUTH):  # the runner is a client of the server that asks for it
        own["PREFECT_API_AUTH_STRING"] = os.environ.get("PREFECT_API_AUTH_STRING") or password
    return KEPT | os.environ | own


@dataclass
class _Part:
    """A child that is to live as long as the watch."""

    name: str
    arguments: Sequence[str]
    env: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    falls: int = 0
    again: float = 0.0  # when it may be started next

    def start(self) -> None:
        # A group of its own, so that Ctrl-C reaches it only through us, in order; a pipe, so that it
        # learns of our end.
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            [sys.executable, *self.arguments],
            env=dict(self.env),
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self.began = time.monotonic()

    @property
    def code(self) -> int | None:
        """Its exit code; None while it lives or before it was started."""
        return self.process.poll() if self.process else None

    def fell(self) -> None:
        """Plan its next start after it ended by itself.

        Raises:
            PeninsulaError: it did so again and again.

        """
        now = time.monotonic()
        self.falls = 1 if now - self.began > _STEADY else self.falls + 1
        if self.falls >= _FALLS:
            raise PeninsulaError(
                f"{self.name} ended with code {self.code}, {self.falls} times in a row;"
                " its last lines above say why"
            )
        typer.echo(f"{self.name} ended with code {self.code}; it is started again.", err=True)
        self.again = now + min(_LONGEST, 2.0**self.falls)
        self.forget()

    def forget(self) -> None:
        if self.process and self.process.stdin:
            self.process.stdin.close()
        self.process = None

    def end(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(END_LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.forget()


class _Parts:
    """The server, if it is ours, and the runner."""

    def __init__(self, env: Mapping[str, str], address: Sequence[str]) -> None:
        self.url = env["PREFECT_API_URL"]
        self._given = bool(os.environ.get("PREFECT_API_URL"))  # somebody else's to start
        self._server = _Part("the Prefect server", (*SERVER, *address), env)
        self._runner = _Part("the runner of the watch", SERVE, env)
        self._healthy_at = 0.0
        self._looked = 0.0
        self._patience = _PATIENCE

    def start(self) -> None:
        """Start what is not there.

        Raises:
            PeninsulaError: the server did not come up.

        """
        if _healthy(self.url):
            typer.echo(f"A Prefect server answers at {self.url}.")
        elif self._given:
            raise PeninsulaError(
                "PREFECT_API_URL is set and no Prefect server answers there; start it or unset it"
            )
        else:
            typer.echo(f"Starting a Prefect server at {self.url.removesuffix('/api')} ...")
            self._start_server()
            self._wait()
        self._healthy_at = time.monotonic()
        self._runner.start()

    def _start_server(self) -> None:
        self._server.start()
        self._patience = _LOOK  # from here on it is ours to keep

    def _wait(self) -> None:
        until = time.monotonic() + START_LIMIT
        while not _healthy(self.url):
            if self._server.code is not None:
                raise PeninsulaError(
                    f"the Prefect server ended with code {self._server.code}; its last lines say why"
                )
            if time.monotonic() > until:
                raise PeninsulaError(f"the Prefect server did not answer within {START_LIMIT:.0f} s")
            time.sleep(0.5)

    def keep(self) -> None:
        """Start again what ends, for as long as the watch lasts."""
        while True:
            self._look()
            self._keep_server()
            if self._runner.code is not None:
                self._runner.fell()
            answers = self._looked == self._healthy_at
            if self._runner.process is None and answers and time.monotonic() >= self._runner.again:
                self._runner.start()
            time.sleep(0.5)

    def _look(self) -> None:
        if time.monotonic() - self._looked < _LOOK:
            return
        well = _healthy(self.url)
        self._looked = time.monotonic()
        if well:
            self._healthy_at = self._looked

    def _keep_server(self) -> None:
        server, now = self._server, time.monotonic()
        away = now - self._healthy_at
        if server.code is not None:
            server.fell()
        elif server.process is not None and away > START_LIMIT and now - server.began > START_LIMIT:
            typer.echo(f"{server.name} has not answered for {away:.0f} s; it is ended.", err=True)
            server.end()
        elif server.process is None and not self._given and now >= server.again and away > self._patience:
            typer.echo(f"No Prefect server answers at {self.url}; starting one.", err=True)
            self._start_server()

    def end(self) -> None:
        """End what was started: first the runner, which still has to tell the server."""
        self._runner.end()
        self._server.end()


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=3) as answer:  # noqa: S310 - Prefect's own API address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False
