"""Leases: one process at a time works on a thing, and one that died does not keep it.

A lease is a token, its holder's name and a time. It lapses when the time has
passed, and at once when its holder is known to be gone. The same three columns
guard an alert that is being sent, the decide sweep, and a run of the watch.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import String, column, select, table
from sqlalchemy.orm import Session

from models.store.inserts import insert_new
from models.tables import Leased, LeaseRow
from models.values import LastRun, Lease, Taking

TERM = timedelta(seconds=60)
CHECK = "check"  # no run of the watch: a look through the database file, see `flows.soundness`

# A clock that jumped back must not make a lease last for ever.
_FARTHEST = 10 * TERM

# By name: every start asks, and to map alerts, with stories and articles, takes a tenth of it.
_HELD = [select(table(name, column("lease_holder", String))).distinct() for name in ("alert", "lease")]


def holders(session: Session) -> frozenset[str]:
    """Name the processes that hold a lease of any kind."""
    return frozenset(name for query in _HELD for name in session.scalars(query) if name)


def lapsed(row: Leased, now: datetime, gone: Collection[str] = ()) -> bool:
    """Say whether a row can be had: never leased, its time has passed, or its holder is gone."""
    until = row.lease_until
    return until is None or not now <= until <= now + _FARTHEST or row.lease_holder in gone


def grant(row: Leased, token: str, holder: str, now: datetime) -> datetime:
    """Lease a row; say until when."""
    until = now + TERM
    row.lease_token, row.lease_holder, row.lease_until = token, holder, until
    return until


def free(row: Leased) -> None:
    """Let a row go."""
    row.lease_token = row.lease_holder = row.lease_until = None


def take(
    session: Session, lease: Lease, now: datetime, *, gone: Collection[str] = (), due: datetime | None = None
) -> Taking:
    """Take the lease of a kind of run, unless somebody alive has it.

    Args:
        session: a writing session; commit it before the work begins.
        lease: its name, and who asks.
        now: the time.
        gone: holders that are known to be dead.
        due: when the run was to begin. If one began after that and came to its end, the
            work is done: runs that were missed collapse into one.

    """
    insert_new(session, LeaseRow, [{"name": lease.name}])
    row = session.get_one(LeaseRow, lease.name, with_for_update=True)
    if not lapsed(row, now, gone):
        return Taking.HELD
    # An end that is yet to come was written by a clock that was ahead, and says nothing.
    if due and row.began_at and row.ended_at and due <= row.began_at <= row.ended_at <= now:
        return Taking.DONE
    row.began_at = now
    grant(row, lease.token, lease.holder, now)
    return Taking.TAKEN


def renew(session: Session, lease: Lease, now: datetime) -> bool:
    """Hold on to a lease for another term; false if it is lost."""
    row = _mine(session, lease)
    if row:
        grant(row, lease.token, lease.holder, now)
    return row is not None


def give_back(session: Session, lease: Lease, now: datetime, *, said: str | None = None) -> None:
    """Give a lease back, with what the run had to say if it came to its end."""
    row = _mine(session, lease)
    if row is None:
        return
    free(row)
    if said is not None:
        row.ended_at, row.said = now, said


def _mine(session: Session, lease: Lease) -> LeaseRow | None:
    mine = (LeaseRow.name == lease.name, LeaseRow.lease_token == lease.token)
    return session.scalars(select(LeaseRow).where(*mine).with_for_update()).first()


def last_runs(session: Session, now: datetime, *, gone: Collection[str] = ()) -> tuple[LastRun, ...]:
    """Tell of each kind of run how its last one went."""
    return tuple(
        LastRun(
            name=row.name,
            began_at=row.began_at,
            ended_at=row.ended_at,
            running=not lapsed(row, now, gone),
            said=row.said or "",
        )
        for row in session.scalars(select(LeaseRow).where(LeaseRow.name != CHECK).order_by(LeaseRow.name))
    )


def last_check(session: Session) -> datetime | None:
    """Say when the database file was last looked through for damage and found whole."""
    return session.scalars(select(LeaseRow.ended_at).where(LeaseRow.name == CHECK)).first()
