"""watch.toml and the environment: every mistake is named with its file and key."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flows import settings
from models.errors import ConfigError
from models.values import Bloc

FEED = '[[feed]]\nname = "a"\nurl = "https://a.example/rss"\n'


def load(tmp_path: Path, text: str, **env: str) -> settings.Settings:
    """Write and read a watch.toml."""
    file = tmp_path / "watch.toml"
    file.write_text(text, encoding="utf-8")
    return settings.load(file, env=env)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[watch]\nevry = '1h'\n", "watch.evry: unknown key"),
        ("[watch]\nfloor = '3h'\n", "watch: floor is longer than ceiling"),
        ("[watch]\ncontact = 'ü@a.example'\n", "watch.contact: a mail address or page for a header"),
        (FEED + "floor = '3h'\nceiling = '1h'\n", '[[feed]] "a": floor is longer than ceiling'),
        ("[watch]\nwindow = 'long'\n", 'watch.window: "long" is not a duration'),
        ('[[feed]]\nname = "a"\n', '[[feed]] "a" url: Field required'),
        ('[[feed]]\nurl = "ftp://a.example/"\n', "[[feed]] number 1 url: a feed's url begins with http"),
        ('[[feed]]\nname = "a"\nurl = "https://u:p@a.example/"\n', "cannot hold a user name"),
        ('[[feed]]\nname = "a"\nurl = "https://a.example/rss "\n', '"a" url: a feed\'s url holds no space'),
        ('[[feed]]\nname = "a"\nurl = "https://a..example/"\n', '"a" url: a feed\'s url begins with http'),
        (2 * '[[feed]]\nurl = "https://a.example/?c=1"\n', '"a.example": this name is taken; give each'),
        (FEED + FEED, '[[feed]] "a": this name is taken'),
        (FEED + 'zone = "Seoul"\n', '[[feed]] "a" zone: "Seoul" is no time zone'),
        (FEED + 'bloc = "moon"\n', '[[feed]] "a" bloc:'),
        ('[[rule]]\nname = "r"\nsources = ["b"]\n', '[[rule]] "r" sources: there is no [[feed]] "b"'),
        ('[[rule]]\nname = "r"\nchannels = ["b"]\n', '[[rule]] "r" channels: there is no [[channel]] "b"'),
        ('[[channel]]\nname = "c"\nkind = "webhook"\n', '[[channel]] "c" url_env: name the environment'),
        ('[[channel]]\nname = "c"\nkind = "fax"\n', '[[channel]] "c" kind:'),
        (
            '[[channel]]\nname = "c"\nkind = "slack"\nurl_env = "NOT_SET"\n',
            '[[channel]] "c" url_env: NOT_SET is not set',
        ),
        ("not toml", "not readable as TOML"),
        (
            '[[rule]]\nname = "r"\nany = "missile-test"\n',
            '[[rule]] "r" any: write a list: ["missile-test"]',
        ),
        ('[feed]\nurl = "https://a.example/"\n', "feed: write [[feed]], with two brackets"),
        ("rule = [1]\n", "[[rule]] number 1: write [[rule]], with two brackets"),
        ("watch = []\n", "watch: write [watch], with one bracket"),
        ("[watch]\nwindow = '999999999d'\n", 'watch.window: "999999999d" is too long'),
        (FEED + 'language = "kr"\n', '[[feed]] "a" language: "kr" is no language; write "ko"'),
        (FEED + 'language = "xx"\n', '[[feed]] "a" language: "xx" is no language; write the two letters'),
        (
            '[[rule]]\nname = "r"\nlanguages = ["ko", "jp"]\n',
            '"r" languages 1: "jp" is no language; write "ja"',
        ),
        ('[[rule]]\nname = "r"\nquery = "language:ko,cn"\n', '"cn" is no language; write "zh"'),
        (
            '[[channel]]\nname = "c"\nkind = "terminal"\nlanguage = "kr"\n',
            '[[channel]] "c" language: "kr" is no language; write "ko"',
        ),
        ('[watch]\nlanguage = "ja"\n', 'watch.language: there are no labels in "ja"; write "en" or "ko"'),
    ],
)
def test_a_mistake_is_named_with_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert message in str(caught.value)
    assert str(tmp_path / "watch.toml") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeff[watch]\nwindow = '1h'\n").desk.window == timedelta(hours=1)


def test_a_missing_file_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--config or PENINSULA_CONFIG"):
        settings.load(tmp_path / "none.toml", env={})


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        settings.load(tmp_path, env={})


def test_an_env_file_of_another_encoding_is_told_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "watch.toml").write_text("", encoding="utf-8")
    (tmp_path / ".env").write_text("HOOK=CANARY # 비밀\n", encoding="cp949")
    with pytest.raises(ConfigError, match=r"\.env: is not UTF-8") as caught:
        settings.load(tmp_path / "watch.toml")
    assert "CANARY" not in str(caught.value)


def test_a_feed_needs_no_more_than_its_url(tmp_path: Path) -> None:
    found = load(tmp_path, '[[feed]]\nurl = "https://www.yna.example/rss/northkorea.xml"\n').feeds
    assert found[0].name == "yna.example-rss-northkorea"
    assert found[0].family == "yna.example"
    assert (
        load(tmp_path, '[[feed]]\nurl = "https://뉴스.한국/"\n').feeds[0].name == "xn--vg1b002a.xn--3e0b707e"
    )


def test_a_feed_keeps_what_is_said_of_it(tmp_path: Path) -> None:
    text = FEED + 'language = "ko"\nfamily = "y"\nbloc = "rok"\nzone = "Asia/Seoul"\nevery = "5m"\n'
    feed = load(tmp_path, text).feeds[0]
    assert (feed.language, feed.family, feed.bloc, feed.zone) == ("ko", "y", Bloc.ROK, "Asia/Seoul")
    assert feed.every == timedelta(minutes=5)


def test_a_language_may_be_written_with_its_region(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "r"\nlanguages = ["zh-TW", "KO"]\nquery = "language:zh_TW"\n'
    desk = load(tmp_path, FEED + 'language = "ko-KR"\n' + rule)
    assert (desk.feeds[0].language, desk.desk.rules[0].languages) == ("ko", ("zh", "ko"))


def test_without_a_channel_alerts_go_to_the_terminal(tmp_path: Path) -> None:
    found = load(tmp_path, '[[rule]]\nname = "r"\n')
    assert list(found.desk.channels) == ["terminal"]
    assert found.desk.rules[0].channels == ("terminal",)


def test_an_optional_channel_is_off_until_its_variable_is_set(tmp_path: Path) -> None:
    text = '[[channel]]\nname = "s"\nkind = "slack"\nurl_env = "S"\noptional = true\n[[rule]]\nname = "r"\n'
    assert load(tmp_path, text).off == ("s",)
    on = load(tmp_path, text, S="https://hooks.example/CANARY")
    assert on.desk.rules[0].channels == ("s",)
    assert "CANARY" not in repr(on)


def test_a_secret_that_is_no_signing_key_is_named_and_not_shown(tmp_path: Path) -> None:
    text = '[[channel]]\nname = "c"\nkind = "webhook"\nurl_env = "U"\nsecret_env = "K"\n'
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text, U="https://h.example/", K="CANARY!")
    assert "K is not whsec_" in str(caught.value)
    assert "CANARY" not in str(caught.value)


def test_env_file_beside_watch_toml_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=sqlite:///of-env-file.db\n", encoding="utf-8")
    (tmp_path / "watch.toml").write_text("", encoding="utf-8")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert settings.load(tmp_path / "watch.toml").database_url == "sqlite:///of-env-file.db"
    monkeypatch.setenv("DATABASE_URL", "sqlite:///of-environment.db")
    assert settings.load(tmp_path / "watch.toml").database_url == "sqlite:///of-environment.db"
