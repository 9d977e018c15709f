"""A watch to be killed: `peninsula up` as a process, its parts found by their command lines."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from outside import PENINSULA, Outside, end_all, processes

EVERY = 20.0  # seconds: the interval of the drilled watch
PARTS = {
    "server": "flows.tied import server",
    "runner": "flows.tied import serve;",
    "flow": "-m prefect.engine",
    "up": "from flows.cli import main",
}


@dataclass
class Watch:
    """`peninsula up` over a desk in a folder."""

    folder: Path
    port: int
    env: dict[str, str]
    world: Outside
    up: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, or start it again."""
        command = [*PENINSULA, "up", "--every", f"{EVERY:.0f}s", "--port", str(self.port)]
        with (self.folder / "up.log").open("ab") as log:
            self.up = subprocess.Popen(command, env=self.env, cwd=self.folder, stdout=log, stderr=log)

    def stop(self) -> None:
        """End it as a person does, and wait."""
        if self.up:
            self.up.send_signal(signal.SIGTERM)
            self.up.wait(60)

    def kill(self, *parts: str) -> int:
        """Send a SIGKILL to parts of it, all at once; say how many processes that were."""
        marks = [PARTS[part] for part in parts]
        found = [pid for pid, line in processes(self.folder).items() if any(mark in line for mark in marks)]
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        if "up" in parts and self.up:
            self.up.wait(10)
        return len(found)

    def cut(self) -> None:
        """End all that it started at once, as a power cut does."""
        end_all(self.folder)
        if self.up:
            self.up.wait(10)

    def answers(self) -> bool:
        """Whether the server answers."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/api/health", timeout=5).is_success
        except httpx.HTTPError:
            return False

    def runs(self) -> list[Any]:
        """Give the runs of the flow `watch` that ended well, newest first; none while the server is away."""
        body = {
            "flows": {"name": {"any_": ["watch"]}},
            "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}},
            "sort": "EXPECTED_START_TIME_DESC",
            "limit": 50,
        }
        try:
            answer = httpx.post(f"http://127.0.0.1:{self.port}/api/flow_runs/filter", json=body, timeout=10)
        except httpx.HTTPError:
            return []
        return list(answer.json()) if answer.is_success else []

    def worked(self, since: datetime) -> list[Any]:
        """Give the scheduled runs since a time that gave way to none, first one first."""
        return [
            run
            for run in reversed(self.runs())
            if run["auto_scheduled"]
            and "delivered" in (run["state"]["message"] or "")
            and datetime.fromisoformat(run["start_time"]) >= since
        ]

    def next_run(self, since: datetime, *, seconds: float = 240) -> float:
        """Wait for the next scheduled run that works; give how many seconds after `since` it began."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := self.worked(since):
                return (datetime.fromisoformat(found[0]["start_time"]) - since).total_seconds()
            time.sleep(0.5)
        return float("inf")


def now() -> datetime:
    """Give the time."""
    return datetime.now(UTC)


def until(moment: Any, seconds: float = 120) -> Iterator[None]:
    """Go on until something holds."""
    end = time.monotonic() + seconds
    while not moment():
        if time.monotonic() > end:
            raise TimeoutError("what the drill waits for did not come")
        time.sleep(0.2)
        yield
