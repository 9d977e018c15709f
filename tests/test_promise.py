"""The promise: no matching story lost, none alerted twice, every silence explained."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import LAUNCH, LAUNCH_TEXT, NOW, Desk, Item, rss
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from standardwebhooks import Webhook
from test_cli import peninsula
from werkzeug import Request, Response

from flows import pipeline
from models import store
from models.sources import rhythm
from models.tables import VersionRow
from models.values import Filed, Outcome, Selection, Source

SECRET = "whsec_" + "c2VjcmV0LWZvci10aGUtdGVzdHMtb25seQ=="
NUCLEAR = Item(
    title="IAEA chief says activity continues at North Korea's Yongbyon nuclear complex",
    text="The head of the agency told its board that the reactor at Yongbyon keeps running.",
)


def explain(desk: Desk, what: str) -> Filed:
    """Look an article up as `peninsula explain` does."""
    database = desk.open()
    with database.reading() as session:
        found = store.find_article(session, what)
    database.close()
    assert found is not None
    return found


def test_a_matching_story_alerts_once_and_a_second_run_is_silent(desk: Desk) -> None:
    desk.feed("herald", Item(), NUCLEAR)
    first = desk.run()
    assert len(first.alerts) == len(desk.shown) == 2
    assert {LAUNCH, NUCLEAR.title} == {alert.title for alert in first.alerts}
    desk.clock.turn(minutes=15)
    second = desk.run()
    assert second.sources[0].unchanged
    assert second.alerts == ()
    assert second.stories == ()
    assert len(desk.shown) == 2


def test_the_same_story_from_two_outlets_alerts_once_and_names_both(desk: Desk) -> None:
    other = Item(
        title="N. Korea launches 2 short-range ballistic missiles into East Sea: JCS",
        text=LAUNCH_TEXT + " Japan lodged a protest.",
    )
    desk.feed("herald", Item())
    desk.feed("times", other)
    report = desk.run()
    assert len(report.stories) == 1
    assert set(report.stories[0].outlets) == {"herald", "times"}
    assert len(desk.shown) == 1
    assert "herald" in desk.shown[0]
    assert "times" in desk.shown[0]


def test_the_same_article_through_two_feeds_is_one_article_with_two_sightings(desk: Desk) -> None:
    url = "https://www.example.org/news/1?utm_source=rss"
    desk.feed("front", Item(url=url, guid="front-1"))
    desk.feed("politics", Item(url=url.replace("rss", "politics"), guid="politics-1"))
    report = desk.run()
    assert sorted((source.new, source.seen) for source in report.sources) == [(0, 1), (1, 0)]
    assert set(explain(desk, LAUNCH).sightings) == {"front", "politics"}


def test_a_later_report_of_a_story_that_alerted_is_silent_and_says_why(desk: Desk) -> None:
    desk.feed("herald", Item())
    desk.run()
    desk.clock.turn(hours=1)
    later = Item(
        title="North Korea fires two short-range missiles toward East Sea, Seoul says",
        text=LAUNCH_TEXT,
        at=NOW,
    )
    desk.feed("times", later)
    assert desk.run().alerts == ()
    ruling = explain(desk, later.title).decisions[0]
    assert (ruling.outcome, ruling.reason) == ("same-story", "story-alerted")


def test_an_edit_is_a_version_and_not_an_alert(desk: Desk) -> None:
    desk.feed("herald", Item(guid="a"))
    desk.run()
    desk.clock.turn(minutes=15)
    desk.feed("herald", Item(guid="a", text=LAUNCH_TEXT + " (Corrects the distance.)"))
    report = desk.run()
    assert (report.sources[0].edited, report.sources[0].new) == (1, 0)
    assert report.alerts == ()
    assert explain(desk, LAUNCH).article.version == 2


DULL = Item(title="Leaders meet in Beijing", text="The two leaders met for dinner on Saturday.", guid="a")
TOLD = Item(
    title="Kim Jong Un and Xi Jinping meet in Beijing",
    text="North Korean leader Kim Jong Un met Xi.",
    guid="a",
)


def test_an_edited_article_is_found_by_the_headline_that_it_had(desk: Desk) -> None:
    desk.feed("herald", Item(guid="1"))
    desk.run()
    edited = Item(guid="1", title="Seoul: two missiles from North Korea fell into the sea")
    desk.feed("herald", edited)
    desk.run()
    assert explain(desk, LAUNCH).article.title == edited.title


@pytest.mark.parametrize(
    ("title", "now"),
    [(LAUNCH, "same-story (story-alerted)"), ("Military fires missiles", "no-match (not-korea)")],
)
def test_an_edit_leaves_why_an_alert_was_made(sqlite_desk: Desk, title: str, now: str) -> None:
    sqlite_desk.feed("herald", Item(guid="1"))
    alert = sqlite_desk.run().alerts[0].alert
    sqlite_desk.feed("herald", Item(guid="1", title=title, text="It was at sea, the military said."))
    sqlite_desk.run()
    for command in (("alerts", "why", alert.id), ("explain", alert.article)):
        _, out, _ = peninsula(sqlite_desk, *command)
        made, later = out.index("korea, when it alerted, "), out.index(f"korea: {now}")
        assert "score 2.92: North Korea in the title decides alone" in out[made:later]


def test_an_edit_that_newly_matches_alerts(desk: Desk) -> None:
    desk.feed("herald", DULL)
    assert desk.run().alerts == ()
    desk.clock.turn(minutes=15)
    desk.feed("herald", TOLD)
    assert len(desk.run().alerts) == 1


def test_an_edit_that_comes_while_its_article_is_decided_alerts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.feed("herald", DULL)
    configured, database, whole = desk.settings(), desk.open(), pipeline.decide_these
    if database.is_sqlite:
        pytest.skip("SQLite has one writer: nothing comes meanwhile")
    collected = pipeline.collect(database, configured, clock=desk.clock, selection=Selection())
    asyncio.run(collected)

    def edited_meanwhile(*given: Any) -> Outcome:
        monkeypatch.undo()
        desk.feed("herald", TOLD)
        asyncio.run(pipeline.collect(database, configured, clock=desk.clock, selection=Selection()))
        return whole(*given)

    monkeypatch.setattr(pipeline, "decide_these", edited_meanwhile)
    decided = pipeline.decide_new(database, configured, clock=desk.clock)
    assert (decided.articles, len(decided.alerts)) == (2, 1)  # both texts were read
    with database.reading() as session:
        assert session.scalars(select(VersionRow.decided_at)).all() == [desk.clock()]  # as a replay asks
    database.close()


def test_a_silence_is_explained(desk: Desk) -> None:
    desk.feed(
        "herald",
        Item(title="Koreatown diner wins a city food award", text="Its Korean BBQ drew the jury back."),
    )
    report = desk.run()
    assert report.decided.articles == 1
    assert report.alerts == ()
    found = explain(desk, "Koreatown")
    assert found.decisions[0].outcome == "no-match"
    assert found.decisions[0].reason == "not-korea"
    assert found.decisions[0].detail


def test_long_texts_are_decided_in_smaller_batches_and_all_of_them(desk: Desk) -> None:
    long = [Item(title=f"Report {n} on ferries", text=f"Ferry {n}. " * 9_000, guid=f"{n}") for n in range(12)]
    desk.feed("herald", *long, Item())
    database = desk.open()
    done = asyncio.run(pipeline.collect_feeds(database, desk.settings(), clock=desk.clock))
    assert done[0].new == 13
    with database.reading() as session:
        batch = store.undecided(session, 200)
    database.close()
    assert 1 < len(batch) < 8
    assert desk.run().decided.articles == 13
    assert len(desk.shown) == 1


def test_a_new_feed_does_not_alert_on_the_past(desk: Desk) -> None:
    desk.feed("herald", Item(at=NOW - timedelta(days=9)), NUCLEAR)
    report = desk.run()
    assert [alert.title for alert in report.alerts] == [NUCLEAR.title]
    assert report.decided.baseline == 1
    assert explain(desk, LAUNCH).decisions[0].outcome == "baseline"


def test_news_from_while_the_watch_was_down_still_alerts(desk: Desk) -> None:
    desk.feed("herald", NUCLEAR)
    desk.run()
    desk.clock.turn(days=12)
    desk.feed("herald", NUCLEAR, Item(at=NOW + timedelta(days=3)))
    assert [alert.title for alert in desk.run().alerts] == [LAUNCH]


def test_a_document_that_was_cut_short_is_read_again(sqlite_desk: Desk) -> None:
    whole = rss([NUCLEAR, Item()], title="herald")
    sent = [whole[: whole.rindex("<item>")], whole]

    def answer(request: Request) -> Response:
        if request.headers.get("if-none-match") == '"1"':
            return Response(status=304, headers={"etag": '"1"'})
        return Response(sent.pop(0), headers={"etag": '"1"'})

    sqlite_desk.feed("herald")
    sqlite_desk.server.clear()
    sqlite_desk.server.expect_request("/feeds/herald").respond_with_handler(answer)
    cut_short = sqlite_desk.run()
    assert [fault.code for fault in cut_short.sources[0].faults] == ["truncated"]
    assert [alert.title for alert in cut_short.alerts] == [NUCLEAR.title]
    sqlite_desk.clock.turn(minutes=15)
    assert [alert.title for alert in sqlite_desk.run().alerts] == [LAUNCH]
    sqlite_desk.clock.turn(minutes=15)
    assert sqlite_desk.run().sources[0].unchanged


def test_news_that_a_server_called_unchanged_for_days_still_alerts(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", NUCLEAR)
    sqlite_desk.run()
    for _ in range(10):
        sqlite_desk.clock.turn(days=1)
        assert sqlite_desk.run().sources[0].unchanged
    old = Item(title="North Korea fires a missile, and an archive shows it", at=NOW - timedelta(days=9))
    sqlite_desk.feed("herald", NUCLEAR, Item(at=NOW + timedelta(days=6)), old)
    assert [alert.title for alert in sqlite_desk.run().alerts] == [LAUNCH]
    assert explain(sqlite_desk, old.title).decisions[0].outcome == "baseline"


def test_a_feed_at_another_address_does_not_alert_on_the_past(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", NUCLEAR)
    sqlite_desk.run()
    sqlite_desk.clock.turn(days=10)
    assert sqlite_desk.run().sources[0].unchanged
    sqlite_desk.feed("moved", NUCLEAR, Item(at=NOW + timedelta(days=6)))
    sqlite_desk.tables["feed herald"] = sqlite_desk.tables.pop("feed moved").replace('"moved"', '"herald"')
    assert sqlite_desk.run().alerts == ()
    assert explain(sqlite_desk, LAUNCH).decisions[0].outcome == "baseline"


def test_a_feed_that_fails_is_named_and_the_others_go_on(desk: Desk) -> None:
    desk.feed("herald", Item())
    desk.feed("gone", Item())
    del desk.documents["gone"]
    report = desk.run()
    assert not report.whole
    errors = {str(source.source): source.error for source in report.sources}
    assert errors["herald"] == ""
    assert "404" in errors["gone"]
    assert len(report.alerts) == 1


def test_a_fault_of_ours_on_one_feed_is_that_feeds_and_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk.feed("herald", Item())
    desk.feed("times", NUCLEAR)
    with monkeypatch.context() as patch:
        whole = rhythm.next_period

        def wrong(feed: Source, *given: Any, **named: Any) -> timedelta:
            if feed.name == "times":
                raise KeyError("nobody foresaw it")
            return whole(feed, *given, **named)

        patch.setattr(rhythm, "next_period", wrong)
        report = desk.run()
    assert [source.error for source in report.sources] == [
        "",
        "a fault of peninsula-watch (KeyError): please report it, with the log",
    ]
    assert [alert.title for alert in report.alerts] == [LAUNCH]
    assert "nobody foresaw it" in caplog.text
    desk.clock.turn(minutes=30)
    assert [alert.title for alert in desk.run().alerts] == [NUCLEAR.title]


def test_rules_choose_by_concept_language_and_source(desk: Desk) -> None:
    desk.rule('any = ["iaea", "yongbyon"]', name="nuclear")
    desk.rule('none = ["yongbyon"]\nsources = ["herald"]', name="rest")
    desk.rule('languages = ["ko"]', name="korean")
    desk.feed("herald", Item(), NUCLEAR)
    alerted = {(alert.alert.rule, alert.title) for alert in desk.run().alerts}
    assert alerted == {("nuclear", NUCLEAR.title), ("rest", LAUNCH)}


def test_every_attempt_carries_one_id_and_a_signature_that_verifies(
    desk: Desk, httpserver: HTTPServer
) -> None:
    answers = iter(
        [Response(status=500), Response(status=429, headers={"retry-after": "30"}), Response(status=200)]
    )
    received: list[Request] = []

    def receive(request: Request) -> Response:
        received.append(request)
        return next(answers)

    httpserver.expect_request("/hook").respond_with_handler(receive)
    desk.webhook(secret=SECRET)
    desk.feed("herald", Item())
    desk.run()
    for wait in (7, 31):
        desk.clock.turn(seconds=wait)
        desk.run()
    assert len(received) == 3
    assert len({request.headers["webhook-id"] for request in received}) == 1
    assert len({request.get_data() for request in received}) == 1
    signed = {name.lower(): value for name, value in received[-1].headers.items()}
    signed["webhook-timestamp"] = received[-1].headers["webhook-timestamp"]
    body = received[-1].get_data(as_text=True)
    at = int(signed["webhook-timestamp"])
    import time_machine

    with time_machine.travel(at, tick=False):
        assert Webhook(SECRET).verify(body, signed) == json.loads(body)
    data = json.loads(body)["data"]
    assert data["story"]["title"] == LAUNCH
    assert data["id"] == signed["webhook-id"]
    desk.clock.turn(days=1)
    assert desk.run().alerts == ()
    assert len(received) == 3


def test_a_dead_channel_does_not_block_another(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/good").respond_with_data("ok")
    httpserver.expect_request("/bad").respond_with_data("no", status=503)
    desk.webhook("bad", "/bad")
    desk.webhook("good", "/good")
    desk.feed("herald", Item(), NUCLEAR)
    states = {(str(alert.alert.channel), alert.title): alert.state for alert in desk.run().alerts}
    assert {states["good", title] for title in (LAUNCH, NUCLEAR.title)} == {"delivered"}
    assert {states["bad", title] for title in (LAUNCH, NUCLEAR.title)} == {"pending"}


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("newest_first", [True, False])
def test_of_an_item_that_is_listed_twice_the_latest_is_read(
    sqlite_desk: Desk,
    dated: bool,  # noqa: FBT001 - parameters of the table
    newest_first: bool,  # noqa: FBT001
) -> None:
    url, at = "https://herald.example/1", NOW - timedelta(hours=1)
    later = replace(NUCLEAR, url=url, at=at + timedelta(minutes=9) if dated else None)
    brief = "IAEA chief says activity continues at a nuclear complex"
    earlier = Item(title=brief, text="Details to follow.", url=url, at=at if dated else None)
    sqlite_desk.feed("herald", *((later, earlier) if newest_first else (earlier, later)))
    report = sqlite_desk.run()
    assert [fault.code for fault in report.sources[0].faults] == ["listed-twice"]
    assert bool(report.alerts) == (dated or newest_first)


def test_seed_files_count_as_new_whatever_their_date(desk: Desk, tmp_path: Path) -> None:
    seeds = tmp_path / "clippings"
    seeds.mkdir()
    (seeds / "a.txt").write_text(f"{LAUNCH}\n(Herald) - {LAUNCH_TEXT}\n", encoding="utf-8")
    (seeds / "notes.bin").write_bytes(b"\x00\x01")
    report = desk.run(seeds=seeds)
    assert [alert.title for alert in report.alerts] == [LAUNCH]
    assert explain(desk, LAUNCH).article.outlet == "Herald"


def test_seed_files_of_one_name_and_title_in_two_folders_are_two_articles(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    for day, text in (("20", NUCLEAR.text), ("21", LAUNCH_TEXT)):
        (tmp_path / "clippings" / day).mkdir(parents=True)
        (tmp_path / "clippings" / day / "briefing.txt").write_text(f"Daily briefing\n{text}\n")
    first, second = (sqlite_desk.run(seeds=tmp_path / "clippings") for _ in range(2))
    assert [done.new for done in first.sources] == [1, 1]
    assert [(done.new, done.edited, done.seen) for done in second.sources] == [(0, 0, 1)] * 2


def test_seed_files_are_known_again_in_another_folder(sqlite_desk: Desk, tmp_path: Path) -> None:
    # So are those of an archive that was made when the folder was no part of their names.
    seeds = tmp_path / "clippings"
    seeds.mkdir()
    (seeds / "a.txt").write_text(f"{LAUNCH}\n{LAUNCH_TEXT}\n")
    (seeds / "b.txt").write_text(f"{NUCLEAR.title}\nhttps://herald.example/1\n{NUCLEAR.text}\n")
    pages = [Item(title=f"Pyongyang opens flour mill {n}", text="", guid=f"{n}") for n in range(4)]
    (seeds / "c.xml").write_text(rss(pages))
    report = sqlite_desk.run(seeds=seeds)
    assert [done.new for done in report.sources] == [1, 1, 4]
    told = len(sqlite_desk.shown)
    (seeds / "2026").mkdir()
    for file in list(seeds.glob("*.*")):
        file.rename(seeds / "2026" / file.name)
    (seeds / "2026" / "b.txt").write_text(f"{NUCLEAR.title}\nhttps://herald.example/1\nRewritten.\n")
    for _ in range(2):
        sqlite_desk.clock.turn(days=20)
        report = sqlite_desk.run(seeds=seeds)
        assert [done.new for done in report.sources] == [0, 0, 0]
    assert len(sqlite_desk.shown) == told


@pytest.mark.parametrize("step", ["decide", "deliver"])
def test_a_crash_between_sweeps_loses_nothing(desk: Desk, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = {"decide": "decide_new", "deliver": "deliver_due"}[step]

    def die(*_: object, **__: object) -> None:
        raise SystemExit(9)

    desk.feed("herald", Item())
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, name, die)
        with pytest.raises(SystemExit):
            desk.run()
    assert desk.shown == []
    assert desk.run().sources[0].unchanged
    assert len(desk.shown) == 1


@pytest.mark.parametrize("rule", ['sources = ["nk"]', "query = 'source:nk'"])
def test_a_rule_hears_its_source_though_another_one_listed_the_article_first(desk: Desk, rule: str) -> None:
    desk.rule(rule)
    item = Item(url="https://herald.example/1")
    desk.feed("all", item)
    desk.feed("nk")
    assert desk.run().alerts == ()
    assert explain(desk, LAUNCH).decisions[0].outcome == "no-match"
    desk.clock.turn(minutes=15)
    desk.feed("nk", item)
    assert len(desk.run().alerts) == 1
    desk.clock.turn(minutes=15)
    desk.feed("nk", item, NUCLEAR)
    assert len(desk.run().alerts) == 1  # the other one's
    desk.feed("third", item, NUCLEAR)
    assert desk.run().alerts == ()


def test_what_was_a_headline_alone_has_the_text_of_the_next_feed_that_lists_it(desk: Desk) -> None:
    title, url = "Military says it detected launch, analysis under way", "https://herald.example/1"
    desk.feed("map", Item(title=title, text="", url=url))
    assert desk.run().alerts == ()
    desk.clock.turn(minutes=15)
    desk.feed("full", Item(title=title, text=LAUNCH_TEXT, url=url))
    assert len(desk.run().alerts) == 1
    desk.clock.turn(minutes=15)
    desk.feed("map", Item(title=title, text="", url=url), NUCLEAR)  # read again, as it was
    desk.run()
    assert explain(desk, title).article.text == LAUNCH_TEXT
