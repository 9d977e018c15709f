"""Replay: a launch day of our own making under another rule, other words, another threshold."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import LAUNCH_TEXT, NOW, Desk, Item
from sqlalchemy import select
from sqlalchemy.orm import Session
from test_cli import peninsula
from test_corrections import article

from flows.replay import change, replay
from flows.words import open_lexicon
from models import store
from models.store.rows import decision
from models.stories import story_id
from models.tables import AlertRow, DecisionRow, metadata
from models.values import Outcome, StoryId

HOUR = timedelta(hours=1)
LAUNCHES = 'any = ["missile-test"]'
KINDS = ("added", "removed", "merged", "split", "moved")
TENNIS_IS_NEWS = '[tennis]\nkind = "topic"\nlabel = "Tennis"\nweight = 1.0\nen = ["Tennis"]\n'
LANTERN = """
[operation-lantern]
kind = "event"
label = "Operation Lantern"
weight = 0.5
en = ["Operation Lantern"]
ko = ["등불 작전"]
[cape-mirror]
kind = "place"
label = "Cape Mirror"
weight = 0.5
en = ["Cape Mirror"]
ko = ["거울곶"]
"""

LAUNCH = Item(guid="https://herald.example/1")
LAUNCH_KO = Item(
    title="북한, 원산서 동해상으로 단거리 탄도미사일 2발 발사",
    text="합동참모본부는 22일 오전 북한이 원산 일대에서 동해상으로"
    " 단거리 탄도미사일 2발을 발사했다고 밝혔다."
    " 미사일은 약 350km를 비행했다.",
    at=NOW - timedelta(minutes=20),
)
HACKERS = Item(
    title="Lazarus hackers stole 70 million dollars from an exchange, Seoul's spy agency says",
    text="The National Intelligence Service said North Korea's Lazarus group broke into a crypto exchange.",
    at=NOW - timedelta(minutes=15),
)
FLOODS = Item(
    title="Floods in North Hwanghae leave thousands homeless, Red Cross says",
    text="Heavy rain in North Korea destroyed homes in North Hwanghae, the Red Cross said on Sunday.",
    at=NOW - timedelta(minutes=10),
)
ROCKET = Item(
    title="Pyongyang tested a solid-fuel engine at Sohae, state media say",
    text="North Korea tested a solid-fuel rocket engine at the Sohae station, the KCNA news agency reported.",
    at=NOW - timedelta(minutes=5),
)
DRILL = Item(
    title="North Korea's sailors rehearse Operation Lantern off Cape Mirror",
    text="Boats gathered for Operation Lantern off Cape Mirror, North Korea said.",
    at=NOW - timedelta(minutes=4),
)
DRILL_KO = Item(
    title="북한 수병들, 거울곶 앞바다서 등불 작전 연습",
    text="북한이 거울곶 앞바다에서 등불 작전을 연습했다고 밝혔다.",
    at=NOW - timedelta(minutes=3),
)
TENNIS = Item(title="Tennis: the final goes to five sets", text="A long match in Melbourne.", at=NOW - HOUR)


def launch_day(desk: Desk) -> None:
    """Play a day in four sweeps: a launch in two languages, an edit, and three other stories."""
    desk.feed("herald", LAUNCH, TENNIS, extra='family = "herald"\nbloc = "us"')
    desk.feed("sinmun", extra='family = "sinmun"\nbloc = "rok"')
    desk.run()
    desk.clock.turn(minutes=15)
    desk.feed("sinmun", LAUNCH_KO, extra='family = "sinmun"\nbloc = "rok"')
    desk.run()
    desk.clock.turn(minutes=15)
    edited = Item(title=LAUNCH.title + ", JCS says", text=LAUNCH_TEXT, guid="https://herald.example/1")
    desk.feed("herald", edited, HACKERS, FLOODS, extra='family = "herald"\nbloc = "us"')
    desk.run()
    desk.clock.turn(minutes=15)
    desk.feed("herald", edited, HACKERS, FLOODS, ROCKET, extra='family = "herald"\nbloc = "us"')
    desk.run()


@pytest.fixture(scope="module")
def day(shared_desk: Desk) -> Desk:
    """Give a desk that has been through the launch day; a replay changes nothing in it."""
    launch_day(shared_desk)
    return shared_desk


def replayed(desk: Desk, *arguments: str) -> Any:
    """Run the command and read what it prints."""
    code, out, err = peninsula(desk, "replay", *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def changed(desk: Desk, rule: str) -> Path:
    """Write a watch.toml with another rule "korea"."""
    desk.settings()
    file = desk.folder / "changed.toml"
    others = [table for name, table in desk.tables.items() if not name.startswith("rule")]
    file.write_text("\n".join([*others, f'[[rule]]\nname = "korea"\n{rule}\n']), encoding="utf-8")
    return file


def titles(found: list[dict[str, Any]]) -> list[str]:
    """Give the first word of each alert's title."""
    return [one["title"].split()[0] for one in found]


def test_a_rule_replayed_unchanged_is_the_ledger_to_the_byte(desk: Desk) -> None:
    desk.rule('repeat = ["second-family"]\ncooldown = "1m"')
    launch_day(desk)
    assert agrees_with_the_ledger(desk) == (
        6,
        5,
    )  # a launch and its second family, hackers, floods, an engine


def test_what_an_editor_puts_elsewhere_counts_from_then_on(desk: Desk) -> None:
    desk.rule('repeat = ["second-family"]\ncooldown = "1m"')
    launch_day(desk)
    launch, launch_ko, hackers, floods = (
        article(desk, one) for one in (LAUNCH.title, LAUNCH_KO.title, HACKERS.title, FLOODS.title)
    )
    off = edit(desk, lambda session, now: store.split(session, [launch_ko], now=now))
    edit(desk, lambda session, now: store.merge(session, story_id(hackers), story_id(floods), now=now))
    more = Item(
        title=LAUNCH_KO.title + " (종합)", text=LAUNCH_KO.text + " 한미 당국이 분석 중이다.", at=NOW + HOUR
    )
    navy = Item(title=HACKERS.title + ", minister says", text=HACKERS.text, at=NOW + HOUR)
    desk.feed("coast", more, navy, extra='family = "coast"\nbloc = "japan"')
    desk.run()
    assert story_id(launch) != off == told_by(desk, more.title)
    alerts = agrees_with_the_ledger(desk)[1]
    assert alerts >= 5
    desk.clock.turn(minutes=15)
    edit(desk, lambda session, now: store.merge(session, off, story_id(launch), now=now))
    assert agrees_with_the_ledger(desk)[1] == alerts
    assert replayed(desk)["ledger"] == {"missing": [], "extra": []}
    other = replayed(desk, "--lexicon", str(lexicon(desk, LANTERN)))
    assert not any(other[kind] for kind in KINDS)


def agrees_with_the_ledger(desk: Desk) -> tuple[int, int]:
    """Replay the desk as it is; hold every decision and alert against what was written; count them."""
    settings = desk.settings()
    decisions, alerts = {}, {}

    def witness(outcome: Outcome, now: datetime) -> None:
        decisions.update({(made.article, made.rule): (made, now) for made in outcome.decisions})
        alerts.update({alert.id: (alert.body, now) for alert in outcome.alerts})

    with closing(desk.open()) as database:
        asked = change(settings, settings, open_lexicon(settings))
        seen = replay(database, settings.desk, asked, since=None, witness=witness)
        assert seen == replay(database, settings.desk, asked, since=None)  # which writes no bodies
        with database.reading() as session:
            ledger = session.scalars(select(DecisionRow)).all()
            outbox = session.scalars(select(AlertRow)).all()
            assert decisions == {
                (row.article_id, row.rule): (decision(row), row.decided_at) for row in ledger
            }
            assert alerts == {row.id: (row.body, row.created_at) for row in outbox}
    return len(decisions), len(alerts)


def test_a_rule_that_hears_one_source_is_the_ledger_when_it_is_replayed(desk: Desk) -> None:
    desk.rule('sources = ["nk"]')
    item = Item(url="https://herald.example/1")
    desk.feed("all", item)
    desk.feed("nk")
    desk.run()
    desk.clock.turn(minutes=15)
    desk.feed("nk", item)
    desk.run()
    assert agrees_with_the_ledger(desk) == (1, 1)


def test_a_digest_is_no_alert_that_a_replay_has_to_find(desk: Desk) -> None:
    desk.server.expect_request("/hook").respond_with_data("", status=204)
    desk.webhook()
    desk.tables["channel hook"] += "flood = 1\n"
    desk.feed("herald", Item(), Item(title="Bank of Korea raises its key rate", text="In Seoul, on Sunday."))
    assert len(desk.run().sent.delivered) == 1
    assert replayed(desk)["ledger"] == {"missing": [], "extra": []}


def edit(desk: Desk, work: Callable[[Session, datetime], StoryId]) -> StoryId:
    """Let an editor put something elsewhere, a quarter of an hour later."""
    desk.clock.turn(minutes=15)
    with closing(desk.open()) as database, database.writing(serial=True) as session:
        made = work(session, desk.clock.now)
    desk.clock.turn(minutes=15)
    return made


def told_by(desk: Desk, title: str) -> StoryId | None:
    """Give the story that an article tells."""
    with closing(desk.open()) as database, database.reading() as session:
        found = store.find_article(session, title)
    return found.story if found else None


def test_an_unchanged_rule_makes_no_difference_and_agrees_with_the_ledger(day: Desk) -> None:
    told = replayed(day, "--rule", "korea")
    assert told["articles"] == 7  # six, and one of them in two versions
    assert told["before"] == told["after"] == {"alerts": 4, "a_day": 4.0}
    assert told["days"] == [{"day": "2026-11-22", "before": 4, "after": 4}]
    assert told["ledger"] == {"missing": [], "extra": []}
    assert not any(told[kind] for kind in KINDS)
    assert "No difference." in peninsula(day, "replay")[1]


def test_a_narrower_rule_removes_what_it_no_longer_matches(day: Desk) -> None:
    told = replayed(day, "--watch", str(changed(day, LAUNCHES)))
    assert titles(told["removed"]) == ["Lazarus", "Floods", "Pyongyang"]
    assert told["after"]["alerts"] == 1
    lines = peninsula(day, "replay", "--watch", str(changed(day, LAUNCHES)))[1].splitlines()
    for one in told["removed"]:
        assert f"      {one['story']} · korea · herald" in lines  # short enough for any terminal
    assert not any(told[kind] for kind in KINDS if kind != "removed")


def test_a_wider_rule_adds_what_it_matches_besides(sqlite_desk: Desk) -> None:
    sqlite_desk.rule(LAUNCHES)
    launch_day(sqlite_desk)
    told = replayed(sqlite_desk, "--watch", str(changed(sqlite_desk, "")))
    assert titles(told["added"]) == ["Lazarus", "Floods", "Pyongyang"]
    assert (told["before"]["alerts"], told["after"]["alerts"]) == (1, 4)
    assert not any(told[kind] for kind in KINDS if kind != "added")


def test_a_rule_that_is_new_only_adds(day: Desk) -> None:
    file = changed(day, "")
    file.write_text(file.read_text("utf-8").replace('"korea"', '"all"'), encoding="utf-8")
    told = replayed(day, "--rule", "all", "--watch", str(file))
    assert (told["before"]["alerts"], len(told["added"])) == (0, 4)
    assert told["ledger"] == {"missing": [], "extra": []}


def test_a_threshold_alone_can_be_tried(day: Desk) -> None:
    everything = peninsula(day, "articles", "--json")[1]
    scores = sorted(row["score"] for row in json.loads(everything) if row["concepts"])
    told = replayed(day, "--threshold", str(scores[-1]))
    assert told["after"]["alerts"] == 1
    assert len(told["removed"]) == 3


def test_other_words_add_what_they_find(day: Desk) -> None:
    told = replayed(day, "--lexicon", str(lexicon(day, TENNIS_IS_NEWS)))
    assert titles(told["added"]) == ["Tennis:"]
    assert (told["read_anew"], told["after"]["alerts"]) == (1, 5)
    assert not any(told[kind] for kind in KINDS if kind != "added")


def test_other_words_make_two_alerts_one(desk: Desk) -> None:
    desk.feed("navy", LAUNCH, HACKERS, FLOODS, DRILL, DRILL_KO)
    desk.run()
    told = replayed(desk, "--lexicon", str(lexicon(desk, LANTERN)))
    assert (told["before"]["alerts"], told["after"]["alerts"]) == (5, 4)
    assert [titles(group["several"]) for group in told["merged"]] == [["North", "북한"]]
    assert not any(told[kind] for kind in KINDS if kind != "merged")


def test_other_words_make_one_alert_two(sqlite_desk: Desk) -> None:
    lexicon(sqlite_desk, LANTERN)
    sqlite_desk.tables["watch"] = '[watch]\nlexicon = ["ours.toml"]'
    sqlite_desk.feed("navy", LAUNCH, HACKERS, FLOODS, DRILL, DRILL_KO)
    sqlite_desk.run()
    file = changed(sqlite_desk, "")
    file.write_text(file.read_text("utf-8").replace('lexicon = ["ours.toml"]', ""), encoding="utf-8")
    told = replayed(sqlite_desk, "--watch", str(file))
    assert (told["before"]["alerts"], told["after"]["alerts"]) == (4, 5)
    assert [titles(group["several"]) for group in told["split"]] == [["North", "북한"]]
    assert not any(told[kind] for kind in KINDS if kind != "split")


def test_a_replay_is_the_same_twice_and_writes_nothing(day: Desk) -> None:
    before = contents(day)
    arguments = ("replay", "--threshold", "2", "--json")
    assert peninsula(day, *arguments)[1] == peninsula(day, *arguments)[1]
    assert contents(day) == before


def test_what_alerted_before_the_replay_begins_counts_in_it(day: Desk, tmp_path: Path) -> None:
    desk = day.copy(tmp_path)
    desk.clock.turn(hours=3)
    more = Item(title=LAUNCH.title + ", Japan's coast guard says", text=LAUNCH_TEXT, at=desk.clock.now)
    desk.feed("coast", more)
    desk.run()
    told = replayed(desk, "--since", "1h")
    assert (told["articles"], told["before"]["alerts"]) == (1, 0)


def test_a_rule_that_nobody_has_is_named(day: Desk) -> None:
    code, _, err = peninsula(day, "replay", "--rule", "korae")
    assert code == 1
    assert 'no [[rule]] "korae"; there are korea' in err


@pytest.mark.parametrize("command", ["replay", "evaluate"])
def test_words_that_cannot_be_read_are_named_and_nothing_else(day: Desk, command: str) -> None:
    gone, torn = day.folder / "gone.toml", day.folder / "torn.toml"
    torn.write_bytes(b"\xff\xfe[tennis]")
    for file, problem in ((gone, "No such file or directory"), (torn, "'utf-8' codec can't decode")):
        code, _, err = peninsula(day, command, "--lexicon", str(file))
        assert code == 1
        assert err.startswith(f"peninsula: {file}: cannot be read: {problem}"), err


def contents(desk: Desk) -> list[Any]:
    """Give every row of every table."""
    with closing(desk.open()) as database, database.reading() as session:
        return [sorted(map(repr, session.execute(table.select()).all())) for table in metadata.sorted_tables]


def lexicon(desk: Desk, words: str) -> Path:
    """Write a lexicon file of the desk's own."""
    file = desk.folder / "ours.toml"
    file.write_text(words, encoding="utf-8")
    return file
