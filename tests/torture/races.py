"""Two of everything at once (D5), and a sender that sleeps through its lease (D6)."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, select
from torture.harness import Bench, Figures, ended
from torture.product import watch
from torture.world import posts

from flows import pipeline, settings
from flows.clock import utc_now
from models.database import Database
from models.tables import AlertRow, ArticleRow, AttemptRow, StoryRow
from models.values import Selection

OVERRUN = timedelta(seconds=90)  # half as long again as a lease


def race(bench: Bench, kind: str, stories: int) -> Figures:
    """Start two collectors and two senders together on a feed of so many stories; compare.

    Whatever a database refuses ("database is locked") ends a child, and so the race.
    """
    url, log = bench.fresh(kind), f"race-{uuid4().hex[:8]}"
    held, done = bench.configured(url, log, feed="flood"), bench.folder / f"{log}.done"
    (bench.folder / f"{log}.stage").write_text("0" if stories == 50 else "1")
    senders = [bench.fork(functools.partial(_send, held, done)) for _ in range(2)]
    collectors = [bench.fork(functools.partial(_ingest, held)) for _ in range(2)]
    ended(collectors)
    done.touch()
    ended(senders)
    got = posts(bench.folder / log)
    with closing(Database(url)) as database, database.reading() as session:
        for table in (ArticleRow, StoryRow, AlertRow, AttemptRow):  # one attempt for each alert
            found = session.scalars(select(func.count()).select_from(table)).one()
            if found != stories:
                raise AssertionError(f"{found} rows of {table.__tablename__}, not {stories}")
    ids = {post.id for post in got}
    return Figures(runs=1, alerts=len(ids), lost=stories - len(ids), repeats=len(got) - len(ids))


async def _ingest(held: settings.Settings) -> None:
    database = pipeline.open_database(held)
    await pipeline.collect(database, held, clock=utc_now, selection=Selection())
    pipeline.decide_new(database, held, clock=utc_now)


async def _send(held: settings.Settings, done: Path) -> None:
    database = pipeline.open_database(held)
    while True:
        last = done.exists()  # noqa: ASYNC240 - nothing else waits in this process
        sent = await pipeline.deliver_due(database, held, clock=utc_now, show=print)
        if last and sent.next_at is None:
            return
        await asyncio.sleep(0.02)


def overrun(bench: Bench, kind: str, *, asleep: timedelta = timedelta(0)) -> Figures:
    """Stop a sender while the receiver has its alert, let another take over, and wake it up.

    Args:
        bench: its receiver is set to hold the first alert.
        kind: of the database.
        asleep: how long it really sleeps; for the rest of OVERRUN the other's clock goes ahead.

    Raises:
        AssertionError: the late sender changed a row.

    """
    url, log, mode = bench.fresh(kind), f"late-{uuid4().hex[:8]}", bench.mode
    bench.mode = "held"
    held, bench.mode = bench.configured(url, log), mode
    late = bench.fork(functools.partial(watch, held))
    while not posts(bench.folder / log):
        time.sleep(0.02)
    os.kill(late, signal.SIGSTOP)
    time.sleep(asleep.total_seconds())
    ahead = OVERRUN - asleep
    ended([bench.fork(functools.partial(watch, held, clock=lambda: utc_now() + ahead))])
    before = _rows(url)
    os.kill(late, signal.SIGCONT)
    (bench.folder / f"{log}.go").touch()
    ended([late])
    if _rows(url) != before:
        raise AssertionError("a sender that slept through its lease changed what another had done")
    return bench.compare(url, posts(bench.folder / log), kills=0) + Figures(excused=1)


def _rows(url: str) -> list[tuple[str, str, datetime | None, int]]:
    with closing(Database(url)) as database, database.reading() as session:
        query = select(AlertRow.id, AlertRow.state, AlertRow.delivered_at, AlertRow.attempts)
        return [tuple(row) for row in session.execute(query.order_by(AlertRow.id))]
