"""Steps 1 to 4 for a folder of seed files: read, refine, store, each file by itself; no network."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

from flows.clock import Clock
from flows.settings import SEEDS, Settings
from models import sources, store
from models.database import Database
from models.errors import ConfigError, OurError, SourceError
from models.values import Collected, Source, SourceName, SourceState

_log = logging.getLogger(__name__)


def collect_seeds(database: Database, settings: Settings, folder: Path, *, clock: Clock) -> list[Collected]:
    """Store the articles of a folder of seed files: one line of report for each file."""
    if not folder.is_dir():
        if folder == settings.seeds:  # gone for a while, perhaps: the feeds go on
            return [Collected(source=SEEDS, error=f"there is no folder {folder}, which watch.seeds names")]
        raise ConfigError(str(folder), "", "there is no such folder of seeds; name one with --seeds")
    source = settings.desk.sources[SEEDS]
    paths, failed = _files(folder)
    return [
        _collect_seed(database, source, folder.resolve(), path.relative_to(folder).as_posix(), clock)
        for path in paths
    ] + failed


def _files(folder: Path) -> tuple[list[Path], list[Collected]]:
    """Give the seed files of a folder, behind links as well, and the folders that cannot be read.

    Hidden ones are left out: `._clip.txt` is what macOS keeps beside a clip.
    """
    found: list[Path] = []
    failed: list[OSError] = []
    met: set[str] = set()
    for here, below, names in os.walk(folder, followlinks=True, onerror=failed.append):
        if (real := os.path.realpath(here)) in met:  # by a link that leads back to it
            below.clear()
            continue
        met.add(real)
        below[:] = [name for name in below if not name.startswith(".")]
        files = (Path(here, name) for name in names if not name.startswith("."))
        found += [file for file in files if file.suffix.lower() in sources.SEED_SUFFIXES]
    told = (
        f"{folder.resolve().name}/{Path(error.filename).relative_to(folder).as_posix()}" for error in failed
    )
    return sorted(found), [
        Collected(source=SourceName(name), error=f"cannot be read ({error.strerror})")
        for name, error in zip(told, failed, strict=True)
    ]


def _collect_seed(database: Database, source: Source, folder: Path, name: str, clock: Clock) -> Collected:
    started, shown = time.monotonic(), SourceName(f"{folder.name}/{name}")

    def failed(problem: str) -> Collected:
        return Collected(source=shown, error=problem, seconds=time.monotonic() - started)

    now = clock()
    try:
        parsed = sources.read_seed(name, (folder / name).read_bytes())
        listing = sources.refined(parsed, source, now=now, cutoff=None)
    except OSError as error:
        return failed(f"cannot be read ({error.strerror})")
    except SourceError as error:
        return failed(error.problem)
    except Exception as error:  # noqa: BLE001 - a fault of ours, on this file: the others go on
        _log.exception("%s: a fault of ours", shown)
        return failed(OurError(name, error).problem)
    state = SourceState(checked_at=now)
    with database.writing() as session:
        added = store.add(session, source, listing.articles, state=state, now=now, of_one_site=False)
        store.touch(session, source, state)
    return Collected(
        source=shown,
        new=added.new,
        edited=added.edited,
        seen=added.seen,
        faults=listing.faults,
        seconds=time.monotonic() - started,
    )
