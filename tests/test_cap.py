"""A feed that alerts more than twenty times an hour: the rest in one digest, none lost, each explained."""

from __future__ import annotations

import json
import random
from collections import Counter
from contextlib import closing
from datetime import timedelta

from desk import NOW, Desk, Item
from test_cli import peninsula
from test_timers import SECOND

from models import store
from models.values import AlertState, SourceName


def told(number: int) -> Item:
    """Give one of many events, none like another."""
    words = ["".join(random.Random(f"{number} {n}").choices("abdeiklmnorstu", k=8)) for n in range(12)]  # noqa: S311 - words, no keys
    title = f"North Korea {' '.join(words[:4])}"
    return Item(title=title, text=f"{' '.join(words[4:])} in North Korea.", guid=f"g{number}")


def states(desk: Desk) -> list[AlertState]:
    """Give every alert there is."""
    with closing(desk.open()) as database, database.reading() as session:
        return list(store.alert_states(session, limit=500))


def flood(desk: Desk, *numbers: int, extra: str = "cap = 4") -> None:
    """Serve a feed with these events."""
    desk.feed("herald", *map(told, numbers), extra=extra)


def test_what_a_feed_alerts_over_its_cap_comes_in_one_digest_of_the_hour_that_counts_it_all(
    desk: Desk,
) -> None:
    flood(desk, *range(9))
    desk.feed("times", told(99))
    desk.run()
    desk.clock.turn(minutes=20)
    flood(desk, *range(12))
    desk.run()
    assert Counter(state.state for state in states(desk)) == {"delivered": 5, "bundled": 8, "pending": 1}
    (digest,) = (state for state in states(desk) if state.state == "pending")
    assert digest.next_at == NOW + timedelta(hours=1)
    assert len(desk.shown) == 5
    desk.clock.turn(minutes=41)
    flood(desk, *range(13))
    desk.run()
    body = json.loads(next(state for state in states(desk) if state.alert.id == digest.alert.id).alert.body)
    assert (body["data"]["count"], len(body["data"]["lines"]), body["data"]["more"]) == (8, 8, 0)
    assert "herald is over its 4 alerts an hour" in body["data"]["text"]
    assert {line["title"] for line in body["data"]["lines"]}.isdisjoint(
        "\n".join(desk.shown[:5]).splitlines()
    )
    assert Counter(state.state for state in states(desk)) == {"delivered": 7, "bundled": 8}
    for state in states(desk):
        if state.state == "bundled":
            assert (state.digest, state.reason) == (digest.alert.id, "herald is over its 4 alerts an hour")
    with closing(desk.open()) as database, database.reading() as session:
        filed = store.filed(session, limit=50)
        assert {made.outcome for one in filed for made in one.decisions} == {"alert"}


def test_urgent_rules_seeds_and_feeds_with_a_higher_cap_are_not_held_up(desk: Desk) -> None:
    desk.rule("urgent = true")
    flood(desk, *range(6))
    desk.run()
    desk.rule("")
    flood(desk, *range(6, 12), extra="cap = 0")
    desk.clock.turn(minutes=5)
    desk.run()
    assert Counter(state.state for state in states(desk)) == {"delivered": 12}


def test_a_story_that_heads_its_feeds_digest_has_its_follow_up(sqlite_desk: Desk) -> None:
    sqlite_desk.rule('repeat = ["second-family"]\ncooldown = "1m"')
    sqlite_desk.feed("herald", told(1), Item(at=NOW), extra='cap = 1\nfamily = "herald"')
    sqlite_desk.run()
    sqlite_desk.clock.turn(minutes=10)
    sqlite_desk.feed("times", SECOND, extra='family = "times"')
    (alert,) = sqlite_desk.run().alerts
    assert alert.alert.kind == "story.second-family"


def digest(desk: Desk) -> AlertState:
    """Give the one digest there is."""
    (found,) = (state for state in states(desk) if state.alert.kind.startswith("story.digest"))
    return found


def lines(state: AlertState) -> set[str]:
    """Name what a digest tells."""
    return {line["title"] for line in json.loads(state.alert.body)["data"]["lines"]}


def test_a_story_that_is_dropped_leaves_its_feeds_digest_and_takes_no_other_along(desk: Desk) -> None:
    flood(desk, *range(4), extra="cap = 1")
    desk.run()
    head = digest(desk).alert.story  # the story of which the digest was made
    gone = next(state for state in states(desk) if state.state == "bundled" and state.alert.story == head)
    assert peninsula(desk, "alerts", "drop", "--story", head)[1] == f"{gone.alert.id} is dropped\n"
    assert lines(digest(desk)) == {state.title for state in states(desk) if state.state == "bundled"}
    desk.clock.turn(minutes=61)
    desk.run()
    assert Counter(state.state for state in states(desk)) == {"delivered": 2, "bundled": 2, "dropped": 1}
    assert "had left the outbox before" in peninsula(desk, "alerts", "drop", gone.alert.id)[1]


def test_a_digest_of_which_all_is_dropped_or_replayed_is_not_sent(desk: Desk) -> None:
    flood(desk, *range(3), extra="cap = 1")
    desk.run()
    first, second = (state.alert.id for state in states(desk) if state.state == "bundled")
    with closing(desk.open()) as database, database.writing() as session:
        assert store.drop(session, first, desk.clock())
        store.replay(session, second, desk.clock())
    desk.clock.turn(minutes=61)
    desk.run()
    assert (digest(desk).state, digest(desk).reason) == ("dropped", "nothing is left in it")
    assert len(desk.shown) == 2


def test_twenty_alerts_an_hour_of_one_feed_are_what_it_may_cause_if_nobody_says(desk: Desk) -> None:
    flood(desk, extra="")
    assert [feed.cap for feed in desk.settings().feeds] == [20]
    assert desk.settings().desk.sources[SourceName("seeds")].cap == 0
