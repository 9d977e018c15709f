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
A second table has our sweeps that they have no like of: `decide` and `deliver`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bench.farm import Farm
from bench.plot import bars
from bench.readers import Peer, peers, timed
from bench.sweeps import Sweep, rates, swept

HERE = Path(__file__).parent
PHASES = ("cold", "warm", "churn")


@dataclass(frozen=True, slots=True)
class Sample:
    """One phase of one run."""

    peer: str
    phase: str
    wall: float  # seconds
    cpu: float  # seconds, user and system
    rss: int  # MiB, of the largest process
    stored: int  # entries


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
    options.add_argument("--sweeps", type=int, default=200, help="feeds to decide and deliver; 0 for none")
    options.add_argument("--out", type=Path, default=HERE / "results")
    chosen = options.parse_args()
    wanted = chosen.only.split(",") if chosen.only else [peer.name for peer in peers()]
    here = [peer for peer in peers() if peer.name in wanted and peer.there()]
    for name in sorted(set(wanted) - {peer.name for peer in here}):
        sys.stderr.write(f"{name} is not installed: left out\n")
    samples: list[Sample] = []
    sweeps: list[Sweep] = []
    with Farm(chosen.feeds, chosen.entries) as farm:
        for _ in range(chosen.runs):
            for peer in here:
                samples += measured(peer, farm, chosen.phases.split(","))
            if chosen.sweeps:
                sweeps += swept(farm, chosen.sweeps)
    names = [peer.name for peer in here]
    title = f"{chosen.feeds:,} feeds of {chosen.entries} entries, median of {chosen.runs}"
    chosen.out.mkdir(exist_ok=True)
    raw = json.dumps([*map(asdict, samples), *map(asdict, sweeps)], indent=1)
    (chosen.out / "peers.json").write_text(f"{raw}\n", encoding="utf-8")
    told = table(samples, names)
    if sweeps:
        told += f"\n{min(chosen.sweeps, chosen.feeds):,} of these feeds, by sweep:\n\n{rates(sweeps)}"
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
