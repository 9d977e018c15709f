"""The README and the reading orders: every command in it exists, every room is named."""

from __future__ import annotations

import importlib
import pkgutil
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from desk import NOW
from typer.main import get_command
from typer.testing import CliRunner

from flows import routing, settings
from flows.cli import app
from flows.words import open_lexicon
from models import alerts
from models.values import Bloc, Health, Retry

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
IN_TEXT = re.findall(r"`(peninsula [^`]+)`", README)


def commands() -> list[str]:
    """Give every line of the README that runs our command."""
    lines = [line for block in SHELL for line in block.splitlines()] + IN_TEXT
    return [line.split("#")[0].strip() for line in lines if line.startswith("peninsula ")]


@pytest.mark.parametrize("line", sorted(set(commands())))
def test_every_command_of_the_readme_is_understood(line: str) -> None:
    arguments = shlex.split(line.split("<", maxsplit=1)[0])[1:]
    command: Any = get_command(app)
    context = None
    while inner := getattr(command, "commands", {}).get(arguments[0] if arguments else ""):
        context = command.make_context("peninsula", [], parent=context, resilient_parsing=True)
        command, arguments = inner, arguments[1:]
    assert context is not None, f"{line}: no such command"
    command.make_context("peninsula", arguments, parent=context)


def test_every_health_of_a_feed_is_in_the_readme() -> None:
    told = re.search(r"^A feed is (new [^.]+)\.", README, re.MULTILINE)
    assert told
    assert set(Health) <= set(re.findall(r"[\w-]+", told[1]))


def test_the_slack_example_names_bloc_and_language_in_the_order_of_the_message() -> None:
    lines = re.findall(r"^> • \[.+?\]\(.+?\) · (\w+) · (\w+) · ", README, re.MULTILINE)
    assert [(bloc, language) for bloc, language in lines if bloc in set(Bloc)] == lines != []


def test_the_help_of_search_says_what_goes_before_a_minus() -> None:
    told = CliRunner().invoke(app, ["search", "--help"]).stdout
    assert "-unwanted: -- goes before it" in " ".join(told.replace("│", " ").split())
    assert "peninsula search -- -shoe" in README


def test_every_command_is_in_the_readme() -> None:
    told = " ".join(commands())
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]  # a group
        for inner in getattr(command, "commands", None) or [""]:
            assert f"peninsula {name} {inner}".strip() in told, f"{name} {inner} is not in README.md"


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make (\w+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_readme_says_after_which_answers_an_alert_is_tried_again() -> None:
    told = re.search(r"with ([\d,\sor]+) or a 5xx, it is tried again", README)
    assert told
    retried = [status for status in range(300, 500) if isinstance(alerts.verdict(status, {}, NOW), Retry)]
    assert [int(status) for status in re.findall(r"\d+", told[1])] == retried


def test_every_key_of_watch_toml_is_in_the_readme() -> None:
    for table in (settings._Watch, settings._Feed, routing.RuleTable, routing.ChannelTable):
        for key in table.model_fields:
            assert f"`{key}`" in README, key


def test_the_rules_of_the_readme_are_valid(tmp_path: Path) -> None:
    block = "\n".join(re.findall(r"```toml\n(.*?)```", README, re.DOTALL))
    channel = '[[channel]]\nname = "slack"\nkind = "slack"\nurl_env = "S"\n'
    (tmp_path / "watch.toml").write_text(channel + block, encoding="utf-8")
    found = settings.load(tmp_path / "watch.toml", env={"S": "https://hooks.example/x"})
    open_lexicon(found)


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([\w./]+)\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("house", ["flows", "models"])
def test_every_room_of_a_house_stands_in_its_reading_order(house: str) -> None:
    package = importlib.import_module(house)
    rooms = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert rooms
    assert {room for room in rooms if not re.search(rf"\b{room}\b", package.__doc__ or "")} == set()
