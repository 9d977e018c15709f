"""`peninsula group` and `peninsula same`: stories over JSON Lines, in memory.

The same code as the pipeline's, with a window in memory where the pipeline has
its database.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from models.lexicon import Lexicon
from models.stories import Rarity, Window
from models.stories.features import features
from models.stories.placing import compared
from models.values import Article, ArticleId, Fault, Join, Reading, SourceName

BETWEEN_UNDATED = timedelta(minutes=2)  # a row without a date counts as seen so long after the one before
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
_REUTERS_DATE = re.compile(r"\s*(\d{1,2})-([A-Z]{3})-(\d{4})(?:\s+(\d\d):(\d\d):(\d\d))?")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def group_lines(lines: Iterable[str], lexicon: Lexicon) -> Iterator[dict[str, Any] | Fault]:
    """Group articles, one a line in stream order; gives a row or a fault for each."""
    window = Window()
    latest = _UNDATED
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        row = _row(number, line)
        if isinstance(row, Fault):
            yield row
            continue
        article = article_of(row, f"row-{number}", seen=latest + BETWEEN_UNDATED)
        latest = max(latest, article.at)
        reading = _read(article, lexicon)
        placement = window.place(article, reading, latest, family=str(row.get("publisher") or ""))
        yield {
            "id": row.get("id", f"row-{number}"),
            "story": placement.story,
            "joined_by": placement.nearest if isinstance(placement, Join) else None,
            "score": placement.score,
        }


def same_lines(lines: Iterable[str], lexicon: Lexicon) -> Iterator[dict[str, Any] | Fault]:
    """Compare pairs of articles, one pair a line; gives a row or a fault for each."""
    rarity = Rarity()
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        row = _row(number, line)
        if isinstance(row, Fault):
            yield row
            continue
        if not isinstance(row.get("a"), dict) or not isinstance(row.get("b"), dict):
            yield Fault(where=f"line {number + 1}", code="bad-row", detail="needs two articles, a and b")
            continue
        sides = []
        for name in ("a", "b"):
            article = article_of({"id": name, **row[name]}, name, seen=_UNDATED)
            sides.append(features(article, _read(article, lexicon)))
            rarity.add(sides[-1].terms)
        verdict, score, reason = compared(sides[0], sides[1], rarity)
        yield {
            "id": row.get("id", f"row-{number}"),
            "same": verdict,
            "score": round(score, 4),
            "reason": reason,
        }


def article_of(row: dict[str, Any], name: str, *, seen: datetime) -> Article:
    """Make an article of a row; a row without a date counts as published when `seen`."""
    title = str(row.get("title") or "")
    lead, body = str(row.get("lead") or ""), str(row.get("text") or row.get("body") or "")
    text = body if body.startswith(lead[:80]) else f"{lead} {body}".strip()
    published = _time(row.get("timestamp") or row.get("date"))
    key = str(row.get("id", name))
    return Article(
        id=ArticleId(key),
        source=SourceName("stdin"),
        key=key,
        url=str(row.get("url") or ""),
        link=str(row.get("url") or ""),
        title=title,
        text=text,
        language=row.get("lang"),
        outlet=str(row.get("publisher") or ""),
        published_at=published,
        first_seen_at=published or seen,
        fingerprint=hashlib.sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest(),
    )


def _read(article: Article, lexicon: Lexicon) -> Reading:
    return lexicon.read(article.title, article.text[:1500], article.language)


def _time(value: object) -> datetime | None:
    """Read a timestamp; its own offset is kept, since it tells the outlet's zone."""
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


def _row(number: int, line: str) -> dict[str, Any] | Fault:
    where = f"line {number + 1}"
    try:
        row = json.loads(line)
    except ValueError as error:
        return Fault(where=where, code="bad-json", detail=f"is not JSON: {error}")
    if not isinstance(row, dict):
        return Fault(where=where, code="bad-row", detail="is not an object")
    return row
