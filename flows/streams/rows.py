"""One JSON object a line: read, checked, and numbered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from models.values import Fault

Row = dict[str, Any]


def read_rows(
    lines: Iterable[str], *, texts: tuple[str, ...] = (), some: tuple[str, ...] = ()
) -> Iterator[Row | Fault]:
    """Give each line's row, or the fault that keeps it from being one; blank lines are left out.

    A row without an id gets "row-N", N the 0-based number of its line.

    Args:
        lines: JSON Lines.
        texts: fields that are strings or null.
        some: fields of which at least one holds something.

    """
    for number, line in enumerate(lines):
        if line.strip():
            yield _row(number, line, texts, some)


def _row(number: int, line: str, texts: tuple[str, ...], some: tuple[str, ...]) -> Row | Fault:
    where = f"line {number + 1}"
    try:
        row = json.loads(line)
    except ValueError as error:
        return Fault(where=where, code="bad-json", detail=f"is not JSON: {error}")
    if not isinstance(row, dict):
        return Fault(where=where, code="bad-row", detail="is not an object with a title")
    for name in texts:
        if not isinstance(row.get(name), str | None):
            return Fault(where=where, code="bad-row", detail=f"{name} is not a string")
    if some and not any(row.get(name) for name in some):
        return Fault(where=where, code="no-title", detail="has neither title nor text")
    return {"id": f"row-{number}"} | row
