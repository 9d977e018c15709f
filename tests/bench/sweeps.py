"""What the other readers have no like of, by itself: deciding, and delivering.

Both are whole processes, start and end included, over a first look at the farm; every
alert goes to a receiver in this process, signed and recorded before and after its sending.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.farm import Farm
from bench.readers import PENINSULA, rows, set_up_ours, timed
from bench.receiver import Receiver, receive

DONE = {"decide": "articles", "deliver": "alerts"}
CHANNEL = """
[[channel]]
name = "hook"
kind = "webhook"
url_env = "BENCH_HOOK"
secret_env = "BENCH_SECRET"
allow_private = true
"""


@dataclass(frozen=True, slots=True)
class Sweep:
    """One sweep of one run."""

    name: str
    done: int  # articles decided, or alerts that arrived
    wall: float  # seconds
    cpu: float  # seconds, user and system
    rss: int  # MiB


def swept(farm: Farm, feeds: int) -> list[Sweep]:
    """Collect so many of the farm's feeds, then time what follows."""
    folder = Path(tempfile.mkdtemp(prefix="bench-sweeps-"))
    os.environ |= {"BENCH_HOOK": receive(), "BENCH_SECRET": f"whsec_{b64encode(bytes(24)).decode()}"}
    farm.say("generation 0")
    set_up_ours(folder, farm.urls[:feeds], CHANNEL)
    timed([*PENINSULA, "collect", "--no-seeds", "--json"], folder)
    Receiver.heard.clear()
    found = []
    for name, what in DONE.items():
        wall, cpu, rss = timed([*PENINSULA, name, "--json"], folder)
        done = rows(folder / "peninsula.db", "article") if name == "decide" else len(Receiver.heard)
        found.append(Sweep(name, done, wall, cpu, rss))
        sys.stderr.write(f"{name:16} wall {wall:7.2f} cpu {cpu:7.2f} {rss:4} MiB {done} {what}\n")
        sys.stderr.flush()
    shutil.rmtree(folder)
    return found


def rates(sweeps: Iterable[Sweep]) -> str:
    """Write the medians as a table."""
    found = list(sweeps)
    lines = ["| sweep | of | a second | wall s | CPU s | peak MiB |", "|---|---|---|---|---|---|"]
    for name, what in DONE.items():
        of = [sweep for sweep in found if sweep.name == name]
        wall, cpu = median(sweep.wall for sweep in of), median(sweep.cpu for sweep in of)
        rate = median(sweep.done / sweep.wall for sweep in of)
        done = f"{of[0].done:,} {what}"
        lines.append(
            f"| {name} | {done} | {rate:.0f} | {wall:.2f} | {cpu:.2f} | {max(one.rss for one in of)} |"
        )
    return "\n".join(lines) + "\n"
