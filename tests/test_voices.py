"""Who tells a story in its own right: families, blocs and languages without wire copies."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from desk import LAUNCH, LAUNCH_TEXT, NOW, Desk, Item
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from models.stories import chorus, voices
from models.values import (
    Article,
    ArticleId,
    Bloc,
    Member,
    Reading,
    Source,
    SourceName,
    StoryId,
)

WIRE = (
    "합동참모본부는 7일 오전 북한이 원산 일대에서 동해상으로 탄도미사일 두 발을 발사했다고 밝혔다."
    " 군은 경계를 강화했다."
)


def a_member(name: str, text: str, *, language: str = "ko", minutes: int = 0, title: str = LAUNCH) -> Member:
    """Make a member of a story, from a source of that name."""
    at = NOW + timedelta(minutes=minutes)
    article = Article(
        id=ArticleId(f"{name}{minutes}"), source=SourceName(name), key=name, url="", link="", title=title,
        text=text, language=language, outlet=name, published_at=at, first_seen_at=at, fingerprint=text,
    )  # fmt: skip
    reading = Reading(language=language, korea=True, score=1.0)
    return Member(article=article, reading=reading, story=StoryId("s"), family=name)


def sources(**blocs: Bloc) -> dict[SourceName, Source]:
    """Configure sources of these blocs."""
    return {
        SourceName(name): Source(name=SourceName(name), url=f"https://{name}.example/", bloc=bloc)
        for name, bloc in blocs.items()
    }


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("(서울=연합뉴스) 김철수 기자 = 합동참모본부는 7일 밝혔다.", "Yonhap"),
        ("[평양=뉴시스] 이영희 기자 = 북한이 7일 발표했다.", "Newsis"),
        ("SEOUL, Nov. 22 (Yonhap) -- South Korea said on Sunday.", "Yonhap"),
        ("SEOUL (Reuters) - South Korea said on Sunday.", "Reuters"),
        ("The ministry confirmed the launch on Sunday. (AFP)", "AFP"),
        ("【ソウル共同】韓国軍は7日発表した。", "Kyodo"),
        ("新华社平壤11月22日电 朝鲜宣布", "Xinhua"),
        ("СЕУЛ, 22 ноября. /ТАСС/. Военные сообщили.", "TASS"),
        ("Reuters reported on Sunday that a missile flew east.", ""),
        ("조선중앙통신은 7일 이렇게 보도했다.", ""),
    ],
)
def test_a_credit_line_names_the_agency(text: str, agency: str) -> None:
    [voice] = voices([a_member("herald", text)], {})
    assert ("" if voice.own else voice.family) == agency


def test_a_longer_version_of_a_text_is_a_copy_and_another_text_is_none() -> None:
    text = "The coast guard said on Tuesday that all forty people aboard the ferry were ashore safely. " * 3
    first = a_member("herald", text, language="en", title="Ferry sinks")
    longer = a_member("post", text + " More follows here.", language="en", minutes=5, title="All saved")
    other = a_member("post", "The bank kept its rate. " * 20, language="en", minutes=5, title="Rates held")
    assert [voice.own for voice in voices([first, longer], {})] == [True, False]
    assert [voice.own for voice in voices([first, other], {})] == [True, True]


def test_papers_with_one_dispatch_are_one_voice_the_agency_s() -> None:
    members = [
        a_member("herald", f"(서울=연합뉴스) 김철수 기자 = {WIRE}"),
        a_member("post", f"(서울=연합뉴스) 김철수 기자 = {WIRE}", minutes=5),
        a_member("yonhap", WIRE, minutes=9),
    ]
    counted = chorus(members, sources(herald=Bloc.US, post=Bloc.JAPAN, yonhap=Bloc.ROK))
    assert (counted.families, counted.blocs) == (("Yonhap",), (Bloc.ROK,))
    assert counted.copies == 1  # the agency's own report is its own, wherever it was met first


def test_a_text_taken_over_without_credit_is_no_second_source() -> None:
    taken_over = a_member("post", f"{WIRE} 본지 취재를 종합하면 그렇다.", minutes=30)
    own = a_member(
        "times", "A missile was seen over the sea by fishermen near Ulleung.", language="en", minutes=40
    )
    said = voices([a_member("herald", WIRE), taken_over, own], {})
    assert [voice.family for voice in said] == ["herald", "herald", "times"]
    counted = chorus([a_member("herald", WIRE), taken_over, own], {})
    assert (counted.languages, counted.copies) == (("ko", "en"), 1)


def test_blocs_are_those_of_the_families_that_speak_for_themselves() -> None:
    members = [
        a_member("herald", WIRE),
        a_member("rodong", "우리 식의 새로운 무장장비 시험발사가 진행되였다.", minutes=9),
    ]
    assert chorus(members, sources(herald=Bloc.ROK, rodong=Bloc.DPRK)).blocs == (Bloc.ROK, Bloc.DPRK)


def test_a_wire_copy_is_no_second_family_and_the_alert_says_so(desk: Desk, httpserver: HTTPServer) -> None:
    bodies: list[dict[str, object]] = []

    def receive(request: Request) -> Response:
        bodies.append(json.loads(request.data)["data"])
        return Response("")

    httpserver.expect_request("/hook").respond_with_handler(receive)
    desk.webhook()
    desk.rule('repeat = ["second-family"]\ncooldown = "1m"')
    wire = Item(text=f"SEOUL (Reuters) - {LAUNCH_TEXT}")
    desk.feed("herald", wire, extra='family = "herald"')
    desk.run()
    desk.clock.turn(minutes=10)
    desk.feed(
        "post",
        replace(wire, title=f"{LAUNCH}, says Seoul", at=NOW + timedelta(minutes=4)),
        extra='family = "post"',
    )
    desk.run()
    desk.clock.turn(minutes=10)
    assert [body["news"] for body in bodies] == [""]
    own = "Fishermen off Ulleung Island saw two ballistic missiles fall into the East Sea on Sunday morning."
    desk.feed(
        "times",
        Item(title=f"{LAUNCH}, fishermen saw", text=own, at=NOW + timedelta(minutes=18)),
        extra='family = "times"',
    )
    desk.run()
    assert [body["news"] for body in bodies] == ["", "told by Reuters, times"]
    assert bodies[-1]["counts"] == {
        "articles": 3, "outlets": 3, "families": 2, "blocs": 1, "languages": 1, "copies": 1
    }  # fmt: skip
