"""The watch on a schedule: `peninsula up`, a real Prefect server, real runs."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import yaml
from databases import empty_copy
from desk import LAUNCH
from outside import (
    PENINSULA,
    ROOT,
    environment,
    poll,
    processes,
    run,
)
from sqlalchemy import select
from watching import AUTH, POOL_HOSTS, Watch, watched

from models.database import Database
from models.tables import AlertRow, ArticleRow
from models.values import Collected, Decided, Report, Sent, SourceName, SourceState, Standing

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pool_url(postgresql: str) -> str:
    """Give the URL of the workers' database."""
    return empty_copy(postgresql, "template1")


@pytest.fixture(scope="module")
def watching(tmp_path_factory: pytest.TempPathFactory, pool_url: str) -> Iterator[Watch]:
    """Give a watch that has begun."""
    with watched(tmp_path_factory.mktemp("up"), pool_url) as watch:
        yield watch


def test_prefects_own_command_runs_the_watch_with_a_parameter(watching: Watch) -> None:
    done = watching.by_hand.result()
    assert done.returncode == 0, done.stdout + done.stderr
    own = [ran for ran in watching.ended("watch") if ran["work_pool_name"] is None]
    by_hand = [ran for ran in own if not ran["auto_scheduled"]]
    assert [ran["state_type"] for ran in by_hand] == ["COMPLETED"]
    assert by_hand[0]["parameters"] == {"due_only": True, "use_feeds": False}
    assert [row["source"] for row in watching.tables(by_hand[0])["peninsula-sources"]] == ["seeds/a.txt"]


def test_the_schedule_itself_starts_a_run_and_the_run_completes(watching: Watch) -> None:
    first = watching.first_scheduled()
    assert first["state_type"] == "COMPLETED"
    assert first["created_by"]["type"] == "SCHEDULE"
    assert first["parameters"] == {"due_only": True}


def test_a_feed_that_fails_is_counted_in_the_message_and_named_in_the_log(watching: Watch) -> None:
    first = watching.first_alerting()
    # The second alert that was delivered tells the desk of the closed channel.
    told = "1 new story, 2 alerts delivered; 1 source failed; 3 alerts to be tried again, 1 dead"
    assert first["state"]["message"] == told
    query = {"logs": {"flow_run_id": {"any_": [first["id"]]}, "level": {"ge_": 30}}}
    lines = poll(lambda: watching.ask("/logs/filter", query), seconds=20, what="the run's log")
    assert [line["message"].split(":")[0] for line in lines] == ["gone failed"]
    assert "404" in lines[0]["message"]


def test_a_run_leaves_tables_of_sources_stories_and_alerts(watching: Watch) -> None:
    tables = watching.tables(watching.first_alerting())
    assert set(tables) == {"peninsula-sources", "peninsula-stories", "peninsula-alerts"}
    assert [row["source"] for row in tables["peninsula-sources"] if row["error"]] == ["gone"]
    assert [row["story"] for row in tables["peninsula-stories"]] == [LAUNCH]
    states = {row["channel"]: row["state"] for row in tables["peninsula-alerts"]}
    assert (states.pop("hook"), states.pop("closed")) == ("delivered", "dead")
    assert set(states) == {"slack", "bot", "mail"}
    assert set(states.values()) <= {"pending", "sending"}  # the minute's sweep may be trying one


@pytest.mark.parametrize(
    "kept", ["flows", "flow_runs", "task_runs", "deployments", "logs", "artifacts", "events", "variables"]
)
def test_what_prefects_api_gives_holds_no_secret(watching: Watch, kept: str) -> None:
    watching.first_scheduled()
    watching.by_hand.result()
    given = json.dumps(watching.ask(f"/{kept}/filter", {}))
    assert len(given) > 100 or kept == "variables"
    assert "CANARY" not in given
    assert "Q0FOQVJZ" not in given


def test_neither_prefects_tables_nor_ours_nor_any_log_hold_a_secret(watching: Watch) -> None:
    watching.first_scheduled()
    watching.by_hand.result()
    files = [path for path in watching.folder.rglob("*") if path.is_file() and path.name != "watch.toml"]
    assert {"up.log", "peninsula.db", "prefect.db"} <= {path.name for path in files}
    for path in files:
        held = path.read_bytes()
        assert b"CANARY" not in held, path.name
        assert b"Q0FOQVJZ" not in held, path.name


def test_a_run_leaves_texts_in_the_desks_language(watching: Watch) -> None:
    texts = watching.texts(watching.first_alerting())
    assert set(texts) == {"peninsula-run", "peninsula-day", "peninsula-feeds"}
    assert "2건의 알림 전송" in texts["peninsula-run"]
    assert "### 지난 24시간의 소식" in texts["peninsula-day"]
    assert f"**{LAUNCH}** · herald · " in texts["peninsula-day"]
    assert "미사일" in texts["peninsula-day"]
    [gone] = [line for line in texts["peninsula-feeds"].splitlines() if line.startswith("| gone |")]
    assert "404" in gone


def test_prefects_runs_are_kept_for_a_week_and_not_for_ever(watching: Watch) -> None:
    settings = watching.ask("/admin/settings")["server"]["services"]["db_vacuum"]
    assert set(settings["enabled"]) == {"events", "flow_runs"}
    assert "7D" in str(settings["retention_period"]) or settings["retention_period"] == 7 * 24 * 3600


def test_of_many_feeds_the_board_shows_the_sick_ones_and_counts_the_rest(tmp_path: Path) -> None:
    from flows import artifacts, settings

    (tmp_path / "watch.toml").write_text("", encoding="utf-8")
    board = artifacts.Board(settings.load(tmp_path / "watch.toml", env={}))
    states = {SourceName(f"f{number}"): SourceState() for number in range(artifacts.MOST_FEEDS + 3)}
    sick = {SourceName("zulu"): SourceState(failures=2, last_error="is away")}
    lines = board.feeds(Standing(at=datetime.now(UTC), feeds=states | sick)).splitlines()
    assert lines[4].startswith("| zulu |")
    assert len([line for line in lines if line.startswith("| f")]) == artifacts.MOST_FEEDS
    assert lines[-1] == "and 4 more"


def test_a_feed_at_rest_is_no_row_of_a_runs_table() -> None:
    from flows import artifacts

    rested, brought = (
        Collected(source=SourceName(name), new=new, unchanged=not new) for name, new in (("a", 0), ("b", 1))
    )
    report = Report(
        sources=(rested, brought), decided=Decided(), sent=Sent(), stories=(), alerts=(), seconds=1
    )
    [(_, _, rows), *_] = artifacts.tables(report)
    assert [row["source"] for row in rows] == ["b"]


@pytest.mark.parametrize("known", [True, False])
def test_a_runs_process_loads_what_news_needs_before_its_time(tmp_path: Path, *, known: bool) -> None:
    (tmp_path / "watch.toml").write_text("" if known else "[watch]\nwindwo = 1\n", encoding="utf-8")
    env = environment(tmp_path) | {"PREFECT__FLOW_RUN_ID": str(uuid4())}
    look = """
import sys
from datetime import UTC, datetime, timedelta
from prefect.runtime import flow_run
due = datetime.now(UTC) + timedelta(seconds=6)
flow_run.FIELDS["scheduled_start_time"] = lambda: due
import flows.scheduled
from flows import words
left = (due - datetime.now(UTC)).total_seconds()
print("models.stories.window" in sys.modules, words._compiled.cache_info().currsize, left < 0.5)
"""
    done = run((sys.executable, "-c", look), env, cwd=tmp_path)
    assert (done.returncode, done.stdout.split()) == (0, ["True", str(int(known)), "True"]), done.stderr


def test_a_new_story_is_an_event_that_automations_can_act_on(watching: Watch) -> None:
    watching.first_alerting()
    query = {"filter": {"event": {"name": ["peninsula.story.opened"]}}}
    found = poll(
        lambda: (watching.ask("/events/filter", query) or {}).get("events"), seconds=60, what="the event"
    )
    # Two desks stand there, the watch's and the pool's, and each tells it once.
    assert {event["payload"]["title"] for event in found} == {LAUNCH}
    assert len({event["resource"]["prefect.resource.id"] for event in found}) == len(found)
    assert found[0]["resource"]["prefect.resource.id"].startswith("peninsula.story.s")


def test_a_channel_that_its_receiver_closed_is_an_event_too(watching: Watch) -> None:
    watching.first_alerting()
    query = {"filter": {"event": {"name": ["peninsula.channel.disabled"]}}}
    found = poll(
        lambda: (watching.ask("/events/filter", query) or {}).get("events"), seconds=60, what="the event"
    )
    assert {event["resource"]["prefect.resource.id"] for event in found} == {"peninsula.channel.closed"}


def test_prefects_api_asks_for_the_password_and_health_does_not(watching: Watch) -> None:
    watching.deployment("watch")
    api = f"http://127.0.0.1:{watching.port}/api"
    assert httpx.post(f"{api}/flow_runs/filter", json={}, timeout=30).status_code == 401
    assert httpx.post(f"{api}/block_documents/filter", json={}, timeout=30).status_code == 401
    assert httpx.get(f"{api}/health", timeout=30).status_code == 200


def test_up_answers_for_the_status(watching: Watch) -> None:
    watching.first_alerting()
    url = f"http://127.0.0.1:{watching.status_port}"
    health = httpx.get(f"{url}/health", timeout=30)
    found = {trouble["code"] for trouble in health.json()["troubles"]}
    assert (health.status_code, found) == (503, {"dead-alerts", "channel-disabled"})
    assert "peninsula_well 0.0" in httpx.get(f"{url}/metrics", timeout=30).text


def test_a_good_run_beats_and_logs_one_json_line_for_each_feed(watching: Watch) -> None:
    watching.first_scheduled()
    assert "monitor" in watching.world.served
    lines = [json.loads(line) for line in watching.shown.splitlines() if line.startswith("{")]
    told = {line["source"]: line for line in lines if line.get("event") == "source"}
    assert {"herald", "gone", "slow", "seeds/a.txt"} <= set(told)
    assert "404" in told["gone"]["error"]
    assert "CANARY" not in watching.shown


def test_the_form_in_prefects_pages_helps_with_each_parameter(watching: Watch) -> None:
    from flows import scheduled

    for flow in (scheduled.watch, scheduled.collect, scheduled.deliver):
        said = {
            match[1]: match[2]
            for match in re.finditer(
                r"^ +(\w+): (.+)$", str(flow.fn.__doc__).partition("Args:")[2], re.MULTILINE
            )
        }
        schema = watching.deployment(flow.name)["parameter_openapi_schema"]["properties"]
        assert {name: field["description"] for name, field in schema.items()} == said
        assert said


CALL_ALL = """
import asyncio, json
from flows import scheduled

async def call_all():
    return [
        await scheduled.collect(feeds=["gone"], use_seeds=False, return_state=True),
        await scheduled.decide(return_state=True),
        await scheduled.deliver(return_state=True),
        await scheduled.watch(use_feeds=False, return_state=True),
        await scheduled.prune(return_state=True),
    ]

print(json.dumps([[state.type.value, state.message] for state in asyncio.run(call_all())]))
"""


def test_flows_called_directly_tell_what_they_did(watching: Watch) -> None:
    watching.first_scheduled()
    done = run([sys.executable, "-c", CALL_ALL], watching.env, seconds=240, cwd=watching.folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [
        ["COMPLETED", "0 new stories, 0 alerts delivered; 1 source failed"],
        ["COMPLETED", "0 new stories, 0 alerts delivered"],
        ["COMPLETED", "nothing was due"],
        ["COMPLETED", "0 new stories, 0 alerts delivered"],
        ["COMPLETED", "0 articles and 0 stories removed"],
    ]


def test_however_many_runs_ran_the_receiver_got_the_alert_once(watching: Watch) -> None:
    watching.first_scheduled()
    watching.first_alerting()
    watching.by_hand.result()
    assert len(watching.ended("watch")) > 1
    told = [json.loads(post.body) for post in watching.world.posts]
    assert sorted(letter["type"] for letter in told) == ["operations.channel-disabled", "story.matched"]
    assert [letter["data"]["story"]["title"] for letter in told if "story" in letter["data"]] == [LAUNCH]


def configured() -> list[Any]:
    """Give the deployments of prefect.yaml."""
    loaded = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    return list(loaded["deployments"])


def test_prefect_yaml_holds_what_up_serves() -> None:
    from flows import serving, settings

    every = settings.load(ROOT / "watch.toml", env={}).every
    served = asyncio.run(serving.deployments(every))
    assert len(served) == 5
    assert [
        (
            one["name"],
            one["entrypoint"],
            one["description"],
            one.get("parameters", {}),
            [timedelta(seconds=schedule["interval"]) for schedule in one.get("schedules", ())],
        )
        for one in configured()
    ] == [
        (
            one.name,
            one.entrypoint,
            one.description,
            one.parameters,
            [getattr(schedule.schedule, "interval", None) for schedule in one.schedules or ()],
        )
        for one in served
    ]


def test_the_first_run_is_due_soon_and_not_after_an_interval() -> None:
    from flows import serving

    watch, *_ = asyncio.run(serving.deployments(timedelta(days=1)))
    anchor = getattr((watch.schedules or [])[0].schedule, "anchor_date", None)
    assert isinstance(anchor, datetime)
    assert timedelta() < anchor - datetime.now(UTC) < timedelta(seconds=30)


class Listed:
    """What a Prefect server has on its list, as far as a runner's start asks."""

    def __init__(self, *runs: Any) -> None:
        self.runs = list(runs)

    async def read_flow_runs(self, **_query: object) -> list[Any]:
        """Give all."""
        return list(self.runs)

    async def delete_flow_run(self, gone: object) -> None:
        """Take one off."""
        self.runs = [run for run in self.runs if run.id != gone]


def test_runs_that_a_schedule_missed_are_forgotten_and_what_a_person_asked_for_is_not() -> None:
    from prefect.client.schemas.objects import FlowRun

    from flows import serving

    def run(*, auto: bool) -> FlowRun:
        return FlowRun(flow_id=uuid4(), auto_scheduled=auto)

    asked = run(auto=False)
    listed = Listed(run(auto=True), asked, run(auto=True))
    client: Any = listed  # a server's whole client is more than this asks
    assert asyncio.run(serving.forget_missed(client, [uuid4()], datetime.now(UTC))) == 2
    assert listed.runs == [asked]


def test_a_run_that_was_cut_with_its_machine_is_called_crashed(watching: Watch) -> None:
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings
    from prefect.states import Running

    from flows import serving

    async def cut() -> str:
        deployment = UUID(watching.deployment("collect", "pooled")["id"])  # nobody's in this test
        async with get_client() as client:
            run = await client.create_flow_run_from_deployment(deployment)
            await client.set_flow_run_state(run.id, Running(), force=True)
            assert await serving.close_cut(client, [deployment]) == 1
            assert await serving.close_cut(client, [deployment]) == 0
            left = await client.read_flow_run(run.id)
        assert left.state
        return f"{left.state.type.value}: {left.state.message}"

    there = {PREFECT_API_URL: watching.env["PREFECT_API_URL"], PREFECT_API_AUTH_STRING: AUTH}
    with temporary_settings(there):
        assert asyncio.run(cut()) == f"CRASHED: {serving.CUT}"


def test_an_address_that_others_reach_needs_a_password(tmp_path: Path) -> None:
    (tmp_path / "watch.toml").write_text('[[rule]]\nname = "korea"\n', encoding="utf-8")
    done = run([*PENINSULA, "up", "--host", "0.0.0.0"], environment(tmp_path), cwd=tmp_path)  # noqa: S104 - refused
    assert done.returncode == 1
    assert "set PREFECT_SERVER_API_AUTH_STRING" in done.stderr


def test_an_interval_of_zero_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "watch.toml").write_text('[[rule]]\nname = "korea"\n', encoding="utf-8")
    done = run([*PENINSULA, "up", "--every", "0s"], environment(tmp_path), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == 'peninsula: the interval of the watch is zero; write one like "15m"\n'
    assert done.stdout == ""


def test_every_entrypoint_of_prefect_yaml_can_be_imported() -> None:
    from prefect import Flow

    for one in configured():
        module, _, name = one["entrypoint"].rpartition(".")
        flow = getattr(importlib.import_module(module), name)
        assert isinstance(flow, Flow)
        assert flow.name == name


def test_two_workers_of_a_pool_share_the_feeds_and_one_postgresql(watching: Watch, pool_url: str) -> None:
    done = watching.pooled.result()
    assert done.returncode == 0, done.stdout + done.stderr
    ran = watching.pooled_runs()
    assert [one["state_type"] for one in ran] == ["COMPLETED"] * 2, [one["state"]["message"] for one in ran]
    read = [{row["source"] for row in tables["peninsula-sources"]} for tables in map(watching.tables, ran)]
    feeds = {f"pool-{host}-{number}" for host in POOL_HOSTS for number in (1, 2)}
    assert all(read)
    assert read[0] | read[1] == feeds
    assert not read[0] & read[1]
    database = Database(pool_url)
    with database.reading() as session:
        titles = Counter(session.scalars(select(ArticleRow.title)))
        alerts = session.execute(select(AlertRow.kind, AlertRow.state)).tuples().all()
        left = session.scalars(select(ArticleRow).where(ArticleRow.state == "new")).all()
    database.close()
    assert titles == Counter(
        [LAUNCH, *(f"Bakery {host} wins prize {number}" for host in POOL_HOSTS for number in (1, 2))]
    )
    assert alerts == [("story.matched", "delivered")]
    assert left == []


def servers(folder: Path) -> list[int]:
    return [pid for pid, command in processes(folder).items() if "prefect server start" in command]


def test_up_uses_a_server_that_answers_and_leaves_it_running(watching: Watch) -> None:
    watching.deployment("decide")
    own = servers(watching.folder)
    log = watching.folder / "second.log"
    env = {name: value for name, value in watching.env.items() if name != "PREFECT_API_URL"}
    command = [*PENINSULA, "up", "--port", str(watching.port)]
    with log.open("wb") as file:
        second = subprocess.Popen(command, env=env, cwd=watching.folder, stdout=file, stderr=file)
    poll(lambda: "Watching" in log.read_text(encoding="utf-8"), seconds=60, what="the second up")
    assert servers(watching.folder) == own
    second.send_signal(signal.SIGTERM)
    assert second.wait(30) == 0
    told = log.read_text(encoding="utf-8")
    assert f"A Prefect server answers at http://127.0.0.1:{watching.port}" in told
    assert "Starting a Prefect server" not in told
    assert "Traceback" not in told
    assert servers(watching.folder) == own
    assert watching.ask("/health") is True


def test_a_run_waits_for_its_time_and_no_longer_where_its_clock_is_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from flows import scheduled

    due = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    for early, waits in ((-3, 0.0), (0, 0.0), (0.25, 0.25), (18, 18.0), (300, 20.0)):
        monkeypatch.setattr(scheduled, "utc_now", lambda early=early: due - timedelta(seconds=early))
        assert scheduled.seconds_until(due) == waits


def test_sigterm_lets_the_run_in_hand_finish_and_ends_all_within_30_seconds(watching: Watch) -> None:
    asked, go_on = Event(), Event()

    def hold(_number: int, name: str) -> None:
        if name == "slow":
            asked.set()
            go_on.wait(40)

    watching.pooled.result()
    watching.world.on_feed = hold
    held = watching.start("watch", feeds=["slow"], use_seeds=False, due_only=False)
    try:
        assert asked.wait(60)
        told = len(watching.shown)
        watching.process.send_signal(signal.SIGTERM)
        poll(lambda: "Stopping" in watching.shown, seconds=10, what="the signal")
    finally:
        go_on.set()
    assert watching.process.wait(30) == 0
    assert processes(watching.folder) == {}
    # Prefect's own server says at length when its own database was busy, and answers a second later.
    rest = watching.shown[told:].splitlines()
    ours = "\n".join(line for line in rest if '"logger": "prefect.server' not in line)
    assert "Traceback" not in ours
    assert "Warning" not in ours
    with closing(sqlite3.connect(watching.folder / "prefect" / "prefect.db")) as kept:
        query = "SELECT state_type FROM flow_run WHERE id = ?"
        assert kept.execute(query, [held]).fetchone() == ("COMPLETED",)
