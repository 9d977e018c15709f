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
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
import yaml
from desk import LAUNCH, Item
from outside import (
    PENINSULA,
    ROOT,
    Outside,
    end_all,
    environment,
    free_port,
    just_now,
    outside,
    poll,
    processes,
    run,
)

pytestmark = pytest.mark.slow

AUTH = "desk:CANARY"
SCHEDULED = {"type": "SCHEDULED"}
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


Done = subprocess.CompletedProcess[str]


@dataclass
class Watch:
    """`peninsula up` as a process, and its Prefect server asked through the REST API."""

    folder: Path
    port: int
    status_port: int
    env: dict[str, str]
    world: Outside
    process: subprocess.Popen[bytes]
    by_hand: Future[Done] = field(init=False)
    pooled: Future[list[Done]] = field(init=False)

    @property
    def shown(self) -> str:
        """Give what the terminal has shown so far."""
        return (self.folder / "up.log").read_text(encoding="utf-8")

    def ask(self, path: str, body: Any = None) -> Any:
        """Ask Prefect's API; None while it does not answer or does not know."""
        url = f"http://127.0.0.1:{self.port}/api{path}"
        try:
            answer = httpx.request(
                "GET" if body is None else "POST", url, json=body, timeout=30, auth=("desk", "CANARY")
            )
        except httpx.HTTPError:
            return None
        return answer.json() if answer.is_success else None

    def deployment(self, flow: str, name: str = "peninsula") -> Any:
        """Give a deployment, waiting until it is served."""

        def served() -> Any:
            assert self.process.poll() is None, self.shown
            return self.ask(f"/deployments/name/{flow}/{name}")

        return poll(served, seconds=120, what=f"the deployment of {flow}")

    def prefect(self, *arguments: str) -> Done:
        """Run Prefect's own command as a user of this server does."""
        command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
        return run(command, self.env, seconds=120, cwd=self.folder)

    def run_by_hand(self) -> Done:
        """Trigger a run of the watch and wait for its end."""
        self.deployment("watch")
        return self.prefect("deployment", "run", "watch/peninsula", "--param", "use_feeds=false", "--watch")

    def run_in_a_pool(self) -> list[Done]:
        """Deploy prefect.yaml, start a run, and have a worker take it."""
        self.deployment("decide")
        text = (ROOT / "prefect.yaml").read_text(encoding="utf-8")
        file = self.folder / "prefect.yaml"  # under another name, for `up` goes on serving the four
        file.write_text(text.replace("- name: peninsula\n", "- name: pooled\n"), encoding="utf-8")
        assert self.ask("/work_pools/", {"name": "peninsula", "type": "process"})
        deployed = self.prefect("deploy", "--all", "--prefect-file", str(file))
        if deployed.returncode:
            return [deployed]
        self.start("collect", "pooled", use_feeds=False)
        return [deployed, self.prefect("worker", "start", "--pool", "peninsula", "--run-once")]

    def ended(self, flow: str) -> list[Any]:
        """Give the runs of a flow that came to an end, first one first."""
        found = self.ask(
            "/flow_runs/filter",
            {"flows": {"name": {"any_": [flow]}}, "sort": "EXPECTED_START_TIME_ASC"},
        )
        return [done for done in found or () if done["state_type"] in ENDED]

    def start(self, flow: str, name: str = "peninsula", **parameters: Any) -> str:
        """Ask for a run; give its id."""
        body = {"parameters": parameters, "state": SCHEDULED}
        path = f"/deployments/{self.deployment(flow, name)['id']}/create_flow_run"
        made = poll(lambda: self.ask(path, body), seconds=30, what=f"a run of {flow}")
        return str(made["id"])

    def tables(self, ran: Any) -> dict[str, Any]:
        """Give the tables that a run left, by key."""
        query = {"artifacts": {"flow_run_id": {"any_": [ran["id"]]}}}
        found = self.ask("/artifacts/filter", query)
        return {table["key"]: json.loads(table["data"]) for table in found if table["type"] == "table"}

    def texts(self, ran: Any) -> dict[str, str]:
        """Give the texts that a run left, by key."""
        query = {"artifacts": {"flow_run_id": {"any_": [ran["id"]]}}}
        found = self.ask("/artifacts/filter", query)
        return {text["key"]: text["data"] for text in found if text["type"] == "markdown"}

    def first_scheduled(self) -> Any:
        """Give the first run that the schedule started, once it has ended."""
        runs = poll(
            lambda: [done for done in self.ended("watch") if done["auto_scheduled"]],
            seconds=90,
            what="a scheduled run",
        )
        return runs[0]


@pytest.fixture(scope="module")
def watching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    """Start `peninsula up` over a feed that alerts, one that fails, and one that can be slow."""
    folder = tmp_path_factory.mktemp("up")
    seeds = folder / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text("Bakery wins city prize\n(Herald) - Its bread is good.\n", encoding="utf-8")
    port, status_port = free_port(), free_port()
    with outside({"herald": [Item(at=just_now())], "gone": [], "slow": []}) as world:
        toml = world.watch_toml('[watch]\nlanguage = "ko"\nzone = "Asia/Seoul"\n')
        del world.feeds["gone"]  # it stays configured, and answers 404
        world.feeds["monitor"] = ()  # no feed of the desk's: its heartbeat goes there
        (folder / "watch.toml").write_text(toml, encoding="utf-8")
        env = environment(
            folder,
            HOOK_URL=world.url("/hook"),
            PREFECT_RUNNER_POLL_FREQUENCY="2",
            PENINSULA_HEARTBEAT_URL=world.url("/feeds/monitor"),
            PREFECT_SERVER_API_AUTH_STRING=AUTH,
        )
        commands = ThreadPoolExecutor(2)
        try:
            with (folder / "up.log").open("wb") as log:
                ports = ["--port", str(port), "--status-port", str(status_port)]
                command = [*PENINSULA, "up", "--every", "1m", "--json-logs", *ports]
                process = subprocess.Popen(command, env=env, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
            env = env | {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api", "PREFECT_API_AUTH_STRING": AUTH}
            watch = Watch(
                folder=folder, port=port, status_port=status_port, env=env, world=world, process=process
            )
            # Beside the tests, for each of these commands takes ten seconds.
            watch.by_hand = commands.submit(watch.run_by_hand)
            watch.pooled = commands.submit(watch.run_in_a_pool)
            yield watch
        finally:
            end_all(folder)
            process.wait(10)
            commands.shutdown()
            end_all(folder)


def test_prefects_own_command_runs_the_watch_with_a_parameter(watching: Watch) -> None:
    done = watching.by_hand.result()
    assert done.returncode == 0, done.stdout + done.stderr
    by_hand = [ran for ran in watching.ended("watch") if not ran["auto_scheduled"]]
    assert [ran["state_type"] for ran in by_hand] == ["COMPLETED"]
    assert by_hand[0]["parameters"] == {"due_only": True, "use_feeds": False}
    assert [row["source"] for row in watching.tables(by_hand[0])["peninsula-sources"]] == ["seeds/a.txt"]


def test_the_schedule_itself_starts_a_run_and_the_run_completes(watching: Watch) -> None:
    first = watching.first_scheduled()
    assert first["state_type"] == "COMPLETED"
    assert first["created_by"]["type"] == "SCHEDULE"
    assert first["parameters"] == {"due_only": True}


def test_a_feed_that_fails_is_counted_in_the_message_and_named_in_the_log(watching: Watch) -> None:
    first = watching.first_scheduled()
    assert first["state"]["message"] == "1 new story, 1 alert delivered; 1 source failed"
    query = {"logs": {"flow_run_id": {"any_": [first["id"]]}, "level": {"ge_": 30}}}
    lines = poll(lambda: watching.ask("/logs/filter", query), seconds=20, what="the run's log")
    assert [line["message"].split(":")[0] for line in lines] == ["gone failed"]
    assert "404" in lines[0]["message"]


def test_a_run_leaves_tables_of_sources_stories_and_alerts(watching: Watch) -> None:
    tables = watching.tables(watching.first_scheduled())
    assert set(tables) == {"peninsula-sources", "peninsula-stories", "peninsula-alerts"}
    assert [row["source"] for row in tables["peninsula-sources"] if row["error"]] == ["gone"]
    assert [row["story"] for row in tables["peninsula-stories"]] == [LAUNCH]
    assert [(row["channel"], row["state"]) for row in tables["peninsula-alerts"]] == [("hook", "delivered")]


def test_a_run_leaves_texts_in_the_desks_language(watching: Watch) -> None:
    texts = watching.texts(watching.first_scheduled())
    assert set(texts) == {"peninsula-run", "peninsula-day", "peninsula-feeds"}
    assert "1건의 알림 전송" in texts["peninsula-run"]
    assert "### 지난 24시간의 소식" in texts["peninsula-day"]
    assert f"**{LAUNCH}** · herald · " in texts["peninsula-day"]
    assert "미사일" in texts["peninsula-day"]
    [gone] = [line for line in texts["peninsula-feeds"].splitlines() if line.startswith("| gone |")]
    assert "404" in gone


def test_a_new_story_is_an_event_that_automations_can_act_on(watching: Watch) -> None:
    watching.first_scheduled()
    query = {"filter": {"event": {"name": ["peninsula.story.opened"]}}}
    found = poll(
        lambda: (watching.ask("/events/filter", query) or {}).get("events"), seconds=60, what="the event"
    )
    assert [event["payload"]["title"] for event in found] == [LAUNCH]
    assert found[0]["resource"]["prefect.resource.id"].startswith("peninsula.story.s")


def test_prefects_api_asks_for_the_password_and_health_does_not(watching: Watch) -> None:
    watching.deployment("watch")
    api = f"http://127.0.0.1:{watching.port}/api"
    assert httpx.post(f"{api}/flow_runs/filter", json={}, timeout=30).status_code == 401
    assert httpx.post(f"{api}/block_documents/filter", json={}, timeout=30).status_code == 401
    assert httpx.get(f"{api}/health", timeout=30).status_code == 200


def test_up_answers_for_the_status(watching: Watch) -> None:
    watching.first_scheduled()
    url = f"http://127.0.0.1:{watching.status_port}"
    health = httpx.get(f"{url}/health", timeout=30)
    assert (health.status_code, health.json()["troubles"]) == (200, [])
    assert "peninsula_well 1.0" in httpx.get(f"{url}/metrics", timeout=30).text


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
    done = run([sys.executable, "-c", CALL_ALL], watching.env, seconds=60, cwd=watching.folder)
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
    watching.by_hand.result()
    assert len(watching.ended("watch")) > 1
    assert [post.title for post in watching.world.posts] == [LAUNCH]


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


def test_the_same_flows_run_through_a_work_pool(watching: Watch) -> None:
    for done in watching.pooled.result():
        assert done.returncode == 0, done.stdout + done.stderr
    ran = [one for one in watching.ended("collect") if one["work_pool_name"] == "peninsula"]
    assert [one["state_type"] for one in ran] == ["COMPLETED"]


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
        watching.process.send_signal(signal.SIGTERM)
        poll(lambda: "Stopping" in watching.shown, seconds=10, what="the signal")
    finally:
        go_on.set()
    assert watching.process.wait(30) == 0
    assert processes(watching.folder) == {}
    # Prefect's own server says at length when its own database was busy, and answers a second later.
    ours = "\n".join(line for line in watching.shown.splitlines() if '"logger": "prefect.server' not in line)
    assert "Traceback" not in ours
    assert "Warning" not in ours
    with closing(sqlite3.connect(watching.folder / "prefect" / "prefect.db")) as kept:
        query = "SELECT state_type FROM flow_run WHERE id = ?"
        assert kept.execute(query, [held]).fetchone() == ("COMPLETED",)
