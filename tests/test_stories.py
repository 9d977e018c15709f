"""Stories, as an editor meets them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.streams import group_lines, same_lines
from models.lexicon import load
from models.stories import Window, place, revision, same, story_id
from models.stories.features import features
from models.values import (
    Article,
    ArticleId,
    ConceptId,
    Fault,
    Hit,
    Join,
    Member,
    Open,
    Reading,
    SourceName,
    StoryId,
)

SEEDS = Path(__file__).parents[1] / "seeds" / "lexicon"
LAUNCH_DAY = Path(__file__).parent / "data" / "launch_day.jsonl"
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)

LEXICON = load({path.name: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.toml")})


def an_article(name: str, title: str, text: str = "", *, hours: float = 0, language: str = "en") -> Article:
    at = NOW + timedelta(hours=hours)
    return Article(
        id=ArticleId(name),
        source=SourceName("test"),
        key=name,
        url="",
        link="",
        title=title,
        text=text,
        language=language,
        outlet=name,
        published_at=at,
        first_seen_at=at,
        fingerprint=f"{title}\n{text}",
    )


def a_reading(language: str = "en", *concepts: str) -> Reading:
    hits = tuple(
        Hit(concept=ConceptId(concept), form=concept, field="title", start=0, end=1, weight=1.0)
        for concept in concepts
    )
    return Reading(language=language, korea=True, score=1.0, hits=hits)


def test_a_story_keeps_its_name_in_every_database() -> None:
    assert story_id(ArticleId("a1")) == story_id(ArticleId("a1"))
    assert story_id(ArticleId("a1")) != story_id(ArticleId("a2"))
    assert story_id(ArticleId("a1")).startswith("s")


def test_two_outlets_tell_one_story() -> None:
    window = Window()
    first = window.place(an_article("a", "Ferry sinks off Jindo with forty aboard"), a_reading(), NOW)
    second = window.place(
        an_article("b", "Forty aboard as ferry sinks near Jindo", hours=1), a_reading(), NOW
    )
    assert isinstance(first, Open)
    assert isinstance(second, Join)
    assert second.story == first.story == story_id(ArticleId("a"))
    assert second.nearest == "a"
    assert second.evidence


def test_another_subject_opens_another_story() -> None:
    window = Window()
    first = window.place(an_article("a", "Ferry sinks off Jindo with forty aboard"), a_reading(), NOW)
    second = window.place(an_article("b", "Central bank holds key rate at 2.5 percent"), a_reading(), NOW)
    assert first.story != second.story


def test_the_same_words_three_days_later_are_another_story() -> None:
    window = Window()
    first = window.place(an_article("a", "Ferry sinks off Jindo with forty aboard"), a_reading(), NOW)
    later = an_article("b", "Ferry sinks off Jindo with forty aboard", hours=80)
    assert window.place(later, a_reading(), NOW + timedelta(hours=80)).story != first.story


def test_a_veto_is_named() -> None:
    window = Window()
    window.place(an_article("a", "South Korea opens 12th round of border talks", hours=0), a_reading(), NOW)
    second = window.place(
        an_article("b", "South Korea opens 13th round of border talks", hours=2), a_reading(), NOW
    )
    assert isinstance(second, Open)
    assert second.veto == "ordinal"
    assert "12" in second.reason


@pytest.mark.parametrize("title", ["🚨", "…", "The", "12일"])
def test_an_article_without_any_key_is_a_story_that_ends_like_others(title: str) -> None:
    window = Window()
    assert features(an_article("a", title), a_reading()).keys == ()
    opened = window.place(an_article("a", title), a_reading(), NOW).story
    window.place(an_article("b", "Ferry sinks off Jindo", hours=24 * 8), a_reading(), NOW + timedelta(days=8))
    assert opened not in window


def test_only_the_members_of_near_stories_are_asked_for() -> None:
    first = an_article("a", "Ferry sinks off Jindo with forty aboard")
    other = an_article("b", "Central bank off its forecast holds key rate at 2.5 percent", hours=1)
    third = an_article("c", "Forty aboard as ferry sinks near Jindo", hours=2)
    whole = Window()
    for article in (first, other):
        whole.place(article, a_reading(), NOW)
    filed: dict[str | int, list[StoryId]] = {}
    for article in (first, other):
        for key in features(article, a_reading()).keys:
            filed.setdefault(key, []).append(story_id(article.id))
    kept = Window(rarity=whole.rarity)
    kept.expect(whole.packed(), filed, terms=features(third, a_reading()).terms)
    story = story_id(first.id)
    assert kept.asked(third, a_reading(), NOW) == {story}
    kept.recall([Member(article=first, reading=a_reading(), story=story)])
    placed = kept.decide(features(third, a_reading()), NOW)
    assert placed == whole.decide(features(third, a_reading()), NOW)
    assert isinstance(placed, Join)
    kept.place(third, a_reading(), NOW)
    told = {term for article in (first, third) for term in features(article, a_reading()).terms}
    assert set(orjson.loads(kept.packed()[story])["sums"]) == told  # those that `third` lacks, too


def test_of_a_story_whose_sums_were_not_kept_all_members_are_asked_for() -> None:
    first = an_article("a", "Ferry sinks off Jindo with forty aboard")
    story = story_id(first.id)
    window = Window()
    window.expect({}, {key: [story] for key in features(first, a_reading()).keys}, terms=())
    again = an_article("b", "Forty aboard as ferry sinks near Jindo", hours=1)
    assert window.asked(again, a_reading(), NOW) == {story}
    window.recall([Member(article=first, reading=a_reading(), story=story)])
    assert window.place(again, a_reading(), NOW).story == story


def test_candidates_of_a_store_give_the_decision_of_the_window() -> None:
    first = an_article("a", "Ferry sinks off Jindo with forty aboard")
    story = story_id(first.id)
    known = [Member(article=first, reading=a_reading(), story=story)]
    placed = place(
        an_article("b", "Forty aboard as ferry sinks near Jindo", hours=1), a_reading(), known, NOW
    )
    assert isinstance(placed, Join)
    assert placed.story == story


def test_two_reports_of_one_story_share_a_key() -> None:
    ours = features(an_article("a", "Ferry sinks off Jindo with forty aboard"), a_reading()).keys
    others = features(an_article("b", "Forty aboard as ferry sinks near Jindo"), a_reading()).keys
    assert set(ours) & set(others)
    assert len(ours) <= 50


def test_wire_marks_are_read_and_taken_off() -> None:
    assert (revision("[속보] 합참 발표").kind, revision("[속보] 합참 발표").title) == ("flash", "합참 발표")
    assert (revision("[2보] 북, 발사").kind, revision("[2보] 북, 발사").number) == ("report", 2)
    assert (revision("북, 발사(종합3보)").kind, revision("북, 발사(종합3보)").number) == ("roundup", 3)
    assert (revision("(2nd LD) Seoul says").kind, revision("(2nd LD) Seoul says").number) == ("lead", 2)
    assert revision("UPDATE 1-Seoul says").title == "Seoul says"
    assert revision("Seoul says so").kind == ""


def test_a_pair_is_judged_as_the_stream_is() -> None:
    verdict, score, reason = same(
        (an_article("a", "Ferry sinks off Jindo with forty aboard"), a_reading()),
        (an_article("b", "Forty aboard as ferry sinks near Jindo", hours=1), a_reading()),
    )
    assert verdict
    assert 0 < score <= 1
    assert reason


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=80),
    st.text(max_size=200),
    st.sampled_from(["ko", "en", "ja", "zh", "vi", "ru", "fr", "de", "es", ""]),
)
def test_no_text_breaks_the_grouping(title: str, text: str, language: str) -> None:
    window = Window()
    for name in ("a", "b"):
        placed = window.place(an_article(name, title, text, language=language), a_reading(language), NOW)
        assert placed.reason


def test_a_launch_day_in_four_languages_is_five_stories() -> None:
    rows = [json.loads(line) for line in LAUNCH_DAY.read_text(encoding="utf-8").splitlines()]
    grouped = group_lines(LAUNCH_DAY.read_text(encoding="utf-8").splitlines(), LEXICON)
    stories: dict[str, set[int]] = {}
    for row, placed in zip(rows, grouped, strict=True):
        assert isinstance(placed, dict)
        stories.setdefault(placed["story"], set()).add(row["event"])
    assert len(rows) == 60
    assert len({row["publisher"] for row in rows}) == 20
    assert sorted(stories.values(), key=min) == [{1}, {2}, {3}, {4}, {5}]


def test_an_article_that_comes_late_joins_the_story_of_its_day() -> None:
    window = Window()
    first = window.place(an_article("a", "Ferry sinks off Jindo with forty aboard"), a_reading(), NOW)
    later = NOW + timedelta(hours=30)
    window.place(an_article("b", "Central bank holds key rate", hours=30), a_reading(), later)
    late = window.place(
        an_article("c", "Forty aboard as ferry sinks near Jindo", hours=-2), a_reading(), later
    )
    assert late.story == first.story


def test_an_article_without_a_date_is_placed_by_when_we_saw_it() -> None:
    window = Window()
    first = window.place(an_article("a", "Ferry sinks off Jindo with forty aboard"), a_reading(), NOW)
    undated = replace(an_article("b", "Forty aboard as ferry sinks near Jindo"), published_at=None)
    assert window.place(undated, a_reading(), NOW).story == first.story


def test_a_long_affair_does_not_become_one_story() -> None:
    window = Window()
    placed = [
        window.place(
            an_article(f"a{day}", f"Hyundai plant raid: workers detained, day {day}", hours=24 * day),
            a_reading(),
            NOW + timedelta(days=day),
        ).story
        for day in range(8)
    ]
    assert len(set(placed)) > 1


def test_old_stories_leave_the_window() -> None:
    window = Window()
    for day in range(30):
        window.place(
            an_article(f"a{day}", f"Subject{day} alone{day} here{day}", hours=24 * day),
            a_reading(),
            NOW + timedelta(days=day),
        )
    assert len(window) < 10


def test_half_a_character_in_a_line_of_json_ends_no_stream() -> None:
    lines = [
        json.dumps({"id": number, "title": f"North Korea fires missile {odd}", "text": f"북한 {odd} launch"})
        for number, odd in (("1", "\ud83d"), ("2", "\udc00"))
    ]
    assert [row["id"] for row in group_lines(lines, LEXICON) if isinstance(row, dict)] == ["1", "2"]
    pair = json.dumps({"id": "p", "a": {"title": "\ud800 북한 미사일"}, "b": {"title": "북한 미사일 \udfff"}})
    assert [row["same"] for row in same_lines([pair], LEXICON) if isinstance(row, dict)] == [True]


def test_a_bad_line_is_a_fault_and_the_others_go_on() -> None:
    told = list(group_lines(["{", '{"id": "x", "title": "Ferry sinks off Jindo"}', "[1]"], LEXICON))
    assert [isinstance(row, Fault) for row in told] == [True, False, True]
    pair = '{"id": "p", "a": {"title": "Ferry sinks off Jindo"}, "b": {"title": "Ferry sinks near Jindo"}}'
    compared = list(same_lines([pair, '{"a": 1}'], LEXICON))
    assert isinstance(compared[0], dict)
    assert compared[0]["same"]
    assert isinstance(compared[1], Fault)


def test_on_a_desk_s_first_day_the_country_s_name_makes_no_story() -> None:
    """Seen with the names as plain words and no counts yet: all three were one story."""
    told = [
        (
            "North Korea holds military parade in Pyongyang for army anniversary",
            "Troops marched on Saturday.",
        ),
        ("North Korea fires two ballistic missiles toward the East Sea", "They flew 350 kilometers."),
        ("IAEA says activity continues at North Korea's Yongbyon nuclear complex", "The reactor runs."),
    ]
    lines = [
        json.dumps(
            {"id": str(hour), "title": title, "text": text, "timestamp": f"2026-11-22T0{hour}:00:00+00:00"}
        )
        for hour, (title, text) in enumerate(told)
    ]
    rows = [row for row in group_lines(lines, LEXICON) if not isinstance(row, Fault)]
    assert len({row["story"] for row in rows}) == 3


def test_two_essays_on_one_subject_are_two_stories_on_an_empty_desk() -> None:
    """The watch's two briefs, two months apart and undated, were one story at first."""
    folder = SEEDS.parent / "articles"
    lines = [
        json.dumps({"id": file.name, "title": text.split("\n", 1)[0], "text": text.split("\n", 1)[1]})
        for file in sorted(folder.glob("*.txt"))
        for text in [file.read_text(encoding="utf-8")]
    ]
    rows = [row for row in group_lines(lines, LEXICON) if not isinstance(row, Fault)]
    assert len(rows) == len({row["story"] for row in rows}) == 2
