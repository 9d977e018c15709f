"""The watch seen from outside: status, metrics, health, heartbeat, silence, logs."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from desk import LAUNCH, NOW, Desk, Item
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update
from sqlalchemy.orm import Session
from test_promise import NUCLEAR
from typer.testing import CliRunner, Result

from flows import heartbeat, leases, logs, monitor, pipeline
from flows.cli import app
from models import standing as judged
from models import store
from models.errors import ConfigError
from models.tables import AlertRow, ArticleRow, ReadingRow, StoryRow
from models.values import LastRun, Lease, SourceName, SourceState, Standing

MINUTE = timedelta(minutes=1)
EVERY = 15 * MINUTE
WELL = Standing(at=NOW, runs=(LastRun(name="watch", began_at=NOW - MINUTE, ended_at=NOW),))


def codes(standing: Standing) -> list[str]:
    return [trouble.code for trouble in judged.amiss(standing, every=EVERY, silence=4)]


def ended(ago: timedelta) -> tuple[LastRun, ...]:
    return (LastRun(name="watch 1/2", began_at=NOW - ago, ended_at=NOW - ago),)


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (WELL, []),
        (Standing(at=NOW), ["no-run"]),
        (Standing(at=NOW, runs=ended(35 * MINUTE)), []),
        (Standing(at=NOW, runs=ended(36 * MINUTE)), ["late"]),
        (Standing(at=NOW, runs=ended(-400 * 24 * 60 * MINUTE)), ["late"]),  # by a clock that was ahead
        (Standing(at=NOW, runs=(LastRun(name="decide", ended_at=NOW),)), ["no-run"]),
        (Standing(at=NOW, runs=WELL.runs, undecided=3, oldest_undecided=NOW - 34 * MINUTE), []),
        (Standing(at=NOW, runs=WELL.runs, undecided=3, oldest_undecided=NOW - 36 * MINUTE), ["undecided"]),
        (Standing(at=NOW, runs=WELL.runs, due_since=NOW - 16 * MINUTE), ["undelivered"]),
        (Standing(at=NOW, runs=WELL.runs, alerts={"dead": 2, "pending": 9}), ["dead-alerts"]),
        (
            Standing(
                at=NOW,
                runs=WELL.runs,
                newest_story=NOW - timedelta(hours=9),
                usual_gap=timedelta(hours=2),
            ),
            ["silence"],
        ),
        (
            Standing(
                at=NOW,
                runs=WELL.runs,
                newest_story=NOW - timedelta(hours=2),
                usual_gap=timedelta(minutes=5),
            ),
            [],
        ),
    ],
)
def test_what_needs_a_person_is_said_and_nothing_else(standing: Standing, expected: list[str]) -> None:
    assert codes(standing) == expected


def test_one_feed_that_fails_is_its_own_affair_and_most_of_them_are_the_networks() -> None:
    def feeds(failing: int) -> dict[SourceName, SourceState]:
        return {SourceName(str(n)): SourceState(asked=1, failures=int(n < failing)) for n in range(4)}

    assert codes(Standing(at=NOW, runs=WELL.runs, feeds=feeds(2))) == []
    assert codes(Standing(at=NOW, runs=WELL.runs, feeds=feeds(3))) == ["feeds-failing"]


def test_what_is_usual_leaves_out_the_longest_gaps_and_wants_enough_of_them() -> None:
    hours = [NOW - n * timedelta(hours=1) for n in range(21)]
    assert judged.usual_gap(hours[:20]) is None
    assert judged.usual_gap(hours) == timedelta(hours=1)
    assert judged.usual_gap([*hours, NOW - timedelta(days=9)]) == timedelta(hours=1)


def command(desk: Desk, *arguments: str) -> Result:
    """Run a command on a desk."""
    desk.settings()
    env = desk.env | {"DATABASE_URL": desk.database_url}
    return CliRunner().invoke(app, [*arguments, "--config", str(desk.folder / "watch.toml")], env=env)


def test_status_tells_a_monitor_by_its_exit_code(desk: Desk) -> None:
    desk.feed("herald", Item(at=datetime.now(UTC)))
    assert command(desk, "status").exit_code == 3
    assert command(desk, "run", "--no-seeds").exit_code == 0
    done = command(desk, "status")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("All is well.\nLast run 0 s ago: 1 new story, 1 alert delivered\n")
    desk.webhook()
    database = desk.open()
    with database.writing() as session:
        session.execute(update(AlertRow).values(state="dead"))
    database.close()
    done = command(desk, "status", "--json")
    assert done.exit_code == 3
    told = json.loads(done.stdout)
    assert [trouble["code"] for trouble in told["troubles"]] == ["dead-alerts"]
    assert told["runs"][-1] | {"began_at": "", "ended_at": ""} == {
        "name": "watch",
        "began_at": "",
        "ended_at": "",
        "running": False,
        "said": "1 new story, 1 alert delivered",
    }
    assert (told["undecided"], told["alerts"], told["feeds"]) == (0, {"dead": 1}, {"healthy": 1})


def test_a_channel_that_is_gone_while_alerts_wait_for_it_is_told(sqlite_desk: Desk) -> None:
    sqlite_desk.webhook()
    sqlite_desk.server.expect_request("/hook").respond_with_data(status=410)
    sqlite_desk.feed("herald", Item(at=datetime.now(UTC)), NUCLEAR)
    assert command(sqlite_desk, "run", "--no-seeds").exit_code == 3
    del sqlite_desk.tables["channel hook"]
    told = json.loads(command(sqlite_desk, "status", "--json").stdout)
    assert [trouble["code"] for trouble in told["troubles"]] == ["dead-alerts", "channel-off"]
    listed = command(sqlite_desk, "channels", "list").output
    assert f"hook                 {judged.NOT_ON}; 1 waiting" in listed
    assert "peninsula alerts drop --channel hook" in told["troubles"][1]["detail"]
    command(sqlite_desk, "alerts", "drop", "--channel", "hook")
    told = json.loads(command(sqlite_desk, "status", "--json").stdout)
    assert [trouble["code"] for trouble in told["troubles"]] == ["dead-alerts"]


def test_a_run_of_one_feed_does_not_pass_for_a_run_of_the_watch(desk: Desk) -> None:
    desk.feed("herald", Item(at=datetime.now(UTC)))
    assert command(desk, "run", "--no-seeds", "--feed", "herald").exit_code == 0
    assert "no run over the feeds has ended yet" in command(desk, "status").output


def test_metrics_are_prometheus_text(desk: Desk) -> None:
    desk.feed("herald", Item(at=datetime.now(UTC)))
    desk.feed("gone")
    del desk.documents["gone"]
    command(desk, "run", "--no-seeds")
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(command(desk, "metrics").stdout)
        for sample in family.samples
    }
    assert found["peninsula_well",] == 1
    assert found["peninsula_alerts", "delivered"] == 1
    assert found["peninsula_feed_failures", "gone"] == 1
    assert found["peninsula_feed_failures", "herald"] == 0
    ended_at = found["peninsula_run_end_timestamp_seconds", "watch"]
    assert abs(ended_at - datetime.now(UTC).timestamp()) < 300


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    server = monitor.serve(desk.settings(), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def ask(url: str) -> tuple[int, str]:
    answer = httpx.get(url, timeout=30)
    return answer.status_code, answer.text


def test_health_is_red_until_a_run_has_ended(desk: Desk) -> None:
    desk.feed("herald", Item(at=datetime.now(UTC)))
    desk.open().close()
    with served(desk) as url:
        status, body = ask(f"{url}/health")
        assert (status, json.loads(body)["troubles"][0]["code"]) == (503, "no-run")
        command(desk, "run", "--no-seeds")
        status, body = ask(f"{url}/health")
        assert (status, json.loads(body)["well"]) == (200, True)
        assert ask(f"{url}/metrics")[1].startswith("# HELP peninsula_well")
        assert ask(f"{url}/secrets")[0] == 404


def test_the_same_port_shows_the_page_and_the_feeds_for_others(desk: Desk) -> None:
    desk.feed("herald", Item(at=datetime.now(UTC)))
    command(desk, "run", "--no-seeds")
    with served(desk) as url:
        status, body = ask(f"{url}/?utm=x")
        assert (status, body[:15]) == (200, "<!doctype html>")
        assert LAUNCH in body
        assert LAUNCH in ask(f"{url}/feed.atom")[1]
        (item,) = json.loads(ask(f"{url}/feed.json")[1])["items"]
        assert item["title"] == LAUNCH


def test_head_is_answered_as_get_is_and_without_a_body(desk: Desk) -> None:
    desk.open().close()
    with served(desk) as url:
        for path in ("/", "/health", "/metrics", "/secrets"):
            got, asked = httpx.get(f"{url}{path}", timeout=30), httpx.head(f"{url}{path}", timeout=30)
            assert (asked.status_code, asked.content) == (got.status_code, b"")
            assert asked.headers.keys() == got.headers.keys()
            assert asked.headers["content-type"] == got.headers["content-type"]
            assert int(asked.headers["content-length"]) > 0


def test_health_is_red_when_the_database_is_not_there(desk: Desk) -> None:
    desk.database_url = "sqlite:////nowhere/at/all.db"
    with served(desk) as url:
        status, body = ask(f"{url}/health")
    assert status == 503
    assert "the database refused" in body


def test_a_good_run_is_told_to_the_monitor_and_a_bad_one_is_not(desk: Desk) -> None:
    desk.server.expect_request("/ping/CANARY").respond_with_data("OK")
    desk.env["PENINSULA_HEARTBEAT_URL"] = desk.server.url_for("/ping/CANARY")

    def beats() -> int:
        return sum(request.path == "/ping/CANARY" for request, _ in desk.server.log)

    desk.feed("herald", Item(at=datetime.now(UTC)))
    done = command(desk, "run", "--no-seeds")
    assert (done.exit_code, beats()) == (0, 1)
    del desk.documents["herald"]
    command(desk, "run", "--no-seeds")
    assert beats() == 1


def test_a_monitor_that_fails_costs_a_line_and_never_shows_its_address(desk: Desk) -> None:
    desk.server.expect_request("/ping/CANARY").respond_with_data("no", status=500)
    desk.env["PENINSULA_HEARTBEAT_URL"] = desk.server.url_for("/ping/CANARY")
    desk.feed("herald", Item(at=datetime.now(UTC)))
    done = command(desk, "run", "--no-seeds")
    assert done.exit_code == 0
    assert "heartbeat: the monitor answered 500" in done.stderr
    assert "CANARY" not in done.output
    assert "CANARY" not in repr(desk.settings())


def test_a_monitor_that_is_not_there_is_told_in_our_words() -> None:
    said = asyncio.run(heartbeat.beat("http://127.0.0.1:9/CANARY"))
    assert said.startswith("the monitor was not reached")
    assert "CANARY" not in said


def test_a_heartbeat_that_is_no_url_is_a_mistake_of_the_configuration(desk: Desk) -> None:
    desk.env["PENINSULA_HEARTBEAT_URL"] = "CANARY"
    with pytest.raises(ConfigError, match=r"PENINSULA_HEARTBEAT_URL holds no http\(s\) URL") as caught:
        desk.settings()
    assert "CANARY" not in str(caught.value)


def test_silence_is_noted_once_and_its_end_once(desk: Desk) -> None:
    database = desk.open()

    def stories(*hours_ago: float) -> None:
        with database.writing() as session:
            for hours in hours_ago:
                _add_story(session, uuid4().hex[:13], NOW - timedelta(hours=hours))

    def minded(at: datetime) -> str:
        with database.writing() as session:
            event = store.mind_silence(session, at, times=4)
        return event.state if event else ""

    stories(*range(1, 30))
    assert minded(NOW) == ""
    assert minded(NOW + timedelta(hours=4)) == "silent"
    assert minded(NOW + timedelta(hours=5)) == ""
    stories(-5)
    assert minded(NOW + timedelta(hours=6)) == "well"
    assert minded(NOW + timedelta(hours=7)) == ""
    with database.reading() as session:
        [_, first] = store.feed_events(session)
    assert first.detail == "no new story for 5 h, usually at most 60 min: do the feeds still come?"
    database.close()


def test_silence_is_noted_by_a_run_that_brings_nothing_and_compiles_no_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(desk.open()) as database:
        desk.run()
        with database.writing() as session:
            for hours in range(1, 30):
                _add_story(session, uuid4().hex[:13], NOW - timedelta(hours=hours))
            session.execute(update(ArticleRow).values(state="decided"))
        desk.clock.turn(hours=4)
        monkeypatch.delattr(pipeline, "open_lexicon")
        desk.run()
        with database.reading() as session:
            assert [event.state for event in store.feed_events(session)] == ["silent"]


def _add_story(session: Session, name: str, at: datetime) -> None:
    article = ArticleRow(
        id=f"a{name}",
        source="herald",
        key=name,
        url=name,
        link=name,
        title=name,
        text="",
        outlet="",
        first_seen_at=at,
        at=at,
        fingerprint=name,
        fresh=True,
        state="done",
    )
    session.add(article)
    session.flush()
    reading = ReadingRow(article_id=article.id, language="en", korea=True, score=1, lexicon="", body=b"{}")
    story = StoryRow(id=f"s{name}", anchor_id=article.id, title=name, language="en", opened_at=at, last_at=at)
    session.add_all([reading, story])


def test_a_lease_of_a_dead_process_is_not_shown_as_at_work(desk: Desk) -> None:
    database = desk.open()
    machine = leases.holder().rsplit(" ", 2)[0]
    now = datetime.now(UTC)
    with database.writing() as session:
        store.take(session, Lease(name="watch", token="t", holder=f"{machine} 999999 1"), now)
        store.take(session, leases.new("decide"), now)
    standing, _ = monitor.look(desk.settings(), database)
    assert {run.name: run.running for run in standing.runs} == {"decide": True, "watch": False}
    database.close()


def test_a_log_line_is_one_json_object_with_the_facts_of_its_source() -> None:
    record = logging.makeLogRecord(
        {
            "name": "prefect.task_runs",
            "levelno": logging.INFO,
            "levelname": "INFO",
            "msg": "%s: %d new",
            "args": ("연합뉴스", 2),
            "flow_run_name": "watch",
            "facts": {"event": "source", "source": "연합뉴스", "new": 2},
        }
    )
    line = logs.JsonLines(None, None, "%").format(record)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["message"], told["new"], told["flow_run_name"]) == ("연합뉴스: 2 new", 2, "watch")
