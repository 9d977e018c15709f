"""What ships with the product: its first articles, its sample feeds, its starter file."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from flows import settings
from models.sources import read_seed
from models.text import fingerprint, refine
from models.values import Article, RawItem, Source, SourceName

HOME = Path(__file__).parent.parent
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def _items(folder: str) -> list[RawItem]:
    files = sorted((HOME / "seeds" / folder).iterdir())
    read = [read_seed(file.name, file.read_bytes()) for file in files]
    assert not [fault for feed in read for fault in feed.faults]
    return [item for feed in read for item in feed.items]


def _articles() -> list[Article]:
    refined = [
        refine(item, Source(name=SourceName("seeds")), NOW)
        for item in [*_items("articles"), *_items("feeds")]
    ]
    return [article for article in refined if isinstance(article, Article)]


def test_the_first_articles_are_two_briefs_without_their_page() -> None:
    stockholm, sohae = _items("articles")
    assert stockholm.title == "After Stockholm: the North gives Washington until the end of the year"
    assert sohae.title == "Pyongyang takes the bomb off the table as its deadline runs down"
    assert {stockholm.outlet, sohae.outlet} == {"Peninsula Brief"}
    for cut in ("Photo", "omment", "Like", "Koreatown", "Baghdad", "Jakarta", "![", "Facebook"):
        assert cut not in stockholm.text + sohae.text
    for kept in (
        "Kim Song",
        "Jenny Town",
        "Planet Labs",
        "Cholsan County",
        "Ryo Hinata-Yamaguchi",
        "November 28",
    ):
        assert kept in sohae.text
    for kept in ("Libyan model", "Joint Declaration", "Persian Gulf", "October 5, 2019"):
        assert kept in stockholm.text


def test_the_sample_feeds_show_every_kind_of_item() -> None:
    items = _items("feeds")
    assert Counter(item.language for item in items) == {"ko": 7, "en": 8, "ja": 3, "zh": 3}
    assert len({item.outlet for item in items}) == 10
    assert all(item.published_at and item.outlet and item.text for item in items)
    copies = Counter(fingerprint(item.title, item.text) for item in items)
    assert sorted(count for digest, count in copies.items() if digest)[-2:] == [2, 2]


def test_no_two_bundled_items_collapse_into_one_article() -> None:
    articles = _articles()
    assert len(articles) == len({article.id for article in articles}) == 23
    assert all(article.fresh and article.published_at != NOW for article in articles)


def test_the_starter_file_is_read_and_every_feed_says_what_is_known_of_it() -> None:
    loaded = settings.load(HOME / "watch.toml", {})
    assert len(loaded.feeds) >= 35
    assert all(
        feed.note and feed.language and feed.family and feed.title != feed.name for feed in loaded.feeds
    )
    assert [feed.name for feed in loaded.feeds if not feed.enabled] == ["kcna-en"]
    assert {feed.zone for feed in loaded.feeds if feed.language == "ko" and feed.bloc == "rok"} == {
        "Asia/Seoul"
    }
    assert loaded.off == ("slack", "webhook")
