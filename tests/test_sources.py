"""Documents that list items, whatever their bytes."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ParseError
from models.sources import decode, parse_feed, read_date
from models.values import ParsedFeed

DATA = Path(__file__).parent / "data"
KOREAN = (
    "<?xml version='1.0' encoding='{0}'?><rss version='2.0'><channel><title>하구신문</title>"
    "<item><title>북한 소식</title></item></channel></rss>"
)


def _feed(items: str, *, head: str = "", zone: str = "UTC") -> ParsedFeed:
    body = f"<rss version='2.0'><channel><title>T</title>{head}{items}</channel></rss>"
    return parse_feed(body.encode(), where="estuary", zone=zone)


def test_a_feed_gives_titles_texts_dates_and_outlets_as_a_reader_sees_them() -> None:
    feed = parse_feed(
        (DATA / "mixed.xml").read_bytes(),
        where="estuary",
        zone="Asia/Seoul",
        base_url="https://estuary.example/rss",
    )
    quoted, envoy, live, later, untitled = feed.items
    assert (feed.title, feed.language, feed.encoding, feed.faults) == (
        "하구신문 > 북한",
        "ko-KR",
        "utf-8",
        (),
    )
    assert quoted.title == '북한 "회담 재개" <속보>'
    assert quoted.text == "첫 문단이다.\n\n둘째 문단이다."
    assert quoted.published_at == datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
    assert quoted.guid == "e-1"
    assert (envoy.title, envoy.outlet) == ("Envoy arrives in Seoul", "Harbour Times")
    assert envoy.url == "https://estuary.example/view/2"
    assert envoy.text == "The envoy landed at noon."
    assert envoy.published_at == datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    assert live.published_at is None
    assert later.published_at == datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    assert untitled.title == ""
    assert [item.position for item in feed.items] == [0, 1, 2, 3, 4]


def test_a_link_that_several_items_share_is_marked_as_no_identity() -> None:
    feed = parse_feed((DATA / "mixed.xml").read_bytes(), where="estuary")
    assert [item.shared_url for item in feed.items] == [False, False, True, True, False]


def test_a_guid_that_a_site_gives_to_all_its_items_names_none_of_them() -> None:
    items = "".join(
        f"<item><title>{t}</title><guid>x</guid><link>http://a.kr/{t}</link></item>" for t in "ABA"
    )
    feed = _feed(items)
    assert [(item.guid, item.shared_url) for item in feed.items] == [("", False)] * 3


ENVOY, EDIT, FLASH = "Envoy lands in Seoul", "Envoy lands in Seoul, meets minister", "Ferry aground off Jeju"


@pytest.mark.parametrize(
    ("titles", "named"),
    [([ENVOY, ENVOY], True), ([ENVOY, EDIT], True), ([ENVOY, FLASH], False), ([ENVOY, EDIT, FLASH], False)],
)
def test_an_item_listed_twice_keeps_its_names_and_several_texts_of_one_name_have_none(
    titles: list[str],
    named: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    page = "http://a.kr/live"
    feed = _feed(
        "".join(f"<item><title>{t}</title><guid>{page}</guid><link>{page}</link></item>" for t in titles)
    )
    names = [(item.guid, item.shared_url) for item in feed.items]
    assert names == [(page, False) if named else ("", True)] * len(titles)


@pytest.mark.parametrize("name", ["item.atom", "item.rdf", "item.rss", "item.json"])
def test_every_format_gives_the_same_item(name: str) -> None:
    feed = parse_feed((DATA / name).read_bytes(), where="estuary")
    (item,) = feed.items
    assert (feed.title, item.guid, item.url, item.title, item.text) == (
        "T",
        "urn:1",
        "http://a.kr/1",
        "A & B",
        "Text",
    )
    assert item.published_at == datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty-document"),
        (b" \n ", "empty-document"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "html-instead-of-feed"),
        (b"<html><head><title>404</title></head></html>", "html-instead-of-feed"),
        (b"hello", "not-a-feed"),
        (b"/etc/hostname", "not-a-feed"),
        (b"http://127.0.0.1:9/feed", "not-a-feed"),
        (b"{", "not-json"),
        (b"{}", "not-a-feed"),
        (b'{"items": ' + b"[" * 100_000, "not-json"),
        (b"<rss><channel><title " + b"a=1 " * 30_000, "hostile-markup"),
    ],
)
def test_what_is_no_feed_is_refused_by_name_with_what_to_do(body: bytes, code: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_feed(body, where="estuary")
    assert caught.value.code == code
    assert str(caught.value).startswith("estuary: ")


@pytest.mark.parametrize(
    "reference",
    ["&#xD800;", "&#x110000;", "&#99999999999999999999;", "&#0;", "\x00", "\x1b", "&nbsp;", "&#xFFFE;"],
)
def test_impossible_characters_cost_no_item(reference: str) -> None:
    feed = _feed(f"<item><title>One {reference} two</title></item><item><title>Three</title></item>")
    assert [item.title.split()[0] for item in feed.items] == ["One", "Three"]
    assert "\x00" not in feed.items[0].title
    lost = reference.startswith("&#")  # a reader would have seen something there
    assert [fault.detail for fault in feed.faults] == ["1 references to no character stand as U+FFFD"] * lost


@pytest.mark.parametrize("space", ["http://a b/", "http://]]>c/", "a\n\tb"])
def test_a_name_space_with_a_blank_costs_no_item(space: str) -> None:
    item = "<item><title>One</title><dc:rights>x</dc:rights></item>"
    body = f"<rss version='2.0' xmlns:dc='{space}'><channel>{item}</channel></rss>"
    assert [item.title for item in parse_feed(body.encode(), where="estuary").items] == ["One"]


def test_a_feed_in_a_name_space_of_nobody_gives_its_items() -> None:
    body = b"<feed xmlns='http://www.w3.example/2005/Atom'><entry><title>One</title></entry></feed>"
    assert [item.title for item in parse_feed(body, where="estuary").items] == ["One"]


def test_a_broken_feed_is_read_as_far_as_it_goes_and_says_so() -> None:
    feed = _feed("<item><title>One</title></item><item><title>Two & a <b></title>")
    assert feed.items[0].title == "One"
    assert [fault.code for fault in feed.faults] == ["malformed"]


def test_an_ampersand_that_begins_no_reference_is_one() -> None:
    link = "http://a.kr/view?id=1&sect=2&lang=ko&copy=3"
    said = "<description><![CDATA[<a href='?a&b'>R&D</a>]]></description><!-- R&D -->"
    feed = _feed(f"<item><title>Food & fuel, R&D</title><link>{link}</link>{said}</item>")
    assert [(item.url, item.title, item.text) for item in feed.items] == [(link, "Food & fuel, R&D", "R&D")]
    assert [fault.detail for fault in feed.faults] == [
        "5 ampersands that begin no reference stand for themselves"
    ]


def test_a_bad_item_is_a_fault_and_the_rest_goes_on() -> None:
    feed = parse_feed(b'{"items": [1, {"id": 7, "title": "A"}, null]}', where="estuary")
    assert [item.guid for item in feed.items] == ["7"]
    assert [fault.where for fault in feed.faults] == ["estuary item 1", "estuary item 3"]


def test_an_id_that_is_an_address_is_the_link_of_a_json_item_without_one() -> None:
    items = [{"id": "https://a.kr/1", "title": "A"}, {"id": "urn:2", "title": "B"}]
    feed = parse_feed(json.dumps({"items": items}).encode(), where="estuary")
    assert [(item.guid, item.url) for item in feed.items] == [
        ("https://a.kr/1", "https://a.kr/1"),
        ("urn:2", ""),
    ]


def test_items_over_the_cap_are_counted_and_named() -> None:
    feed = parse_feed(
        json.dumps({"items": [{"id": str(n), "title": str(n)} for n in range(2_003)]}).encode(),
        where="estuary",
    )
    assert len(feed.items) == 2_000
    assert [(fault.code, fault.detail) for fault in feed.faults] == [
        ("too-many-items", "3 items beyond 2,000 left out, the oldest ones")
    ]


def test_over_the_cap_the_newest_stay_in_whatever_order_they_are_listed() -> None:
    days = [f"2026-01-01T00:{n // 60:02}:{n % 60:02}Z" for n in range(2_003)]
    listed = [{"id": str(n), "title": str(n), "date_published": day} for n, day in enumerate(days)]
    feed = parse_feed(json.dumps({"items": listed}).encode(), where="estuary")
    assert (feed.items[0].guid, feed.items[-1].guid) == ("3", "2002")


def test_what_is_cut_of_an_item_is_told_and_no_word_of_a_long_title_is_lost() -> None:
    title = "Kim Jong Un inspects a plant. " + "It makes machines. " * 40
    items = [
        {"id": "1", "title": title, "content_text": "More."},
        {"id": "2", "title": "Long", "content_text": "x" * 100_001},
    ]
    feed = parse_feed(json.dumps({"items": items}).encode(), where="estuary")
    assert feed.items[0].title == "Kim Jong Un inspects a plant."
    assert feed.items[0].text.split("\n") == [title.strip(), "More."]
    assert len(feed.items[1].text) == 100_000
    assert [(fault.where, fault.code) for fault in feed.faults] == [
        ("estuary", "long-title"),
        ("estuary item 2", "long-text"),
    ]


def test_what_is_taken_out_of_a_hostile_document_is_told() -> None:
    subset = "<!DOCTYPE rss [" + "<!ENTITY a 'b'>" * 400 + "]>"
    author = "<author>" + "a" * 600 + "</author>"
    body = (
        f"{subset}<rss version='2.0'><channel><item><title>A&#xD800;</title>{author}</item></channel></rss>"
    )
    (fault,) = parse_feed(body.encode(), where="estuary").faults
    assert fault.code == "malformed"
    for words in ("1 references to no character", "a DOCTYPE that declares", "1 overlong authors"):
        assert words in fault.detail


@pytest.mark.parametrize(
    "hostile",
    [
        "<item><author>" + "a" * 60_000 + "</author><title>A</title></item>",
        "<item><title>A</title><description>&lt;p style='" + "a" * 60_000 + "'></description></item>",
        "<item><title>A</title></item>" + "<!--" * 60_000,
        "<item><title>A</title></item>" + "<author " * 100_000,
        "<item><title>A</title><description>" + "." * 500_000 + "</description></item>",
        "<item><title>A</title></item>" + "<!DOCTYPE a [" * 50_000 + "<!ENTITY",
        "<item><title>A</title></item>" + "<?xml " * 50_000,
    ],
    ids=["author", "style", "comments", "author-open", "dots", "doctype-open", "xml-open"],
)
def test_what_makes_feedparser_quadratic_is_read_in_time(hostile: str) -> None:
    started = time.process_time()
    assert _feed(hostile).items[0].title == "A"
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "head",
    ["\n" * 60_000 + "<!DOCTYPE rss>", "<!DOCTYPE rss [" + "\n<!ENTITY a 'b'>" * 6_000 + "]>"],
    ids=["newlines", "entities"],
)
def test_a_doctype_cannot_hold_the_run(head: str) -> None:
    started = time.process_time()
    assert (
        parse_feed(
            f"{head}<rss version='2.0'><channel><item><title>A</title></item></channel></rss>".encode(),
            where="x",
        )
        .items[0]
        .title
        == "A"
    )
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a &lt;b&gt;bold&lt;/b&gt; word", "a bold word"),
        ("Kim &lt; Trump", "Kim < Trump"),
        ("&lt;Analysis&gt; After the summit", "<Analysis> After the summit"),
        ("&lt;북한 미사일&gt; 발사", "<북한 미사일> 발사"),
        ("AT&amp;amp;T", "AT&T"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;News", "alert(1)News"),
        ("two\nlines", "two lines"),
        ("&lt;iframe src='x'&gt;&lt;/iframe&gt;Missile &lt;blink&gt;fired&lt;/blink&gt;", "Missile fired"),
    ],
)
def test_headlines_lose_their_tags_and_keep_their_brackets(written: str, read: str) -> None:
    title = _feed(f"<item><title>{written}</title></item>").items[0].title
    assert title.replace("<script>", "").replace("</script>", "") == read


# --- bytes ------------------------------------------------------------------


def test_a_wrapper_that_was_escaped_with_its_text_is_no_part_of_it() -> None:
    title, text = "<![CDATA[북한 <속보>]]>", "<![CDATA[<b>북한</b>이 쐈다.<br>a < b]]>"
    told = f"<title>{escape(title)}</title><description>{escape(text)}</description>"
    (item,) = _feed(f"<item>{told}</item>").items
    assert (item.title, item.text) == ("북한 <속보>", "북한이 쐈다.\na < b")


@pytest.mark.parametrize("actual", ["euc-kr", "cp949", "utf-16", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("declared", ["utf-8", "euc-kr", "iso-8859-1", "utf-16", "x-unknown"])
@pytest.mark.parametrize(
    "header", ["", "text/xml; charset=utf-8", "text/xml; charset=EUC-KR", "text/xml; charset=ISO-8859-1"]
)
def test_korean_is_found_whatever_header_and_declaration_claim(
    actual: str, declared: str, header: str
) -> None:
    feed = parse_feed(KOREAN.format(declared).encode(actual), where="estuary", content_type=header)
    assert feed.items[0].title == "북한 소식"


@given(st.data(), st.sampled_from(["euc-kr", "cp949", "utf-16", "utf-8", "utf-8-sig"]), st.integers(1, 255))
def test_one_flipped_byte_elsewhere_does_not_hide_the_word(
    data: st.DataObject, encoding: str, flip: int
) -> None:
    before, after = "통일부가 22일 밝혔다. ", " 관련 소식을 전했다.</description></item></channel></rss>"
    head = (
        f"<?xml version='1.0' encoding='{encoding.removesuffix('-sig')}'?><rss><channel><item><description>"
    )
    body = bytearray(f"{head}{before} 북한 {after}".encode(encoding))
    width = 2 if encoding == "utf-16" else 1
    needle = "북한".encode(encoding.replace("utf-16", "utf-16-le").removesuffix("-sig"))
    found = bytes(body).index(needle)
    # The byte right before a two-byte character may take its first half with it in any
    # Korean code: "elsewhere" ends one character, here a space, before the word.
    elsewhere = [place for place in range(len(body)) if not found - width <= place < found + len(needle)]
    place = data.draw(st.sampled_from(elsewhere))
    body[place] ^= flip
    text, _ = decode(bytes(body))
    assert "북한" in text


def test_text_that_only_cp949_holds_is_read_under_the_label_euc_kr() -> None:
    assert decode("<?xml version='1.0' encoding='euc-kr'?>똠방각하".encode("cp949"))[0].endswith("똠방각하")


def test_a_cut_document_is_read_to_its_last_whole_character() -> None:
    text, used = decode("북한 소식을 전한다".encode()[:-1], "text/xml; charset=utf-8")
    assert text.startswith("북한 소식을 전한")
    assert used == "utf-8/replace"


def test_bytes_that_could_not_be_read_are_counted() -> None:
    body = KOREAN.format("utf-8").encode().replace("신".encode(), b"\xff")
    assert [fault.code for fault in parse_feed(body, where="estuary").faults] == ["bad-bytes"]


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("shift_jis", "北朝鮮のミサイル"),
        ("euc_jp", "北朝鮮のミサイル"),
        ("iso2022_jp", "北朝鮮のミサイル"),
        ("gb2312", "朝鲜半岛"),
        ("big5", "朝鮮半島"),
        ("windows-1251", "Корея"),
        ("koi8-r", "Корея"),
    ],
)
def test_other_declared_encodings_are_believed(encoding: str, word: str) -> None:
    text, _ = decode(f"<?xml version='1.0' encoding='{encoding}'?><t>{word}</t>".encode(encoding))
    assert word in text


@pytest.mark.parametrize("label", ["", "utf-8", "iso-8859-1"])
@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp949", "북한, 동해로 탄도미사일 발사… 美·日 규탄"),
        ("shift_jis", "北朝鮮、元山から短距離弾道ミサイル発射"),
        ("euc_jp", "北朝鮮、元山から短距離弾道ミサイル発射"),
        ("gb2312", "朝鲜向东部海域发射弹道导弹，韩国联合参谋本部表示"),
        ("big5", "北韓向東海發射彈道飛彈，南韓聯合參謀本部表示"),
        ("koi8-r", "КНДР запустила баллистическую ракету"),
        ("windows-1251", "КНДР запустила «баллистическую» ракету, сообщил Сеул"),
        ("windows-1252", "Corée du Nord : le régime a tiré deux missiles – l’été"),
        ("windows-1252", "North Korea’s “new” missile"),
    ],
)
def test_what_nobody_labels_or_labels_wrongly_is_read_by_its_letters(
    encoding: str, words: str, label: str
) -> None:
    declaration = f"<?xml version='1.0' encoding='{label}'?>" if label else ""
    document = f"{declaration}<rss><item><title>{words}</title><link>https://a.example/</link></item></rss>"
    text, used = decode(document.encode(encoding))
    assert words in text
    assert not used.endswith("/replace")


def test_a_bad_byte_in_russian_leaves_the_rest_what_it_is() -> None:
    body = "<t>КНДР запустила баллистическую ракету</t>".encode()
    for place in range(3, len(body) - 4):
        text, used = decode(body[:place] + b"\xff" + body[place + 1 :])
        assert used == "utf-8/replace"
        assert "КНДР" in text or "ракету" in text


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_have_a_text_without_surrogates(body: bytes, content_type: str) -> None:
    text, _ = decode(body, content_type)
    text.encode("utf-8")


@given(st.binary(max_size=200))
def test_any_document_is_a_feed_or_a_parse_error(body: bytes) -> None:
    try:
        parse_feed(b"<rss version='2.0'><channel><item>" + body, where="estuary")
    except ParseError as error:
        assert error.code  # noqa: PT017 - either answer is right, another exception is not


# --- dates ------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "Sun, 22 Nov 2026 14:05:00 +0900",
        "Sun, 22 Nov 2026 14:05:00 KST",
        "Sun, 22 Nov 2026 14:05:00",
        "22 Nov 26 05:05:00 GMT",
        "Sun Nov 22 14:05:00 2026",
        "2026-11-22T14:05:00+09:00",
        "2026-11-22T14:05:00.123",
        "2026-11-22T05:05Z",
        "20261122T140500",
        "2026-11-22 14:05:00 JST",
        "2026/11/22 14:05",
        "2026.11.22 (일) 14:05",
        "2026년 11월 22일 오후 2:05",
        "2026. 11. 22. 오후 2:05",
        "2026년 11월 22일 14시 5분".replace(" 5분", " 05분"),
        "2026年11月22日 14時05分",
        "2026年11月22日 午後2時05分",
        "2026年11月22日 下午2点05分",
        "26-11-22 14:05",
        "Nov. 22, 2026, 2:05 p.m.",
        "22 ноября 2026, 14:05",
        "22. November 2026 um 14:05 Uhr",
        "22 de noviembre de 2026 14:05",
        "22 novembre 2026 à 14h05",
        "22/11/2026 12:05 (GMT+7)",
        "20261122140500",
        "202611221405",
        "22-11-2026 14:05",
        "주체115(2026)년 11월 22일 14:05",
        "22 tháng 11 năm 2026 14:05",
        "22 Th11, 2026 14:05",
        "14:05, 22 ноября 2026",
        "14:05 ngày 22/11/2026",
        "14:05 KST, Nov 22, 2026",
        "1795323900",
        "1795323900000",
    ],
)
def test_a_time_is_read_in_every_form_people_write_it(written: str) -> None:
    assert read_date(written, "Asia/Seoul") == datetime(2026, 11, 22, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "0000-00-00",
        "9999-12-31T23:59:59-01:00",
        "2026-13-45",
        "yesterday",
        "11/05/2026",
        "2026-11-22T99:00",
        "3시간 전",
        "99999-01-01",
        "05-11-2026",
    ],
)
def test_a_date_that_is_none_or_two_is_no_date(written: str) -> None:
    assert read_date(written) is None


@pytest.mark.parametrize(
    ("written", "month", "hour"),
    [
        ("5. Mär 2026, 14 Uhr", 3, 0),
        ("5 aout 2026, 2 p.m.", 8, 14),
        ("5 fevrier 2026 à 14h", 2, 14),
        ("2026-12-05 (3시간 전)", 12, 0),
    ],
)
def test_a_month_and_an_hour_are_read_as_they_are_shortened(written: str, month: int, hour: int) -> None:
    assert read_date(written) == datetime(2026, month, 5, hour, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "zone", "day"),
    [
        ("26.11.05 14:05", "Asia/Seoul", datetime(2026, 11, 5, 5, 5, tzinfo=UTC)),
        ("26/11/05", "Asia/Tokyo", datetime(2026, 11, 4, 15, 0, tzinfo=UTC)),
        ("입력 26.11.05 14:05", "UTC", datetime(2026, 11, 5, 14, 5, tzinfo=UTC)),
        ("05.11.26 14:05", "Europe/Berlin", datetime(2026, 11, 5, 13, 5, tzinfo=UTC)),
        ("05.11.26", "Europe/Moscow", datetime(2026, 11, 4, 21, 0, tzinfo=UTC)),
        ("05-11-26 14:05", "Europe/Berlin", None),
        ("05.11.26 14:05", "UTC", None),
        ("05/11/26 14:05", "America/New_York", None),
        ("31.31.26 14:05", "Europe/Berlin", None),
    ],
)
def test_a_year_of_two_digits_stands_where_the_zone_writes_it(
    written: str, zone: str, day: datetime | None
) -> None:
    assert read_date(written, zone) == day


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("오전 12:30", 0),
        ("오후 12:30", 12),
        ("12:30 AM", 0),
        ("12:30 PM", 12),
        ("오전 10:30", 10),
        ("11:30 pm", 23),
    ],
)
def test_noon_and_midnight_are_told_apart(written: str, hour: int) -> None:
    assert read_date(f"2026-11-22 {written}") == datetime(2026, 11, 22, hour, 30, tzinfo=UTC)


@given(
    st.text(max_size=60)
    | st.from_regex(
        r"\d{1,5}[-./ ]{1,2}\d{1,3}[-./ ]{1,2}\d{1,3}[T ]\d{1,3}:\d{2,3}([+-]\d{1,4})?", fullmatch=True
    )
)
def test_no_text_makes_the_date_reader_raise(text: str) -> None:
    at = read_date(text, "Asia/Seoul")
    assert at is None or at.tzinfo is UTC
