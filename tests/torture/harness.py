"""Kills the product at counted events, lets it recover, and compares with what the receiver got.

Events are counted, not seconds (under load a time-based kill never got past
collecting): every statement, every commit, every request and every answer.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
from sqlalchemy import Engine, event, func, select, text
from torture.world import Post, posts

from flows import collect, network, pipeline, settings
from flows.deliver import utc_now
from models import sources
from models.database import Database
from models.tables import AlertRow
from models.values import Fetched, Listing, Selection, Source, SourceState


@dataclass
class Figures:
    """What a series of kills came to."""

    runs: int = 0
    kills: int = 0
    alerts: int = 0
    lost: int = 0
    repeats: int = 0
    second: int = 0  # a second id or body for one story
    sending: int = 0  # left in the state "sending"
    excused: int = 0  # answers after which a repeat is right
    damaged: int = 0

    @property
    def good(self) -> bool:
        """Whether the promise held."""
        wrong = self.lost + self.second + self.sending + self.damaged
        return wrong == 0 and self.repeats <= self.kills + self.excused

    def __add__(self, other: Figures) -> Figures:
        """Add two series up."""
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def __str__(self) -> str:
        """Tell them in a line."""
        return (
            f"{self.kills} kills in {self.runs} runs, {self.alerts} alerts: lost {self.lost},"
            f" repeats {self.repeats} (second id or body {self.second}), left sending {self.sending}"
        )


@dataclass
class Bench:
    """Where the product is tortured: a folder, the world's address, a template database of each kind."""

    folder: Path
    address: str
    postgresql: str = ""
    mode: str = "good"
    mutant: Callable[[], None] | None = None
    expected: set[str] = field(default_factory=set)
    templates: dict[str, str] = field(default_factory=dict)

    def configured(self, database_url: str, log: str) -> settings.Settings:
        """Write and read a watch.toml with one feed and one receiver."""
        file = self.folder / f"{log}.toml"
        file.write_text(
            f'[[feed]]\nname = "f"\nurl = "{self.address}/feed"\nallow_private = true\n[[rule]]\nname = "r"\n'
            '[watch]\nwindow = "1h"\n'  # so that the feed's items, hours apart, are a story each
            '[[channel]]\nname = "hook"\nkind = "webhook"\nurl_env = "U"\nallow_private = true\n',
            encoding="utf-8",
        )
        env = {"DATABASE_URL": database_url, "U": f"{self.address}/{self.mode}/{log}"}
        return settings.load(file, env=env)

    def fresh(self, kind: str) -> str:
        """Give the URL of an empty database with the tables made, copied from a template."""
        name = f"t{uuid4().hex[:12]}"
        if kind == "sqlite":
            template, made = self.folder / "template.db", self.folder / f"{name}.db"
            if not template.exists():
                pipeline.open_database(self.configured(f"sqlite:///{template}", "template")).close()
            shutil.copy(template, made)
            return f"sqlite:///{made}"
        with psycopg.connect(self.postgresql, autocommit=True) as connection:
            if "postgresql" not in self.templates:
                connection.execute(b"CREATE DATABASE torture_template")
                url = self.postgresql.replace("/postgres?", "/torture_template?")
                pipeline.open_database(self.configured(url, "template")).close()
                self.templates["postgresql"] = url
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE torture_template'.encode())
        return self.postgresql.replace("/postgres?", f"/{name}?")

    def warm(self) -> None:
        """Run once in this process, so that every fork has imported and compiled what a run needs.

        What the receiver got of that run is what the feed has to give.
        """
        held, honest = self.configured(self.fresh("sqlite"), "clean"), collect._list
        collect._list = _list_here
        try:
            asyncio.run(_watch(held, drain=False))
        finally:
            collect._list = honest
        self.expected = {post.title for post in posts(self.folder / "clean")}

    def run(self, held: settings.Settings, *, die_at: int = 0, workers: int = 1, drain: bool = False) -> bool:
        """Run the product in children; true if the first was killed at its event."""
        children = [self._child(held, die_at if number == 0 else 0, drain) for number in range(workers)]
        ends = [os.waitpid(child, 0)[1] for child in children]
        wrong = [end for end in ends if end and not os.WIFSIGNALED(end)]
        if wrong:
            raise AssertionError(f"a run ended with {wrong}")
        return os.WIFSIGNALED(ends[0])

    def _child(self, held: settings.Settings, die_at: int, drain: bool) -> int:  # noqa: FBT001 - passes it on
        child = os.fork()
        if child:
            return child
        code = 1
        try:
            self._become()
            _die_at(die_at)
            asyncio.run(_watch(held, drain=drain))
            code = 0
        finally:
            os._exit(code)

    def _become(self) -> None:
        """Be the product, right or mutant, in a fork of this process."""
        gc.freeze()  # what was inherited is looked through no more
        network._LOOKUPS = ThreadPoolExecutor(4)  # threads do not come along
        collect._list = _list_here
        if self.mutant is not None:
            self.mutant()

    def points(self, kind: str) -> list[str]:
        """Name the events of a clean run, in order: each is a place to die."""
        url, log = self.fresh(kind), f"count-{uuid4().hex[:8]}"
        file = self.folder / log
        child = os.fork()
        if not child:
            self._become()
            names = _die_at(0)
            asyncio.run(_watch(self.configured(url, log), drain=False))
            (self.folder / f"{log}.count").write_text(json.dumps(names))
            os._exit(0)
        os.waitpid(child, 0)
        file.unlink(missing_ok=True)
        found: list[str] = json.loads((self.folder / f"{log}.count").read_text())
        return found

    def torture(self, kind: str, deaths: list[int], *, workers: int = 1, crew: int = 0) -> Figures:
        """Die at each of these events in turn, on one database; then run clean (by a `crew`), and compare."""
        url, log = self.fresh(kind), f"log-{uuid4().hex[:10]}"
        held = self.configured(url, log)
        kills = sum(self.run(held, die_at=at, workers=workers) for at in deaths)
        for _ in range(12):
            self.run(held, drain=self.mode == "bad", workers=crew or workers)
            if self.mode == "good" or not _pending(url):
                break
        return self.compare(url, posts(self.folder / log), kills)

    def compare(self, url: str, got: list[Post], kills: int) -> Figures:
        """Hold what the receiver got against what the feed had to give."""
        taken = [post for post in got if post.answer in {"200", "big", "close", "hang"}]
        titles = {post.title for post in taken}
        stories = Counter(post.title for post in taken)
        marks = {title: {(post.id, post.body) for post in got if post.title == title} for title in titles}
        sending, damaged = _state(url)
        return Figures(
            runs=1,
            kills=kills,
            alerts=len(titles),
            lost=len(self.expected - titles),
            repeats=sum(count - 1 for count in stories.values()),
            second=sum(len(pairs) - 1 for pairs in marks.values()),
            sending=sending,
            excused=sum(post.answer in {"close", "hang"} for post in got),
            damaged=damaged,
        )


async def _watch(held: settings.Settings, *, drain: bool) -> None:
    database = pipeline.open_database(held)
    await pipeline.watch(database, held, clock=utc_now, show=print, selection=Selection())
    if drain:
        await pipeline.deliver_due(database, held, clock=utc_now, show=print, waiting_too=True)


async def _list_here(desk: Any, feed: Source, before: SourceState, answer: Fetched) -> Listing:
    """Parse without a process of its own, whose start takes longer than all the rest of a run."""
    return sources.read_listing(
        answer.body,
        feed=feed,
        content_type=answer.content_type,
        base_url=answer.url,
        now=desk.clock(),
        cutoff=(before.checked_at or desk.clock()) - desk.settings.alert_max_age,
        marks=before.marks,
    )


def _die_at(number: int) -> list[str]:
    """Name the events of this process as they come, and end it without a word at one of them."""
    names: list[str] = []

    def step(name: str) -> None:
        names.append(name)
        if len(names) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(_: object, __: object, statement: str, *___: object) -> None:
        step(f"before {statement[:40]}")

    def after(_: object, __: object, statement: str, *___: object) -> None:
        step(f"after {statement[:40]}")

    def commit(_: object) -> None:
        step("commit")

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    event.listen(Engine, "commit", commit)
    honest = httpx.AsyncHTTPTransport.handle_async_request

    async def watched(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        step(f"send {request.method}")
        answer = await honest(self, request)
        step(f"answer {request.method}")
        return answer

    httpx.AsyncHTTPTransport.handle_async_request = watched  # type: ignore[method-assign]
    return names


def _pending(url: str) -> int:
    database = Database(url)
    with database.reading() as session:
        found = session.scalars(
            select(func.count()).select_from(AlertRow).where(AlertRow.state.in_(("pending", "sending")))
        ).one()
    database.close()
    return found


def _state(url: str) -> tuple[int, int]:
    """Count what is left "sending", and what the database finds wrong with itself."""
    database = Database(url)
    with database.reading() as session:
        sending = session.scalars(
            select(func.count()).select_from(AlertRow).where(AlertRow.state == "sending")
        ).one()
        whole = not database.is_sqlite or session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    database.close()
    return sending, int(not whole)
