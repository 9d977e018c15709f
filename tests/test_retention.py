"""What may go from the archive, and what stays."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Literal

import pytest
from desk import LAUNCH, LAUNCH_TEXT, NOW, Desk, Item
from sqlalchemy import update
from typer.testing import CliRunner

from flows import keeping
from flows.cli import app
from models import store
from models.store import Pruned, retention
from models.tables import ArticleRow
from models.values import FeedEvent, SourceName

DULL = Item(title="City council passes budget", text="The council met on Friday and voted for it.", guid="d")


def prune(desk: Desk, days: int | None = 30, *, dry_run: bool = False) -> Pruned:
    configured = desk.settings()
    database = desk.open()
    age = timedelta(days=days) if days else None
    done = keeping.prune(database, configured, now=desk.clock(), older_than=age, dry_run=dry_run)
    database.close()
    return done


def later(desk: Desk) -> None:
    """Let three days bring their news."""
    desk.clock.turn(days=3)
    days = [desk.clock() - timedelta(days=ago) for ago in range(3)]
    tides = [Item(title=f"Tides of {at:%B %d}", text=f"High at {at:%d} past.", at=at) for at in days]
    desk.feed("daily", *tides)
    desk.run()


def titles(desk: Desk) -> set[str]:
    database = desk.open()
    with database.reading() as session:
        found = {item.article.title for item in store.filed(session)}
    database.close()
    return found


def test_what_is_old_and_listed_no_more_goes_and_stories_with_alerts_stay(desk: Desk) -> None:
    desk.feed("herald", DULL, Item())
    desk.run()
    desk.clock.turn(days=1)
    desk.feed(
        "herald", Item(title="Snow in Busan", text="Ten centimetres fell.", guid="s", at=desk.clock.now)
    )
    desk.run()
    desk.clock.turn(days=40)
    assert prune(desk, dry_run=True).articles == 1
    assert titles(desk) == {DULL.title, LAUNCH, "Snow in Busan"}
    done = prune(desk)
    assert (done.articles, done.stories, done.listed, done.alerted) == (1, 1, 1, 1)
    assert titles(desk) == {LAUNCH, "Snow in Busan"}
    assert prune(desk).articles == 0


def test_what_a_feed_still_lists_is_never_forgotten_and_never_new_again(desk: Desk) -> None:
    desk.feed("herald", DULL, Item(at=None, title="Reactor restarted", text="In Busan a reactor restarted."))
    desk.run()
    desk.clock.turn(days=400)
    assert prune(desk).articles == 0
    desk.feed(
        "herald",
        DULL,
        Item(at=None, title="Reactor restarted", text="In Busan a reactor restarted."),
        Item(title="x", guid="x"),
    )
    assert (desk.run().sources[0].new, desk.run().sources[0].unchanged) == (1, True)


def test_a_feed_s_own_keep_stands_before_the_desk_s(desk: Desk) -> None:
    desk.feed("short", DULL, extra='keep = "7d"')
    desk.feed(
        "long", Item(title="Rice prices fall in Jeonju", text=LAUNCH_TEXT.replace("North", "no"), guid="r")
    )
    desk.run()
    desk.clock.turn(hours=1)
    for name in ("short", "long"):
        desk.feed(
            name,
            Item(title=f"{name} other", text=f"Other news of {name}.", guid="o", at=NOW),
            extra='keep = "7d"' if name == "short" else "",
        )
    desk.run()
    desk.clock.turn(days=20)
    later(desk)
    assert prune(desk, None).articles == 1
    assert DULL.title not in titles(desk)


def test_a_clock_far_ahead_for_a_day_has_nothing_pruned_and_no_story_alert_again(desk: Desk) -> None:
    desk.feed("herald", DULL, Item(at=NOW + timedelta(days=3)), extra='keep = "7d"')
    later(desk)
    desk.clock.turn(days=800)
    desk.feed("times", Item(title="Undated and dull", text="Nobody says when.", at=None))
    desk.feed(
        "herald", Item(title="Snow in Busan", text="Ten centimetres fell.", at=NOW), extra='keep = "7d"'
    )
    desk.run()
    assert prune(desk, None).articles == 0
    desk.clock.turn(days=-800, hours=1)
    desk.feed("post", Item(title=f"{LAUNCH}: Seoul", at=desk.clock()))
    assert desk.run().alerts == ()  # the launch is known still
    desk.clock.turn(days=9)
    later(desk)
    assert prune(desk, None).articles == 1
    assert titles(desk) >= {LAUNCH, "Snow in Busan", "Undated and dull"}


def test_what_happened_to_feeds_goes_with_the_articles_of_its_time(desk: Desk) -> None:
    desk.feed("herald", DULL, extra='keep = "7d"')
    desk.run()
    database = desk.open()
    facts: list[tuple[str, int, Literal["gap", "silence"]]] = [
        ("herald", 8, "gap"),
        ("gone", 90, "gap"),
        ("all feeds", 90, "silence"),
        ("all feeds", 80, "silence"),
    ]
    events = [
        FeedEvent(
            source=SourceName(name), at=NOW - timedelta(days=days), kind=kind, state="", was="", detail=""
        )
        for name, days, kind in facts
    ]
    with database.writing() as session:
        store.tell(session, events)
    later(desk)
    assert prune(desk, 100).events == 1  # of the herald, by its own keep
    assert prune(desk, 30, dry_run=True).events == prune(desk, 30).events == 2
    with database.reading() as session:
        left = [event for event in store.feed_events(session) if event.at < NOW]
    database.close()
    assert [(event.kind, event.at) for event in left] == [("silence", NOW - timedelta(days=80))]


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_the_command_says_what_went_and_what_stayed(desk: Desk, arguments: list[str]) -> None:
    desk.feed("herald", DULL)
    desk.run()
    env = {"DATABASE_URL": desk.database_url, "PENINSULA_CONFIG": str(desk.folder / "watch.toml")}
    done = CliRunner().invoke(app, ["prune", "--older-than", "1s", "--json", *arguments], env=env)
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told == {
        "articles": 0,
        "stories": 0,
        "feed_events": 0,
        "dry_run": bool(arguments),
        "still_listed": 1,
        "held_by_story": 0,
    }


def test_a_large_archive_goes_batch_by_batch_and_whole_stories_together(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_BATCH", 7)
    words = ["".join(random.Random(n).choices("abdeiklmnorstu", k=7)) for n in range(150)]  # noqa: S311 - words, no keys
    many = [
        Item(title=" ".join(words[n : n + 4]), text=f"{words[n]} {words[n + 4]}.", guid=f"{n}", at=NOW)
        for n in range(0, 150, 5)
    ]
    desk.feed("herald", *many, Item())
    desk.run()
    desk.clock.turn(hours=1)
    desk.feed("herald", Item(title="Snow in Busan", text="Ten centimetres fell.", guid="s", at=NOW))
    desk.run()
    desk.clock.turn(days=40)
    database = desk.open()
    with database.reading() as session:
        limit = desk.clock() - timedelta(days=30)
        found = store.prunable(session, {SourceName("herald"): limit}, rest=limit)
    database.close()
    assert found.counts.articles == sum(map(len, found.batches)) == 30
    assert len(found.batches) > 4
    assert prune(desk).articles == 30
    assert titles(desk) == {LAUNCH, "Snow in Busan"}


def test_what_is_edited_between_the_look_and_the_removal_stays(desk: Desk) -> None:
    desk.feed("herald", DULL)
    desk.run()
    desk.clock.turn(hours=1)
    desk.feed("herald", Item(title="Snow in Busan", text="Ten centimetres fell.", guid="s", at=NOW))
    desk.run()
    desk.clock.turn(days=40)
    limits = {SourceName("herald"): desk.clock() - timedelta(days=30)}
    database = desk.open()
    with database.reading() as session:
        (ids,) = store.prunable(session, limits, rest=None).batches
    with database.writing() as session:
        session.execute(update(ArticleRow).values(state="new"))
    with database.writing() as session:
        assert store.prune(session, limits, rest=None, only=ids) == Pruned()
    database.close()
    assert DULL.title in titles(desk)
