"""One JSON object a line: read, checked, and numbered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from models.sources import read_date
from models.values import Fault

LONGEST_NAME = 100

Row = dict[str, Any]


def read_rows(
    lines: Iterable[str],
    *,
    texts: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
    some: tuple[str, ...] = (),
    dates: tuple[str, ...] = (),
) -> Iterator[Row | Fault]:
    """Give each line's row, or the fault that keeps it from being one; blank lines are left out.

    A row without an id gets "row-N", N the 0-based number of its line.

    Args:
        lines: JSON Lines.
        texts: fields that are strings or null.
        names: those of them that are names, and so not longer than one may be.
        some: fields of which at least one holds something.
        dates: fields that are a time as people write it or in Unix seconds, or null; given as datetimes.

    """
    for number, line in enumerate(lines):
        if line.strip():
            yield _row(number, line, texts, names, some, dates)


def _row(
    number: int,
    line: str,
    texts: tuple[str, ...],
    names: tuple[str, ...],
    some: tuple[str, ...],
    dates: tuple[str, ...],
) -> Row | Fault:
    where = f"line {number + 1}"
    try:
        row = json.loads(line)
    except ValueError as error:
        return Fault(where=where, code="bad-json", detail=f"is not JSON: {error}")
    if not isinstance(row, dict):
        return Fault(where=where, code="bad-row", detail="is not an object with a title")
    if problem := _wrong(row, texts, names):
        return Fault(where=where, code="bad-row", detail=problem)
    if some and not any(row.get(name) for name in some):
        return Fault(where=where, code="no-title", detail="has neither title nor text")
    read = {name: _time(row[name]) for name in dates if row.get(name) not in (None, "")}
    for name, at in read.items():
        if at is None:
            detail = f'{name} cannot be read: write one like "2019-05-05T09:10:00+09:00", or Unix seconds'
            return Fault(where=where, code="bad-date", detail=detail)
    return {"id": f"row-{number}"} | row | read


def _wrong(row: Row, texts: tuple[str, ...], names: tuple[str, ...]) -> str:
    """Say which field is no text, or no name; "" if all are."""
    for name in texts:
        if not isinstance(row.get(name), str | None):
            return f"{name} is not a string"
    long = (name for name in names if len(row.get(name) or "") > LONGEST_NAME)
    return next((f"{name} is no name: it has more than {LONGEST_NAME} letters" for name in long), "")


def _time(value: object) -> datetime | None:
    if isinstance(value, str):
        return read_date(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):  # NaN, or milliseconds
        return None
