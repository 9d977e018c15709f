"""The lexicon from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows import settings
from flows.commands.options import Config, plainly
from flows.words import lexicon_files
from models import lexicon

app = typer.Typer(help="The words that the watch knows.", no_args_is_help=True)


@app.command(epilog="Example: peninsula lexicon check ours.toml")
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Files to try beside the desk's own.")] = None,
    *,
    config: Config = None,
) -> None:
    """Name every mistake in the lexicon's files, and say what the desk's own change."""
    with plainly():
        desk = settings.load(config)
        shipped, own = lexicon_files(desk, *(files or ()))
        problems = lexicon.check(shipped, own)
        for problem in problems:
            typer.echo(str(problem), err=True)
        for line in lexicon.diff(shipped, own):
            typer.echo(line)
        if problems:
            raise typer.Exit(1)
        typer.echo(f"The lexicon is fine: {len(shipped)} files of ours, {len(own)} of your own.")
