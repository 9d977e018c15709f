"""The `peninsula` command: the pipeline by hand, and the archive asked.

Exit codes: 0 fine; 1 failed; 2 wrong usage; 3 finished, but a feed could not be
read or an alert could not be delivered yet.
Prefect is imported by none of it (it costs three seconds); `up` starts it beside us.
"""

from __future__ import annotations

import errno
import functools
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from models.errors import OutputError

# A command or group of them, the file in `flows.commands` that has it, and its examples; a group
# gives its own.
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("sweeps", "peninsula run · peninsula run --no-feeds --seeds clippings · peninsula run --json"),
    "collect": ("collect", "peninsula collect --feed yonhap-ko"),
    "decide": ("sweeps", "peninsula decide"),
    "deliver": ("sweeps", "peninsula deliver · peninsula deliver --now"),
    "up": ("watching", "peninsula up · peninsula up --every 5m --port 4300 --json-logs"),
    "articles": ("articles", "peninsula articles · peninsula articles --concept kim-jong-un --json"),
    "explain": (
        "articles",
        'peninsula explain a4k2… · peninsula explain https://… · peninsula explain "drill"',
    ),
    "prune": ("archive", "peninsula prune --dry-run · peninsula prune --older-than 90d"),
    "status": ("status", "peninsula status · peninsula status --json"),
    "metrics": ("status", "peninsula metrics > /var/lib/node_exporter/peninsula.prom"),
    "backfill": ("backfill", "peninsula backfill 2019.jsonl · peninsula backfill saved.xml --alert"),
    "replay": (
        "replay",
        "peninsula replay --rule launches --threshold 1.2 · peninsula replay --lexicon ours.toml",
    ),
    "story": ("story", "peninsula story sfr3zdqlq2t6i"),
    "feedback": ("feedback", "peninsula feedback msg_rqnf7 noise · peninsula feedback missed https://…"),
    "evaluate": ("feedback", "peninsula evaluate · peninsula evaluate --watch narrower.toml"),
    "report": ("report", "peninsula report · peninsula report today.html --since 12h"),
    "feed": ("report", "peninsula feed > stories.atom · peninsula feed json --since 2d"),
    "search": (
        "search",
        "peninsula search 탄도미사일 · peninsula search 朝鲜 --language zh --since 7d",
    ),
    "tag": ("lines", "peninsula tag < articles.jsonl > tags.jsonl"),
    "group": ("lines", "peninsula group < articles.jsonl > stories.jsonl"),
    "same": ("lines", "peninsula same < pairs.jsonl > verdicts.jsonl"),
    "feeds": ("feeds", ""),
    "config": ("configuration", ""),
    "db": ("db", ""),
    "lexicon": ("words", ""),
    "stories": ("stories", ""),
    "alerts": ("alerts", ""),
    "channels": ("channels", ""),
}


class _Commands(Mapping[str, Any]):
    """The commands by name, each loaded when it is looked up: all of them take half a second."""

    def __getitem__(self, name: str) -> Any:
        return _command(name)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


@functools.cache
def _command(name: str) -> Any:
    file, examples = COMMANDS[name]
    module = import_module(f"flows.commands.{file}")
    if not examples:
        group = get_group(module.app)
        group.name = name
        return group
    own = typer.Typer()
    own.command(name, epilog=f"Example{'s' * (' · ' in examples)}: {examples}")(getattr(module, name))
    return get_command(own)


def load(arguments: Sequence[str]) -> None:
    """Load the command that is named first, if there is such a one."""
    if arguments and arguments[0] in COMMANDS:
        _command(arguments[0])


class _Peninsula(TyperGroup):
    """The command itself, which knows its commands by name alone."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()  # type: ignore[assignment]  # nobody adds to it


app = typer.Typer(
    cls=_Peninsula,
    epilog="Exit codes: 0 fine, 1 failed, 2 wrong usage, 3 finished but a feed or an alert is not through.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


@app.callback()
def _peninsula() -> None:
    """Every story on the Korean peninsula, once, in every language, with the reason why."""


def main() -> None:
    """Run the command; a letter that stdout's encoding lacks costs that letter and not the command."""
    if isinstance(sys.stdout, TextIOWrapper):  # there is none where it is closed
        sys.stdout.reconfigure(errors="replace")
    try:
        app()
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.exit(f"peninsula: {OutputError(error)}")
