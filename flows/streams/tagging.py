"""`peninsula tag`: what each article is about, a line in, a line out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flows.streams.rows import Row, read_rows
from models.lexicon import Lexicon
from models.values import Fault, Reading

_HEADLINE = 300  # characters: a text without a title and no longer than this is a headline itself


def tag_lines(lines: Iterable[str], lexicon: Lexicon) -> Iterator[Row | Fault]:
    """Tag articles: {"id", "lang"?, "title", "text"?}; gives a row or a fault for each, in order.

    A short text without a title is read as a headline.
    """
    for row in read_rows(lines, texts=("title", "text", "lang"), some=("title", "text")):
        if isinstance(row, Fault):
            yield row
            continue
        title, text = row.get("title") or "", row.get("text") or ""
        alone = not title.strip() and len(text) <= _HEADLINE
        reading = lexicon.read(*((text, "") if alone else (title, text)), row.get("lang"))
        yield {"id": row["id"], **_told(reading, alone=alone)}


def _told(reading: Reading, *, alone: bool) -> Row:
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
