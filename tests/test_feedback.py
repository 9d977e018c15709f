"""Feedback: the desk's judgement is kept, and scores every later rule and word."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from desk import LAUNCH, Desk, Item
from sqlalchemy import update
from test_cli import peninsula
from test_replay import FLOODS, HACKERS, LAUNCHES, changed, lexicon

from models.tables import AlertRow

UNSEEN = ("missed", "https://x.example/1", "--title", "Glimmerfish sighted off the coast")
WORDS = '[glimmerfish]\nkind = "weapon"\nlabel = "Glimmerfish"\nweight = 1.0\nen = ["Glimmerfish"]\n'


def said(desk: Desk) -> dict[str, str]:
    """Let a desk alert on three stories and judge them; give the ids of the alerts by first word."""
    desk.feed("herald", Item(), HACKERS, FLOODS)
    report = desk.run()
    ids = {state.title.split()[0]: str(state.alert.id) for state in report.alerts}
    assert peninsula(desk, "feedback", ids["North"], "good")[0] == 0
    assert peninsula(desk, "feedback", ids["Lazarus"][:12], "good", "--why", "money for missiles")[0] == 0
    assert peninsula(desk, "feedback", ids["Floods"], "good")[0] == 0
    assert peninsula(desk, "feedback", ids["Floods"], "noise", "--why", "weather")[0] == 0
    return ids


@pytest.fixture(scope="module")
def judged(shared_desk: Desk) -> Desk:
    """Give a desk whose alerts are judged; what writes in it takes a copy."""
    said(shared_desk)
    return shared_desk


def evaluated(desk: Desk, *arguments: str, code: int = 0) -> Any:
    """Run the command and read what it prints."""
    exit_code, out, err = peninsula(desk, "evaluate", *arguments, "--json")
    assert exit_code == code, err
    return json.loads(out)


def test_a_second_word_takes_the_first_ones_place(desk: Desk) -> None:
    said(desk)
    rows = json.loads(peninsula(desk, "feedback", "--json")[1])
    assert [row["verdict"] for row in rows] == ["good", "good", "noise"]
    assert rows[-1]["why"] == "weather"


def test_rules_are_scored_by_hand_count(desk: Desk) -> None:
    said(desk)
    assert (
        peninsula(desk, "feedback", "missed", "https://x.example/1", "--title", "A parade in Pyeongtaek")[0]
        == 0
    )
    now = evaluated(desk)["now"]
    assert (now["good"], now["noise"]) == ({"holding": 2, "of": 2}, {"holding": 0, "of": 1})
    assert now["missed"] == {"holding": 0, "of": 1}
    assert (now["precision"], now["recall"]) == (2 / 3, 2 / 3)
    assert [row["verdict"] for row in now["failing"]] == ["noise", "missed"]
    out = peninsula(desk, "evaluate")[1]
    assert (
        "2 of 2 good alerts kept, 0 of 1 noise gone, 0 of 1 missed found; precision 67%, recall 67%." in out
    )


def test_a_change_shows_what_it_mends_and_breaks(judged: Desk) -> None:
    told = evaluated(judged, "--watch", str(changed(judged, LAUNCHES)), code=3)
    assert [row["title"] for row in told["mends"]] == [FLOODS.title]
    assert [row["title"] for row in told["breaks"]] == [HACKERS.title]
    assert (told["changed"]["precision"], told["changed"]["recall"]) == (1.0, 0.5)


def test_other_words_can_find_what_was_missed(judged: Desk, tmp_path: Path) -> None:
    desk = judged.copy(tmp_path)
    peninsula(
        desk, "feedback", "missed", "https://x.example/1", "--title", "Glimmerfish sighted off the coast"
    )
    words = '[glimmerfish]\nkind = "weapon"\nlabel = "Glimmerfish"\nweight = 1.0\nen = ["Glimmerfish"]\n'
    told = evaluated(desk, "--lexicon", str(lexicon(desk, words)))
    assert [row["verdict"] for row in told["mends"]] == ["missed"]
    assert told["breaks"] == []


def test_words_are_checked_before_the_desk_names_them(judged: Desk, tmp_path: Path) -> None:
    desk = judged.copy(tmp_path)
    code, out, _ = peninsula(desk, "lexicon", "check", str(lexicon(desk, WORDS)))
    assert (code, "+ glimmerfish" in out, "1 of your own" in out) == (0, True, True)
    code, _, err = peninsula(desk, "lexicon", "check", str(lexicon(desk, "[glimmerfish]\nfr = 1\n")))
    assert code == 1
    assert "ours.toml:2: glimmerfish.fr: must be a list of forms" in err


def test_a_missed_article_of_the_archive_is_known_by_its_address(sqlite_desk: Desk) -> None:
    sqlite_desk.rule(LAUNCHES)
    sqlite_desk.feed("herald", Item(), HACKERS)
    sqlite_desk.run()
    link = next(
        row["url"]
        for row in json.loads(peninsula(sqlite_desk, "articles", "--json")[1])
        if row["title"] != LAUNCH
    )
    code, out, _ = peninsula(sqlite_desk, "feedback", "missed", link, "--why", "crypto")
    assert (code, HACKERS.title in out) == (0, True)
    assert evaluated(sqlite_desk)["now"]["missed"] == {"holding": 0, "of": 1}


def test_an_article_is_known_by_every_address_it_was_shown_at(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", Item(url="https://herald.example/n/1?id=7"))
    sqlite_desk.run()
    sqlite_desk.feed("times", Item(url="https://times.example/x/9"))
    sqlite_desk.run()
    for address in (
        "https://times.example/x/9",
        "https://herald.example/n/1?id=7#top",
        "http://www.herald.example/n/1?utm_source=rss&id=7",
    ):
        assert LAUNCH in peninsula(sqlite_desk, "explain", address)[1]
        assert LAUNCH in peninsula(sqlite_desk, "feedback", "missed", address)[1]


def test_a_digest_is_judged_and_explained_by_the_alerts_in_it(sqlite_desk: Desk) -> None:
    sqlite_desk.webhook()
    sqlite_desk.tables["channel hook"] += "flood = 1\n"
    sqlite_desk.server.expect_request("/hook").respond_with_data("")
    sqlite_desk.feed("herald", Item(), HACKERS)
    sqlite_desk.run()
    (digest,) = json.loads(peninsula(sqlite_desk, "alerts", "--state", "delivered", "--json")[1])
    code, _, err = peninsula(sqlite_desk, "feedback", digest["id"], "noise")
    assert (code, "judge the alerts in it; peninsula alerts why lists them" in err) == (1, True)
    assert json.loads(peninsula(sqlite_desk, "feedback", "--json")[1]) == []
    told = json.loads(peninsula(sqlite_desk, "alerts", "why", digest["id"], "--json")[1])
    assert {one["title"] for one in told} == {"2 stories on the peninsula", LAUNCH, HACKERS.title}
    assert peninsula(sqlite_desk, "alerts", "why", digest["id"])[1].count("korea: alert (matched)") == 2


def test_a_notice_of_a_channels_trouble_is_no_word_on_an_article(sqlite_desk: Desk) -> None:
    sqlite_desk.webhook()
    sqlite_desk.tables["channel wall"] = '[[channel]]\nname = "wall"\nkind = "terminal"\n'
    sqlite_desk.server.expect_request("/hook").respond_with_data("", status=404)
    sqlite_desk.feed("herald", Item())
    sqlite_desk.run()
    rows = json.loads(peninsula(sqlite_desk, "alerts", "--json")[1])
    (notice,) = (row["id"] for row in rows if row["kind"].startswith("operations."))
    assert "about the watch and no article" in peninsula(sqlite_desk, "feedback", notice, "noise")[2]


def test_what_cannot_be_judged_says_why(sqlite_desk: Desk) -> None:
    ids = said(sqlite_desk)
    assert (
        'no alert has an id that begins with "msg_zzz"'
        in peninsula(sqlite_desk, "feedback", "msg_zzz", "good")[2]
    )
    assert (
        'several alerts have an id that begins with "msg_"'
        in peninsula(sqlite_desk, "feedback", "msg_", "good")[2]
    )
    assert peninsula(sqlite_desk, "feedback", ids["North"], "great")[0] == 2
    assert peninsula(sqlite_desk, "feedback", ids["North"])[0] == 2
    assert "give its --title" in peninsula(sqlite_desk, "feedback", "missed", "https://nowhere.example/")[2]
    with closing(sqlite_desk.open()) as database, database.writing() as session:
        session.execute(update(AlertRow).where(AlertRow.id == ids["North"]).values(rule="gone"))
    peninsula(sqlite_desk, "feedback", ids["North"], "good")
    failing = evaluated(sqlite_desk)["now"]["failing"]
    assert "no rule gone any more" in failing[-1]["detail"]
