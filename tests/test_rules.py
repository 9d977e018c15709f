"""The query of a rule: what it means, how its mistakes are told, and that nothing breaks it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from desk import LAUNCH, LAUNCH_TEXT, Desk, Item
from hypothesis import given
from hypothesis import strategies as st
from test_alerts import article, reading

from flows.words import open_lexicon
from models.alerts import rules
from models.errors import ConfigError
from models.values import Bloc, ConceptId, Hit, Source, SourceName

YONHAP = Source(name=SourceName("yna-ko"), family="yonhap", bloc=Bloc.ROK)
KOREAN = "북한이 22일 오전 탄도미사일 2발을 발사했다고 합동참모본부가 밝혔다. 거북한 말은 없었다."


def holds(query: str, *, title: str = LAUNCH, text: str = LAUNCH_TEXT, language: str = "en") -> bool | None:
    """Answer a query about an article."""
    from dataclasses import replace

    hits = tuple(
        Hit(
            concept=ConceptId("north-korea"), form=form, field="title", start=at, end=at + len(form), weight=1
        )
        for form in ("North Korea", "북한")
        if (at := title.find(form)) >= 0
    )
    subject = rules.Subject(
        replace(article(), title=title, text=text),
        reading(language=language, hits=hits, score=1.4),
        YONHAP,
    )
    return rules.evaluate(rules.parse(query), subject).holds


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("north-korea", True),
        ("south-korea", False),
        ("NOT south-korea", True),
        ("north-korea AND NOT language:ja AND score>=1", True),
        ("north-korea score>1.4", False),  # two terms side by side mean AND
        ("south-korea OR north-korea AND score<2", True),  # AND binds before OR
        ("(south-korea OR north-korea) AND score>2", False),
        ('"joint chiefs"', True),
        ('"JOINT  Chiefs"', True),
        ('"chief"', False),  # a word ends where its letters do
        ('"chief*"', True),
        ('"hiefs"', False),
        ('"*hiefs"', True),
        ('"short range"', True),  # the text writes short-range
        ('title:"joint chiefs"', False),
        ('text:"joint chiefs"', True),
        ('"wonsan" NEAR/4 "sunday"', True),
        ('"sunday" NEAR/4 "wonsan"', True),
        ('"wonsan" NEAR/1 "sunday"', False),
        ('("seoul" OR "wonsan") NEAR/4 "sunday"', True),
        ("north-korea NEAR/0 Fires", True),
        ("north-korea NEAR/1 Ballistic", False),
        (r"/\b350\s+kilo/", True),
        ("/JOINT/", False),
        ("/JOINT/i", True),
        ("language:ko,en", True),
        ("language:ko", False),
        ("source:herald", True),
        ("family:yonhap AND bloc:rok", True),
        ("bloc:dprk", False),
        ('outlet:"the herald"', True),
        ("NOT NOT north-korea", True),
    ],
)
def test_a_query_means_what_it_says(query: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert holds(query) is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("북한", True),  # particles follow a Korean word without a space: 북한이
        ("한이", False),  # and it begins where it begins
        ("거북", True),
        ("*미사일", True),
        ("미사일", False),
        ("북한 NEAR/2 탄도미사일", True),
        ("북한 NEAR/1 탄도미사일", False),
        ('"２２일"', True),  # full-width digits fold
    ],
)
def test_korean_words_have_korean_edges(query: str, expected: bool) -> None:  # noqa: FBT001 - the same
    assert holds(query, title="속보", text=KOREAN, language="ko") is expected


def test_japanese_and_chinese_have_no_edges_and_near_counts_two_characters_as_a_word() -> None:
    text = "北朝鮮は２２日、日本海に向けて弾道ミサイルを発射した。"
    assert holds("弾道ミサイル", text=text)
    assert holds("道ミサ", text=text)
    assert holds("日本海 NEAR/3 弾道ミサイル", text=text)
    assert not holds("北朝鮮 NEAR/1 発射", text=text)


def test_cyrillic_words_have_edges() -> None:
    text = "КНДР запустила баллистическую ракету"
    assert holds("КНДР AND ракету", text=text)
    assert not holds('"ракет"', text=text)
    assert holds('"ракет*"', text=text)


def test_an_answer_says_which_part_failed_or_matched() -> None:
    subject = rules.Subject(article(), reading(), YONHAP)

    def why(query: str) -> str:
        return rules.evaluate(rules.parse(query), subject).why

    assert why("north-korea AND language:ja") == "the language is en"
    assert why('north-korea AND "joint chiefs"') == 'north-korea (North Korea); "joint chiefs" is there'
    assert why('"wonsan" NEAR/1 "sunday"') == '"wonsan" and "sunday" stand 2 words apart'
    assert why("/ICBM-?[0-9]+/") == "/ICBM-?[0-9]+/ fits nothing"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "column 1: the query is empty"),
        ("north-korea AND", "column 16: the query ends where a term is expected: north-korea AND▸"),
        ("a OR (b AND c", "column 6: this bracket is not closed: a OR ▸(b AND c"),
        ("a)", "column 2: this bracket was never opened"),
        ('a "b', 'column 3: this quote is not closed: a ▸"b'),
        ("/a", "column 1: this pattern is not closed"),
        ("a and b", "column 3: write AND in capitals"),
        ("lang:ko", 'column 1: there is no key "lang"; write language'),
        ("bloc:mars", 'there is no bloc "mars"; there are dprk'),
        ("score>=much", "a score is compared with a number"),
        ("a NEAR/many b", "column 3: NEAR/ is followed by a number of words, at most 100"),
        ("a NEAR/3 (b AND c)", "column 11: beside NEAR stand"),
        ("a NEAR b NEAR c", "column 10: NEAR joins two"),
        ("/(a/", "column 1: this is no pattern (missing )"),
        ("/(a+)+$/", "column 1: this pattern can take for ever"),
        ("/((((a{999}){999}){999}){999})/", "multiply to at most 1000"),
        ("/a/x", "the only letter after a pattern is i"),
        ("(" * 50 + "a" + ")" * 50, "at most 40 deep"),
        ('"  "', "there are no words"),
    ],
)
def test_a_mistake_is_told_with_its_column(query: str, message: str) -> None:
    with pytest.raises(rules.QueryError) as caught:
        rules.parse(query)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mistake_in_watch_toml_names_file_key_and_column(desk: Desk) -> None:
    for query, message in {
        "north-korea AND": "column 16: the query ends",
        "source:nobody": 'column 1: no [[feed]] has the source "nobody"',
        "family:nobody": 'column 1: no [[feed]] has the family "nobody"',
        "NOT atlantis": 'column 5: the lexicon has no concept "atlantis"; quote it to look for the words',
    }.items():
        desk.rule(f"query = '{query}'")
        with pytest.raises(ConfigError) as caught:
            open_lexicon(desk.settings())
        assert f'watch.toml: [[rule]] "korea" query: {message}' in str(caught.value)


def test_a_pattern_that_explodes_is_stopped_and_never_matches_or_fails() -> None:
    slow = "/(x|xx)+[yz]/"
    began = time.monotonic()
    assert holds(slow, text="word " * 400 + "x" * 60 + " y") is None
    assert holds(f"NOT {slow}", text="word " * 400 + "x" * 60 + " y") is None
    assert holds(f"north-korea OR {slow}", text="x" * 60 + " y") is True
    assert holds(f"language:ja AND {slow}", text="x" * 60 + " y") is False
    assert time.monotonic() - began < 2


def test_a_rule_with_a_query_alerts_and_its_ledger_says_why(desk: Desk) -> None:
    other = Item(title="Unification ministry urges North Korea to talk", text="Seoul asked Pyongyang again.")
    desk.rule("""query = '"ballistic missiles" NEAR/8 "north korea" AND NOT language:ja'""")
    desk.feed("herald", Item(), other)
    report = desk.run()
    assert [state.title for state in report.alerts] == [LAUNCH]
    database = desk.open()
    with database.reading() as session:
        from models import store

        unmet = store.find_article(session, "Unification")
        met = store.find_article(session, LAUNCH)
    database.close()
    assert unmet is not None
    assert met is not None
    assert unmet.decisions[0].reason == "query-unmet"
    assert "do not stand together" in unmet.decisions[0].detail
    assert "words apart" in met.decisions[0].detail


def test_simple_keys_and_the_query_are_both_asked(desk: Desk) -> None:
    desk.rule("""any = ["yongbyon"]\nquery = 'north-korea'""")
    desk.feed("herald", Item())
    assert desk.run().alerts == ()


PIECES = st.sampled_from(
    ["north-korea", "북한", '"joint chiefs"', "(", ")", "AND", "OR", "NOT", "NEAR/3", "NEAR", "/a+b/", "/(/",
     "language:en", "bloc:rok", "score>=1", "score<", '"', "/", "title:x", ":", "*", "-", "é", "\x00",
     "\ud800"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map(" ".join)))
def test_the_parser_raises_its_own_error_or_gives_a_tree_that_can_be_asked(query: str) -> None:
    try:
        tree = rules.parse(query)
    except rules.QueryError:
        return
    answer = rules.evaluate(tree, rules.Subject(article(), reading(), None))
    assert answer.holds in {True, False, None}
    assert answer.why


@given(st.text(max_size=80), st.text(max_size=80))
def test_every_text_can_be_asked(title: str, text: str) -> None:
    assert holds('"a*" OR 북한 NEAR/2 "b" OR /[a-z]+\\d/ OR "*x"', title=title, text=text) in {True, False}


def test_what_a_query_shows_of_itself_reads_back_the_same() -> None:
    from models.alerts.rules.tree import show

    query = '(a OR "b c") AND NOT language:ja,ko AND /x\\d/i AND title:"t" AND "u" NEAR/4 v AND score>=1.5'
    shown = show(rules.parse(query))
    assert show(rules.parse(shown)) == shown


def test_the_example_of_the_shipped_file_is_read() -> None:
    from flows import settings

    root = Path(__file__).parent.parent
    open_lexicon(settings.load(root / "watch.toml", env={}))
