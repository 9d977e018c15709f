"""`make drill`: the watch's parts killed one by one and all at once; the next run, and what was lost.

Each drill begins amid a run, with a story in the feed that no run has stored yet. It
passes if the next scheduled run begins within two intervals of the restart, with no
hand work, and the story reaches the receiver, under one id.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Timer

from desk import Item
from drill.watch import EVERY, Watch, now, until
from outside import Answer, Post, end_all, environment, free_port, outside
from torture.series import NEWS

MORE = (
    ("Typhoon floods farms along the Yalu River in North Korea's Sinuiju", "Sinuiju is under water."),
    ("Seoul proposes talks with Pyongyang on family reunions at Mount Kumgang", "Families wait."),
    ("North Korea opens Wonsan-Kalma beach resort to Russian tourists", "The first group came by train."),
    ("North Korea ships coal from Nampo in breach of UN sanctions, panel says", "Ships met near Nampo."),
    ("North Korean women's football team wins U-17 World Cup final", "Pyongyang greeted the team."),
)
say = functools.partial(print, flush=True)
GRACE = 10.0  # seconds that a start of Prefect's processes takes beyond what was waited for


def main() -> int:
    """Run every drill; 0 if all passed."""
    with tempfile.TemporaryDirectory() as name, outside({"news": [], "quiet": []}) as world:
        folder = Path(name)
        (folder / "seeds").mkdir()
        short = '[watch]\nwindow = "1h"\nfloor = "1s"\nceiling = "5s"\n'
        (folder / "watch.toml").write_text(world.watch_toml(short), encoding="utf-8")
        env = environment(folder, HOOK_URL=world.url("/hook"), PREFECT_RUNNER_POLL_FREQUENCY="2")
        watch = Watch(folder=folder, port=free_port(), env=env, world=world)
        try:
            watch.start()
            watch.next_run(now() - timedelta(minutes=1))
            passed = [_drill(watch, number, *drill) for number, drill in enumerate(DRILLS)]
            watch.stop()
            passed.append(_server_away(watch, float(os.environ.get("DOWN", "60"))))
        finally:
            end_all(folder)
        ids = [post.id for post in world.posts]
        repeats = len(ids) - len(set(ids))
        stories = {post.title for post in world.posts}
        second = len(set(ids)) - len(stories)
        lost = len(DRILLS) + 1 - len(stories)
        figures = f"lost {lost}, repeats {repeats}, second id {second}"
        say(f"drill: {sum(passed)} of {len(passed)} passed; {figures}")
    return 0 if all(passed) and not lost and not second else 1


def _drill(watch: Watch, number: int, name: str, damage: Callable[[Watch, Event], datetime]) -> bool:
    """Put a story into the feed, break the run that reads it, and see how the watch goes on."""
    asked, go_on = Event(), Event()

    def hold(_number: int, feed: str) -> None:
        if feed == "news":
            asked.set()
            go_on.wait(100)

    _publish(watch, number)
    watch.world.on_feed = hold
    if not asked.wait(120):
        raise TimeoutError("no run reads the feed")
    restarted = damage(watch, go_on)
    watch.world.on_feed = lambda _number, _feed: None
    go_on.set()
    return _judge(watch, number, name, restarted)


def _publish(watch: Watch, number: int) -> None:
    title, text = (*NEWS, *MORE)[number]
    item = Item(title=title, text=text, at=now() - timedelta(hours=3 * number, minutes=5))
    watch.world.feeds["news"] = (*watch.world.feeds["news"], item)


def _judge(watch: Watch, number: int, name: str, restarted: datetime) -> bool:
    took = watch.next_run(restarted)
    title = (*NEWS, *MORE)[number][0]
    end = time.monotonic() + 60
    while time.monotonic() < end and title not in {post.title for post in watch.world.posts}:
        time.sleep(0.5)
    arrived = title in {post.title for post in watch.world.posts}
    good = arrived and took <= 2 * EVERY + GRACE
    told = "alerted" if arrived else "LOST"
    say(f"D11 {name}: next run after {took:.0f} s of {2 * EVERY:.0f}, {told}{'' if good else ' WRONG'}")
    return good


def _kill(*parts: str) -> Callable[[Watch, Event], datetime]:
    def damage(watch: Watch, _go_on: Event) -> datetime:
        if watch.kill(*parts) == 0:
            raise LookupError(f"there is no {' or '.join(parts)} to kill")
        if "server" in parts:  # its start is Prefect's affair, and takes what the machine has left
            time.sleep(1)
            for _ in until(watch.answers):
                continue
        return now()

    return damage


def _kill_up(watch: Watch, _go_on: Event) -> datetime:
    watch.kill("up")
    watch.start()
    return _served(watch)


def _cut(watch: Watch, _go_on: Event) -> datetime:
    watch.cut()
    watch.start()
    return _served(watch)


def _sigterm(watch: Watch, go_on: Event) -> datetime:
    Timer(3, go_on.set).start()
    watch.stop()
    watch.start()
    return _served(watch)


def _overlap(watch: Watch, go_on: Event) -> datetime:
    """Make a run last: a fetch and a delivery, each just short of its deadline."""

    def slow(_post: Post) -> Answer:
        time.sleep(13)
        return Answer()

    watch.world.on_post = slow
    time.sleep(17)
    go_on.set()
    time.sleep(EVERY)
    watch.world.on_post = lambda _post: Answer()
    gave_way = [run for run in watch.runs() if "gives way" in (run["state"]["message"] or "")]
    if not gave_way:
        raise LookupError("no run gave way to one that is at work")
    return now()


def _served(watch: Watch) -> datetime:
    """Wait until the watch says that it watches: from here on two intervals count."""
    log = watch.folder / "up.log"
    told = log.read_text("utf-8").count("Watching now")
    for _ in until(lambda: log.read_text("utf-8").count("Watching now") > told):
        continue
    return now()


def _server_away(watch: Watch, seconds: float) -> bool:
    """Take a server of the user's own away for a while."""
    watch.env["PREFECT_API_URL"] = f"http://127.0.0.1:{watch.port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(watch.port)]

    def server() -> subprocess.Popen[bytes]:
        with (watch.folder / "server.log").open("ab") as log:
            started = subprocess.Popen(command, env=watch.env, cwd=watch.folder, stdout=log, stderr=log)
        for _ in until(watch.runs):
            continue
        return started

    held = server()
    watch.start()
    watch.next_run(now())
    _publish(watch, len(DRILLS))
    held.kill()
    held.wait()
    time.sleep(seconds)
    held = server()
    good = _judge(watch, len(DRILLS), f"server away for {seconds:.0f} s", now())
    watch.stop()
    held.terminate()
    held.wait(30)
    return good


DRILLS: tuple[tuple[str, Callable[[Watch, Event], datetime]], ...] = (
    ("kill -9 of the flow", _kill("flow")),
    ("kill -9 of flow and runner", _kill("flow", "runner")),
    ("kill -9 of the server", _kill("server")),
    ("kill -9 of flow, runner and server", _kill("flow", "runner", "server")),
    ("kill -9 of up", _kill_up),
    ("power cut: all killed", _cut),
    ("SIGTERM in mid-run", _sigterm),
    ("a run longer than the interval", _overlap),
)

if __name__ == "__main__":
    sys.exit(main())
