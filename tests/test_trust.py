"""Whose word is taken for what an item is: guids that behave, and those that do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from desk import LAUNCH, LAUNCH_TEXT, NOW, Desk, Item

from models import store
from models.sources.trust import identify
from models.text import refine
from models.values import Article, Collected, RawItem, Sighted, Source, SourceName, SourceState

FEED = Source(name=SourceName("estuary"), url="https://estuary.example/rss")
TOPICS = (
    "Pyongyang opens a flour mill", "Envoys meet at Panmunjom", "Yongbyon reactor vents steam",
    "Coal barges leave Nampo", "Sinuiju bridge reopens to trucks", "Army parade rehearsed in Mirim",
    "Wonsan beach hotels take bookings", "Kaesong office stays shut", "Rason port loads grain",
    "Hamhung plant makes vinalon",
)  # fmt: skip


def articles(*, guid: str = "g{0}", host: str = "a.kr", start: int = 0, count: int = 10) -> list[Article]:
    """Make a window of articles whose guids and addresses follow a pattern."""
    made = []
    for place, number in enumerate(range(start, start + count)):
        title = f"{TOPICS[number % 10]} ({number})" if number >= 10 else TOPICS[number]
        item = RawItem(
            guid=guid.format(number, place) if guid else "",
            url=f"https://{host}/n/{number}" if host else "",
            title=title,
            text=f"{title}. " + " ".join(reversed(TOPICS[number % 10].split())) * 4,
            published_at=NOW + timedelta(minutes=number),
        )
        article = refine(item, FEED, NOW)
        assert isinstance(article, Article)
        made.append(article)
    return made


def listed(items: list[Article]) -> list[Sighted]:
    """Give articles as they are known after a fetch."""
    return [
        Sighted(
            key=item.key,
            article=item.id,
            guid=item.guid,
            url=item.url,
            heading=item.heading,
            title=item.title,
            text=item.text,
            published_at=item.published_at,
        )
        for item in items
    ]


def hows(old: list[Article], new: list[Article], state: SourceState | None = None) -> tuple[list[str], str]:
    found = identify(new, listed(old), state or SourceState(), NOW)
    return [one.how for one in found.items], found.identity


def test_a_guid_that_behaves_names_its_item_wherever_it_moves() -> None:
    assert hows(articles(), articles(host="b.kr"))[0] == ["known"] * 10


def test_new_guids_on_known_addresses_are_known_items() -> None:
    assert hows(articles(), articles(guid="https://a.kr/?p={0}")) == (["renamed"] * 10, "guid")


def test_new_guids_and_new_addresses_all_at_once_are_known_by_their_titles() -> None:
    assert hows(articles(), articles(guid="x{0}", host="b.kr")) == (["renamed"] * 10, "guid")


def test_one_new_item_among_the_renamed_stays_new() -> None:
    found, _ = hows(articles(count=9), articles(guid="x{0}", host="b.kr"))
    assert found == ["renamed"] * 9 + ["new"]


def test_two_equal_titles_are_no_mass_change() -> None:
    new = articles(guid="x{0}", host="b.kr", count=2) + articles(start=20, count=8)
    assert hows(articles(), new)[0] == ["new"] * 10


def test_equal_titles_with_other_dates_and_texts_are_a_days_columns_and_new() -> None:
    old = articles(count=6)
    columns = [
        replace(item, published_at=item.at + timedelta(days=1), text="Of the following day, and no other.")
        for item in articles(guid="x{0}", host="b.kr", count=6)
    ]
    assert hows(old, columns)[0] == ["new"] * 6
    assert hows(old, [replace(item, text="") for item in columns])[0] == ["new"] * 6
    undated = [replace(item, published_at=None, dated="none") for item in columns]
    assert hows([replace(item, published_at=None) for item in old], undated)[0] == ["new"] * 6


@pytest.mark.parametrize("changed", ["dates", "texts", "nothing, without dates and texts"])
def test_equal_titles_with_the_same_dates_or_texts_are_renamed(changed: str) -> None:
    old, new = articles(), articles(guid="x{0}", host="b.kr")
    if changed == "texts":
        new = [replace(item, text=f"Shorter: {item.text[:20]}") for item in new]
    elif changed == "dates":
        new = [replace(item, published_at=item.at + timedelta(hours=9)) for item in new]
    else:
        old = [replace(item, text="", published_at=None, dated="none") for item in old]
        new = [replace(item, text="", published_at=None, dated="none") for item in new]
    assert hows(old, new)[0] == ["renamed"] * 10


def test_two_items_without_dates_are_not_of_the_same_date() -> None:
    def undated(guid: str, text: str) -> list[Article]:
        made = articles(guid=guid, host="", count=1)
        return [replace(item, published_at=None, dated="none", text=text) for item in made]

    assert hows(undated("a", "Of Friday."), undated("b", "Of Saturday."))[0] == ["new"]
    assert hows(undated("a", "Of Friday."), undated("b", "Of Friday."))[0] == ["renamed"]
    assert hows(undated("a", "Of Friday."), undated("a", "Of Friday, late."))[0] == ["known"]
    assert hows(undated("", "Of Friday."), undated("", "Of Friday, late."))[0] == ["known"]


def test_a_feed_that_renames_again_and_again_loses_its_guids_for_good() -> None:
    once = SourceState(renamed_at=NOW - timedelta(hours=1))
    assert hows(articles(), articles(guid="x{0}"), once)[1] == "url"
    long_ago = SourceState(renamed_at=NOW - timedelta(days=90))
    assert hows(articles(), articles(guid="x{0}"), long_ago)[1] == "guid"
    by_url = SourceState(identity="url")
    assert hows(articles(), articles(guid="x{0}"), by_url) == (["known"] * 10, "url")


@pytest.mark.parametrize(
    ("last", "document", "dated", "how"),
    [
        (1, 0, True, "known"),  # days ago
        (8, 0, True, "new"),  # it left the list
        (8, 0, False, "new"),
        (8, 8, True, "new"),  # the watch was off: another date is another item
        (8, 8, False, "known"),  # without dates it may have stood there all the time
    ],
)
def test_a_title_that_left_its_list_and_comes_again_is_news_where_titles_are_all_there_is(
    last: int, document: int, how: str, *, dated: bool
) -> None:
    state = SourceState(identity="title", document_at=NOW - timedelta(days=document))
    old, again = articles(count=2), articles(guid="", count=2)
    known = [replace(one, listed_at=NOW - timedelta(days=last)) for one in listed(old)]
    if dated:
        again = [replace(item, published_at=item.at + timedelta(days=30)) for item in again]
    else:
        again = [replace(item, published_at=None) for item in again]
    assert [one.how for one in identify(again, known, state, NOW).items] == [how] * 2


def test_guids_that_number_the_places_of_a_list_are_found_out() -> None:
    old = articles(guid="{1}", start=0)
    found, identity = hows(old, articles(guid="{1}", start=1))
    assert found == ["known"] * 9 + ["reused"]
    assert identity == "url"


def test_places_of_a_list_without_addresses_lose_no_item() -> None:
    found, identity = hows(articles(guid="{1}", host=""), articles(guid="{1}", host="", start=2))
    assert found.count("new") + found.count("reused") == 2
    assert identity == "url"


def test_addresses_that_carry_changing_texts_are_read_with_their_dates() -> None:
    state = SourceState(identity="url")
    old = [replace(item, url=f"https://a.kr/{n}") for n, item in enumerate(articles())]
    new = [replace(item, url=f"https://a.kr/{n}") for n, item in enumerate(articles(start=3))]
    shifted, _ = hows(old, new, state)
    assert shifted.count("known") + shifted.count("renamed") == 7
    assert (
        hows(
            old[:4],
            [replace(one, url=f"https://a.kr/{n}") for n, one in enumerate(articles(start=4, count=4))],
            state,
        )[1]
        == "url-date"
    )


@pytest.mark.parametrize("identity", ["guid", "url", "url-date", "title"])
def test_whatever_a_feed_is_known_by_a_second_look_finds_nothing_new(identity: str) -> None:
    state = SourceState(identity=identity)  # type: ignore[arg-type]  # one of the four
    first = [one.article for one in identify(articles(), [], state, NOW).items]
    assert hows(first, articles(), state)[0] == ["known"] * 10


def test_an_edit_is_no_other_text_and_another_text_is_no_edit() -> None:
    def one(title: str, url: str, text: str = LAUNCH_TEXT) -> Article:
        made = refine(RawItem(guid="1", title=title, text=text, url=url), FEED, NOW)
        assert isinstance(made, Article)
        return made

    flash = one("[속보] 北 탄도미사일 발사", "https://a.kr/1", "")
    report = one("북한, 동해상으로 단거리 탄도미사일 2발 발사", "https://a.kr/1")
    assert hows([flash], [report])[0] == ["known"]
    moved = one(LAUNCH + " (LEAD)", "https://a.kr/lead/1")
    assert hows([one(LAUNCH, "https://a.kr/1")], [moved])[0] == ["known"]
    other = one(
        "Kim Yo Jong denounces the drills", "https://a.kr/2", "Another day, another statement entirely."
    )
    assert hows([one(LAUNCH, "https://a.kr/1")], [other])[0] == ["reused"]


# --- the same, through the whole product ---------------------------------------------


def window(guid: str, *, host: str = "a.kr", start: int = 0, count: int = 10) -> list[Item]:
    return [
        Item(title=item.title, text=item.text, url=item.link, guid=item.guid, at=item.published_at)
        for item in articles(guid=guid, host=host, start=start, count=count)
    ]


def fetch(desk: Desk, *items: Item) -> Collected:
    desk.clock.turn(minutes=15)
    desk.feed("herald", *items)
    return desk.run().sources[0]


def test_guids_made_anew_at_each_fetch_alert_once(desk: Desk) -> None:
    faults = []
    desk.clock.now = NOW + timedelta(hours=3)
    for number in range(6):
        done = fetch(desk, *window(f"{number}-{{0}}"))
        assert done.new == (10 if number == 0 else 0)
        faults += [fault.code for fault in done.faults]
    alerts = len(desk.shown)
    assert faults == ["renamed", "renamed", "identity"]
    assert fetch(desk, *window("x{0}", count=10)).new == 0
    assert len(desk.shown) == alerts


def test_a_headline_that_recurs_alerts_again_in_a_feed_whose_names_are_made_anew(desk: Desk) -> None:
    def serve(fetch: int, at: datetime) -> list[str]:
        rest = [
            (title, f"{title}, as last year.", NOW) for title in ("Rice is in", "Rain on Jeju", "Ferries run")
        ]
        made = [
            Item(title, text, f"https://estuary.example/{fetch}/{place}", f"{fetch}-{place}", when)
            for place, (title, text, when) in enumerate([(LAUNCH, LAUNCH_TEXT, at), *rest])
        ]
        desk.feed("estuary", *made)
        return [alert.title for alert in desk.run().alerts]

    first = desk.clock.now - timedelta(hours=1)
    for fetch in range(5):
        assert serve(fetch, first) == [LAUNCH] * (fetch == 0)
        desk.clock.turn(minutes=20)
    desk.clock.turn(days=40)
    later = desk.clock.now - timedelta(hours=1)
    assert [serve(fetch, later) for fetch in (8, 9)] == [[LAUNCH], []]


@pytest.mark.parametrize("guid", ["", "brief", "brief-{0}"])
def test_a_daily_brief_of_one_page_and_one_title_is_news_each_day(desk: Desk, guid: str) -> None:
    told = [
        LAUNCH_TEXT,
        "The reactor at Yongbyon vents steam for the first time since spring, the IAEA told its board.",
        "Kim Jong Un opened a hospital in Kangdong county on Monday, radio said; nurses cut the ribbon.",
    ]
    for day, text in enumerate(told):
        at, name = desk.clock.now - timedelta(minutes=30), guid.format(day)
        for edit in ("", " (Corrects a name.)"):
            brief = Item("North Korea today", text + edit, "https://estuary.example/brief", name, at)
            desk.feed("estuary", brief, Item("Rice is in", "It is.", "https://estuary.example/rice"))
            report = desk.run()
            assert len(report.alerts) == (not edit)
            assert report.sources[0].new == (0 if edit else 1 + (day == 0))
            desk.clock.turn(minutes=15)
        desk.clock.turn(days=1)


def test_entries_of_a_live_page_that_are_listed_one_at_a_time_are_each_news(desk: Desk) -> None:
    told = (LAUNCH, "IAEA sees steam at North Korea's Yongbyon reactor", "Kim Jong Un opens farm in Kangdong")
    page, rice = "https://estuary.example/live", Item("Rice is in", "It is.", "https://estuary.example/rice")
    for number, title in enumerate(told):
        for edit in ("", ", reports say"):
            item = Item(title + edit, "", f"{page}#block-{number}", f"block-{number}", desk.clock.now)
            desk.feed("estuary", item, rice)
            assert [alert.title for alert in desk.run().alerts] == ([] if edit else [title])
            desk.clock.turn(minutes=15)


def test_a_site_that_moves_to_another_domain_alerts_nothing_and_says_so(desk: Desk) -> None:
    desk.clock.now = NOW + timedelta(hours=3)
    fetch(desk, *window("g{0}"))
    alerts = len(desk.shown)
    done = fetch(desk, *window("h{0}", host="new.kr"))
    assert (done.new, done.seen) == (0, 10)
    assert [fault.code for fault in done.faults] == ["renamed"]
    assert fetch(desk, *window("h{0}", host="new.kr", count=11)).new == 1
    assert len(desk.shown) <= alerts + 1


def test_a_guid_on_another_text_is_a_new_article_that_alerts(desk: Desk) -> None:
    desk.clock.now = NOW + timedelta(hours=3)
    dull = Item(
        title="City council passes budget",
        text="The council met on Friday and voted.",
        guid="1",
        url="https://a.kr/1",
    )
    fetch(desk, dull)
    done = fetch(desk, Item(guid="1", url="https://a.kr/2"))
    assert (done.new, done.edited) == (1, 0)
    assert [fault.code for fault in done.faults] == ["name-reused", "gap"]
    assert len(desk.shown) == 1
    done = fetch(desk, Item(guid="1", url="https://a.kr/2"), Item(title="Snow in Busan", guid="2"))
    assert (done.new, done.seen) == (1, 1)


def test_what_is_known_of_names_is_kept(desk: Desk) -> None:
    desk.clock.now = NOW + timedelta(hours=3)
    fetch(desk, *window("a{0}"))
    fetch(desk, *window("b{0}"))
    fetch(desk, *window("c{0}"))
    database = desk.open()
    with database.reading() as session:
        state = store.source_states(session)[SourceName("herald")]
    database.close()
    assert state.identity == "url"
    assert state.renamed_at == datetime(2026, 11, 22, 9, 45, tzinfo=UTC)


def test_a_ticker_whose_items_have_one_page_for_guid_and_link_loses_none_and_repeats_none(desk: Desk) -> None:
    page = "https://estuary.example/live"
    told = [
        LAUNCH,
        "IAEA sees steam at North Korea's Yongbyon reactor",
        "Kim Jong Un opens greenhouse farm in Kangdong",
        "Two Koreas reopen liaison hotline at Panmunjom",
    ]
    for count in (1, 2, 4, 3):
        items = [Item(title=title, text="", url=page, guid=page) for title in told[:count]]
        desk.feed("estuary", *items)
        desk.run()
        desk.clock.turn(minutes=15)
    assert [" ".join(desk.shown).count(title) for title in told] == [1, 1, 1, 1]
