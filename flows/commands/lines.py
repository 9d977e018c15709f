"""JSON Lines in, JSON Lines out: the product's parts in somebody else's pipeline."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import orjson
import typer

from flows import settings, streams
from flows.commands.options import UNFINISHED, Config, plainly
from flows.words import open_lexicon, read_lexicon
from models.errors import PeninsulaError
from models.lexicon import Lexicon
from models.values import Fault


def tag(*, config: Config = None) -> None:
    """Tag articles: {"id", "lang"?, "title", "text"?} a line in, what they are about a line out."""
    with plainly():
        _pour(streams.tag_lines(_stdin(), _lexicon(config)))


def group(*, config: Config = None) -> None:
    """Group articles, in stream order: {"id", "title", "text"?, "timestamp"?} in, the story of each out."""
    with plainly():
        _pour(streams.group_lines(_stdin(), _lexicon(config)))


def same(*, config: Config = None) -> None:
    """Compare pairs of articles: {"id", "a": {...}, "b": {...}} in, whether they tell one event out."""
    with plainly():
        _pour(streams.same_lines(_stdin(), _lexicon(config)))


def _stdin() -> Iterable[str]:
    if sys.stdin is None:  # it was closed: tag <&-
        raise PeninsulaError("stdin is closed; give it JSON Lines")
    return sys.stdin


def _lexicon(config: Config) -> Lexicon:
    """Give the desk's lexicon; where there is no watch.toml, the one that ships."""
    found = config or settings.default_file()
    return open_lexicon(settings.load(found)) if found else read_lexicon()


def _pour(rows: Iterable[dict[str, Any] | Fault]) -> None:
    """Write rows to stdout and bad lines to stderr; exit code 3 if there was a bad one."""
    bad = 0
    for row in rows:
        if isinstance(row, Fault):
            bad += 1
            typer.echo(f"{row.where}: {row.detail or row.code}", err=True)
        else:
            sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()
    if bad:
        raise typer.Exit(UNFINISHED)
