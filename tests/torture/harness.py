"""Forks the product, kills it, lets it recover, and compares with what the receiver got."""

from __future__ import annotations

import asyncio
import functools
import gc
import json
import os
import shutil
import traceback
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import func, select, text
from torture.product import die_at, list_here, watch
from torture.world import Post, posts

from flows import collect, network, pipeline, settings
from models.database import Database
from models.tables import AlertRow


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

    def configured(self, database_url: str, log: str, *, feed: str = "wire") -> settings.Settings:
        """Write and read a watch.toml with one feed and one receiver."""
        file = self.folder / f"{log}.toml"
        file.write_text(
            f'[[feed]]\nname = "f"\nurl = "{self.address}/{feed}/{log}"\nallow_private = true\ncap = 0\n'
            '[[rule]]\nname = "r"\n'
            '[watch]\nwindow = "1h"\n'  # so that the feed's items, hours apart, are a story each
            'alert_max_age = "100d"\n'
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
        collect._list = list_here
        try:
            asyncio.run(watch(held))
        finally:
            collect._list = honest
        self.expected = {post.title for post in posts(self.folder / "clean")}

    def fork(self, work: Callable[[], Coroutine[Any, Any, None]], *, at: int = 0) -> int:
        """Be the product, right or mutant, in a child that dies at its `at`-th event; give its id."""
        child = os.fork()
        if child:
            return child
        code = 1
        try:
            gc.freeze()  # what was inherited is looked through no more
            network._LOOKUPS = ThreadPoolExecutor(4)  # threads do not come along
            collect._list = list_here
            if self.mutant is not None:
                self.mutant()
            die_at(at)
            asyncio.run(work())
            code = 0
        except Exception:  # noqa: BLE001 - shown here, for its parent sees no more than a code
            traceback.print_exc()
        finally:
            os._exit(code)

    def run(self, held: settings.Settings, *, at: int = 0, workers: int = 1, drain: bool = False) -> bool:
        """Run the product in children; true if the first was killed at its event."""
        work = functools.partial(watch, held, drain=drain)
        return ended([self.fork(work, at=at if number == 0 else 0) for number in range(workers)])

    def points(self, kind: str) -> list[str]:
        """Name the events of a clean run, in order: each is a place to die."""
        url, log = self.fresh(kind), f"count-{uuid4().hex[:8]}"
        held, count = self.configured(url, log), self.folder / f"{log}.count"

        async def counted() -> None:
            names = die_at(0)
            await watch(held)
            count.write_text(json.dumps(names))

        ended([self.fork(counted)])
        found: list[str] = json.loads(count.read_text())
        return found

    def torture(self, kind: str, deaths: list[int], *, workers: int = 1, crew: int = 0) -> Figures:
        """Die at each of these events in turn, on one database; then run clean (by a `crew`), and compare."""
        url, log = self.fresh(kind), f"log-{uuid4().hex[:10]}"
        held = self.configured(url, log)
        kills = sum(self.run(held, at=at, workers=workers) for at in deaths)
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


def ended(children: Sequence[int]) -> bool:
    """Wait for children; true if the first was killed. Whatever else went wrong is an error."""
    ends = [os.waitpid(child, 0)[1] for child in children]
    wrong = [end for end in ends if end and not os.WIFSIGNALED(end)]
    if wrong:
        raise AssertionError(f"a run ended with {wrong}")
    return os.WIFSIGNALED(ends[0])


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
