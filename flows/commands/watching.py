"""The watch on its schedule, from the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from flows import up as serving
from flows.commands.options import Config, as_duration, opened

LOOPBACK = serving.LOOPBACK
LAST_PORT = 65_535


def up(
    *,
    every: Annotated[str | None, typer.Option(help="How often to watch; else watch.toml's `every`.")] = None,
    port: Annotated[
        int, typer.Option(help="The port of the Prefect server to start.", min=1, max=LAST_PORT)
    ] = 4200,
    host: Annotated[
        str, typer.Option(help="The address it listens on; another needs a password.")
    ] = LOOPBACK,
    status_port: Annotated[
        int,
        typer.Option(
            help="The port of /health and /metrics; else the next after --port.", min=0, max=LAST_PORT
        ),
    ] = 0,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log a JSON object a line.")] = False,
    config: Config = None,
) -> None:
    """Watch on a schedule: start a Prefect server if none answers, serve the flows, until stopped."""
    if port == LAST_PORT and not status_port:
        raise typer.BadParameter(f"no port comes after {port}; choose the status's with --status-port")
    with opened(config) as (desk, database):
        database.close()
        serving.up(
            desk,
            every=as_duration(every) if every else desk.every,
            port=port,
            host=host,
            status_port=status_port,
            json_logs=json_logs,
        )
