"""JSON Lines in, JSON Lines out: the product's parts in somebody else's pipeline.

`peninsula tag < articles.jsonl > tags.jsonl` reads rows
`{"id", "lang"?, "title", "text"?}` and writes what the lexicon makes of them.
A bad row is a `Fault` with its line number; the others go on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from models.lexicon import Lexicon
from models.values import Fault, Reading

_HEADLINE = 300  # characters: a text without a title and no longer than this is a headline itself


def tag_lines(lines: Iterable[str], lexicon: Lexicon) -> Iterator[dict[str, Any] | Fault]:
    """Tag articles, one a line; gives a row or a fault for each, in order.

    A row without an id gets "row-N", N the 0-based number of its line. A short
    text without a title is read as a headline.
    """
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        row = _row(number, line, ("title", "text", "lang"))
        if isinstance(row, Fault):
            yield row
            continue
        title, text = row.get("title") or "", row.get("text") or ""
        alone = not title.strip() and len(text) <= _HEADLINE
        reading = (
            lexicon.read(text, "", row.get("lang")) if alone else lexicon.read(title, text, row.get("lang"))
        )
        yield {"id": row.get("id", f"row-{number}"), **_told(reading, alone=alone)}


def _told(reading: Reading, *, alone: bool) -> dict[str, Any]:
    """Lay out a reading; a text read as its own headline keeps its offsets as text."""
    return {
        "korea": reading.korea,
        "score": reading.score,
        "concepts": list(reading.concepts),
        "hits": [
            {
                "concept": hit.concept,
                "form": hit.form,
                "field": "lead" if alone else hit.field,
                "start": hit.start,
                "end": hit.end,
            }
            for hit in reading.hits
        ],
    }


def _row(number: int, line: str, texts: tuple[str, ...]) -> dict[str, Any] | Fault:
    """Read one row; `texts` names the fields that are strings or null."""
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
    if not any(row.get(name) for name in texts if name != "lang"):
        return Fault(where=where, code="no-title", detail="has neither title nor text")
    return row
