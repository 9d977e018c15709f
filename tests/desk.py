"""A desk for tests: feeds on a real local server, a database, and a clock to turn."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from flows import pipeline, settings
from models.database import Database
from models.values import Report, Selection

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)

LAUNCH = "North Korea fires two short-range ballistic missiles toward the East Sea"
LAUNCH_TEXT = (
    "North Korea fired two short-range ballistic missiles from the Wonsan area on Sunday morning,"
    " South Korea's Joint Chiefs of Staff said, adding that they flew about 350 kilometers before they"
    " fell into the East Sea."
)


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Give the time."""
        return self.now

    def turn(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)


@dataclass
class Item:
    """One entry of a feed that a test serves."""

    title: str = LAUNCH
    text: str = LAUNCH_TEXT
    url: str = ""
    guid: str = ""
    at: datetime | None = NOW - timedelta(minutes=30)


def rss(items: Sequence[Item], title: str = "Test") -> str:
    """Write an RSS 2.0 document."""
    entries = []
    for item in items:
        name = hashlib.sha256(f"{title}{item.title}{item.text}".encode()).hexdigest()[:10]
        url = item.url or f"https://{title}.example/news/{name}"
        date = f"<pubDate>{format_datetime(item.at)}</pubDate>" if item.at else ""
        guid = f"<guid isPermaLink='false'>{escape(item.guid or url)}</guid>"
        entries.append(
            f"<item><title>{escape(item.title)}</title><link>{escape(url)}</link>{guid}{date}"
            f"<description>{escape(item.text)}</description></item>"
        )
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{escape(title)}</title>"
        f"<link>https://{title}.example/</link>{''.join(entries)}</channel></rss>"
    )


@dataclass
class Desk:
    """A desk: `feed` serves and configures one, `run` is a whole run of the product."""

    folder: Path
    server: HTTPServer
    database_url: str
    clock: Clock
    env: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)  # by feed; an absent one answers 404
    tables: dict[str, str] = field(default_factory=dict)  # of watch.toml
    shown: list[str] = field(default_factory=list)  # alerts of the terminal channel

    def feed(self, name: str, *items: Item, extra: str = "") -> None:
        """Serve a feed with these items, and configure it."""
        self.documents[name] = rss(items, title=name)
        self.tables[f"feed {name}"] = (
            f'[[feed]]\nname = "{name}"\nurl = "{self.server.url_for(f"/feeds/{name}")}"\n'
            f"allow_private = true\n{extra}\n"
        )

    def webhook(self, name: str = "hook", path: str = "/hook", secret: str = "") -> None:
        """Configure a webhook channel at the local server."""
        self.env |= {f"{name.upper()}_URL": self.server.url_for(path)}
        self.env |= {f"{name.upper()}_SECRET": secret} if secret else {}
        self.tables[f"channel {name}"] = (
            f'[[channel]]\nname = "{name}"\nkind = "webhook"\nurl_env = "{name.upper()}_URL"\n'
            f"allow_private = true\n" + (f'secret_env = "{name.upper()}_SECRET"\n' if secret else "")
        )

    def rule(self, text: str, name: str = "korea") -> None:
        """Configure a rule; without any, a rule "korea" matches all that is about the peninsula."""
        self.tables[f"rule {name}"] = f'[[rule]]\nname = "{name}"\n{text}\n'

    def serve(self, request: Request) -> Response:
        """Answer a feed reader as a well-kept server does: ETag, 304, 404."""
        body = self.documents.get(request.path.removeprefix("/feeds/"))
        if body is None:
            return Response("no such feed", status=404)
        etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status=304, headers={"etag": etag})
        return Response(body, content_type="application/rss+xml; charset=utf-8", headers={"etag": etag})

    def settings(self) -> settings.Settings:
        """Write watch.toml and read it."""
        if not any(name.startswith("rule") for name in self.tables):
            self.rule("")
        file = self.folder / "watch.toml"
        file.write_text("\n".join(self.tables.values()), encoding="utf-8")
        return settings.load(file, env={"DATABASE_URL": self.database_url} | self.env)

    def copy(self, folder: Path) -> Desk:
        """Give a desk on SQLite like this one, in a folder of its own, to write in; both have one server."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return replace(
            self,
            folder=folder,
            database_url=f"sqlite:///{folder / 'peninsula.db'}",
            clock=Clock(self.clock.now),
            env=dict(self.env),
            tables=dict(self.tables),
            shown=list(self.shown),
        )

    def open(self) -> Database:
        """Open the desk's database."""
        return pipeline.open_database(self.settings())

    def run(self, *, seeds: Path | None = None, patience: float = 0) -> Report:
        """Collect, decide, deliver, once."""
        configured = self.settings()
        database = pipeline.open_database(configured)
        try:
            return asyncio.run(
                pipeline.watch(
                    database,
                    configured,
                    clock=self.clock,
                    show=self.shown.append,
                    selection=Selection(seeds=seeds),
                    patience=timedelta(seconds=patience),
                )
            )
        finally:
            database.close()
