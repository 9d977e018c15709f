"""Search learns what came in: a portion after each run, and what is left before somebody asks.

After the alerts are out, so that none waits for it; in short transactions, so
that no other writer waits long.
"""

from __future__ import annotations

from collections.abc import Callable

from models import store
from models.database import Database

AT_ONCE = 200  # articles a transaction: a tenth of a second
PORTION = 2_000  # articles a run: a second; a run comes every minute
MANY = 1_000  # after so many the planner's figures are stale

Progress = Callable[[int, int], None]


def file_new(database: Database, *, most: int | None = PORTION, progress: Progress | None = None) -> None:
    """File articles that search does not know yet, oldest first.

    Args:
        database: where they are.
        most: how many at most; None for all.
        progress: told how many are done, of how many.

    """
    with database.reading() as session:
        waiting = store.unfiled(session, most)
    done = 0
    while done < waiting:
        with database.writing() as session:
            filed = store.file_articles(session, min(AT_ONCE, waiting - done))
        if not filed:  # another process has them
            break
        done += filed
        if progress:
            progress(done, waiting)
    if done > MANY:
        with database.writing() as session:
            store.tidy(session)
