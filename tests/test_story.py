"""A story followed: order and lag, edits word by word, near-misses, alerts and receipts."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from desk import LAUNCH, LAUNCH_TEXT, NOW, Desk, Item
from hypothesis import given
from hypothesis import strategies as st
from test_cli import peninsula

from models.text.changes import Change, word_diff

GUID = "https://herald.example/1"
TITLE_KO = '[속보] 합참 "북한, 동해상으로 탄도미사일 발사"'
TEXT_KO = "합동참모본부는 22일 북한이 동해상으로 단거리 탄도미사일 2발을 발사했다고 밝혔다."
FIRST_KO = Item(title=TITLE_KO, text=TEXT_KO, at=NOW - timedelta(minutes=20))
NEXT_DAY = Item(title=TITLE_KO, text=TEXT_KO.replace("22일", "23일"), at=NOW + timedelta(hours=23))


def followed(desk: Desk) -> tuple[Any, str]:
    """Play a launch, its copy in Korean, an edit, and another launch a day later; follow the first."""
    desk.webhook()
    desk.server.expect_request("/hook").respond_with_data("")
    desk.feed("herald", Item(guid=GUID), extra='family = "herald"\nbloc = "us"')
    desk.feed("sinmun", FIRST_KO, extra='family = "sinmun"\nbloc = "rok"')
    first = desk.run().stories[0]
    desk.clock.turn(hours=1)
    edited = LAUNCH_TEXT.replace("350 kilometers", "420 kilometers")
    desk.feed("herald", Item(guid=GUID, text=edited), extra='family = "herald"\nbloc = "us"')
    desk.run()
    desk.clock.turn(hours=23)
    desk.feed("sinmun", FIRST_KO, NEXT_DAY, extra='family = "sinmun"\nbloc = "rok"')
    desk.run()
    code, out, err = peninsula(desk, "story", first.id, "--json")
    assert code == 0, err
    return json.loads(out), peninsula(desk, "story", first.id)[1]


def test_a_story_is_told_from_its_first_article_to_its_last_receipt(desk: Desk) -> None:
    told, shown = followed(desk)
    assert told["title"] == LAUNCH
    assert [(one["outlet"], one["lag_s"], one["bloc"]) for one in told["articles"]] == [
        ("herald", 0, "us"),
        ("sinmun", 600, "rok"),
    ]
    (edit,) = told["articles"][0]["edits"]
    assert [change for change in edit["text"] if change[0] in {"out", "in"}] == [
        ["out", "350"],
        ["in", "420"],
    ]
    assert edit["version"] == 1
    (near,) = told["near_misses"]
    assert near["title"] == NEXT_DAY.title
    assert near["veto"]
    (alert,) = told["alerts"]
    assert (alert["state"], [tried["status"] for tried in alert["tries"]]) == ("delivered", [200])
    assert "+10 min  sinmun (sinmun, rok) ko" in shown
    assert "[-350-]{+420+} kilometers" in shown
    assert "Kept apart" in shown
    assert "korea to hook: delivered at 11-22 06:00" in shown


def test_a_story_that_nobody_knows_is_named(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", Item())
    sqlite_desk.run()
    code, _, err = peninsula(sqlite_desk, "story", "snowhere")
    assert code == 1
    assert 'no story "snowhere"' in err


def test_long_stretches_that_stay_are_a_gap() -> None:
    words = " ".join(f"word{number}" for number in range(100))
    changes = word_diff(f"{words} old {words}", f"{words} new {words}")
    assert [change.kind for change in changes] == ["gap", "kept", "out", "in", "kept", "gap"]
    assert Change("out", "old") in changes
    assert word_diff("朝鲜发射导弹", "朝鲜发射火箭") == (
        Change("kept", "朝鲜发射"),
        Change("out", "导弹"),
        Change("in", "火箭"),
    )


@given(st.text(alphabet="ab 북한朝鲜,.", max_size=30), st.text(alphabet="ab 북한朝鲜,.", max_size=30))
def test_a_diff_holds_both_texts(old: str, new: str) -> None:
    changes = word_diff(old, new)
    if any(change.kind == "gap" for change in changes):
        return
    assert "".join(text for kind, text in changes if kind != "in") == old
    assert "".join(text for kind, text in changes if kind != "out") == new
