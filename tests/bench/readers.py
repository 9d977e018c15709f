"""The feed readers that `make bench` compares: how each is set up, run, and how much it holds then."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PENINSULA = [sys.executable, "-c", "from flows.__main__ import main; main()"]
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


def set_up_ours(folder: Path, urls: list[str], channel: str = "") -> None:
    """Write a watch.toml, and make the database; without a channel alerts wait in the outbox."""
    feeds = (f'[[feed]]\nname = "f{n}"\nurl = "{url}"\nallow_private = true\n' for n, url in enumerate(urls))
    rule = '[[rule]]\nname = "peninsula"\n'
    (folder / "watch.toml").write_text(rule + channel + "".join(feeds), encoding="utf-8")
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
