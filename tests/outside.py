"""The world outside, for tests of whole processes: feeds, a receiver, and the command itself.

Servers run on threads of the test, so that they outlive whatever is killed. Each
request is logged before it is answered: what a process did not live to hear of
has still arrived.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from desk import Item, rss

ROOT = Path(__file__).parent.parent
PENINSULA = (sys.executable, "-c", "from flows.cli import main; main()")
MARK = "PENINSULA_TEST"  # in the environment of all that a test starts, and so of all that that starts


@dataclass(frozen=True)
class Post:
    """A request that reached the receiver; `number` counts from 1, over all alerts."""

    number: int
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Give the alert's id."""
        return self.headers["webhook-id"]

    @property
    def title(self) -> str:
        """Give the story's title."""
        return str(json.loads(self.body)["data"]["story"]["title"])


@dataclass(frozen=True)
class Answer:
    """What a server says."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Outside:
    """Feeds at /feeds/NAME and a receiver at /hook, with a log of both.

    `on_feed` and `on_post` are called between log and answer, on a server thread:
    that is where a test kills, holds back, or chooses what to answer.
    """

    server: ThreadingHTTPServer
    feeds: dict[str, tuple[Item, ...]] = field(default_factory=dict)
    served: list[str] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    on_feed: Callable[[int, str], None] = lambda _number, _name: None
    on_post: Callable[[Post], Answer] = lambda _post: Answer()
    heard: Condition = field(default_factory=Condition)

    def url(self, path: str) -> str:
        """Give the address of a path."""
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def forget(self) -> None:
        """Begin new logs and answer plainly again."""
        self.served, self.posts = [], []
        self.on_feed, self.on_post = lambda _number, _name: None, lambda _post: Answer()

    def wait(self, until: Callable[[], bool], seconds: float) -> None:
        """Wait for something that a request brings about."""
        with self.heard:
            assert self.heard.wait_for(until, seconds), "the request that was waited for did not come"

    def get(self, path: str, headers: Message) -> Answer:
        """Answer a feed reader as a well-kept server does: ETag, 304, 404."""
        name = path.removeprefix("/feeds/")
        with self.heard:
            self.served.append(name)
            number = len(self.served)
            self.heard.notify_all()
        self.on_feed(number, name)
        if name not in self.feeds:
            return Answer(404)
        body = rss(self.feeds[name], title=name).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if headers.get("if-none-match") == etag:
            return Answer(304, {"etag": etag})
        return Answer(200, {"etag": etag, "content-type": "application/rss+xml; charset=utf-8"}, body)

    def post(self, headers: Message, body: bytes) -> Answer:
        """Log an alert, then answer it."""
        with self.heard:
            told = {name.lower(): value for name, value in headers.items()}
            post = Post(number=len(self.posts) + 1, headers=told, body=body)
            self.posts.append(post)
            self.heard.notify_all()
        return self.on_post(post)

    def watch_toml(self, more: str = "") -> str:
        """Write a desk's file: these feeds, this receiver (HOOK_URL, HOOK_SECRET), one rule for all."""
        feeds = (
            f'[[feed]]\nname = "{name}"\nurl = "{self.url(f"/feeds/{name}")}"\nallow_private = true\n'
            for name in self.feeds
        )
        return (
            f'{more}\n[[rule]]\nname = "korea"\n\n[[channel]]\nname = "hook"\nkind = "webhook"\n'
            f'url_env = "HOOK_URL"\nsecret_env = "HOOK_SECRET"\noptional = true\nallow_private = true\n\n'
            + "\n".join(feeds)
        )


@contextmanager
def outside(feeds: Mapping[str, Sequence[Item]], *, host: str = "127.0.0.1") -> Iterator[Outside]:
    """Serve feeds and a receiver on a free port of this machine; "" is all of its addresses."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._say(world.get(self.path, self.headers))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self._say(world.post(self.headers, body))

        def _say(self, answer: Answer) -> None:
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.status != 304:
                    self.send_header("content-length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)
            except OSError:  # who asked was killed, as planned
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Stay silent."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Stay silent: a client that was killed breaks off in the middle."""

    server = Server((host, 0), Handler)
    world = Outside(server=server, feeds={name: tuple(items) for name, items in feeds.items()})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def just_now() -> datetime:
    """Give a time at which a feed can have published: half an hour ago."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, **own: str) -> dict[str, str]:
    """Give the environment of a desk in a folder: nothing of the user's, a Prefect home of its own."""
    taken = ("PREFECT_", "PENINSULA_", "DATABASE_URL", "HOOK_", "PYTHONDONTWRITEBYTECODE")  # the last is slow
    kept = {name: value for name, value in os.environ.items() if not name.startswith(taken)}
    return {
        **kept,
        "PYTHONUNBUFFERED": "1",
        "PENINSULA_CONFIG": str(folder / "watch.toml"),
        "DATABASE_URL": f"sqlite:///{folder / 'peninsula.db'}",
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        MARK: str(folder),
        **own,
    }


def run(
    command: Sequence[str], env: Mapping[str, str], *, seconds: float = 180, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command, env=env, cwd=cwd, timeout=seconds, capture_output=True, text=True, check=False
    )


def processes(folder: Path) -> dict[int, str]:
    """Find every process that was started for a folder, whoever its parent is: id and command line."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            marked = f"{MARK}={folder}\0".encode() in (entry / "environ").read_bytes()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:  # it ended meanwhile, or is another user's
            continue
        if marked and int(entry.name) != os.getpid():
            found[int(entry.name)] = command
    return found


def end_all(folder: Path) -> None:
    """End whatever a test of this folder left behind."""
    for pid in processes(folder):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def poll(ready: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """Ask again until there is an answer: for what happens in processes that cannot call us."""
    end = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.2)
    return found
