"""`peninsula group` and `peninsula same`: stories over JSON Lines, in memory.

The same code as the pipeline's, with a window in memory where the pipeline has
its database.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from flows.streams.rows import Row, read_rows
from models.lexicon import Lexicon
from models.stories import Rarity, Window
from models.stories.features import Features, features
from models.stories.placing import compared
from models.values import Article, ArticleId, Fault, Join, Reading, SourceName

BETWEEN_UNDATED = timedelta(minutes=2)  # a row without a date counts as seen so long after the one before
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_000_000_000  # seconds since 1970: in the year 9987
_REUTERS_DATE = re.compile(r"\s*(\d{1,2})-([A-Z]{3})-(\d{4})(?:\s+(\d\d):(\d\d):(\d\d))?")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def group_lines(lines: Iterable[str], lexicon: Lexicon) -> Iterator[Row | Fault]:
    """Group articles, in stream order; gives the story of each, or a fault."""
    window = Window()
    latest = _UNDATED
    for row in read_rows(lines):
        if isinstance(row, Fault):
            yield row
            continue
        article = article_of(row, seen=latest + BETWEEN_UNDATED)
        latest = max(latest, article.at)
        reading = _read(article, lexicon)
        placement = window.place(article, reading, latest)
        yield {
            "id": row["id"],
            "story": placement.story,
            "joined_by": placement.nearest if isinstance(placement, Join) else None,
            "score": placement.score,
        }


def same_lines(lines: Iterable[str], lexicon: Lexicon) -> Iterator[Row | Fault]:
    """Compare pairs of articles; gives for each whether they tell one event, or a fault."""
    rarity = Rarity()
    for number, row in enumerate(read_rows(lines), start=1):
        if isinstance(row, Fault):
            yield row
            continue
        sides = [_side(row, name, lexicon) for name in ("a", "b")]
        if None in sides:
            yield Fault(where=f"pair {number}", code="bad-row", detail="needs two articles, a and b")
            continue
        a, b = (side for side in sides if side is not None)
        for side in (a, b):
            rarity.add(side.terms)
        verdict, score, reason = compared(a, b, rarity)
        yield {"id": row["id"], "same": verdict, "score": round(score, 4), "reason": reason}


def _side(row: Row, name: str, lexicon: Lexicon) -> Features | None:
    if not isinstance(row.get(name), dict):
        return None
    article = article_of({**row[name], "id": name}, seen=_UNDATED)
    return features(article, _read(article, lexicon))


def article_of(row: Row, *, seen: datetime) -> Article:
    """Make an article of a row; a row without a date counts as published when `seen`."""
    title = str(row.get("title") or "")
    lead, body = str(row.get("lead") or ""), str(row.get("text") or row.get("body") or "")
    text = body if body.startswith(lead[:80]) else f"{lead} {body}".strip()
    published = _time(row.get("timestamp") or row.get("date"))
    key = str(row["id"])
    return Article(
        id=ArticleId(key),
        source=SourceName("stdin"),
        key=key,
        url=str(row.get("url") or ""),
        link=str(row.get("url") or ""),
        title=title,
        text=text,
        language=row["lang"] if isinstance(row.get("lang"), str) else None,
        outlet=str(row.get("publisher") or ""),
        published_at=published,
        first_seen_at=published or seen,
        fingerprint=hashlib.sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest(),
    )


def _read(article: Article, lexicon: Lexicon) -> Reading:
    return lexicon.read(article.title, article.text[:1500], article.language)


def _time(value: object) -> datetime | None:
    """Read a timestamp; its own offset is kept, since it tells the outlet's zone."""
    if isinstance(value, int | float) and 0 < value < _LATEST:
        return datetime.fromtimestamp(value, UTC)
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value.strip())
    except ValueError:
        found = _REUTERS_DATE.match(value)
        if found is None or found.group(2) not in _MONTHS:
            return None
        day = date(int(found.group(3)), _MONTHS.index(found.group(2)) + 1, int(found.group(1)))
        read = datetime.combine(
            day, time(int(found.group(4) or 0), int(found.group(5) or 0), int(found.group(6) or 0))
        )
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
