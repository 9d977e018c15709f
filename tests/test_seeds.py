"""Documents as people save them."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from desk import LAUNCH, LAUNCH_TEXT, Desk

from models import sources
from models.errors import ParseError
from models.sources import parse_seed, read_seed
from models.sources.links import feed_links
from models.values import ParsedFeed, RawItem

DATA = Path(__file__).parent / "data"


def _only(name: str, body: bytes) -> RawItem:
    (item,) = read_seed(name, body).items
    return item


def test_a_saved_brief_keeps_title_outlet_and_body_and_loses_the_page_around_it() -> None:
    item = parse_seed((DATA / "brief.txt").read_text(), name="brief.txt")
    assert item.title == "Talks on the river border: what the two sides still want"
    assert item.outlet == "Estuary Post"
    assert item.text.startswith("(Estuary Post) - Delegates")
    assert item.text.endswith("called the test a success.")
    assert "What was on the table" in item.text
    assert "loudspeakers along the line" in item.text
    for cut in (
        "Photo",
        "blue huts",
        "![",
        "|",
        "Share",
        "Facebook",
        "omment",
        "email",
        "Like",
        "Koreatown",
        "crumb",
    ):
        assert cut not in item.text


def test_a_text_without_furniture_loses_nothing() -> None:
    lines = [
        "북한 관련 뉴스를 읽는 법",
        "댓글이 많은 기사라고 해서 믿을 만한 것은 아니다.",
        "소제목",
        "Share prices rose.",
        "관련 기사를 찾아보자.",
        "Comments from both sides followed.",
    ]
    item = parse_seed("\n".join(lines), name="a.txt")
    assert [item.title, *item.text.split("\n")] == lines


@pytest.mark.parametrize(
    ("title", "prose", "tail"),
    [
        (
            "회담 결과",
            "남북은 22일 판문점에서 만나 군 통신선을 다시 잇기로 합의했다고 통일부가 밝혔다.",
            ["관련기사", "대한항공 새 노선"],
        ),
        (
            "회담 결과",
            "남북은 22일 판문점에서 만나 군 통신선을 다시 잇기로 합의했다고 통일부가 밝혔다.",
            ["ⓒ 하구신문, 무단 전재 및 재배포 금지", "북한산 단풍"],
        ),
        (
            "회담 결과",
            "남북은 22일 판문점에서 만나 군 통신선을 다시 잇기로 합의했다고 통일부가 밝혔다.",
            ["댓글 12", "재미있네요"],
        ),
        (
            "会談の結果",
            "南北は22日に板門店で会い、軍の通信線を再びつなぐことで合意したと統一省が明らかにした。",
            ["【関連記事】", "大韓航空の新路線"],
        ),
        (
            "会談の結果",
            "南北は22日に板門店で会い、軍の通信線を再びつなぐことで合意したと統一省が明らかにした。",
            ["無断転載を禁じます", "次の話題"],
        ),
        (
            "会谈结果",
            "韩国统一部表示,南北双方二十二日在板门店会面,同意恢复军事通信线路,并将再次举行会谈。",
            ["相关新闻:", "大韩航空新航线"],
        ),
        (
            "会谈结果",
            "韩国统一部表示,南北双方二十二日在板门店会面,同意恢复军事通信线路,并将再次举行会谈。",
            ["版权所有 未经授权不得转载", "别的"],
        ),
        (
            "Kết quả hội đàm",
            "Hai miền đã gặp nhau tại Bàn Môn Điếm hôm 22/11 và đồng ý nối lại đường dây nóng quân sự.",
            ["Tin liên quan", "Hãng bay mới"],
        ),
        (
            "Итоги встречи",
            "Стороны встретились в Пханмунджоме и согласились восстановить военную линию связи.",
            ["Читайте также:", "Новый рейс"],
        ),
        (
            "Les résultats",
            "Les deux parties se sont rencontrées à Panmunjom et ont décidé de rétablir la ligne militaire.",
            ["À lire aussi", "Une ligne aérienne"],
        ),
        (
            "Das Ergebnis",
            "Beide Seiten trafen sich in Panmunjom und wollen die militärische Leitung wieder öffnen.",
            ["Das könnte Sie auch interessieren", "Neue Flugroute"],
        ),
        (
            "El resultado",
            "Las dos partes se reunieron en Panmunjom y acordaron restablecer la línea militar entre ambas.",
            ["Te puede interesar", "Nueva ruta aérea"],
        ),
        (
            "The result",
            "Both sides met at Panmunjom on Sunday and agreed to restore the military hotline between them.",
            ["Leave a Reply", "Name *"],
        ),
        (
            "The result",
            "Both sides met at Panmunjom on Sunday and agreed to restore the military hotline between them.",
            ["© 2026 Estuary Post. All rights reserved.", "Other"],
        ),
    ],
)
def test_the_tail_of_a_page_is_cut_in_nine_languages(title: str, prose: str, tail: list[str]) -> None:
    item = parse_seed("\r\n".join([title, "", prose, "", *tail]), name="a.txt")
    assert (item.title, item.text) == (title, prose)


def test_a_strip_of_headlines_amid_the_text_is_cut_and_the_text_goes_on() -> None:
    first = "Both sides met at Panmunjom on Sunday and agreed to restore the military hotline between them."
    second = "The hotline was cut in April after loudspeaker broadcasts had begun again along the line."
    third = "A survey of the estuary will come first, the unification ministry said in its statement."
    strip = "Related articles\nKoreatown bakery wins\nAirline adds route"
    item = parse_seed(f"T\n{first}\n{strip}\n{second}\n{third}", name="a.txt")
    assert item.text.split("\n") == [first, second, third]


def test_a_related_headline_on_its_own_line_is_no_part_of_the_text() -> None:
    prose = "남북은 22일 판문점에서 만나 군 통신선을 다시 잇기로 합의했다고 통일부가 밝혔다."
    item = parse_seed(f"제목\n{prose}\n▶ 관련기사: 대한항공 새 노선\n{prose}", name="a.txt")
    assert item.text == f"{prose}\n{prose}"


@pytest.mark.parametrize(
    "line",
    ["Tags: North Korea, Koreatown", "태그: 코리아타운", "Next post: Airline adds route", "上一篇：新航线"],
)
def test_labels_and_neighbours_are_no_part_of_the_text(line: str) -> None:
    prose = "Both sides met at Panmunjom on Sunday and agreed to restore the military hotline between them."
    assert parse_seed(f"T\n{prose}\n{line}\n{prose}", name="a.txt").text == f"{prose}\n{prose}"


def test_a_widget_above_the_text_does_not_cut_the_text() -> None:
    prose = "남북은 22일 판문점에서 만나 군 통신선을 다시 잇기로 합의했다고 통일부가 밝혔다."
    item = parse_seed(f"제목\n입력 2026.11.22 14:00\n댓글 0\n공유하기\n{prose}", name="a.txt")
    assert item.text == f"입력 2026.11.22 14:00\n{prose}"
    assert item.published_at == datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("(Estuary Post) - Talks ended.", "Estuary Post"),
        ("(서울=하구신문) 김하구 기자 = 회담이 끝났다.", "하구신문"),
        ("[평양=하구뉴스] 회담이 끝났다.", "하구뉴스"),
        ("【ソウル＝河口通信】会談が終わった。", "河口通信"),
        ("ソウル（河口通信）会談が終わった。", "河口通信"),
        ("SEOUL, Nov. 22 (Estuary Post) -- Talks ended.", "Estuary Post"),
        ("МОСКВА, 22 ноября. /УСТЬЕ/. Переговоры завершились.", "УСТЬЕ"),
        ("МОСКВА, 22 ноября /УСТЬЕ/. Переговоры завершились.", "УСТЬЕ"),
        ("PARÍS (Estuario).- Terminó.", "Estuario"),
        ("The ministry (which had said no) then said yes.", ""),
        ("(22일 서울) - 회담이 끝났다.", ""),
        ("Kim (42) - a farmer - came.", ""),
    ],
)
def test_a_dateline_names_the_outlet(line: str, outlet: str) -> None:
    item = parse_seed(f"제목\n{line}\n본문", name="a.txt")
    assert item.outlet == outlet
    assert line in item.text


@pytest.mark.parametrize(
    "head",
    ["# Talks *end*", "Talks *end*\n====", "![](a.png)\n\n## Talks *end* ##", "---\ntitle: Talks *end*\n---"],
)
def test_markdown_headings_are_titles(head: str) -> None:
    item = _only("a.md", f"{head}\n\nBody [with a link](https://a.kr/1).".encode())
    assert (item.title, item.text) == ("Talks *end*", "Body with a link.")


def test_a_text_that_begins_with_a_paragraph_loses_none_of_it() -> None:
    paragraph = (
        "Both sides met at Panmunjom on Sunday. "
        + "They spoke of the estuary and of the hotline for many hours. " * 5
    )
    item = parse_seed(paragraph, name="a.txt")
    assert item.title == "Both sides met at Panmunjom on Sunday."
    assert item.text == paragraph.strip()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "euc-kr", "utf-16"])
def test_a_korean_text_is_read_in_the_encoding_it_was_saved_in(encoding: str) -> None:
    item = _only("가.txt", "북한 소식\r\n남북이 만났다.\r\n".encode(encoding))
    assert (item.title, item.text) == ("북한 소식", "남북이 만났다.")


def test_a_saved_page_gives_its_article_and_what_its_head_says() -> None:
    item = _only("page.html", (DATA / "page_ko.html").read_bytes())
    assert item.title == "북한, 동해상으로 발사체 발사"
    assert item.outlet == "하구신문"
    assert item.url == "https://estuary.example/news/articleView.html?idxno=77"
    assert item.published_at == datetime(2026, 11, 22, 5, 5, tzinfo=UTC)
    assert item.language == "ko"
    assert item.text.startswith("(서울=하구신문)")
    assert item.text.endswith("대응을 논의했다.")
    for cut in ("코리아타운", "공유", "대한항공", "북한산", "스크립트", "자료사진", "무단"):
        assert cut not in item.text


def test_a_page_of_tag_soup_gives_its_words() -> None:
    item = _only("a.htm", b"<title>Talks end</title><p>One<p>Two<div><b>Three</p></i></article>Four")
    assert item.title == "Talks end"
    assert item.text.split() == ["One", "Two", "Three", "Four"]


@pytest.mark.parametrize(
    "oddity",
    [
        "<![foo]>",
        "<![ x>",
        """<script>x = {"datePublished": "2026-11-22T05:00:00\\x2B09:00"}</script>""",
    ],
)
def test_a_page_with_what_is_no_html_gives_its_words(oddity: str) -> None:
    item = _only("a.html", f"{oddity}<title>Talks end</title><p>One</p>{oddity}".encode())
    assert (item.title, item.text.split("\n")[0]) == ("Talks end", "One")
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    assert feed_links(f"{oddity}{link}", base_url="https://a.kr/") == (("https://a.kr/feed", ""),)


def test_a_seed_that_nobody_foresaw_fails_by_itself_and_is_told(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (sqlite_desk.folder / "clips").mkdir()
    (sqlite_desk.folder / "clips" / "d.txt").symlink_to("gone")
    for name, text in {"a": "nobody foresaw it", "b": f"{LAUNCH}\n{LAUNCH_TEXT}"}.items():
        (sqlite_desk.folder / "clips" / f"{name}.txt").write_text(text, encoding="utf-8")

    def wrong(name: str, body: bytes) -> ParsedFeed:
        if name == "a.txt":
            raise KeyError(body)
        return read_seed(name, body)

    monkeypatch.setattr(sources, "read_seed", wrong)
    report = sqlite_desk.run(seeds=sqlite_desk.folder / "clips")
    assert [source.error for source in report.sources] == [
        "a fault of peninsula-watch (KeyError): please report it, with the log",
        "",
        "cannot be read (No such file or directory)",
    ]
    assert [alert.title for alert in report.alerts] == [LAUNCH]
    assert "nobody foresaw it" in caplog.text


def test_a_folder_is_read_behind_its_links_without_what_is_hidden_and_says_what_it_could_not_read(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips, elsewhere = sqlite_desk.folder / "clips", sqlite_desk.folder / "elsewhere"
    for folder in (clips / "locked", clips / ".git", elsewhere):
        folder.mkdir(parents=True)
    for file in (clips / "._b.txt", clips / ".git" / "c.txt", clips / "locked" / "a.txt"):
        file.write_text(f"Kim Jong Un visits a farm\n{LAUNCH_TEXT}", encoding="utf-8")
    (elsewhere / "b.txt").write_text(f"{LAUNCH}\n{LAUNCH_TEXT}", encoding="utf-8")
    (elsewhere / "back").symlink_to(clips)
    (clips / "linked").symlink_to(elsewhere)
    scan = os.scandir

    def guarded(path: Path) -> Any:
        if Path(path).name == "locked":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", guarded)
    report = sqlite_desk.run(seeds=clips)
    assert [(source.source, source.error) for source in report.sources] == [
        ("clips/linked/b.txt", ""),
        ("clips/locked", "cannot be read (Permission denied)"),
    ]
    assert [alert.title for alert in report.alerts] == [LAUNCH]


def test_items_of_saved_feeds_keep_apart_what_shares_a_number() -> None:
    item = "<item><title>A</title><guid>1</guid></item>"
    feed = f"<rss version='2.0'><channel><title>Estuary</title>{item}</channel></rss>"
    one, two, deeper = (_only(name, feed.encode()) for name in ("a.xml", "b.xml", "b/a.xml"))
    assert len({one.guid, two.guid, deeper.guid}) == 3
    assert one.outlet == "Estuary"


def test_another_text_under_the_name_of_an_old_file_is_another_article() -> None:
    one, two, edited = (
        parse_seed(text, name="x/1.txt").guid for text in ("A\nbody", "B\nbody", "A\nbody, longer")
    )
    assert one != two
    assert one == edited


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("a.docx", b"x", "unknown-suffix"),
        ("a.txt", b" \n", "empty-document"),
        ("a.html", b"<p>", "empty-document"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name: str, body: bytes, code: str) -> None:
    with pytest.raises(ParseError) as caught:
        read_seed(name, body)
    assert caught.value.code == code
    assert name in str(caught.value)
