"""Makes tests/data/first-release.sql: a small archive as the first release left it.

    cd tests && ../.venv/bin/python first_release.py

To be run once, at the first release, and never after: later releases have to
upgrade the file as it is (test_migrations.py).
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from desk import LAUNCH, LAUNCH_TEXT, NOW, Clock

from flows import pipeline, settings
from models.values import Selection

FILE = Path(__file__).parent / "data" / "first-release.sql"
TALKS = "Seoul proposes military talks with Pyongyang over the demarcation line"
SEEDS = {
    "launch.txt": f"{LAUNCH}\n(Herald) - {LAUNCH_TEXT}\n",
    "launch-ko.txt": (
        "북한, 동해상으로 단거리 탄도미사일 2발 발사\n(서울=신문) - 합동참모본부는 북한이 22일 원산 일대에서"
        " 단거리 탄도미사일 2발을 발사했으며 약 350km를 비행했다고 밝혔다.\n"
    ),
    "talks.txt": (
        f"{TALKS}\n(Herald) - South Korea proposed talks with North Korea on the military demarcation line.\n"
    ),
    "bread.txt": "Bakery wins city prize\n(Herald) - Its bread is good, and the jury liked the cakes, too.\n",
}
# FTS5's own tables cannot be read from a dump; search files its articles anew.
WITHOUT_SEARCH = "DROP TABLE search_words; DELETE FROM search; UPDATE article SET filed = 0;"
TOML = '[[rule]]\nname = "korea"\n\n[[channel]]\nname = "shown"\nkind = "terminal"\n'


def restore(database: Path) -> None:
    """Make a database of the file."""
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(FILE.read_text(encoding="utf-8"))


def desk(folder: Path, database: Path) -> settings.Settings:
    """Write the desk that made the file, and read it."""
    (folder / "seeds").mkdir(exist_ok=True)
    for name, text in SEEDS.items():
        (folder / "seeds" / name).write_text(text, encoding="utf-8")
    (folder / "watch.toml").write_text(TOML, encoding="utf-8")
    return settings.load(folder / "watch.toml", env={"DATABASE_URL": f"sqlite:///{database}"})


def run(configured: settings.Settings) -> list[str]:
    """Run it a day later than NOW; give what it showed."""
    shown: list[str] = []
    database = pipeline.open_database(configured)
    clock = Clock(NOW + timedelta(days=1))
    selection = Selection(seeds=configured.seeds)
    asyncio.run(pipeline.watch(database, configured, clock=clock, show=shown.append, selection=selection))
    database.close()
    return shown


def main() -> None:
    """Make the file: SQL, so that it is small and a change of it can be read."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / "made.db"
        shown = run(desk(Path(name), made))
        with closing(sqlite3.connect(made)) as connection:
            connection.executescript(WITHOUT_SEARCH)
            FILE.write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")
    sys.stdout.write(f"{FILE.name}: {FILE.stat().st_size} bytes, {len(shown)} alerts\n")


if __name__ == "__main__":
    main()
