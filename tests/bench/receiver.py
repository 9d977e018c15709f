"""A webhook's receiver for benchmarks: takes every alert, and notes when it came."""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar


class Receiver(BaseHTTPRequestHandler):
    """Takes alerts and notes when; keeps the connection, as receivers do."""

    protocol_version = "HTTP/1.1"
    heard: ClassVar[list[tuple[float, str]]] = []  # when, and what kind; one receiver a process

    def do_POST(self) -> None:
        """Take one."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self.heard.append((time.time(), str(json.loads(body).get("type"))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def receive() -> str:
    """Start it in a thread; give its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/hook"
