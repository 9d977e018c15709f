"""The page and the output feeds: whole, safe with hostile headlines, readable, valid."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import feedparser
import pytest
from desk import LAUNCH, NOW, Clock, Desk, Item
from test_cli import peninsula
from test_replay import LAUNCH_KO

from flows import site
from flows.outfeed import Outfeed, matching, write_atom
from flows.page import write_page
from models import edition
from models.edition import Edition, Topic, shown_lag
from models.sources import parse_feed

HOSTILE = '<script>alert("x")</script> North Korea "onmouseover=alert(1) \u202eevil & ]]> {{ 7*7 }}'
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def told(shared_desk: Desk) -> Desk:
    """Give a desk that is only looked at with a launch in two languages and a headline that means harm."""
    shared_desk.feed("herald", Item(), extra='family = "Herald"\nbloc = "us"')
    shared_desk.feed("sinmun", LAUNCH_KO, extra='title = "신문"\nfamily = "Sinmun"\nbloc = "rok"')
    bad = Item(title=HOSTILE, text="Floods in North Korea <img src=x onerror=alert(1)>.")
    bad.url = 'https://evil.example/"><script>alert(2)</script>'
    shared_desk.feed("evil", bad, extra="title = \"<b onclick='x'>Evil\"")
    shared_desk.run()
    return shared_desk


class Reader(HTMLParser):
    """Collects what could run or load something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag and its attributes."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def shown(desk: Desk, path: str) -> bytes:
    """Give what `up` shows at a path."""
    settings = desk.settings()
    database = desk.open()
    try:
        found = site.show(database, settings, path, now=NOW, base="http://127.0.0.1:4201")
    finally:
        database.close()
    assert found
    return found.body


def test_a_page_holds_no_script_whatever_a_headline_says(told: Desk) -> None:
    page = shown(told, "/").decode()
    found = Reader(page)
    assert not {"script", "iframe", "object", "embed", "img", "form", "base"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert "&lt;script&gt;alert(" in page
    assert "{{ 7*7 }}" in page
    assert "\u202e" not in page
    for name, value in found.attributes:
        if name in {"href", "src", "xlink:href", "action"}:
            assert re.match(r"#|https?://|data:,$", value), value


def test_a_page_loads_nothing_from_elsewhere(told: Desk) -> None:
    page = shown(told, "/").decode()
    assert "url(" not in page
    assert "@import" not in page
    assert not re.findall(r"<link[^>]+https?:", page)
    assert "default-src 'none'" in page


def test_a_page_tells_stories_lags_alerts_and_feeds(told: Desk) -> None:
    page = shown(told, "/").decode()
    assert LAUNCH in page
    assert "신문" in page
    assert "14:30 to 14:40</time><span>2 articles" in page
    assert "<b>2</b>stories" in page
    assert "<b>1</b>story" not in page
    assert "+10 min" in page  # herald at half past, sinmun ten minutes later
    assert "korea to terminal" in page
    assert page.count('<tr><th scope="row">') == 3  # feeds
    assert "healthy" in page
    assert "<svg" in page
    assert shown(told, "/") == shown(told, "/")


def test_each_time_of_the_header_has_the_name_of_its_own_zone() -> None:
    autumn = Edition(
        since=datetime(2026, 10, 24, 12, tzinfo=UTC), until=datetime(2026, 10, 25, 12, tzinfo=UTC)
    )
    page = write_page(autumn, zone="Europe/Berlin")
    assert "24 October 2026, 14:00 CEST to 25 October 2026, 13:00 CET" in page


def test_an_empty_page_says_what_to_do() -> None:
    page = write_page(Edition(since=NOW - HOUR, until=NOW))
    assert "peninsula feeds list" in page


def test_the_command_writes_the_page(told: Desk) -> None:
    file = told.folder / "page.html"
    code, out, _ = peninsula(told, "report", str(file), "--since", "9000d")
    assert code == 0
    assert "2 stories on" in out
    assert LAUNCH in file.read_text("utf-8")
    assert "Topics through the days" in file.read_text(encoding="utf-8")
    assert "cannot be written" in peninsula(told, "report", str(told.folder / "no" / "x.html"))[2]


def test_text_stands_out_from_its_background_in_both_schemes() -> None:
    sheet = write_page(Edition(since=NOW - HOUR, until=NOW))
    light, dark = (dict(re.findall(r"--([\w]+):(#[0-9a-f]+)", part)) for part in sheet.split("@media", 2)[:2])
    assert len(dark) == len(light)
    for colours in (light, light | dark):
        pairs = [
            (name, paper)
            for name in ("ink", "quiet", "accent", "good", "idle", "bad")
            for paper in ("paper", "card")
        ]
        pairs += [("ink", "wash"), *((f"on{grade}", f"l{grade}") for grade in range(5))]
        for text, ground in pairs:
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground, colours[text])


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        whole = "".join(2 * digit for digit in colour[1:]) if len(colour) == 4 else colour[1:]
        parts = [int(whole[start : start + 2], 16) / 255 for start in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium on this machine")
@pytest.mark.parametrize("width", [500, 1280])
@pytest.mark.parametrize("scheme", [0, 1])
def test_a_browser_shows_the_page_whole_and_without_an_error(
    told: Desk, tmp_path: Path, width: int, scheme: int
) -> None:
    page = (
        shown(told, "/")
        .decode()
        .replace("default-src 'none'", "default-src 'none'; script-src 'unsafe-inline'")
    )
    probe = "document.title=`${document.documentElement.scrollWidth-document.documentElement.clientWidth}`"
    file = tmp_path / "probe.html"
    file.write_text(page.replace("</body>", f"<script>{probe}</script></body>"), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom"]
    options += [f"--window-size={width},900", f"--blink-settings=preferredColorScheme={scheme}"]
    profile = f"--user-data-dir={tmp_path / 'chromium'}"
    done = subprocess.run(
        ["chromium", *options, profile, file.as_uri()],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert "<title>0</title>" in done.stdout, done.stderr
    assert "CONSOLE" not in done.stderr


def test_the_output_feeds_are_valid_and_keep_their_ids(told: Desk, tmp_path: Path) -> None:
    atom = feedparser.parse(shown(told, "/feed.atom"))
    assert not atom.bozo
    assert atom.version == "atom10"
    document = json.loads(shown(told, "/feed.json"))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["feed_url"] == "http://127.0.0.1:4201/feed.json"
    ids = [entry.id for entry in atom.entries]
    assert ids == [item["id"] for item in document["items"]]
    assert all(re.fullmatch(r"tag:peninsula-watch,2026:[0-9a-f]{32}/s[a-z2-7]{12}", id_) for id_ in ids)
    assert [entry.title for entry in atom.entries] == [item["title"] for item in document["items"]]
    told = told.copy(tmp_path)
    told.clock.turn(minutes=30)
    told.feed("coast", Item(title=LAUNCH + ", coast guard says", at=NOW + timedelta(minutes=20)))
    told.run()
    again = feedparser.parse(shown(told, "/feed.atom"))
    assert sorted(entry.id for entry in again.entries) == sorted(ids)
    launch = next(entry for entry in again.entries if entry.title == LAUNCH)
    before = next(entry for entry in atom.entries if entry.id == launch.id)
    assert launch.updated > before.updated


def test_a_feed_has_what_a_validator_asks_for(told: Desk) -> None:
    atom = feedparser.parse(shown(told, "/feed.atom"))
    links = {link.rel: link.href for link in atom.feed.links}
    assert links == {"self": "http://127.0.0.1:4201/feed.atom", "alternate": "http://127.0.0.1:4201/"}
    assert all(atom.feed[key] for key in ("id", "title", "updated", "author"))
    for entry in atom.entries:
        assert all(entry[key] for key in ("id", "title", "updated", "published", "authors", "content"))
        datetime.fromisoformat(entry.updated)
    assert len({entry.id for entry in atom.entries}) == len(atom.entries)


def test_our_own_reader_takes_the_feeds_in(told: Desk, tmp_path: Path) -> None:
    for path in ("/feed.atom", "/feed.json"):
        parsed = parse_feed(shown(told, path), where=path)
        assert parsed.faults == ()
        assert LAUNCH in [item.title for item in parsed.items]
    downstream = tmp_path / "seeds"
    downstream.mkdir()
    (downstream / "stories.atom").write_bytes(shown(told, "/feed.atom"))
    other = Desk(tmp_path / "other", told.server, f"sqlite:///{tmp_path}/other.db", Clock())
    other.folder.mkdir()
    report = other.run(seeds=downstream)
    assert [source.new for source in report.sources] == [2]
    assert LAUNCH in [story.title for story in report.stories]


def test_the_command_writes_feeds_of_one_rule(told: Desk) -> None:
    code, out, _ = peninsula(told, "feed", "json", "--since", "9000d", "--rule", "korea")
    assert code == 0
    assert len(json.loads(out)["items"]) == 2
    assert peninsula(told, "feed", "json", "--rule", "no")[0] == 2
    assert peninsula(told, "feed", "--since", "9000d")[1].startswith("<?xml")


def test_a_feed_without_stories_is_still_a_feed() -> None:
    about = Outfeed(install="0" * 32)
    empty = feedparser.parse(write_atom(matching(Edition(since=NOW - HOUR, until=NOW)), about, now=NOW))
    assert not empty.bozo
    assert empty.entries == []


def test_lags_are_said_shortly() -> None:
    said = [shown_lag(timedelta(minutes=minutes)) for minutes in (0, 5, 99, 150, 60 * 72)]
    assert said == ["first", "+5 min", "+99 min", "+2 h", "+3 d"]


def test_who_was_first_is_counted_over_stories_that_two_houses_told(told: Desk) -> None:
    from flows.editions import gather

    database = told.open()
    found = gather(database, told.settings(), since=HOUR * 24, now=NOW)
    database.close()
    first, second = edition.runners(found)
    assert (first.family, first.firsts, first.lag) == ("Herald", 1, None)
    assert (second.family, second.firsts, second.lag) == ("Sinmun", 0, timedelta(minutes=10))
    launch = next(topic for topic in edition.topics(found) if topic.concept == "missile-test")
    assert isinstance(launch, Topic)
    assert sum(launch.counts) == 2
    assert len(launch.counts) == edition.BINS
