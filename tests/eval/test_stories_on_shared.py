"""The quality of stories, measured on labelled sets that are not part of the project.

They lie beside the project (`../shared`) where it is developed and nowhere
else; rights stay with the publishers, so nothing of them is copied here.
"""

import gzip
import json
import math
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.streams.grouping import group_lines, same_lines
from flows.streams.tagging import tag_lines
from flows.words import read_lexicon

SHARED = Path(os.environ.get("PENINSULA_SHARED", Path(__file__).parents[3] / "shared")) / "eval"
LEXICON = read_lexicon()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"the labelled sets are not at {SHARED}"),
]


def lines(name: str) -> Iterator[str]:
    """Read a set, packed or not."""
    path = SHARED / name
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        yield from file


def grouped(name: str) -> list[tuple[str, str]]:
    """Group a set; give the true and the found story of each labelled article."""
    rows = [json.loads(line) for line in lines(name)]
    found = {row["id"]: row["story"] for row in group_lines(lines(name), LEXICON) if isinstance(row, dict)}
    return [
        (row["story"], found[row["id"]])
        for row in rows
        if row.get("story") is not None and row.get("labelled", True)
    ]


def b_cubed(pairs: list[tuple[str, str]]) -> float:
    """Give the B-cubed F (Bagga and Baldwin, 1998)."""
    true, found, both = Counter(a for a, _ in pairs), Counter(b for _, b in pairs), Counter(pairs)
    precision = sum(both[pair] / found[pair[1]] for pair in pairs) / len(pairs)
    recall = sum(both[pair] / true[pair[0]] for pair in pairs) / len(pairs)
    return 2 * precision * recall / (precision + recall)


def shared_information(pairs: list[tuple[str, str]]) -> float:
    """Give the normalised mutual information of the two groupings."""
    true, found, both = Counter(a for a, _ in pairs), Counter(b for _, b in pairs), Counter(pairs)
    total = len(pairs)
    mutual = sum(n / total * math.log(n * total / (true[a] * found[b])) for (a, b), n in both.items())
    chaos = [-sum(n / total * math.log(n / total) for n in counts.values()) for counts in (true, found)]
    return mutual / math.sqrt(chaos[0] * chaos[1])


@pytest.mark.parametrize(
    ("name", "least"),
    [("stories_korea", 0.90), ("stories_allsides", 0.88), ("stories_uci_titles", 0.80)],
)
def test_stories_reach_their_figures(name: str, least: float) -> None:
    assert b_cubed(grouped(f"{name}_dev.jsonl.gz")) >= least


def test_stories_of_titles_alone_reach_their_figure() -> None:
    assert shared_information(grouped("stories_newst_dev.jsonl.gz")) >= 0.90


def test_one_alert_for_a_true_story_of_the_stream() -> None:
    """One alert goes out for a story found, at its first article about the peninsula."""
    rows = [json.loads(line) for line in lines("stories_korea_dev.jsonl.gz")]
    true = {row["id"]: row["story"] for row in rows if row["story"] is not None and row["labelled"]}
    ours = {row["story"] for row in rows if row["korea"]}
    stream = "stream_headlines_dev.jsonl.gz"
    korea = {row["id"] for row in tag_lines(lines(stream), LEXICON) if isinstance(row, dict) and row["korea"]}
    alerts: Counter[str] = Counter()
    alerted: set[str] = set()
    told: set[str] = set()
    for row in group_lines(lines(stream), LEXICON):
        if not isinstance(row, dict) or row["id"] not in korea:
            continue
        if row["story"] not in alerted and row["id"] in true:
            alerts[true[row["id"]]] += 1
        alerted.add(row["story"])
        told.add(true.get(row["id"], ""))
    repeats = sum(number - 1 for number in alerts.values())
    assert repeats <= 0.06 * len(set(true.values()))
    assert not (ours & set(true.values())) - told, "a story about the peninsula alerted in no way"


@pytest.mark.parametrize(
    ("name", "label", "least", "most_merged"),
    [
        ("story_pairs_dev.jsonl", "same_event", 0.88, 0.08),
        ("pairs_dev.jsonl.gz", "same_event", 0.93, 0.08),
        ("neardup_dev.jsonl.gz", "neardup", 0.93, 1.0),
    ],
)
def test_pairs_reach_their_figures(name: str, label: str, least: float, most_merged: float) -> None:
    rows = [json.loads(line) for line in lines(name)]
    numbered = [json.dumps(row | {"id": str(number)}) for number, row in enumerate(rows)]
    found = [row["same"] for row in same_lines(numbered, LEXICON) if isinstance(row, dict)]
    counts = Counter((row[label], same) for row, same in zip(rows, found, strict=True))
    wrong = counts[True, False] + counts[False, True]
    assert 2 * counts[True, True] / (2 * counts[True, True] + wrong) >= least
    assert counts[False, True] / (counts[False, True] + counts[False, False]) <= most_merged
