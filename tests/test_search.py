"""Search: every script, inside of words, on both databases; ranked and highlighted."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import empty_copy
from desk import LAUNCH_TEXT, NOW, Desk, Item
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from test_cli import peninsula

from flows import settings
from models import search, store
from models.database import Database
from models.tables import SearchRow

TEXTS = {
    "particle": ("북한이 담화를 냈다", "북한이 오늘 담화를 냈다고 통신이 전했다."),
    "inside": ("군 “단거리탄도미사일 2발 발사”", "합참은 북한의 단거리탄도미사일 2발을 추적했다고 밝혔다."),
    "test": ("北 핵실험 징후", "풍계리에서 북 핵실험 준비가 끝났다고 국정원이 말했다."),
    "chinese": ("朝鲜发射弹道导弹", "韩国军方称，朝鲜当天上午发射一枚弹道导弹。"),
    "japanese": ("北朝鮮がミサイル発射", "防衛省は北朝鮮がミサイルを発射したと発表した。"),
    "vietnamese": ("Triều Tiên phóng tên lửa đạn đạo", "Quân đội Hàn Quốc cho biết hôm chủ nhật."),
    "russian": ("КНДР запустила ракету", "Военные Южной Кореи сообщили о пуске."),
    "english": ("N. Korea fires KN-23 missiles, JCS says", LAUNCH_TEXT),
    "market": ("Seoul stocks close higher", "Chipmakers led gains; North Korea was no theme on the market."),
}
FOUND = {
    "북한": {"particle", "inside"},
    "탄도미사일": {"inside"},
    "미사일": {"inside"},
    "朝鲜": {"chinese"},
    "북 핵실험": {"test"},
    "핵": {"test"},
    "북한 담화": {"particle"},
    "ミサイル": {"japanese"},
    "北朝鮮": {"japanese"},
    "弹道导弹 -韩国": set(),
    "弹道导弹": {"chinese"},
    "trieu tien": {"vietnamese"},
    "Đạn đạo": {"vietnamese"},
    "кндр": {"russian"},
    "kn-23": {"english"},
    "KN23": set(),
    '"korea fires"': {"english"},
    '"fires korea"': set(),
    "missil*": {"english"},
    "missile": set(),
    "korea -market": {"english"},
    'korea -"close higher"': {"english"},
    'korea -"higher close"': {"english", "market"},
    '발사 "북한의 단거리"': {"inside"},
    '"단거리 북한의"': set(),
    "2발": {"inside"},
    "-korea": set(),
    "'; drop table article; --": set(),
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, shared_desk: Desk) -> Desk:
    """Give a desk that has read one article in every script, to be asked only; once for each kind."""
    if request.param == "sqlite":
        return fill(shared_desk)
    url = empty_copy(request.getfixturevalue("postgresql"), request.getfixturevalue("migrated"))
    return fill(replace(shared_desk, database_url=url))


def fill(desk: Desk) -> Desk:
    """Have a desk read one article in every script."""
    items = [
        Item(
            title=title,
            text=text,
            guid=name,
            url=f"https://papers.example/{name}",
            at=NOW - timedelta(hours=n),
        )
        for n, (name, (title, text)) in enumerate(TEXTS.items(), start=1)
    ]
    desk.feed("papers", *items)
    desk.run()
    return desk


def found(desk: Desk, *arguments: str) -> list[Any]:
    """Search, and give the rows."""
    code, out, err = peninsula(desk, "search", "--json", *arguments)
    assert code == 0, err
    rows: list[Any] = json.loads(out)
    return rows


def names(rows: list[Any]) -> list[str]:
    """Give what the found articles are called in `TEXTS`."""
    return [row["url"].rsplit("/", 1)[1] for row in rows]


def test_a_search_finds_every_script_and_the_inside_of_words(filled: Desk) -> None:
    with closing(filled.open()) as database, database.reading() as session:
        for query, wanted in FOUND.items():
            ids = store.find(session, store.Wanted(terms=search.read_query(query)), limit=50)
            links = [one.article.link for one in store.filed(session, ids=ids)] if ids else []
            assert {link.rsplit("/", 1)[1] for link in links} == wanted, query
    assert names(found(filled, "--", "korea", "-market")) == ["english"]


def test_a_run_files_what_it_took_in_so_that_a_search_need_not_wait(filled: Desk) -> None:
    with closing(filled.open()) as database, database.reading() as session:
        assert store.unfiled(session) == 0
        assert len(store.find(session, store.Wanted(terms=search.read_query("북한")), limit=9)) == 2


def test_conditions_narrow_a_search(filled: Desk) -> None:
    assert names(found(filled, "--language", "zh")) == ["chinese"]
    assert names(found(filled, "북한", "--since", "2026-11-22T04:30")) == ["particle"]
    assert names(found(filled, "북한", "--until", "2026-11-22T04:30")) == ["inside"]
    assert found(filled, "북한", "--source", "elsewhere") == []
    tagged = found(filled, "--concept", "punggye-ri")
    assert names(tagged) == ["test"]
    told = found(filled, "--story", tagged[0]["story"])
    assert {row["story"] for row in told} == {tagged[0]["story"]}
    assert "test" in names(told)
    assert peninsula(filled, "search")[0] == 2


def test_the_best_comes_first_or_the_newest(filled: Desk) -> None:
    assert names(found(filled, "korea"))[0] == "english"  # in the title
    both = names(found(filled, "북한", "--newest"))
    assert both == ["particle", "inside"]


def test_what_was_found_is_marked(filled: Desk) -> None:
    row = found(filled, "탄도미사일")[0]
    assert [row["title"][start:end] for start, end in row["title_found"]] == ["탄도미사일"]
    assert [row["snippet"][start:end] for start, end in row["snippet_found"]] == ["탄도미사일"]
    _, out, err = peninsula(filled, "search", "triều")
    assert "[Triều] Tiên" in out
    assert "1 article found" in err


def test_an_edit_is_found_by_its_new_words_and_a_removal_by_none(desk: Desk) -> None:
    filled = fill(desk)
    assert names(found(filled, "담화")) == ["particle"]
    edited = Item(title="북한이 성명을 냈다", text="북한이 오늘 성명을 냈다.", guid="particle")
    edited.url, edited.at = "https://papers.example/particle", NOW - timedelta(hours=1)
    filled.feed("papers", edited)
    filled.run()
    assert found(filled, "담화") == []
    assert names(found(filled, "성명")) == ["particle"]
    with closing(filled.open()) as database, database.reading() as session:
        assert session.scalars(select(func.count()).select_from(SearchRow)).one() == len(TEXTS)
        assert store.unfiled(session) == 0


def test_a_copied_archive_is_searched_like_its_original(filled: Desk, tmp_path: Path) -> None:
    assert names(found(filled, "탄도미사일")) == ["inside"]
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    with closing(filled.open()) as database, closing(Database(url)) as other:
        other.migrate(settings.bundled("alembic"))
        with database.reading() as session, other.writing() as target:
            store.transfer(session, target)
    assert names(found(replace(filled, database_url=url), "탄도미사일")) == ["inside"]


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_can_be_filed_and_any_words_asked_for(text: str, query: str) -> None:
    terms = search.read_query(query)
    for start, end in search.spans(text, terms):
        assert 0 <= start < end <= len(text)
    part, inside = search.snippet(text, terms)
    assert all(0 <= start < end <= len(part) for start, end in inside)
    assert "\x00" not in search.as_tsvector(text, query)
    assert search.as_fts5(terms).count('"') % 2 == 0


@given(st.text(alphabet="북한미사일朝鲜ミサab1 -", min_size=1, max_size=20))
def test_a_text_holds_the_tokens_of_each_of_its_words(text: str) -> None:
    for term in search.read_query(text):
        filed = search.tokens(text)
        assert set(term.tokens) <= set(filed) or term.begins
