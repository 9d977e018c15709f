"""`peninsula tag`: articles in, tags out, one a line."""

import json
from pathlib import Path
from typing import Any

import pytest
from outside import PENINSULA, environment, run

from flows.streams import tag_lines
from models.lexicon import Lexicon, load
from models.values import Fault

SEEDS = Path(__file__).parents[1] / "seeds" / "lexicon"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load({path.name: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.toml")})


def rows(lexicon: Lexicon, *lines: str) -> list[dict[str, Any] | Fault]:
    return list(tag_lines(lines, lexicon))


def test_a_row_comes_back_with_its_tags_and_where_they_stand(lexicon: Lexicon) -> None:
    line = json.dumps({"id": "a1", "lang": "ko", "title": "북한, 풍계리 폐쇄", "text": "정부가 확인했다."})
    (row,) = rows(lexicon, line)
    assert isinstance(row, dict)
    assert (row["id"], row["korea"]) == ("a1", True)
    assert row["concepts"][:2] == ["north-korea", "punggye-ri"]
    assert row["hits"][0] == {
        "concept": "north-korea",
        "form": "북한",
        "field": "title",
        "start": 0,
        "end": 2,
    }


def test_a_row_without_an_id_is_known_by_its_line(lexicon: Lexicon) -> None:
    first, second = rows(lexicon, '{"title": "Rain"}\n', '{"title": "Pyongyang"}\n')
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert (first["id"], second["id"]) == ("row-0", "row-1")


def test_a_bad_row_is_told_with_its_line_and_the_others_go_on(lexicon: Lexicon) -> None:
    lines = [
        '{"title": "Pyongyang"}',
        "{not json",
        "",
        "[1]",
        '{"title": 7}',
        '{"lang": "ko"}',
        '{"title": "Rain"}',
    ]
    out = rows(lexicon, *lines)
    assert [(row.where, row.code) for row in out if isinstance(row, Fault)] == [
        ("line 2", "bad-json"),
        ("line 4", "bad-row"),
        ("line 5", "bad-row"),
        ("line 6", "no-title"),
    ]
    assert [row["id"] for row in out if isinstance(row, dict)] == ["row-0", "row-6"]


@pytest.mark.parametrize("command", ["tag", "group", "same"])
def test_a_closed_stdin_is_told_in_one_line(command: str, tmp_path: Path) -> None:
    (tmp_path / "watch.toml").write_text("", encoding="utf-8")
    closed = ("sh", "-c", 'exec "$@" <&-', "sh", *PENINSULA, command)
    done = run(closed, environment(tmp_path), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "peninsula: stdin is closed; give it JSON Lines\n"


def test_a_short_text_without_a_title_is_a_headline(lexicon: Lexicon) -> None:
    (row,) = rows(lexicon, '{"text": "South Korea votes", "lang": "en"}')
    assert isinstance(row, dict)
    assert row["korea"]
    assert row["hits"][0]["field"] == "lead"
