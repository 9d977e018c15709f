"""A rule that is new, changed, renamed or back again: silent on the past, which it judges and tells of."""

from __future__ import annotations

from datetime import timedelta

from desk import LAUNCH, LAUNCH_TEXT, NOW, Desk, Item
from test_corrections import PARADE, article, merged, split, stories
from test_promise import NUCLEAR, explain
from test_timers import SECOND

from models.values import Ruling


def ruling(desk: Desk, title: str, rule: str) -> tuple[Ruling, str]:
    """Say what the ledger has of an article under a rule: (outcome, reason)."""
    (made,) = (made for made in explain(desk, title).decisions if made.rule == rule)
    return made.outcome, made.reason


def test_a_new_rule_does_not_alert_on_the_past_and_says_what_it_would_have(desk: Desk) -> None:
    desk.feed("herald", Item(), NUCLEAR)
    desk.run()
    desk.rule("query = '\"iaea\"'", "agency")
    desk.clock.turn(minutes=5)
    report = desk.run()
    assert report.alerts == ()
    assert [(new.rule, new.stories, new.newest) for new in report.decided.previews] == [
        ("agency", 1, NUCLEAR.title)
    ]
    assert ruling(desk, NUCLEAR.title, "agency") == ("baseline", "story-before-rule")
    later = Item(title=NUCLEAR.title + " complex", text=NUCLEAR.text, at=NOW)
    desk.feed("times", later)
    desk.clock.turn(minutes=5)
    report = desk.run()
    assert report.alerts == ()
    assert report.decided.previews == ()


def test_a_story_older_than_a_rule_stays_silent_when_its_article_is_edited(desk: Desk) -> None:
    desk.feed("herald", Item(guid="1"))
    desk.run()
    del desk.tables["rule korea"]
    desk.rule("", "renamed")
    desk.run()
    for name, item in (("herald", Item(guid="1", text=LAUNCH_TEXT + " More follows.")), ("times", SECOND)):
        desk.clock.turn(minutes=5)
        desk.feed(name, item)
        assert desk.run().alerts == ()
    assert ruling(desk, LAUNCH, "renamed") == ("baseline", "story-before-rule")


def test_what_is_edited_when_a_rule_is_renamed_does_not_alert_again(desk: Desk) -> None:
    desk.feed("herald", Item(guid="1"))
    desk.run()
    del desk.tables["rule korea"]
    desk.rule("", "renamed")
    desk.clock.turn(minutes=5)
    desk.feed("herald", Item(guid="1", text=LAUNCH_TEXT + " More follows."))
    report = desk.run()
    assert (len(report.decided.previews), report.alerts) == (1, ())


def test_a_story_older_than_a_rule_stays_silent_when_it_is_merged_into_another(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", PARADE, Item())
    sqlite_desk.run()
    older, newer = stories(sqlite_desk)
    sqlite_desk.rule('any = ["missile-test"]', "launches")
    sqlite_desk.run()
    merged(sqlite_desk, older.id, newer.id)
    sqlite_desk.clock.turn(minutes=5)
    sqlite_desk.feed("times", SECOND)
    assert sqlite_desk.run().alerts == ()
    assert ruling(sqlite_desk, SECOND.title, "launches") == ("baseline", "story-before-rule")


def test_what_is_split_off_a_story_older_than_a_rule_stays_silent(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", Item(at=NOW - timedelta(hours=1)), SECOND)
    sqlite_desk.run()
    sqlite_desk.rule('any = ["missile-test"]', "launches")
    sqlite_desk.run()
    off = split(sqlite_desk, article(sqlite_desk, SECOND.title))
    sqlite_desk.clock.turn(minutes=5)
    sqlite_desk.feed("times", Item(title=SECOND.title + " again", text=SECOND.text + " It was early."))
    assert sqlite_desk.run().alerts == ()
    assert explain(sqlite_desk, SECOND.title + " again").story == off


def test_a_new_rule_knows_who_else_listed_the_past(sqlite_desk: Desk) -> None:
    one = Item(url="https://wire.example/1")
    for name in ("herald", "times"):
        sqlite_desk.feed(name, one)
        sqlite_desk.run()
    sqlite_desk.rule('sources = ["times"]', "heard")
    assert [(new.rule, new.stories) for new in sqlite_desk.run().decided.previews] == [("heard", 1)]
    sqlite_desk.clock.turn(minutes=5)
    sqlite_desk.feed("times", SECOND, one)
    assert sqlite_desk.run().alerts == ()


def test_a_rule_that_comes_back_does_not_alert_on_what_was_told_without_it(desk: Desk) -> None:
    desk.rule("", "first")
    desk.feed("herald", NUCLEAR)
    desk.run()
    table = desk.tables.pop("rule first")
    desk.rule("", "second")
    desk.feed("herald", NUCLEAR, Item())
    desk.clock.turn(minutes=5)
    assert [state.alert.rule for state in desk.run().alerts] == ["second"]
    del desk.tables["rule second"]
    desk.tables["rule first"] = table
    desk.clock.turn(minutes=5)
    (preview,) = desk.run().decided.previews
    assert (preview.rule, preview.stories, preview.newest) == ("first", 1, LAUNCH)
    desk.feed("times", SECOND)
    desk.clock.turn(minutes=5)
    assert desk.run().alerts == ()
    assert ruling(desk, LAUNCH, "first") == ("baseline", "story-before-rule")
