"""The world outside: a feed and a receiver, in a process of their own that nothing here kills.

The receiver writes down what it got before it answers (RELIABILITY.md, d), with
O_APPEND, so that no crash of ours can hide a delivery.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import random
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FAULTS = {"500": 0.08, "429": 0.04, "close": 0.03, "hang": 0.02, "big": 0.01}
HANG = 16.0  # seconds: past the deadline of an attempt


@dataclass(frozen=True, slots=True)
class Post:
    """What the receiver got: its id, a hash of the body, the story, and how it answered."""

    id: str
    body: str
    title: str
    answer: str


def posts(log: Path) -> list[Post]:
    """Read what the receiver wrote down."""
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return [Post(**json.loads(line)) for line in lines]


@contextmanager
def world(feeds: Mapping[str, Sequence[str]], folder: Path) -> Iterator[str]:
    """Serve feeds at /NAME/LOG and receivers at /MODE/LOG; give the address.

    Modes: "good", "bad" (see FAULTS), "held" (the first alert is answered once there
    is a file LOG.go), "busy" (the first attempt of each alert is answered 500).

    Args:
        feeds: by name, the documents of its stages; a file LOG.stage names the one to serve, else the last.
        folder: for the logs.

    """
    context = multiprocessing.get_context("fork")
    held = socket.create_server(("127.0.0.1", 0))
    port = held.getsockname()[1]
    server = context.Process(target=_serve, args=(held, feeds, folder), daemon=True)
    server.start()
    held.close()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.join()


def _serve(  # noqa: C901 - a server in one piece
    held: socket.socket, feeds: Mapping[str, Sequence[str]], folder: Path
) -> None:
    parent, seen = os.getppid(), set[tuple[str, str]]()
    chance = random.Random(7)  # noqa: S311 - faults, not secrets

    class Handler(BaseHTTPRequestHandler):
        """Answers as a feed and as a receiver do."""

        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            """Give the feed, or say that it did not change."""
            _, feed, log = self.path.split("/", 2)
            stage = folder / f"{log}.stage"
            document = feeds[feed][int(stage.read_text()) if stage.exists() else -1].encode()
            etag = f'"{hashlib.sha256(document).hexdigest()[:12]}"'
            same = self.headers.get("if-none-match") == etag
            self.answer(304 if same else 200, b"" if same else document, {"etag": etag})

        def do_POST(self) -> None:
            """Write the alert down, then answer."""
            body = self.rfile.read(int(self.headers["content-length"]))
            _, mode, log = self.path.split("/", 2)
            id_ = self.headers["webhook-id"]
            first = not any(name == log for name, _ in seen)
            answer = _fault(chance) if mode == "bad" else "200"
            answer = "500" if mode == "busy" and (log, id_) not in seen else answer
            seen.add((log, id_))
            kept = {
                "id": id_,
                "body": hashlib.sha256(body).hexdigest(),
                "title": json.loads(body)["data"]["story"]["title"],
                "answer": answer,
            }
            with (folder / log).open("a", encoding="utf-8") as file:
                file.write(json.dumps(kept) + "\n")
            while mode == "held" and first and not (folder / f"{log}.go").exists():
                time.sleep(0.02)
            if answer == "close":
                self.close_connection = True
            elif answer == "hang":
                time.sleep(HANG)
                self.close_connection = True
            elif answer == "big":
                self.answer(200, b"x" * 10_000_000, {})
            else:
                self.answer(int(answer), b"", {"retry-after": "0"} if answer == "429" else {})

        def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            """Send an answer; a sender that was killed is not waited for."""
            try:
                self.send_response(status)
                for name, value in {**headers, "content-length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

    server = ThreadingHTTPServer(held.getsockname(), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = held
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while os.getppid() == parent:  # the harness may be killed as well
        time.sleep(0.5)


def _fault(chance: random.Random) -> str:
    drawn = chance.random()
    for name, share in FAULTS.items():
        drawn -= share
        if drawn < 0:
            return name
    return "200"
