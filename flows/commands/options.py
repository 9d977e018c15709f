"""What all commands share: options, and errors told in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from models.errors import PeninsulaError

UNFINISHED = 3  # exit code: done, but not all of it went through

Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout and nothing else there.")]
Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="The watch.toml to use.", envvar="PENINSULA_CONFIG")
]


@contextmanager
def plainly() -> Iterator[None]:
    """Say an error in one line on stderr, with the exit code that goes with it."""
    try:
        yield
    except PeninsulaError as error:
        typer.echo(f"peninsula: {error}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("peninsula: stopped; what was not finished is taken up by the next run", err=True)
        raise typer.Exit(130) from None
