"""Which day it is, as the archive bears witness: what removes things does not go by the clock alone.

A clock that is years ahead for one run would have all of the archive go at the next
look. What was stored before does not jump with it: three days on which there is
news take three days, whatever the clock says of one of them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.tables import ArticleRow

DAYS = 3  # with articles: what was written while a clock was wrong stands on one of them, or on two


def witnessed(session: Session, now: datetime) -> datetime | None:
    """Give `now`, at most the third newest day that has articles; None where there are fewer days."""
    before, newest = datetime.max.replace(tzinfo=now.tzinfo), now
    for _ in range(DAYS):
        found = session.scalars(select(func.max(ArticleRow.at)).where(ArticleRow.at < before)).one()
        if found is None:
            return None
        newest, before = found, found.replace(hour=0, minute=0, second=0, microsecond=0)
    return min(now, newest)
