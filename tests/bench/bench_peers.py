"""Feed readers side by side on one farm: `make bench`.

    make bench ARGS="--feeds 1000 --runs 5 --only collect,run,reader,newsboat,sfeed,rss2email"

Three phases, each a whole process from start to end: cold (all is new), warm (every
server says 304) and churn (one new entry a feed). Ours stands there twice: `peninsula
collect` fetches through the guard, parses in children and stores durably, which is what
the others do in their way; `peninsula run` also tags, groups, judges and fills the outbox.
CPU is that of the process and of all it waited for. What is compared is a ratio within one
run: the machine's other work hits all alike, since the peers take turns. A peer that is
not installed is left out and named: newsboat, sfeed and rss2email are Debian packages;
`reader` (with sgmllib3k) is looked for in the Python that READER_PYTHON names.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bench.farm import Farm
from bench.plot import bars

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PENINSULA = [sys.executable, "-c", "from flows.__main__ import main; main()"]
PHASES = ("cold", "warm", "churn")
READER = """
import sys, reader
made = reader.make_reader(sys.argv[1])
for url in sys.argv[2:]:
    made.add_feed(url)
if not sys.argv[2:]:
    made.update_feeds(scheduled=False)
"""
# As sfeed's own manual shows it: the stock script asks for everything each time.
SFEED = """sfeedpath={folder}/feeds
maxjobs=8
fetch() {{
    curl -L --max-redirs 0 -f -s -m 15 --etag-save "{folder}/etags/$1" --etag-compare "{folder}/etags/$1" "$2"
}}
feeds() {{
{feeds}
}}
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One phase of one run."""

    peer: str
    phase: str
    wall: float  # seconds
    cpu: float  # seconds, user and system
    rss: int  # MiB, of the largest process
    stored: int  # entries


@dataclass(frozen=True, slots=True)
class Peer:
    """A reader: how it is set up, run, and how many entries it holds then."""

    name: str
    there: Callable[[], bool]
    set_up: Callable[[Path, list[str]], None]
    command: Callable[[Path], list[str]]
    count: Callable[[Path], int]
    primed: bool = False  # needs a second look before it asks with validators


def rows(file: Path, table: str) -> int:
    """Count the rows of a table."""
    with sqlite3.connect(file) as connection:
        found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
    return found


def set_up_ours(folder: Path, urls: list[str]) -> None:
    """Write a watch.toml, and make the database."""
    feeds = (f'[[feed]]\nname = "f{n}"\nurl = "{url}"\nallow_private = true\n' for n, url in enumerate(urls))
    rule = '[[rule]]\nname = "peninsula"\n'
    (folder / "watch.toml").write_text(rule + "".join(feeds), encoding="utf-8")
    subprocess.run(
        [*PENINSULA, "db", "upgrade"], env=environment(folder), check=True, stdout=subprocess.DEVNULL
    )


def set_up_reader(folder: Path, urls: list[str]) -> None:
    """Add the feeds to its database."""
    subprocess.run([reader_python(), "-c", READER, str(folder / "reader.db"), *urls], check=True)


def set_up_newsboat(folder: Path, urls: list[str]) -> None:
    """Write a list of feeds."""
    (folder / "urls").write_text("\n".join(urls), encoding="utf-8")


def set_up_sfeed(folder: Path, urls: list[str]) -> None:
    """Write a sfeedrc that asks with ETags."""
    (folder / "etags").mkdir()
    feeds = "\n".join(f'    feed "f{number}" "{url}"' for number, url in enumerate(urls))
    (folder / "sfeedrc").write_text(SFEED.format(folder=folder, feeds=feeds), encoding="utf-8")


def set_up_rss2email(folder: Path, urls: list[str]) -> None:
    """Write a configuration that sends nothing."""
    feeds = (f"[feed.f{number}]\nurl = {url}\n\n" for number, url in enumerate(urls))
    head = "[DEFAULT]\nto = a@localhost\nfrom = b@localhost\n\n"
    (folder / "r2e.cfg").write_text(head + "".join(feeds), encoding="utf-8")


def environment(folder: Path) -> dict[str, str]:
    """Give what all peers run in: a home of their own, our database, bytecode that may be kept."""
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own = {"HOME": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'peninsula.db'}"}
    return ours | own | {"PENINSULA_CONFIG": str(folder / "watch.toml")}


def reader_python() -> str:
    """Give the Python that has lemon24's reader, or ""."""
    python = os.environ.get("READER_PYTHON", sys.executable)
    found = subprocess.run([python, "-c", "import reader"], capture_output=True, check=False)
    return python if found.returncode == 0 else ""


def peers() -> list[Peer]:
    """Name them, ours first."""
    return [
        *(
            Peer(
                name=name,
                there=lambda: True,
                set_up=set_up_ours,
                command=lambda _, name=name: [*PENINSULA, name, "--no-seeds", "--json"],  # type: ignore[misc]  # bound
                count=lambda folder: rows(folder / "peninsula.db", "article"),
            )
            for name in ("collect", "run")
        ),
        Peer(
            name="reader",
            there=lambda: bool(reader_python()),
            set_up=set_up_reader,
            command=lambda folder: [reader_python(), "-c", READER, str(folder / "reader.db")],
            count=lambda folder: rows(folder / "reader.db", "entries"),
        ),
        Peer(
            name="newsboat",
            there=lambda: bool(shutil.which("newsboat")),
            set_up=set_up_newsboat,
            command=lambda folder: [
                *("newsboat", "-q", "-u", f"{folder}/urls", "-c", f"{folder}/cache.db"),
                *("-C", "/dev/null", "-x", "reload"),
            ],
            count=lambda folder: rows(folder / "cache.db", "rss_item"),
            primed=True,
        ),
        Peer(
            name="sfeed",
            there=lambda: bool(shutil.which("sfeed_update")),
            set_up=set_up_sfeed,
            command=lambda folder: ["sfeed_update", f"{folder}/sfeedrc"],
            count=lambda folder: sum(file.read_bytes().count(b"\n") for file in folder.glob("feeds/*")),
        ),
        Peer(
            name="rss2email",
            there=lambda: bool(shutil.which("r2e")),
            set_up=set_up_rss2email,
            command=lambda folder: [
                *("r2e", "-c", f"{folder}/r2e.cfg", "-d", f"{folder}/r2e.json", "run", "--no-send")
            ],
            count=lambda folder: sum(
                len(feed["seen"]) for feed in json.loads((folder / "r2e.json").read_text())["feeds"]
            ),
        ),
    ]


def timed(command: list[str], folder: Path) -> tuple[float, float, int]:
    """Run a command to its end: wall and CPU seconds, peak MiB of the largest process."""
    with (folder / "log").open("ab") as log:
        started = time.perf_counter()
        child = subprocess.Popen(
            command, env=environment(folder), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT
        )
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in {0, 3}:
        raise SystemExit(f"{command[:4]} ended with {child.returncode}; {folder / 'log'} says why")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def measured(peer: Peer, farm: Farm, phases: Iterable[str]) -> list[Sample]:
    """Take one peer through the phases, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix=f"bench-{peer.name}-"))
    farm.say("generation 0")
    peer.set_up(folder, farm.urls)
    found = []
    for phase in phases:
        farm.say("generation 1" if phase == "churn" else "generation 0")
        wall, cpu, rss = timed(peer.command(folder), folder)
        served = farm.say("served")
        sample = Sample(peer.name, phase, wall, cpu, rss, peer.count(folder))
        told = f"{phase:6}{peer.name:10} wall {wall:7.2f} cpu {cpu:7.2f} {rss:4} MiB {sample.stored} {served}"
        sys.stderr.write(f"{told}\n")
        sys.stderr.flush()
        found.append(sample)
        if phase == "cold" and peer.primed:
            timed(peer.command(folder), folder)
    shutil.rmtree(folder)
    return found


def table(samples: list[Sample], names: list[str]) -> str:
    """Write medians and ratios as a table for the README."""
    lines = [
        "| phase | reader | wall s | CPU s | peak MiB | times `collect`, wall | times `collect`, CPU |",
        "|---|---|---|---|---|---|---|",
    ]
    for phase in dict.fromkeys(sample.phase for sample in samples):
        ours = None
        for name in names:
            of = [sample for sample in samples if (sample.peer, sample.phase) == (name, phase)]
            wall, cpu = median(sample.wall for sample in of), median(sample.cpu for sample in of)
            ours = ours or (wall, cpu)
            ratios = f"{wall / ours[0]:.1f} | {cpu / ours[1]:.1f}"
            rss = max(sample.rss for sample in of)
            lines.append(f"| {phase} | {name} | {wall:.2f} | {cpu:.2f} | {rss} | {ratios} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run them in turns, and write the table, the samples and the picture."""
    options = argparse.ArgumentParser()
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--entries", type=int, default=40)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--only", default="")
    options.add_argument("--phases", default=",".join(PHASES))
    options.add_argument("--out", type=Path, default=HERE / "results")
    chosen = options.parse_args()
    wanted = chosen.only.split(",") if chosen.only else [peer.name for peer in peers()]
    here = [peer for peer in peers() if peer.name in wanted and peer.there()]
    for name in sorted(set(wanted) - {peer.name for peer in here}):
        sys.stderr.write(f"{name} is not installed: left out\n")
    samples: list[Sample] = []
    with Farm(chosen.feeds, chosen.entries) as farm:
        for _ in range(chosen.runs):
            for peer in here:
                samples += measured(peer, farm, chosen.phases.split(","))
    names = [peer.name for peer in here]
    title = f"{chosen.feeds:,} feeds of {chosen.entries} entries, median of {chosen.runs}"
    chosen.out.mkdir(exist_ok=True)
    raw = json.dumps([asdict(sample) for sample in samples], indent=1)
    (chosen.out / "peers.json").write_text(f"{raw}\n", encoding="utf-8")
    told = table(samples, names)
    (chosen.out / "peers.md").write_text(f"{title}\n\n{told}", encoding="utf-8")
    heights = {
        phase: [
            (name, median(sample.wall for sample in samples if (sample.peer, sample.phase) == (name, phase)))
            for name in names
        ]
        for phase in chosen.phases.split(",")
    }
    (chosen.out / "peers.svg").write_text(bars(f"Wall seconds: {title}", heights), encoding="utf-8")
    sys.stdout.write(f"{title}\n\n{told}")


if __name__ == "__main__":
    main()
