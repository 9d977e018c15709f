"""By hand: a dry run that keeps nothing, a backfill on a virtual clock."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from desk import LAUNCH, LAUNCH_TEXT, NOW, Desk, Item, rss
from test_cli import peninsula
from test_replay import LAUNCH_KO, contents

from flows.rehearsal import rehearse
from models import store
from models.store import deciding
from models.values import Selection

DAY = timedelta(days=1)
OLD = {"title": LAUNCH, "text": LAUNCH_TEXT, "date": "2019-05-05T00:10:00Z", "publisher": "Harbour Wire"}
OLD_KO = {
    "title": LAUNCH_KO.title,
    "text": LAUNCH_KO.text.replace("22일", "5일"),
    "date": "2019-05-05T00:20:00Z",
    "publisher": "새벽통신",
}


def test_a_dry_run_shows_what_would_happen_and_keeps_nothing(desk: Desk) -> None:
    desk.feed("herald", Item())
    desk.feed("other", Item(title="Kim Jong Un visits a shoe factory in Pyongyang"))
    with closing(desk.open()):
        pass
    before = contents(desk)
    code, out, err = peninsula(desk, "run", "--no-seeds", "--feed", "herald", "--since", "400d", "--dry-run")
    assert (code, err) == (0, "")
    assert LAUNCH in out
    assert "Would store 1 new article, and send 1 alert. Nothing was kept, nothing was sent." in out
    assert contents(desk) == before
    told = json.loads(peninsula(desk, "run", "--no-seeds", "--dry-run", "--json")[1])
    assert [source["new"] for source in told["sources"]] == [1, 1]
    assert peninsula(desk, "run", "--no-seeds")[1].count("msg_") > 0  # nothing was taken for seen


def test_a_dry_run_alerts_after_a_clock_was_ahead_as_the_run_does(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", Item(title="Bakery wins city prize", text="Its bread is good."))
    sqlite_desk.clock.turn(days=400)
    sqlite_desk.run()
    sqlite_desk.clock.turn(days=-400)
    sqlite_desk.feed("herald", Item())
    with closing(sqlite_desk.open()) as database:
        would = rehearse(database, sqlite_desk.settings(), Selection(seeds=None), clock=sqlite_desk.clock)
    assert len(would.decided.alerts) == 1
    assert len(sqlite_desk.run().decided.alerts) == 1


@pytest.mark.parametrize("command", ["articles", "search"])
def test_a_concept_that_there_is_not_is_told_from_one_nobody_wrote_of(
    sqlite_desk: Desk, command: str
) -> None:
    assert peninsula(sqlite_desk, command, "--concept", "kim-jong-un")[0] == 0
    code, out, err = peninsula(sqlite_desk, command, "--concept", "kim-jon-un")
    assert (code, out) == (1, "")
    assert 'no concept "kim-jon-un"' in err
    assert "kim-jong-un" in err


def test_files_of_any_folder_are_named_by_it(sqlite_desk: Desk) -> None:
    clips = sqlite_desk.folder / "clips"
    clips.mkdir()
    (clips / "launch.txt").write_text(f"{LAUNCH}\n{LAUNCH_TEXT}\n", encoding="utf-8")
    for arguments in (["run", "--seeds", str(clips)], ["collect", "--seeds", str(clips / "..") + "/clips/"]):
        told = json.loads(peninsula(sqlite_desk, *arguments, "--no-feeds", "--json")[1])
        assert [source["source"] for source in told["sources"]] == ["clips/launch.txt"]


def test_seeds_are_read_where_watch_toml_names_a_folder_and_nowhere_else(sqlite_desk: Desk) -> None:
    told = json.loads(peninsula(sqlite_desk, "run", "--no-feeds", "--json")[1])
    assert told["sources"] == []
    sqlite_desk.tables["watch"] = '[watch]\nseeds = "clips"\n'
    sqlite_desk.settings()
    code, out, _ = peninsula(sqlite_desk, "run", "--no-feeds")
    assert (code, "there is no folder" in out, "clips, which watch.seeds names" in out) == (3, True, True)
    code, _, err = peninsula(sqlite_desk, "config", "check")
    assert (code, "watch.seeds: there is no folder" in err) == (1, True)
    (sqlite_desk.folder / "clips").mkdir()
    (sqlite_desk.folder / "clips" / "a.txt").write_text(f"{LAUNCH}\n{LAUNCH_TEXT}\n", encoding="utf-8")
    assert "clips/a.txt" in peninsula(sqlite_desk, "run", "--no-feeds")[1]


def test_a_dry_run_of_a_feed_that_fails_ends_as_the_run_does(sqlite_desk: Desk) -> None:
    sqlite_desk.tables["gone"] = (
        f'[[feed]]\nname = "gone"\nurl = "{sqlite_desk.server.url_for("/gone")}"\nallow_private = true\n'
    )
    assert [peninsula(sqlite_desk, "run", *more)[0] for more in ((), ("--dry-run",))] == [3, 3]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("report", "-", "--zone", "Mars/X"), '"Mars/X" is no time zone'),
        (("prune", "--older-than", "0d"), "the least is 1s"),
        (("feed", "json", "--rule", "nope"), 'there is no rule "nope"'),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(
    sqlite_desk: Desk, arguments: tuple[str, ...], words: str
) -> None:
    code, _, err = peninsula(sqlite_desk, *arguments)
    assert (code, words in " ".join(err.split())) == (2, True)


def test_since_says_how_old_an_alert_may_be(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", Item(at=NOW - 400 * DAY))
    told = json.loads(peninsula(sqlite_desk, "run", "--no-seeds", "--since", "1d", "--dry-run", "--json")[1])
    assert (told["decided"]["baseline"], told["alerts"]) == (1, [])


def filled(desk: Desk, *rows: dict[str, Any], options: tuple[str, ...] = ()) -> Any:
    """Backfill rows and read what the command tells."""
    file = desk.folder / "old.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return json.loads(peninsula(desk, "backfill", str(file), *options, "--json")[1])


def test_a_backfill_groups_the_past_on_its_own_clock_and_alerts_nobody(desk: Desk) -> None:
    told = filled(desk, OLD_KO, OLD, {"text": ""}, OLD)
    assert (told["articles"], told["new"], told["stories"], told["alerts"]) == (3, 2, 1, 0)
    assert [fault["code"] for fault in told["faults"]] == ["no-title"]
    with closing(desk.open()) as database, database.reading() as session:
        story = store.story_list(session, {})[0]
        assert (story.title, story.articles, story.opened_at.year) == (LAUNCH, 2, 2019)
        ledger = store.filed(session)
        assert {made.outcome for one in ledger for made in one.decisions} == {"baseline"}
        met = store.last_sweep(session)
        assert met
        assert met.year == 2019
    assert desk.run().alerts == ()  # and no later run alerts on them
    assert filled(desk, OLD_KO, OLD)["new"] == 0


def test_a_backfill_alerts_when_it_is_asked_to(sqlite_desk: Desk) -> None:
    assert filled(sqlite_desk, OLD, OLD_KO, options=("--alert",))["alerts"] == 1


@pytest.mark.parametrize("key", ["date", "published_at", "timestamp"])
def test_a_date_that_cannot_be_read_leaves_its_row_out_and_names_it(sqlite_desk: Desk, key: str) -> None:
    dates: tuple[Any, ...] = ("", "last spring", True, 1.6e12, {"at": 1}, 1557015000)
    told = filled(sqlite_desk, *({"title": LAUNCH, key: date} for date in dates), options=("--alert",))
    assert (told["articles"], told["undated"], told["alerts"]) == (2, 1, 1)
    file = sqlite_desk.folder / "old.jsonl"
    assert [(fault["where"], fault["code"]) for fault in told["faults"]] == [
        (f"{file} line {number}", "bad-date") for number in (2, 3, 4, 5)
    ]
    dated = [
        one for one in json.loads(peninsula(sqlite_desk, "articles", "--json")[1]) if one["published_at"]
    ]
    assert [one["published_at"] for one in dated] == ["2019-05-05T00:10:00Z"]


def test_a_row_of_odd_kinds_costs_no_other_row(desk: Desk) -> None:
    odd: tuple[dict[str, Any], ...] = ({"language": 5}, {"lang": ["ko"], "language": "en"}, {"publisher": {}})
    rows = [{"title": f"{LAUNCH} {number}"} | more for number, more in enumerate(odd)]
    told = filled(desk, {"title": LAUNCH, "source": "https://a.kr/" + "x" * 100}, *rows)
    assert (told["new"], [fault["where"] for fault in told["faults"]]) == (
        3,
        [f"{desk.folder}/old.jsonl line 1"],
    )
    assert told["faults"][0]["detail"] == "source is no name: it has more than 100 letters"


def test_an_article_without_a_date_is_met_now_and_does_not_alert(sqlite_desk: Desk) -> None:
    undated = {key: value for key, value in OLD.items() if key != "date"}
    file = sqlite_desk.folder / "old.jsonl"
    file.write_text(json.dumps(undated), encoding="utf-8")
    code, out, _ = peninsula(sqlite_desk, "backfill", str(file), "--alert")
    assert code == 0
    assert "1 new story, 0 alerts due" in out
    assert "Without a date: 1 article; they count as met now, and do not alert." in out


def test_a_backfill_takes_saved_feeds(sqlite_desk: Desk) -> None:
    file = sqlite_desk.folder / "saved.xml"
    file.write_text(rss([Item(), Item(title="Tennis: five sets", text="A match.")]), encoding="utf-8")
    code, out, _ = peninsula(sqlite_desk, "backfill", str(file))
    assert code == 0
    assert "2 of 2 articles new, 1 about the peninsula, 1 new story." in out


def test_a_file_that_cannot_be_backfilled_is_named(sqlite_desk: Desk) -> None:
    code, _, err = peninsula(sqlite_desk, "backfill", str(sqlite_desk.folder / "gone.jsonl"))
    assert code == 1
    assert "gone.jsonl: cannot be read" in err


def test_a_replay_finds_a_backfilled_past(sqlite_desk: Desk) -> None:
    filled(sqlite_desk, OLD, OLD_KO, options=("--alert",))
    told = json.loads(peninsula(sqlite_desk, "replay", "--threshold", "99", "--json")[1])
    assert [one["at"][:10] for one in told["removed"]] == ["2019-05-05"]
    assert told["ledger"] == {"missing": [], "extra": []}


def test_a_backfill_keeps_apart_what_outlets_head_alike(sqlite_desk: Desk) -> None:
    rows = [
        OLD
        | {"publisher": f"Paper {n}", "url": f"https://paper{n}.example/{n}", "text": f"{LAUNCH_TEXT} {n}"}
        for n in range(8)
    ]
    assert filled(sqlite_desk, *rows[:4])["new"] == 4
    later = [row | {"date": "2019-05-05T01:10:00Z"} for row in rows[4:]]
    assert filled(sqlite_desk, *later)["new"] == 4


def test_long_articles_of_one_hour_are_all_decided_on_its_clock(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "MOST_CHARACTERS", 10)  # as if each filled a batch of its own
    rows = [OLD | {"url": f"https://old.example/{n}", "text": f"{LAUNCH_TEXT} {n}"} for n in range(3)]
    told = filled(sqlite_desk, *rows)
    assert (told["new"], told["stories"], told["matched"]) == (3, 1, 3)


def test_a_folder_keeps_apart_what_outlets_head_alike(sqlite_desk: Desk) -> None:
    folder = sqlite_desk.folder / "clippings"
    folder.mkdir()
    for n in range(3):
        told = f"Outlet {n} reports from Seoul that the North fired its missile at dawn, witness {n} said."
        (folder / f"text{n}.txt").write_text(f"North Korea fires a missile\n\n{told}", encoding="utf-8")
        page = f"<title>Kim Jong Un in Wonsan</title><h1>Kim Jong Un in Wonsan</h1><p>{told}</p>"
        (folder / f"page{n}.html").write_text(page, encoding="utf-8")
    for expected in (6, 0):
        out = peninsula(sqlite_desk, "run", "--no-feeds", "--seeds", str(folder), "--json")[1]
        assert sum(source["new"] for source in json.loads(out)["sources"]) == expected


def test_a_backfill_without_addresses_adds_nothing_the_second_time(sqlite_desk: Desk) -> None:
    rows = [
        {"title": OLD["title"], "date": OLD["date"], "text": text} for text in (LAUNCH_TEXT, "Brief.", "")
    ]
    assert filled(sqlite_desk, *rows)["new"] == 3
    assert filled(sqlite_desk, *rows)["new"] == 0
