"""One worker against two: 500 feeds on 25 hosts into one PostgreSQL, by Prefect's own workers.

    cd tests && ../.venv/bin/python -m bench.bench_workers 500

Starts a Prefect server, a work pool and real workers. Every feed has ten articles
of its own and one that all have; a server answers after a tenth of a second, and each
host is asked by one at a time, with a pause between. Told: the time from the first
run's begin to the last one's end, and whether every article came once, with no story
twice.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import yaml
from databases import empty_copy, local_postgresql
from desk import LAUNCH, Item
from outside import ROOT, Outside, end_all, environment, free_port, just_now, outside, poll, run
from sqlalchemy import func, select

from models.database import Database
from models.tables import AlertRow, ArticleRow, StoryRow

HOSTS = [f"127.0.1.{number}" for number in range(1, 26)]
SHARED = "https://wire.example/launch"
ITEMS = 10


def toml(world: Outside, feeds: int) -> str:
    """Serve the feeds, and write the desk that reads them."""
    at = just_now()
    tables = ['[watch]\npause = "1s"\nconcurrency = 32\n\n[[rule]]\nname = "korea"\n']
    for number in range(feeds):
        name, host = f"f{number}", HOSTS[number % len(HOSTS)]
        own = (Item(title=f"Report {n} of house {number}", text=f"{name} {n}.", at=at) for n in range(ITEMS))
        world.feeds[name] = (*own, Item(at=at, url=SHARED))
        url = world.url(f"/feeds/{name}").replace("127.0.0.1", host)
        tables.append(f'[[feed]]\nname = "{name}"\nurl = "{url}"\nallow_private = true\n')
    return "\n".join(tables)


def deployments(shards: int) -> str:
    """Write prefect.yaml with the watch in so many shards."""
    loaded = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    watch = loaded["deployments"][0] | {"schedules": []}
    loaded["deployments"] = [
        watch
        | {
            "name": f"shard-{number}-{shards}",
            "parameters": {"shard": number, "of": shards, "use_seeds": False},
        }
        for number in range(1, shards + 1)
    ]
    return str(yaml.safe_dump(loaded))


def timed(folder: Path, env: dict[str, str], shards: int, database_url: str) -> float:
    """Run the watch once with so many workers; give the seconds from first begin to last end."""
    api = env["PREFECT_API_URL"]
    file = folder / "prefect.yaml"
    file.write_text(deployments(shards), encoding="utf-8")
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    done = run([*prefect, "deploy", "--all", "--prefect-file", str(file)], env, seconds=300, cwd=folder)
    assert done.returncode == 0, done.stderr
    ids = []
    for number in range(1, shards + 1):
        name = f"{api}/deployments/name/watch/shard-{number}-{shards}"
        deployment = httpx.get(name, timeout=60).json()["id"]
        body = {"state": {"type": "SCHEDULED"}}
        made = httpx.post(f"{api}/deployments/{deployment}/create_flow_run", json=body, timeout=60).json()
        ids.append(made["id"])
    worker = [*prefect, "worker", "start", "--pool", "peninsula", "--run-once", "--limit", "1"]
    own = env | {"DATABASE_URL": database_url}
    with ThreadPoolExecutor(shards) as workers:
        for ended in workers.map(lambda _: run(worker, own, seconds=1200, cwd=folder), ids):
            assert ended.returncode == 0, ended.stderr
    runs: list[Any] = [httpx.get(f"{api}/flow_runs/{id_}", timeout=60).json() for id_ in ids]
    assert {one["state_type"] for one in runs} == {"COMPLETED"}, [one["state"] for one in runs]
    begins = min(datetime.fromisoformat(one["start_time"]) for one in runs)
    return (max(datetime.fromisoformat(one["end_time"]) for one in runs) - begins).total_seconds()


def told(database_url: str, feeds: int) -> str:
    """Check what the database holds, and say it."""
    database = Database(database_url)
    with database.reading() as session:
        titles = Counter(session.scalars(select(ArticleRow.title)))
        left = session.scalars(select(func.count()).where(ArticleRow.state == "new")).one()
        launches = session.scalars(select(func.count()).where(StoryRow.title == LAUNCH)).one()
        alerts = session.execute(select(AlertRow.state, func.count()).group_by(AlertRow.state)).tuples().all()
    database.close()
    twice = sum(count - 1 for count in titles.values())
    missing = feeds * ITEMS + 1 - len(titles)
    once = f"missing {missing}, twice {twice}, undecided {left}"
    return f"{once}, stories of the launch {launches}, alerts {alerts}"


def main() -> None:
    """Time one worker, then two."""
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with (
        tempfile.TemporaryDirectory() as name,
        local_postgresql() as uri,
        outside({}, host="") as world,
    ):
        folder, port = Path(name), free_port()
        world.on_feed = lambda _number, _name: time.sleep(0.1)
        (folder / "seeds").mkdir()
        (folder / "watch.toml").write_text(toml(world, feeds), encoding="utf-8")
        env = environment(folder, PREFECT_API_URL=f"http://127.0.0.1:{port}/api", PYTHONPATH=str(ROOT))
        command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen(command, env=env, cwd=folder, stdout=log, stderr=log)
        try:
            poll(lambda: _answers(env["PREFECT_API_URL"]), seconds=180, what="the server")
            pool = {"name": "peninsula", "type": "process"}
            httpx.post(f"{env['PREFECT_API_URL']}/work_pools/", json=pool, timeout=60).raise_for_status()
            for shards in (1, 2):
                url = empty_copy(uri, "template1")
                seconds = timed(folder, env, shards, url)
                line = f"{shards} workers, {feeds} feeds: {seconds:.1f} s; {told(url, feeds)}"
                print(line, f"({os.cpu_count()} cores)", flush=True)  # noqa: T201 - the figures
        finally:
            server.terminate()
            server.wait(60)
            end_all(folder)


def _answers(api: str) -> bool:
    try:
        return httpx.get(f"{api}/health", timeout=5).is_success
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    main()
