"""Whether the database file is whole, before anything is built on it.

A look through all of its pages takes a second for each gigabyte, so it is had once
a day, and again after a process died in mid-run. PostgreSQL minds its own pages.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from flows import leases
from flows.clock import utc_now
from flows.settings import Settings, bundled
from models import store
from models.database import Database
from models.errors import DatabaseError
from models.values import Taking

EVERY = timedelta(days=1)
AFTER_A_DEATH = timedelta(minutes=10)


def open_database(settings: Settings) -> Database:
    """Open the database, bring its schema up to date, and see that it is whole.

    Raises:
        DatabaseError: it is damaged, newer than this release, or cannot be had.

    """
    database = Database(settings.database_url)
    if not database.migrate(bundled("alembic")):
        look_over(database)
    return database


def look_over(database: Database) -> None:
    """Look through the database file for damage, unless that was done of late.

    Raises:
        DatabaseError: it is damaged.

    """
    if not database.is_sqlite:
        return
    now = utc_now()
    with database.reading() as session:
        last = store.last_check(session)
        every = AFTER_A_DEATH if leases.gone(session) else EVERY
    if last and now - every < last <= now:
        return
    database.check(quick=True)
    lease = leases.new(store.CHECK)
    with suppress(DatabaseError), database.writing() as session:  # busy: the next one looks again
        if store.take(session, lease, now) is Taking.TAKEN:
            store.give_back(session, lease, now, said="sound")
