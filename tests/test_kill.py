"""Killed in mid-run, at any step, and run again: nothing lost, nothing twice under another name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from desk import LAUNCH, LAUNCH_TEXT, Item
from outside import (
    PENINSULA,
    Answer,
    Outside,
    Post,
    end_all,
    environment,
    just_now,
    outside,
    run,
)
from sqlalchemy import create_engine, text
from standardwebhooks import Webhook

from models.database import parse_url

pytestmark = pytest.mark.slow

SECRET = "whsec_" + "c2VjcmV0LWZvci10aGUtdGVzdHMtb25seQ=="
RUN = (*PENINSULA, "run", "--no-seeds", "--patience", "0s")
# Each a story of its own; what is about the peninsula stands in MATCHING.
MATCHING = {
    LAUNCH: LAUNCH_TEXT,
    "IAEA chief says activity continues at North Korea's Yongbyon nuclear complex": (
        "The head of the agency told its board in Vienna that the reactor at Yongbyon keeps running."
    ),
    "Kim Jong Un inspects new flats for flood victims in Sinuiju": (
        "The North Korean leader walked through the rooms on the Amnok river, state media said."
    ),
    "Russia and North Korea finish the road bridge over the Tumen": (
        "Lorries are to cross from spring on, the governor of the border region said in Vladivostok."
    ),
    "Security Council extends the mandate of monitors of North Korea sanctions": (
        "Fourteen members voted for the text in New York, one abstained."
    ),
    "북한 외무성 부상, 몽골 울란바토르 방문": "북한 외무성 부상이 몽골 정부와 농업 협력을 논의했다.",
    "北朝鮮、豊渓里の核実験場で坑道を修復か": "衛星写真の分析で、入り口付近に新しい土砂が確認された。",
}
OTHER = {
    "Bakery in the old harbour wins the city prize": "Its rye bread is baked over wood.",
    "Storm closes ports in the Azores": "Ferries stay in until Tuesday.",
    "Koreatown diner wins a city food award": "Its Korean BBQ drew the jury back.",
    "Central bank keeps its rate": "Prices rose by two percent in October.",
    "Team of cyclists crosses the desert": "They rode for nine days.",
}


def serving(number: int, *titles: str) -> AbstractContextManager[Outside]:
    """Serve a number of feeds that share these stories out, and a receiver."""
    at = just_now()
    items = [Item(title=title, text=(MATCHING | OTHER)[title], at=at) for title in titles]
    return outside({f"feed{turn}": items[turn::number] for turn in range(number)})


@pytest.fixture(scope="module")
def ten_feeds() -> Iterator[Outside]:
    """Serve ten feeds, two of them with two items."""
    with serving(10, *MATCHING, *OTHER) as world:
        yield world


@pytest.fixture(scope="module")
def two_feeds() -> Iterator[Outside]:
    """Serve two, so that a run has few enough events to try many of them."""
    with serving(2, *list(MATCHING)[:2], *list(OTHER)[:1]) as world:
        yield world


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder for a desk, in memory where there is such a place; end what was started for it.

    What SIGKILL leaves behind is the same there, without the disk's time.
    """
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as made:
        yield Path(made)
        end_all(Path(made))


def desk_in(folder: Path, world: Outside, **own: str) -> dict[str, str]:
    """Set a desk up in a folder, with nothing logged yet; give its environment."""
    world.forget()
    (folder / "watch.toml").write_text(world.watch_toml(), encoding="utf-8")
    return environment(folder, HOOK_URL=world.url("/hook"), **own)


def check(world: Outside, database_url: str, *, kills: int) -> int:
    """Hold the receiver's log and the outbox against the feeds' own list; count the repeats."""
    matching = {item.title for feed in world.feeds.values() for item in feed if item.title in MATCHING}
    ids, bodies = defaultdict(set), defaultdict(set)
    for post in world.posts:
        ids[post.title].add(post.id)
        bodies[post.title].add(post.body)
    assert set(ids) == matching
    assert [len(found) for found in ids.values()] == [1] * len(matching)
    assert [len(found) for found in bodies.values()] == [1] * len(matching)
    repeats = len(world.posts) - len(matching)
    assert repeats <= kills
    engine = create_engine(parse_url(database_url))
    with engine.connect() as connection:
        states = connection.execute(text("SELECT state, count(*) FROM alert GROUP BY state")).all()
        assert [tuple(row) for row in states] == [("delivered", len(matching))]
        if engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    engine.dispose()
    return repeats


# --- killed from outside, as by an operator ----------------------------------------------


def killed_run(world: Outside, folder: Path, env: dict[str, str], at: str, number: int) -> int:
    """Start a run and kill it while it waits for the answer to its n-th request of a kind."""
    before = {"feed": len(world.served), "post": len(world.posts)}[at]
    with (folder / "run.log").open("ab") as log:
        victim = subprocess.Popen(RUN, env=env, cwd=folder, stdout=log, stderr=log)

    def kill_at_feed(served: int, _name: str) -> None:
        if at == "feed" and served == before + number:
            os.kill(victim.pid, signal.SIGKILL)

    def kill_at_post(post: Post) -> Answer:
        if at == "post" and post.number == before + number:
            os.kill(victim.pid, signal.SIGKILL)
        return Answer()

    world.on_feed, world.on_post = kill_at_feed, kill_at_post
    code = victim.wait(60)
    world.on_feed, world.on_post = lambda _number, _name: None, lambda _post: Answer()
    return code


def test_kill_9_again_and_again_on_one_database_loses_and_doubles_nothing(
    ten_feeds: Outside, folder: Path
) -> None:
    world, env = ten_feeds, desk_in(folder, ten_feeds)
    kills = [("feed", 7), ("post", 1), ("post", 3)]
    for at, number in kills:
        assert killed_run(world, folder, env, at, number) == -signal.SIGKILL
    done = run(RUN, env, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert check(world, env["DATABASE_URL"], kills=2) == 2  # those that died with a request in hand
    posts = len(world.posts)
    assert run(RUN, env, cwd=folder).returncode == 0
    assert len(world.posts) == posts


# --- killed from inside, at each statement, commit and request -----------------------------


@contextmanager
def crashing(folder: Path, env: dict[str, str]) -> Iterator[Callable[[int, str], tuple[int, str]]]:
    """Give a function that runs the command to its n-th event: exit code, kinds of events."""
    script = Path(__file__).with_name("crash.py")
    with (folder / "runs.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, str(script)],
            env=env,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdin
    assert process.stdout

    def run_to(number: int, url: str) -> tuple[int, str]:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{number} {url}\n")
        process.stdin.flush()
        code, events = process.stdout.readline().split()
        return int(code), events

    try:
        yield run_to
        process.stdin.close()
        process.wait(20)
    finally:
        process.kill()
        process.wait(10)
        process.stdin.close()
        process.stdout.close()


def empty(database_url: str, folder: Path, number: int) -> str:
    """Give the URL of a database with nothing in it."""
    url = parse_url(database_url)
    if url.drivername == "sqlite":
        return f"sqlite:///{folder / f'crash{number}.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return database_url


def points(events: str, *, every: bool) -> list[int]:
    """Choose events to die at.

    Between two commits that write and two words on the wire a crash leaves one and
    the same behind, so the gate tries the event after each of those, and a few
    amid the statements, where a transaction has to be undone.
    """
    turns = [number for number, kind in enumerate(events, 1) if kind in "WrR"]
    amid = range(1, len(events), len(events) // 4)
    return sorted({*turns, *amid} if not every else range(1, len(events) + 1))


def test_killed_at_any_step_the_next_run_makes_it_whole(
    two_feeds: Outside, folder: Path, database_url: str, pytestconfig: pytest.Config
) -> None:
    world, env = two_feeds, desk_in(folder, two_feeds)
    with crashing(folder, env) as run_to:
        code, events = run_to(0, empty(database_url, folder, 0))
        assert code == 0
        assert events.count("W") >= 2 + 1 + 2 * 2  # feeds, decisions, and a claim and a result for each alert
        assert events.count("R") == 2 + 2  # feeds, alerts
        chosen = points(events, every=pytestconfig.getoption("--every-crash-point"))
        if not database_url.startswith("sqlite"):
            chosen = chosen[::5]
        repeats: Counter[int] = Counter()
        outlived: list[int] = []
        for number in chosen:
            world.forget()
            url = empty(database_url, folder, number)
            code, lived = run_to(number, url)
            if code == 0:  # which feed answers first moves the count by a few
                assert len(lived) < number, f"event {number} did not kill"
                outlived.append(number)
                continue
            assert code == -signal.SIGKILL, f"event {number}"
            code, _ = run_to(0, url)
            assert code == 0, f"after a kill at event {number}"
            repeats[check(world, url, kills=1)] += 1
    assert len(outlived) < 3, outlived
    assert repeats[0] > repeats[1]


# --- a receiver that is down, then busy, then well ------------------------------------------


def test_each_story_arrives_once_however_often_it_was_refused(ten_feeds: Outside, folder: Path) -> None:
    world, env = ten_feeds, desk_in(folder, ten_feeds, HOOK_SECRET=SECRET)
    tries: Counter[str] = Counter()

    def answer(post: Post) -> Answer:
        tries[post.id] += 1
        return {1: Answer(500), 2: Answer(429, {"retry-after": "1"})}.get(tries[post.id], Answer())

    world.on_post = answer
    seeds = folder / "seeds"
    seeds.mkdir()
    clipped = "Seoul offers Pyongyang talks on family reunions at Mount Kumgang"
    (seeds / "clipping.txt").write_text(
        f"{clipped}\n(Ridge Ledger) - South Korea's Red Cross asked the North to set a date.\n", "utf-8"
    )
    first = run((*PENINSULA, "run", "--patience", "0s"), env, cwd=folder)
    assert first.returncode == 3, first.stdout + first.stderr
    then = run((*PENINSULA, "deliver", "--now", "--patience", "20s"), env, cwd=folder)
    assert then.returncode == 0, then.stdout + then.stderr
    expected = {*MATCHING, clipped}
    by_title = defaultdict(list)
    for post in world.posts:
        by_title[post.title].append(post)
        signed = {name: value for name, value in post.headers.items() if name.startswith("webhook-")}
        assert Webhook(SECRET).verify(post.body, signed) == json.loads(post.body)
    assert set(by_title) == expected
    for posts in by_title.values():
        assert [len(posts), len({post.id for post in posts}), len({post.body for post in posts})] == [3, 1, 1]
    assert len(tries) == len(expected)
    again = run((*PENINSULA, "deliver", "--now"), env, cwd=folder)
    assert again.returncode == 0
    assert len(world.posts) == 3 * len(expected)
