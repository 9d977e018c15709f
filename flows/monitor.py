"""How the watch stands, for programs: Prometheus text and JSON, by command or over HTTP.

The same small server shows people the page, and readers the output feeds (`flows.site`).

`/health` answers 200 while all is well and 503 with the reasons when it is not, so
that a container's health check needs no more than the status.
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from flows import leases, site
from flows.clock import utc_now
from flows.settings import Settings
from models import standing as judged
from models import store
from models.database import Database
from models.errors import PeninsulaError
from models.values import Standing, Trouble

TEXT = "text/plain; version=0.0.4; charset=utf-8"


def look(settings: Settings, database: Database) -> tuple[Standing, tuple[Trouble, ...]]:
    """Read how the watch stands, and judge it."""
    feeds = [feed.name for feed in settings.feeds if feed.enabled]
    with database.reading() as session:
        standing = store.standing(
            session, feeds=feeds, channels=settings.desk.channels, now=utc_now(), gone=leases.gone(session)
        )
    return standing, judged.amiss(standing, every=settings.every, silence=settings.silence)


def as_json(standing: Standing, troubles: tuple[Trouble, ...]) -> dict[str, Any]:
    """Give it as plain values."""
    last = judged.last_end(standing)
    return {
        "well": not troubles,
        "troubles": [{"code": trouble.code, "detail": trouble.detail} for trouble in troubles],
        "last_run_ended_at": last and last.isoformat(),
        "runs": [
            {
                "name": run.name,
                "began_at": run.began_at and run.began_at.isoformat(),
                "ended_at": run.ended_at and run.ended_at.isoformat(),
                "running": run.running,
                "said": run.said,
            }
            for run in standing.runs
        ],
        "undecided": standing.undecided,
        "oldest_undecided_at": standing.oldest_undecided and standing.oldest_undecided.isoformat(),
        "alerts": dict(standing.alerts),
        "due_since": standing.due_since and standing.due_since.isoformat(),
        "disabled_channels": list(standing.disabled),
        "stranded_channels": list(standing.stranded),
        "feeds": standing.by_health,
        "newest_story_at": standing.newest_story and standing.newest_story.isoformat(),
        "usual_gap_seconds": standing.usual_gap and standing.usual_gap.total_seconds(),
    }


def as_text(standing: Standing, troubles: tuple[Trouble, ...]) -> str:
    """Give it as Prometheus text."""
    from flows import metrics  # noqa: PLC0415 - prometheus_client takes a while, which no other command waits for

    return metrics.text(standing, troubles)


def serve(settings: Settings, host: str, port: int) -> ThreadingHTTPServer:
    """Answer `/metrics`, `/health` and what `flows.site` shows on a thread of this process, until it ends.

    Raises:
        OSError: the port is taken.

    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = _answer(settings, self.path.partition("?")[0], f"http://{host}:{port}")
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("x-content-type-options", "nosniff")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 - uptime monitors ask so

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Stay silent: it is asked every few seconds."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    return server


def _answer(settings: Settings, path: str, base: str) -> tuple[int, str, bytes]:
    if path not in {"/metrics", "/health", *site.PATHS}:
        return 404, TEXT, f"/metrics, /health and {', '.join(site.PATHS)}\n".encode()
    try:
        database = Database(settings.database_url)
        try:
            if page := site.show(database, settings, path, now=utc_now(), base=base):
                return 200, page.media, page.body
            seen = look(settings, database)
        finally:
            database.close()
    except PeninsulaError as error:
        return 503, TEXT, f"{error}\n".encode()
    if path == "/metrics":
        return 200, TEXT, as_text(*seen).encode()
    body = json.dumps(as_json(*seen), ensure_ascii=False).encode()
    return (503 if seen[1] else 200), "application/json", body
