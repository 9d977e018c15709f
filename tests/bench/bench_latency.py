"""From the moment a feed serves a new item to the webhook's arrival, under `peninsula up`.

    cd tests && python -m bench.bench_latency 1000 10 20

Starts the whole watch with so many feeds of so many entries, each asked every minute, and
waits until all have been read and the outbox is silent. Then, as soon as a sweep has asked
every feed, each feed serves one new entry, or one feed in so many: the items that wait
longest, a whole period. One in twelve is about the peninsula; each alert's delay is told.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from bench.farm import Farm
from bench.readers import PENINSULA, ROOT, environment
from bench.receiver import Receiver, receive

EVERY = 60  # seconds
LIMIT = 600
SILENCE = 30


def wait(ready: Callable[[], bool], what: str, every: float = 1.0) -> None:
    """Wait for something, not for ever."""
    until = time.monotonic() + LIMIT
    while not ready():
        if time.monotonic() > until:
            raise SystemExit(f"{what}: not within {LIMIT} s")
        time.sleep(every)


def wait_for_answers(farm: Farm, status: str, what: str) -> None:
    """Wait until every feed has given such an answer."""
    seen = 0

    def all_given() -> bool:
        nonlocal seen
        seen += farm.say("served").get(status, 0)
        return seen >= len(farm.urls)

    wait(all_given, what, every=0.1)


def silent() -> bool:
    """Whether no alert came for a while."""
    return not Receiver.heard or time.time() - Receiver.heard[-1][0] > SILENCE


def measure(farm: Farm, folder: Path, log: Path, each: int) -> list[float]:
    """Run the watch, and give the seconds from the new generation to each alert."""
    with log.open("wb") as out:
        up = subprocess.Popen(
            [*PENINSULA, "up", "--every", f"{EVERY}s", "--port", "4397"],
            env=environment(folder) | {"PENINSULA_WEBHOOK_URL": (folder / "hook").read_text()},
            stdout=out,
            stderr=out,
            cwd=ROOT,
        )
    try:
        wait_for_answers(farm, "200", "the first look at all feeds")
        time.sleep(SILENCE)
        wait(silent, "the end of the first alerts")
        farm.say("served")
        wait_for_answers(farm, "304", "a look at all feeds")
        Receiver.heard.clear()
        started = time.time()
        farm.say(f"generation 1 {each}")
        wait(lambda: bool(Receiver.heard), "the first alert")
        time.sleep(EVERY)
        wait(silent, "the end of the alerts")
        return [at - started for at, kind in Receiver.heard if kind == "story.matched"]
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(60)


def main(feeds: int = 1000, entries: int = 10, each: int = 1) -> None:
    """Tell the delays."""
    folder = Path(tempfile.mkdtemp(prefix="bench-latency-"))
    (folder / "hook").write_text(receive(), encoding="utf-8")
    with Farm(feeds, entries) as farm:
        tables = [
            '[watch]\nseeds = "seeds"\n[[rule]]\nname = "all"\n[[channel]]\nname = "hook"\nkind = "webhook"'
        ]
        tables.append('url_env = "PENINSULA_WEBHOOK_URL"\nallow_private = true')
        tables += [
            f'[[feed]]\nname = "f{number}"\nurl = "{url}"\nevery = "{EVERY}s"\nallow_private = true'
            for number, url in enumerate(farm.urls)
        ]
        (folder / "seeds").mkdir()
        (folder / "watch.toml").write_text("\n".join(tables), encoding="utf-8")
        delays = sorted(measure(farm, folder, folder / "log", each))
    late = quantiles(delays, n=20, method="inclusive")[-1] if len(delays) > 1 else delays[0]
    sys.stdout.write(
        f"{feeds:,} feeds asked every {EVERY} s, {len(range(0, feeds, each)):,} with a new item,"
        f" {len(delays)} alerts, load {os.getloadavg()[0]:.1f}\n"
        f"seconds from served to received: {delays[0]:.1f} first, {median(delays):.1f} median,"
        f" {late:.1f} for 19 in 20, {delays[-1]:.1f} last\n"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
