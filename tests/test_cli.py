"""The command: what it prints, what it exits with, and that each command is documented."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from desk import LAUNCH, Desk, Item
from outside import PENINSULA, environment, just_now, run
from typer.main import get_command
from typer.testing import CliRunner

from flows.cli import app

ROOT = Path(__file__).parent.parent


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Give a SQLite database: what the command prints does not depend on the kind."""
    return f"sqlite:///{tmp_path / 'peninsula.db'}"


def peninsula(desk: Desk, *arguments: str) -> tuple[int, str, str]:
    """Run the command in this process: exit code, stdout, stderr."""
    desk.settings()
    env = {"DATABASE_URL": desk.database_url, "PENINSULA_CONFIG": str(desk.folder / "watch.toml")} | desk.env
    done = CliRunner().invoke(app, arguments, env=env)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def listed(desk: Desk, *arguments: str) -> Any:
    """Run a command with --json and read what it printed."""
    code, out, _ = peninsula(desk, *arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_a_run_tells_sources_stories_and_alerts(desk: Desk) -> None:
    desk.feed("herald", Item())
    code, out, err = peninsula(desk, "run", "--no-seeds")
    assert code == 0
    assert "herald" in out
    assert "1 new" in out
    assert out.count(LAUNCH) == 2  # as a story, and as an alert
    assert "msg_" in out
    assert "SLACK_WEBHOOK_URL" in out
    assert err == ""
    code, out, _ = peninsula(desk, "run", "--no-seeds")
    assert code == 0
    assert "not modified" in out
    assert LAUNCH not in out


def test_a_run_as_json_is_json_and_nothing_else(desk: Desk) -> None:
    desk.feed("herald", Item())
    told = listed(desk, "run", "--no-seeds")
    assert [source["new"] for source in told["sources"]] == [1]
    assert told["stories"][0]["title"] == LAUNCH
    assert told["alerts"][0]["state"] == "delivered"


def test_a_feed_that_is_named_is_read_without_the_seeds_unless_they_are_named_too(desk: Desk) -> None:
    desk.feed("herald", Item())
    desk.feed("ledger", Item(title="Koreatown diner wins an award"))
    seeds = desk.folder / "seeds"
    seeds.mkdir()
    (seeds / "steam.txt").write_text("Steam at Yongbyon\n\nThe IAEA saw steam.", encoding="utf-8")
    told = listed(desk, "run", "--feed", "herald")
    assert [source["source"] for source in told["sources"]] == ["herald"]
    told = listed(desk, "run", "--feed", "herald", "--seeds", str(seeds))
    assert [source["source"] for source in told["sources"]] == ["seeds/steam.txt", "herald"]


def test_a_feed_that_fails_is_one_line_and_exit_code_3(desk: Desk) -> None:
    desk.feed("herald", Item())
    desk.feed("gone")
    del desk.documents["gone"]
    code, out, _ = peninsula(desk, "run", "--no-seeds")
    assert code == 3
    failed = [line for line in out.splitlines() if "gone" in line]
    assert len(failed) == 1
    assert "404" in failed[0]
    assert "http://" not in failed[0]


def test_articles_and_stories_have_the_promised_keys(desk: Desk) -> None:
    desk.feed("herald", Item())
    peninsula(desk, "run", "--no-seeds")
    article = listed(desk, "articles")[0]
    assert {"id", "title", "url", "language", "source", "story", "concepts", "score"} <= article.keys()
    assert "north-korea" in article["concepts"]
    assert listed(desk, "articles", "--concept", "north-korea")[0]["id"] == article["id"]
    assert listed(desk, "articles", "--concept", "kim-song") == []
    story = listed(desk, "stories")[0]
    assert (story["id"], story["alerts"]) == (article["story"], 1)
    alert = listed(desk, "alerts")[0]
    assert (alert["story"], alert["state"]) == (story["id"], "delivered")
    assert listed(desk, "alerts", "--state", "dead") == []
    assert listed(desk, "feeds", "list")[0]["name"] == "herald"
    explained = listed(desk, "explain", article["id"])
    assert explained["decisions"][0]["outcome"] == "alert"
    assert explained["hits"]


def test_explain_marks_the_words_and_says_why(desk: Desk) -> None:
    desk.feed("herald", Item(), Item(title="Koreatown diner wins an award", text="BBQ until dawn."))
    peninsula(desk, "run", "--no-seeds")
    _, out, _ = peninsula(desk, "explain", "fires two")
    assert "[North Korea]" in out
    assert "korea: alert (matched)" in out
    _, out, _ = peninsula(desk, "explain", "Koreatown")
    assert "no-match (not-korea)" in out


def test_sweeps_can_be_run_one_by_one(desk: Desk) -> None:
    desk.feed("herald", Item())
    assert "1 new" in peninsula(desk, "collect", "--no-seeds")[1]
    assert listed(desk, "articles", "--all")[0]["korea"] is None
    assert "1 of 1 decided article about the peninsula" in peninsula(desk, "decide")[1]
    assert listed(desk, "alerts")[0]["state"] == "pending"
    assert LAUNCH in peninsula(desk, "deliver")[1]
    assert listed(desk, "alerts")[0]["state"] == "delivered"


def test_deliver_now_does_not_wait_for_the_schedule(desk: Desk) -> None:
    answers = iter([500, 200])
    desk.server.expect_request("/hook").respond_with_handler(lambda _: _answer(next(answers)))
    desk.webhook()
    desk.feed("herald", Item())
    code, out, _ = peninsula(desk, "run", "--no-seeds", "--patience", "0s")
    assert code == 3
    assert "pending to hook" in out
    assert "answered 500" in out
    code, out, _ = peninsula(desk, "deliver", "--now")
    assert code == 0
    assert "delivered to hook" in out


def _answer(status: int) -> Any:
    from werkzeug import Response

    return Response(status=status)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "--feed", "none"], 'there is no feed "none"'),
        (["run", "--no-feeds", "--feed", "herald"], "--no-feeds leaves out what --feed names"),
        (["collect", "--no-seeds", "--seeds", "clippings"], "--no-seeds leaves out what --seeds names"),
        (["search", "--since", "2026-13-01"], '"2026-13-01" is not a duration'),
        (["search", "--since", "2026-13-01"], "nor is it a day such as 2026-11-01"),
        (["stories", "--since", "999999999d"], '"999999999d" is too long'),
        (["stories", "--since", "999999d"], '"999999d" is too long'),
        (["db", "copy", "nonsense"], "Invalid value for 'url': not a database URL"),
        (["explain", " "], "say what to explain"),
        (["run", "--patience", "long"], '"long" is not a duration'),
        (["stories", "--limit", "0"], "--limit"),
        (["fly"], "No such command"),
        (["up", "--port", "70000"], "--port"),
        (["up", "--status-port", "70000"], "--status-port"),
        (["up", "--port", "65535"], "no port comes after 65535"),
    ],
)
def test_wrong_usage_is_exit_code_2(desk: Desk, arguments: list[str], message: str) -> None:
    desk.feed("herald", Item())
    code, _, err = peninsula(desk, *arguments)
    assert code == 2
    assert message in err.replace("\n", " ").replace("│", "").replace("  ", " ")


def test_a_replay_names_the_channels_that_send_nothing_and_what_to_do(desk: Desk) -> None:
    desk.webhook("hook")
    desk.server.expect_request("/hook").respond_with_data(status=410)
    desk.feed("herald", Item())
    id_ = desk.run().alerts[0].alert.id
    code, out, _ = peninsula(desk, "alerts", "replay", id_)
    assert code == 0
    assert f"{id_} is due" in out
    assert "Channel hook is disabled (answered 410: the receiver wants no more)" in out
    assert "peninsula channels enable hook lets them leave" in out
    del desk.tables["channel hook"]
    _, out, _ = peninsula(desk, "alerts", "replay", id_)
    assert "Channel hook is not on: configure it" in out


def test_an_error_is_one_line_with_file_and_key_and_exit_code_1(desk: Desk) -> None:
    desk.tables["rule korea"] = '[[rule]]\nname = "korea"\nany = ["atlantis"]\n'
    for command in (["config", "check"], ["run", "--no-feeds", "--no-seeds"]):
        code, _, err = peninsula(desk, *command)
        assert code == 1
        assert err.count("\n") == 1
        assert 'watch.toml: [[rule]] "korea" any: the lexicon has no concept "atlantis"' in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is always full")
def test_an_output_that_cannot_be_written_is_one_line(sqlite_desk: Desk) -> None:
    done = _unprinted(sqlite_desk, "a full disk", "metrics")
    assert done.returncode == 1
    assert done.stderr == "peninsula: the output cannot be written (No space left on device)\n"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is always full")
@pytest.mark.parametrize("broken", ["a full disk", "a pipe that nobody reads"])
def test_a_run_whose_report_cannot_be_printed_delivers(sqlite_desk: Desk, broken: str) -> None:
    desk = sqlite_desk
    desk.webhook()
    desk.server.expect_request("/hook").respond_with_data("")
    desk.feed("herald", Item(at=just_now()))
    done = _unprinted(desk, broken, "run", "--no-seeds")
    assert listed(desk, "alerts")[0]["state"] == "delivered"
    assert done.returncode == 1
    assert re.fullmatch(r"peninsula: the output cannot be written \([\w ]+\)\n", done.stderr)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is always full")
@pytest.mark.parametrize("broken", ["a full disk", "a pipe that nobody reads"])
def test_an_alert_that_cannot_be_shown_is_not_delivered_and_keeps_no_other_channel(
    sqlite_desk: Desk, broken: str
) -> None:
    desk = sqlite_desk
    desk.tables["channel screen"] = '[[channel]]\nname = "screen"\nkind = "terminal"\n'
    desk.webhook()
    desk.server.expect_request("/hook").respond_with_data("")
    desk.feed("herald", Item(at=just_now()))
    assert _unprinted(desk, broken, "run", "--no-seeds").returncode == 1
    states = {alert["channel"]: alert["state"] for alert in listed(desk, "alerts")}
    assert states == {"screen": "sending", "hook": "delivered"}
    _, out, _ = peninsula(desk, "run", "--no-seeds")
    assert f"▶ {LAUNCH}" in out


@pytest.mark.slow
def test_an_alert_is_not_delivered_to_a_stdout_that_is_closed(sqlite_desk: Desk) -> None:
    sqlite_desk.feed("herald", Item(at=just_now()))
    sqlite_desk.settings()
    closed = ("sh", "-c", 'exec "$@" >&-', "sh", *PENINSULA, "run", "--no-seeds")
    done = run(closed, environment(sqlite_desk.folder))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "stdout is closed" in done.stderr
    assert f"▶ {LAUNCH}" in peninsula(sqlite_desk, "run", "--no-seeds")[1]


def _unprinted(desk: Desk, broken: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own, where nothing can be printed."""
    desk.settings()
    if broken == "a full disk":
        stdout = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, stdout = os.pipe()
        os.close(reader)
    try:
        return subprocess.run(
            [*PENINSULA, *arguments],
            env=environment(desk.folder, **desk.env),
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(stdout)


@pytest.mark.parametrize("arguments", [["stories"], ["report", "-"]])
def test_an_output_that_is_not_utf_8_lacks_letters_and_no_lines(
    sqlite_desk: Desk, arguments: list[str]
) -> None:
    sqlite_desk.feed("herald", Item(title="북한 미사일 발사, North Korea fires", at=just_now()))
    sqlite_desk.run()
    env = environment(sqlite_desk.folder, PYTHONIOENCODING="latin-1")
    done = subprocess.run([*PENINSULA, *arguments], env=env, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    if arguments == ["report", "-"]:
        assert "북한 미사일 발사" in done.stdout.decode()
    elif arguments == ["stories"]:
        assert b"?? ??? ??, North Korea fires" in done.stdout


def test_config_check_says_what_a_configuration_comes_to(desk: Desk) -> None:
    desk.feed("herald", Item())
    desk.webhook()
    code, out, _ = peninsula(desk, "config", "check")
    assert code == 0
    assert "korea -> hook" in out
    assert "127.0.0.1" not in out
    assert "localhost" not in out


def test_config_check_tells_a_rule_whose_channels_are_all_off(desk: Desk) -> None:
    desk.webhook("quiet")
    desk.tables["channel quiet"] += "optional = true\n"
    del desk.env["QUIET_URL"]
    desk.webhook("loud", "/loud")
    desk.rule('channels = ["quiet"]', "launches")
    desk.rule('channels = ["quiet", "loud"]')
    out = peninsula(desk, "config", "check")[1]
    assert "launches -> loud, korea -> loud" in out
    assert "launches names no channel that is on, so it goes to every one that is" in out
    assert out.count("names no channel") == 1


def test_every_command_has_help_with_an_example() -> None:
    def visit(command: Any, path: str) -> None:
        for name, inner in getattr(command, "commands", {}).items():
            if getattr(inner, "commands", None):
                visit(inner, f"{path} {name}")
            else:
                assert inner.help, f"{path} {name} has no help"
                assert f"{path} {name}" in (inner.epilog or ""), f"{path} {name} shows no example"

    visit(get_command(app), "peninsula")


@pytest.mark.slow
def test_the_installed_command_starts_quickly_without_prefect(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from importlib import import_module\n"
        "from flows import cli\n"
        "for file, _ in cli.COMMANDS.values(): import_module(f'flows.commands.{file}')\n"
        "late = {'prefect', 'alembic', 'slack_sdk'} & set(sys.modules)\n"
        "sys.exit(f'imported at start: {late}' if late else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, timeout=60)


def test_a_look_at_the_feeds_loads_no_more_than_it_needs(tmp_path: Path) -> None:
    needless = (
        "feedparser numpy ahocorasick_rs regex nh3 rich pygments models.stories models.lexicon models.decide"
        " models.sources.feeds models.sources.seeds models.tables.articles sqlalchemy.dialects.postgresql"
    )
    code = (
        "import sys\n"
        "from flows.__main__ import main\n"
        "sys.argv = ['peninsula', 'collect', '--no-feeds', '--no-seeds', '--json']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"found = set('{needless}'.split()) & set(sys.modules)\n"
        "assert not found, f'imported: {found}'"
    )
    (tmp_path / "watch.toml").write_text("", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "flows", "db", "upgrade"], check=True, cwd=tmp_path, timeout=60)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, timeout=60)
