"""Leases held by this process: who it is, who has died, a run of which there is one at a time.

Our own rows guard overlap, not the scheduler's limits: those keep a dead run's
place for minutes, and after a power cut for ever (RELIABILITY.md, 0.2).
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from flows.clock import Clock
from models import store
from models.database import Database
from models.errors import DatabaseError
from models.values import Lease, Taking

BEAT = store.TERM.total_seconds() / 3
# A run that has not ended after an hour hangs: it renews no more, and the next one begins beside it.
_BEATS = 180


@dataclass
class Run:
    """One run of a kind of which there is one at a time."""

    taking: Taking
    said: str | None = None  # set when it came to its end; None leaves the last one's words


@asynccontextmanager
async def running(
    database: Database, name: str, *, clock: Clock, due: datetime | None = None, unless: str = ""
) -> AsyncIterator[Run]:
    """Hold the lease of a kind of run while its body works, and renew it meanwhile.

    Whoever asks looks at `taking`: a run that a schedule began gives way to another,
    one that a person asked for goes ahead beside it, which is safe, only dearer.

    Args:
        database: where the lease stands.
        name: the kind of run.
        clock: the time.
        due: when a schedule meant it to begin; None if a person asked for it.
        unless: another kind of run that does this one's work, too.

    """
    lease = new(name)
    with database.writing() as session:
        dead = gone(session)
        others = {run.name for run in store.last_runs(session, clock(), gone=dead) if run.running}
        if unless in {other.partition(" ")[0] for other in others}:
            taking = Taking.HELD
        else:
            taking = store.take(session, lease, clock(), gone=dead, due=due)
    run = Run(taking)
    if taking is not Taking.TAKEN:
        yield run
        return
    beat = asyncio.create_task(_keep(database, lease, clock))
    try:
        yield run
    finally:
        beat.cancel()
        try:
            with suppress(asyncio.CancelledError):
                await beat
        finally:
            give_back(database, lease, clock(), said=run.said)


async def _keep(database: Database, lease: Lease, clock: Clock) -> None:
    for _ in range(_BEATS):
        await asyncio.sleep(BEAT)
        with suppress(DatabaseError):  # busy or away: the next beat comes in time, or the lease lapses
            if not await asyncio.to_thread(_renew, database, lease, clock()):
                return


def _renew(database: Database, lease: Lease, now: datetime) -> bool:
    with database.writing() as session:
        return store.renew(session, lease, now)


def give_back(database: Database, lease: Lease, now: datetime, *, said: str | None = None) -> None:
    """Let a lease go; if the database is away just now, it lapses by itself."""
    with suppress(DatabaseError), database.writing() as session:
        store.give_back(session, lease, now, said=said)


def new(name: str) -> Lease:
    """Make a lease that this process may ask for."""
    return Lease(name=name, token=secrets.token_hex(16), holder=holder())


def gone(session: Session) -> list[str]:
    """Name the holders of leases that are known to be dead."""
    return [name for name in store.holders(session) if is_gone(name)]


def holder() -> str:
    """Name this process so that another one on this machine can tell whether it still lives."""
    pid = os.getpid()
    return f"{_machine()} {pid} {_started(pid)}"


def is_gone(name: str) -> bool:
    """Whether the process of that name is known to be dead; of another machine's we know nothing."""
    machine, pid, started = [*name.rsplit(" ", 2), "", ""][:3]
    return machine == _machine() and pid.isdigit() and _started(int(pid)) != started


def _machine() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id")
    namespace = Path("/proc/self/ns/pid")
    marks = [socket.gethostname()]
    if boot.exists():
        marks += [boot.read_text(encoding="ascii").strip(), str(namespace.readlink())]
    return "/".join(marks).replace(" ", "-")


def _started(pid: int) -> str:
    """When a process started, in a form that a re-used process id does not share; "" if it is gone."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        if stat.parent.parent.joinpath("self").exists():
            state, *rest = stat.read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
            return "" if state in "ZX" else rest[18]  # a zombie is dead, reaped or not
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return ""
    except PermissionError:
        return "alive"
    return "alive"
