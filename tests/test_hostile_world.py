"""What the world does to a watch: entities, odd characters, guids, clocks, disks, spellings."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from desk import LAUNCH, LAUNCH_TEXT, NOW, Desk, Item
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from sqlalchemy import text as sql
from werkzeug import Request, Response

from flows import fetch, pipeline
from models import store
from models.errors import DatabaseError, FetchError, ParseError
from models.sources import feeds, parse_feed

ROOT = Path(__file__).parent.parent


# --- entities ------------------------------------------------------------------------


def test_no_entity_reads_a_file_or_a_server_or_fills_the_memory(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("CANARY", encoding="utf-8")
    outside = httpserver.url_for("/e")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    declared = (
        f'<!ENTITY f SYSTEM "file://{secret}"><!ENTITY h SYSTEM "{outside}">'
        f'<!ENTITY % p SYSTEM "{outside}"> %p; <!ENTITY l0 "ha">{laughs}'
    )
    for words in ("&f;", "&h;", "&l8;", "&f;&h;&l8;"):
        items = f"<item><title>A {words}</title></item><item><title>B</title></item>"
        body = f"<!DOCTYPE rss [{declared}]><rss version='2.0'><channel>{items}</channel></rss>"
        parsed = parse_feed(body.encode(), where="estuary")
        assert "B" in {item.title for item in parsed.items} or parsed.faults
        told = repr(parsed)
        assert "CANARY" not in told
        assert len(told) < 10_000
    assert httpserver.log == []


def test_an_expat_without_the_limit_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_SAFE_EXPAT", (99, 0, 0))
    with pytest.raises(ParseError, match="expat lets entities fill the memory"):
        parse_feed(b"<rss version='2.0'><channel/></rss>", where="estuary")


# --- characters ----------------------------------------------------------------------


def test_characters_that_a_database_refuses_cost_no_item(desk: Desk) -> None:
    desk.feed("herald", Item(), Item(title="B", text="b"))
    odd = "N\x00U\x08L &#0;&#xD800;&#xDFFF;&#xFFFF; \x1b[31m"
    desk.documents["herald"] = desk.documents["herald"].replace("<title>B</title>", f"<title>{odd}</title>")
    assert desk.run().sources[0].new == 2
    database = desk.open()
    with database.reading() as session:
        titles = [item.article.title for item in store.filed(session)]
        assert all(session.execute(sql("SELECT title FROM article")).scalars())
    database.close()
    assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff]", " ".join(titles))
    assert len(desk.shown) == 1


def test_writing_that_runs_backwards_reaches_no_alert_and_letters_of_no_width_hide_no_word(
    desk: Desk,
) -> None:
    title = LAUNCH.replace("North Korea", "North\u200b Ko\u200brea").replace("East", "\u202eEast\u2066")
    desk.feed("herald", Item(title=title))
    desk.run()
    (alert,) = desk.shown
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", alert)
    database = desk.open()
    with database.reading() as session:
        assert "\u202e" in store.filed(session)[0].article.title  # what was published is kept
    database.close()


# --- guids, replays, clocks -----------------------------------------------------------


def test_the_guids_of_one_feed_hide_nothing_of_another(desk: Desk) -> None:
    dull = [
        Item(title=f"Notice {n}", text=f"No. {n}", guid=str(n), url=f"https://a.kr/{n}") for n in range(5)
    ]
    desk.feed("thief", *dull)
    desk.run()
    desk.clock.turn(minutes=15)
    desk.feed("herald", Item(guid="3", url="https://b.kr/3"))
    done = {source.source: source.new for source in desk.run().sources}
    assert done == {"thief": 0, "herald": 1}
    assert len(desk.shown) == 1


def test_a_backup_that_is_restored_alerts_under_the_same_id(desk: Desk, httpserver: HTTPServer) -> None:
    if not desk.database_url.startswith("sqlite"):
        pytest.skip("a backup is a file here")
    ids: list[str] = []

    def take(request: Request) -> Response:
        ids.append(request.headers["webhook-id"])
        return Response("ok")

    httpserver.expect_request("/hook").respond_with_handler(take)
    desk.webhook()
    desk.feed("herald", Item(title="Snow in Busan", text="Ten centimetres fell."))
    desk.run()
    file = Path(desk.database_url.removeprefix("sqlite:///"))
    shutil.copy(file, file.with_suffix(".bak"))
    desk.clock.turn(minutes=15)
    desk.feed("herald", Item(), Item(title="Snow in Busan", text="Ten centimetres fell."))
    desk.run()
    for beside in file.parent.glob(file.name + "-*"):
        beside.unlink()
    shutil.copy(file.with_suffix(".bak"), file)
    desk.clock.turn(minutes=15)
    desk.run()
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_log_deleted_with_the_watch_down_costs_what_it_held_and_alerts_under_the_same_id(
    desk: Desk, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not desk.database_url.startswith("sqlite"):
        pytest.skip("only SQLite has its log in a file beside it")
    monkeypatch.setattr("models.database._wal_is_safe", lambda _version: True)
    ids: list[str] = []

    def take(request: Request) -> Response:
        ids.append(request.headers["webhook-id"])
        return Response("ok")

    httpserver.expect_request("/hook").respond_with_handler(take)
    desk.webhook()
    snow = Item(title="Snow in Busan", text="Ten centimetres fell.")
    desk.feed("herald", snow)
    desk.run()
    file = Path(desk.database_url.removeprefix("sqlite:///"))
    desk.clock.turn(minutes=15)
    desk.feed("herald", Item(), snow)
    with closing(sqlite3.connect(file)) as reader:  # who reads keeps the log from being written back
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM article").fetchone()
        desk.run()
        assert file.with_name(f"{file.name}-wal").stat().st_size > 0
        shutil.copy(file, file.with_suffix(".left"))  # what is left if the log goes
    file.with_suffix(".left").replace(file)
    desk.clock.turn(minutes=15)
    desk.run()
    assert len(ids) == 2
    assert len(set(ids)) == 1
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM article").fetchone() == (2,)


JUMPS = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=400), timedelta(days=-400)]


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("step", ["collect", "decide", "deliver"])
def test_a_clock_that_jumps_between_two_steps_loses_no_alert(desk: Desk, jump: timedelta, step: str) -> None:
    desk.feed("herald", Item(title="Snow in Busan", text="Ten centimetres fell."))
    desk.run()
    for turn, text in enumerate((LAUNCH_TEXT, "Pyongyang said that its satellite launch from Sohae failed.")):
        desk.clock.turn(minutes=30)
        title = (LAUNCH, "North Korea's Sohae satellite launch ends in failure")[turn]
        desk.feed(
            "herald", Item(title=title, text=text, guid=f"{turn}", at=NOW + timedelta(minutes=30 * turn))
        )
        configured, database = desk.settings(), desk.open()
        there = desk.clock.now
        if step == "collect" and turn == 0:
            desk.clock.now += jump
        asyncio.run(pipeline.collect_feeds(database, configured, clock=desk.clock))
        if step == "decide" and turn == 0:
            desk.clock.now += jump
        pipeline.decide_new(database, configured, clock=desk.clock)
        if step == "deliver" and turn == 0:
            desk.clock.now += jump
        asyncio.run(pipeline.deliver_due(database, configured, clock=desk.clock, show=desk.shown.append))
        desk.clock.now = there  # somebody has set it right
        asyncio.run(pipeline.deliver_due(database, configured, clock=desk.clock, show=desk.shown.append))
        database.close()
    assert len(desk.shown) == 2
    assert len({re.search(r"id +(msg_\w+)", alert)[1] for alert in desk.shown}) == 2  # type: ignore[index]  # each has one


# --- disks ---------------------------------------------------------------------------


def command(folder: Path, *arguments: str, limit: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, with files of at most `limit` bytes."""
    room = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); " if limit else ""
    )
    return subprocess.run(
        [sys.executable, "-c", f"{room}from flows.cli import main; main()", *arguments],
        cwd=folder,
        env={
            "PATH": "/usr/bin:/bin",
            "DATABASE_URL": f"sqlite:///{folder / 'p.db'}",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """Give a folder with a desk of sixty seeds."""
    (tmp_path / "watch.toml").write_text('[[rule]]\nname = "korea"\n', encoding="utf-8")
    (tmp_path / "seeds").mkdir()
    for n in range(60):
        body = f"Ferry {n} sails\n\n" + f"The ferry number {n} leaves the harbour of Busan. " * 200
        (tmp_path / "seeds" / f"{n}.txt").write_text(body, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_a_full_disk_keeps_nothing_half_written_and_the_next_run_is_whole(seeds: Path) -> None:
    assert command(seeds, "db", "upgrade").returncode == 0
    limit = (seeds / "p.db").stat().st_size + 200_000
    full = command(seeds, "run", "--no-feeds", limit=limit)
    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    assert full.stderr.startswith("peninsula: the database refused: ")
    with closing(sqlite3.connect(seeds / "p.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        orphans = "SELECT count(*) FROM sighting WHERE article_id NOT IN (SELECT id FROM article)"
        assert connection.execute(orphans).fetchone() == (0,)
    again = command(seeds, "run", "--no-feeds", "--json")
    assert again.returncode == 0, again.stderr
    with closing(sqlite3.connect(seeds / "p.db")) as connection:
        assert connection.execute("SELECT count(*) FROM article WHERE state = 'decided'").fetchone() == (60,)


def test_a_file_that_is_no_database_is_told_in_one_line(seeds: Path) -> None:
    (seeds / "p.db").write_bytes(b"not a database at all" * 400)
    done = command(seeds, "run", "--no-feeds")
    assert done.returncode == 1
    assert "the database file is damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_held_is_told_and_the_next_run_is_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not desk.database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL holds rows, not the whole")
    monkeypatch.setattr("models.database.BUSY_TIMEOUT_MS", 200)
    desk.feed("herald", Item())
    database = desk.open()
    database.close()
    with closing(
        sqlite3.connect(desk.database_url.removeprefix("sqlite:///"), isolation_level=None)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="another process holds it"):
            desk.run()
    assert desk.run().sources[0].new == 1
    assert len(desk.shown) == 1


# --- spellings -----------------------------------------------------------------------


@given(st.text(max_size=40), st.sampled_from(["http://{}/", "https://{}:8/", "http://a.example{}/", "{}"]))
def test_an_address_is_understood_in_one_way_or_refused(text: str, form: str) -> None:
    url = form.format(text)
    try:
        asked = fetch._checked(url)
    except FetchError as error:
        assert error.permanent  # noqa: PT017 - refused is one of two right answers
        return
    assert isinstance(asked, httpx.URL)
    assert asked.scheme in {"http", "https"}
    assert not asked.userinfo
    there = urlsplit(url).hostname or ""
    assert there.isascii() is False or asked.host == there


def test_the_lock_is_whole_and_hashed() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z0-9][a-z0-9._-]*)==\S+", lock, re.MULTILINE)
    for part in re.split(r"\n(?=[a-z0-9])", lock):
        if not part.startswith("#"):
            assert "--hash=sha256:" in part, part.splitlines()[0]
    assert "://" not in re.sub(r"^\s*#.*", "", lock, flags=re.MULTILINE)
    assert {"feedparser", "httpx", "prefect", "sqlalchemy", "trafilatura", "protego"} <= set(pinned)
