"""A watch for tests: `peninsula up`, a real Prefect server, a pool of workers beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml
from desk import Item
from outside import (
    PENINSULA,
    ROOT,
    Answer,
    Outside,
    end_all,
    environment,
    free_port,
    just_now,
    outside,
    poll,
    run,
)

AUTH = "desk:CANARY"
SCHEDULED = {"type": "SCHEDULED"}
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
Done = subprocess.CompletedProcess[str]


SHARDS = ("shard-1", "shard-2")
POOL_HOSTS = [f"127.0.0.{number}" for number in range(2, 10)]


def in_two_shards() -> dict[str, Any]:
    """Give prefect.yaml with the watch in two shards, as its own comment says, and no schedule."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    watch, *rest = loaded["deployments"]
    shards = [
        watch | {"name": name, "parameters": watch["parameters"] | {"shard": number, "of": len(SHARDS)}}
        for number, name in enumerate(SHARDS, 1)
    ]
    # Under another name, for `up` goes on serving its own.
    rest = [one | {"name": "pooled"} for one in rest]
    loaded["deployments"] = [one | {"schedules": []} for one in (*shards, *rest)]
    return loaded


def pool_toml(world: Outside) -> str:
    """Write the desk of the pool: two feeds a host, each with an item of its own and one that all have."""
    tables = ['[[rule]]\nname = "korea"\n']
    for host in POOL_HOSTS:
        for number in (1, 2):
            name = f"pool-{host}-{number}"
            own = Item(title=f"Bakery {host} wins prize {number}", text=f"Bread of {name}.", at=just_now())
            world.feeds[name] = (own, Item(at=just_now(), url="https://wire.example/launch"))
            url = world.url(f"/feeds/{name}").replace("127.0.0.1", host)
            tables.append(f'[[feed]]\nname = "{name}"\nurl = "{url}"\nallow_private = true\n')
    return "\n".join(tables)


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
    pooled: Future[Done] = field(init=False)

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
        """Trigger a run of the watch and wait for its end, after the one that finds the story."""
        self.first_alerting()
        return self.prefect("deployment", "run", "watch/peninsula", "--param", "use_feeds=false", "--watch")

    def run_in_a_pool(self, database_url: str) -> Done:
        """Deploy prefect.yaml, with the watch in two shards, and have two workers run them at once."""
        self.deployment("decide")
        file = self.folder / "prefect.yaml"
        file.write_text(yaml.safe_dump(in_two_shards()), encoding="utf-8")
        assert self.ask("/work_pools/", {"name": "peninsula", "type": "process"})
        deployed = self.prefect("deploy", "--all", "--prefect-file", str(file))
        if deployed.returncode:
            return deployed
        for shard in SHARDS:
            self.start("watch", shard)
        pool = self.folder / "pool"
        (pool / "seeds").mkdir(parents=True)
        (pool / "watch.toml").write_text(pool_toml(self.world), encoding="utf-8")
        env = self.env | {"PENINSULA_CONFIG": str(pool / "watch.toml"), "DATABASE_URL": database_url}
        # One run each. Not --run-once: two that ask at the same moment may both want the same run.
        command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "peninsula", "--limit", "1"]
        with (pool / "workers.log").open("wb") as log:
            workers = [
                subprocess.Popen(command, env=env, cwd=self.folder, stdout=log, stderr=log) for _ in SHARDS
            ]
        try:
            poll(lambda: len(self.pooled_runs()) == len(SHARDS), seconds=180, what="the runs of the pool")
        finally:
            for worker in workers:  # their work is done, and how long they take to go is Prefect's affair
                worker.kill()
                worker.wait(10)
        return deployed

    def pooled_runs(self) -> list[Any]:
        """Give the pool's runs of the watch that came to an end."""
        return [ran for ran in self.ended("watch") if ran["work_pool_name"] == "peninsula"]

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
        """Give the first run of the watch that the schedule started, once it has ended."""
        runs = poll(
            lambda: [done for done in self.ended("watch") if done["auto_scheduled"]],
            seconds=120,
            what="a scheduled run",
        )
        return runs[0]

    def first_alerting(self) -> Any:
        """Give the scheduled run that found the story: the watch's, or the minute's before it."""

        def found() -> list[Any]:
            ended = [*self.ended("watch"), *self.ended("deliver")]
            return [
                done
                for done in ended
                if done["state"]["message"].startswith("1 new story") and done["auto_scheduled"]
            ]

        return poll(found, seconds=120, what="a run that alerts")[0]


# Channels whose every attempt fails, so that whatever tells of failures has something to tell.
DEAD_ENDS = """
[[channel]]
name = "slack"
kind = "slack"
url_env = "DEAD_URL"
allow_private = true

[[channel]]
name = "bot"
kind = "slack-bot"
token_env = "BOT_TOKEN"
url_env = "DEAD_URL"
channel = "C024BE91L"
allow_private = true

[[channel]]
name = "mail"
kind = "email"
url_env = "MAIL_URL"
allow_private = true

[[channel]]
name = "closed"
kind = "webhook"
url_env = "CLOSED_URL"
allow_private = true
"""


def secrets(world: Outside, closed: Outside) -> dict[str, str]:
    """Give the variables of all channels, each with a secret in it."""
    nobody = f"127.0.0.1:{free_port()}"
    return {
        "HOOK_URL": world.url("/hook?token=CANARY"),
        "HOOK_SECRET": "whsec_" + "Q0FOQVJZ" * 4,
        "CLOSED_URL": closed.url("/CANARY"),
        "DEAD_URL": f"http://CANARY:CANARY@{nobody}/CANARY",
        "BOT_TOKEN": "xoxb-CANARY-12345678",
        "MAIL_URL": f"smtp://CANARY:CANARY@{nobody}/?from=a@a.example&to=b@a.example",
    }


@contextmanager
def watched(folder: Path, pool_url: str) -> Iterator[Watch]:
    """Start `peninsula up` over a feed that alerts, one that fails, and one that can be slow.

    Beside it a pool of two workers begins, on a database and feeds of its own.
    """
    seeds = folder / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text("Bakery wins city prize\n(Herald) - Its bread is good.\n", encoding="utf-8")
    port, status_port = free_port(), free_port()
    feeds = {"herald": [Item(at=just_now())], "gone": [], "slow": []}
    with outside(feeds, host="") as world, outside({}) as closed:
        closed.on_post = lambda _post: Answer(410)
        toml = world.watch_toml('[watch]\nlanguage = "ko"\nzone = "Asia/Seoul"\n') + DEAD_ENDS
        del world.feeds["gone"]  # it stays configured, and answers 404
        world.feeds["monitor"] = ()  # no feed of the desk's: its heartbeat goes there
        (folder / "watch.toml").write_text(toml, encoding="utf-8")
        env = environment(
            folder,
            PREFECT_RUNNER_POLL_FREQUENCY="2",
            PREFECT_WORKER_QUERY_SECONDS="2",
            PENINSULA_HEARTBEAT_URL=world.url("/feeds/monitor"),
            PREFECT_SERVER_API_AUTH_STRING=AUTH,
            **secrets(world, closed),
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
            watch.pooled = commands.submit(watch.run_in_a_pool, pool_url)
            yield watch
        finally:
            end_all(folder)
            process.wait(10)
            commands.shutdown()
            end_all(folder)
