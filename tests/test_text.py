"""What an article's identity rests on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import article_id, canonical_url, clean, fingerprint, first_sentence, refine
from models.values import Article, Fault, RawItem, Source, SourceName

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
FEED = Source(
    name=SourceName("estuary-ko"), url="https://estuary.example/rss", title="Estuary", language="ko-KR"
)
SEEDS = Source(name=SourceName("seeds"))
BODY = "Delegates from both Koreas met for a third day and left without a date for the next round."
ANY_TEXT = st.text(st.characters(codec=None))
PIECES = (
    r"http:// https:// www. m. a.kr [::1] :80 : / /amp // ? & = # % %25 idxno=3 utm_source=x amp @ \\ .. ; 한"
)
VIEWERS = ["google.com/amp/s/", "www.google.com/amp/", " ", "\t", "\ud800"]
ADDRESS_PIECES = st.lists(st.sampled_from([*PIECES.split(), *VIEWERS]), max_size=14).map("".join)


def _refined(item: RawItem, source: Source = FEED, *, cutoff: datetime | None = None) -> Article:
    article = refine(item, source, NOW, cutoff=cutoff)
    assert isinstance(article, Article)
    return article


@given(ANY_TEXT)
def test_any_text_can_be_cleaned_and_is_clean_then(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    assert not set(cleaned) & {chr(code) for code in (*range(9), *range(11, 32), *range(0x7F, 0xA0))}


def test_control_characters_and_lone_surrogates_never_reach_the_database() -> None:
    assert clean("북\x00한\ud800\r\nA\x85B \t C") == "북한\ufffd\nA\nB C"
    assert clean("e\u0301  \n\n\n\n x\u200by") == "é\n\nx\u200by"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.a.kr:80/n/1#top", "https://a.kr/n/1"),
        ("https://a.kr/n/1?utm_source=x&UTM_medium=y&fbclid=3", "https://a.kr/n/1"),
        ("https://m.a.kr/n?b=2&a=1", "https://www.a.kr/n?a=1&b=2"),
        ("https://a.kr/n/1/amp/", "https://a.kr/n/1"),
        ("https://a.kr/n/1?outputType=amp", "https://a.kr/n/1/"),
        ("https://www.google.com/amp/s/www.a.kr/n/1", "https://a.kr/n/1"),
        ("https://a-kr.cdn.ampproject.org/c/s/a.kr/n/1", "https://a.kr/n/1"),
        ("https://www.yna.co.kr/view/AKR1?section=nk/all", "https://m.yna.co.kr/view/AKR1?input=rss"),
        ("https://a.kr/%eb%b6%81", "https://A.KR/북"),
        ("https://n.news.naver.com/mnews/article/001/02?sid=100", "https://n.news.naver.com/article/001/02"),
        ("https://a.kr/x?print=y", "https://a.kr/x"),
    ],
)
def test_two_addresses_of_one_article_are_one(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other) != ""


@pytest.mark.parametrize(
    "name", ["idxno", "ncd", "cntId", "ud", "no", "id", "aid", "oid", "seq", "p", "c", "article", "print"]
)
def test_the_number_of_an_article_is_never_dropped(name: str) -> None:
    assert canonical_url(f"https://a.kr/v?{name}=71&utm_id=9") == f"https://a.kr/v?{name}=71"
    assert canonical_url(f"https://a.kr/v?{name}=71") != canonical_url(f"https://a.kr/v?{name}=72")


def test_an_address_with_a_port_of_its_own_has_a_canonical_form() -> None:
    assert canonical_url("http://www.a.kr:8080/v?idxno=1&utm_source=x") == "https://a.kr:8080/v?idxno=1"
    assert canonical_url("http://[::1]:8080/a/") == "https://[::1]:8080/a"


@pytest.mark.parametrize(
    "address",
    ["", "javascript:alert(1)", "/a", "http://", "http://[", "urn:x:1", "http://a.kr:x/", "http://b\\@a.kr/"],
)
def test_what_is_no_web_address_has_no_canonical_form(address: str) -> None:
    assert canonical_url(address) == ""


@given(ANY_TEXT | ADDRESS_PIECES | ANY_TEXT.map(lambda text: f"https://a.kr/{text}"))
def test_the_canonical_address_of_a_canonical_address_is_itself(text: str) -> None:
    once = canonical_url(text)
    assert canonical_url(once) == once
    once.encode("ascii")


def test_word_for_word_copies_share_a_fingerprint_whatever_their_quotes_and_spaces() -> None:
    assert fingerprint("Talks end", BODY) == fingerprint("TALKS  END", BODY.replace(" ", "\n")) != ""
    assert fingerprint("Talks end", BODY) != fingerprint("Talks end", BODY.replace("third", "fourth"))


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Photo of the day", ""),
        ("N. Korea fires ballistic missile toward East Sea: JCS", ""),
        (
            "N. Korea fires ballistic missile toward East Sea",
            "N. Korea fires ballistic missile toward East Sea. (END)",
        ),
        ("[속보] 북한, 동해상으로 탄도미사일 발사", "(서울=연합뉴스)"),
    ],
)
def test_a_headline_that_may_come_back_is_no_fingerprint(title: str, text: str) -> None:
    assert fingerprint(title, text) == ""


def test_two_feeds_that_link_one_article_give_one_id() -> None:
    other = Source(name=SourceName("harbour-en"), url="https://harbour.example/rss")
    mine = _refined(RawItem(guid="1", title="A", url="https://a.kr/n/1?utm_source=x"))
    theirs = _refined(RawItem(guid="9", title="A", url="http://m.a.kr/n/1"), other)
    assert mine.id == theirs.id
    assert (mine.key, theirs.key) == ("1", "9")
    assert len(mine.id) == 13
    assert mine.id == article_id(FEED.name, "anything", "https://a.kr/n/1")


def test_without_an_address_the_id_is_the_sources_own() -> None:
    other = Source(name=SourceName("harbour-en"), url="https://harbour.example/rss")
    item = RawItem(guid="1", title="A")
    assert _refined(item).id != _refined(item, other).id
    assert _refined(item).id == _refined(RawItem(guid="1", title="edited")).id


@pytest.mark.parametrize("url", ["https://a.kr/", "https://a.kr", "http://www.a.kr/#live"])
def test_a_link_to_the_front_page_makes_no_two_items_one(url: str) -> None:
    one, two = (_refined(RawItem(title=title, url=url)) for title in ("One", "Two"))
    assert one.id != two.id
    assert one.link == url


def test_a_link_that_a_ticker_gives_to_all_its_items_makes_no_two_of_them_one() -> None:
    one, two = (
        _refined(RawItem(guid=guid, title=guid, url="https://a.kr/live", shared_url=True))
        for guid in ("1", "2")
    )
    assert one.id != two.id


@pytest.mark.parametrize(
    "at",
    [
        datetime(1989, 12, 31, tzinfo=UTC),
        NOW + timedelta(hours=24, seconds=1),
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=UTC),
    ],
)
def test_an_impossible_date_is_dropped_and_the_article_kept_as_new(at: datetime) -> None:
    article = _refined(RawItem(title="A", published_at=at), cutoff=NOW - timedelta(hours=48))
    assert article.published_at is None
    assert article.at == NOW
    assert article.fresh


@given(st.datetimes(timezones=st.just(UTC)))
def test_no_date_leaves_its_window(at: datetime) -> None:
    published_at = _refined(RawItem(title="A", published_at=at)).published_at
    assert published_at is None or datetime(1990, 1, 1, tzinfo=UTC) <= published_at <= NOW + timedelta(
        hours=24
    )


def test_what_is_older_than_the_cutoff_is_baseline_but_never_a_seed() -> None:
    item = RawItem(title="A", published_at=NOW - timedelta(days=3))
    assert not _refined(item, cutoff=NOW - timedelta(days=2)).fresh
    assert _refined(item, cutoff=NOW - timedelta(days=4)).fresh
    assert _refined(item).fresh
    assert _refined(item, SEEDS, cutoff=NOW - timedelta(days=2)).fresh


def test_an_item_without_title_takes_its_first_sentence() -> None:
    assert (
        _refined(RawItem(text="Gen. Kim met the U.S. envoy at noon. They left.")).title
        == "Gen. Kim met the U.S. envoy at noon."
    )
    assert first_sentence("북한이 발사했다. 끝.") == "북한이 발사했다."
    assert first_sentence("「終わり」と述べた。次。") == "「終わり」と述べた。"
    assert len(first_sentence("가" * 900)) == 200


def test_an_item_with_nothing_to_read_is_a_fault_that_says_which() -> None:
    fault = refine(RawItem(guid="1", title=" \x00", text="\n", position=2), FEED, NOW)
    assert isinstance(fault, Fault)
    assert (fault.where, fault.code) == ("estuary-ko item 3", "no-title")


def test_outlet_and_language_come_from_item_then_source() -> None:
    assert _refined(RawItem(title="A")).outlet == "Estuary"
    assert _refined(RawItem(title="A", outlet="Harbour Times")).outlet == "Harbour Times"
    assert _refined(RawItem(title="A"), SEEDS).outlet == "seeds"
    assert _refined(RawItem(title="A", language="en")).language == "ko"
    assert _refined(RawItem(title="A", language="kr_KR"), SEEDS).language == "ko"
    assert _refined(RawItem(title="A", language="??"), SEEDS).language is None


def test_a_script_is_no_link_for_people_to_click() -> None:
    assert _refined(RawItem(title="A", url="javascript:alert(1)")).link == ""


def test_a_guid_of_any_length_fits_an_index() -> None:
    assert len(_refined(RawItem(title="A", guid="g" * 9_000)).key) <= 500
    assert _refined(RawItem(title="A", url="https://a.kr/" + "x" * 9_000)).url == ""
