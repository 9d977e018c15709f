"""Pairs of our own in nine languages, written and labelled before they were run: one event, or two.

Of the first forty, 6 of the 20 different ones were merged on the first run and 1 of the 20 same ones was
not; of the 65 from own-41 on, 11 of 34 and 3 of 31; of the 34 from own-106 on, all 18 and none of 16 before
steps of a case were told apart, 2 and none on the first run after. All text is invented; outlets too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows.streams.grouping import same_lines
from flows.words import read_lexicon

PAIRS = Path(__file__).parent / "data" / "story_pairs.jsonl"
ROWS = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
STILL_WRONG = {
    "own-78": "the artichoke is written with North Korea's two characters",
    "own-79": "Georgia the state, Georgia the country: no word of the lexicon is in either",
    "own-85": "Kim meets Putin, and Xi two days later, in one journey that both name",
    "own-107": "a tariff and the market's day after it: of two alone, the words are too many",
    "own-105": "a warship launched, a shipyard inspected: one leader, one ministry of words",
}


@pytest.fixture(scope="module")
def verdicts() -> dict[str, dict[str, Any]]:
    lines = PAIRS.read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in same_lines(lines, read_lexicon()) if isinstance(row, dict)}


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row['id']}, {row['why']}") for row in ROWS])
def test_two_reports_are_told_apart_or_together(
    row: dict[str, Any], verdicts: dict[str, dict[str, Any]]
) -> None:
    right = verdicts[row["id"]]["same"] is row["same_event"]
    assert right is (row["id"] not in STILL_WRONG), verdicts[row["id"]]["reason"]
