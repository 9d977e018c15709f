"""An editor's merges and splits: ids stay, redirects lead on, nobody is alerted again."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
from desk import LAUNCH, LAUNCH_TEXT, NOW, Desk, Item
from test_cli import peninsula

from models import store
from models.errors import PeninsulaError
from models.store.corrections import counted
from models.values import ArticleId, Story, StoryId

PARADE = Item(
    title="North Korea holds military parade in Pyongyang for army anniversary",
    text="Troops marched through Kim Il Sung Square in Pyongyang on Saturday night, state media said.",
    at=NOW - timedelta(hours=5),
)
LATER = Item(
    title="North Korea fires two short-range missiles toward East Sea, Seoul says",
    text=LAUNCH_TEXT + " Seoul called an emergency meeting.",
    at=NOW - timedelta(minutes=5),
)


def stories(desk: Desk) -> list[Story]:
    """List the stories, oldest first."""
    with closing(desk.open()) as database, database.reading() as session:
        found = store.story_list(session, {})
    return sorted(found, key=lambda story: story.opened_at)


def merged(desk: Desk, first: str, second: str) -> StoryId:
    """Merge two stories."""
    with closing(desk.open()) as database, database.writing(serial=True) as session:
        return store.merge(session, StoryId(first), StoryId(second), now=NOW)


def split(desk: Desk, *articles: str) -> StoryId:
    """Split articles off their story."""
    with closing(desk.open()) as database, database.writing(serial=True) as session:
        return store.split(session, list(map(ArticleId, articles)), now=NOW)


def article(desk: Desk, title: str) -> ArticleId:
    """Give the id of an article."""
    with closing(desk.open()) as database, database.reading() as session:
        found = store.find_article(session, title)
    assert found
    return found.article.id


def test_a_merge_keeps_the_older_id_and_the_other_leads_there(desk: Desk) -> None:
    desk.feed("herald", PARADE, Item())
    desk.run()
    older, newer = stories(desk)
    assert merged(desk, newer.id, older.id) == older.id
    assert [story.id for story in stories(desk)] == [older.id]
    assert stories(desk)[0].articles == 2
    with closing(desk.open()) as database, database.reading() as session:
        assert store.root(session, newer.id) == older.id


def test_a_merged_story_alerts_nobody_again(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", PARADE, Item())
    sqlite_desk.run()
    older, newer = stories(sqlite_desk)
    merged(sqlite_desk, older.id, newer.id)
    sqlite_desk.clock.turn(minutes=15)
    sqlite_desk.feed("times", LATER)
    assert sqlite_desk.run().alerts == ()
    assert stories(sqlite_desk)[0].articles == 3


def test_a_chain_of_merges_leads_to_one_story(sqlite_desk: Desk) -> None:
    third = Item(
        title="IAEA chief says activity continues at North Korea's Yongbyon complex",
        text="The reactor at Yongbyon keeps running, the agency said.",
        at=NOW - timedelta(hours=9),
    )
    sqlite_desk.feed("herald", PARADE, Item(), third)
    sqlite_desk.run()
    first, second, last = stories(sqlite_desk)
    merged(sqlite_desk, second.id, last.id)
    assert merged(sqlite_desk, first.id, last.id) == first.id
    with closing(sqlite_desk.open()) as database, database.reading() as session:
        assert {store.root(session, story.id) for story in (first, second, last)} == {first.id}


def test_a_split_gives_a_story_of_its_own_and_alerts_nobody(desk: Desk) -> None:
    desk.feed("herald", Item())
    desk.feed("times", LATER)
    desk.run()
    assert len(stories(desk)) == 1
    new = split(desk, article(desk, LATER.title))
    assert {story.id: story.articles for story in stories(desk)}.keys() >= {new}
    assert [story.articles for story in stories(desk)] == [1, 1]
    desk.clock.turn(minutes=15)
    desk.feed("times", Item(title=LATER.title, text=LATER.text + " (Updated.)", at=LATER.at, guid="x"), LATER)
    assert desk.run().alerts == ()


def test_alerts_count_through_a_merge_for_what_is_split_off_it(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", PARADE, Item())
    sqlite_desk.feed("times", LATER)
    sqlite_desk.run()
    older, newer = stories(sqlite_desk)
    merged(sqlite_desk, older.id, newer.id)
    off = split(sqlite_desk, article(sqlite_desk, LATER.title))
    assert off not in {older.id, newer.id}
    with closing(sqlite_desk.open()) as database, database.reading() as session:
        assert counted(session, [off]) == {off: {off}, older.id: {off}, newer.id: {off}}


def test_a_story_can_be_merged_again_after_a_split(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", Item())
    sqlite_desk.feed("times", LATER)
    sqlite_desk.run()
    old = stories(sqlite_desk)[0]
    new = split(sqlite_desk, article(sqlite_desk, LATER.title))
    assert merged(sqlite_desk, new, old.id) == old.id
    assert split(sqlite_desk, article(sqlite_desk, LATER.title)) == new


def test_alerts_of_a_merged_story_are_those_of_the_one_that_is_kept(desk: Desk) -> None:
    desk.rule('group_wait = "2h"')
    desk.feed("herald", PARADE, Item())
    waiting = {state.alert.story: state.alert.id for state in desk.run().alerts}
    older, newer = stories(desk)
    merged(desk, older.id, newer.id)
    assert all(id_ in peninsula(desk, "alerts", "list", "--story", older.id)[1] for id_ in waiting.values())
    dropped = peninsula(desk, "alerts", "drop", "--story", older.id)[1]
    assert sorted(dropped.splitlines()) == sorted(f"{id_} is dropped" for id_ in waiting.values())


def test_an_alert_is_explained_by_its_article_wherever_an_editor_puts_that(desk: Desk) -> None:
    desk.rule('sources = ["times"]')
    desk.feed("herald", PARADE, Item(at=NOW - timedelta(hours=1)))
    desk.feed("times", LATER)
    (alert,) = (state.alert for state in desk.run().alerts)
    older, newer = stories(desk)
    merged(desk, older.id, newer.id)
    ruling = f"  ▶ {alert.article}  {LATER.title} (times)\n      korea: alert (matched)"
    assert ruling in peninsula(desk, "alerts", "why", alert.id)[1]
    assert split(desk, alert.article) not in {older.id, newer.id}
    assert ruling in peninsula(desk, "alerts", "why", alert.id)[1]


def test_a_correction_that_cannot_be_made_says_why(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", PARADE, Item())
    sqlite_desk.run()
    older, newer = stories(sqlite_desk)
    with pytest.raises(PeninsulaError, match="there is no story"):
        merged(sqlite_desk, older.id, "s000000000000")
    with pytest.raises(PeninsulaError, match="one story already"):
        merged(sqlite_desk, older.id, older.id)
    with pytest.raises(PeninsulaError, match="no story holds the article"):
        split(sqlite_desk, "a000000000000")
    with pytest.raises(PeninsulaError, match="all the articles"):
        split(sqlite_desk, article(sqlite_desk, LAUNCH))
    with pytest.raises(PeninsulaError, match="different stories"):
        split(sqlite_desk, article(sqlite_desk, LAUNCH), article(sqlite_desk, PARADE.title))
    merged(sqlite_desk, older.id, newer.id)
    with pytest.raises(PeninsulaError, match="opened the story"):
        split(sqlite_desk, article(sqlite_desk, PARADE.title))
