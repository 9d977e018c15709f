"""The database from the command line: its schema, a copy, a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows import as_json, keeping, settings
from flows.commands.options import Config, Json, opened, plainly
from flows.commands.progress import counting
from models.database import Database, parse_url
from models.errors import DatabaseError

app = typer.Typer(help="The database.", no_args_is_help=True)


def _url(value: str) -> str:
    try:
        parse_url(value)
    except DatabaseError as error:
        raise typer.BadParameter(str(error).removeprefix("DATABASE_URL: ")) from None
    return value


Target = Annotated[
    str,
    typer.Argument(callback=_url, help="The URL of an empty database: postgresql://user:password@host/name."),
]


@app.command(epilog="Example: DATABASE_URL=postgresql://… peninsula db upgrade")
def upgrade(*, config: Config = None) -> None:
    """Bring the database's schema up to this release."""
    with plainly():
        changed = Database(settings.load(config).database_url).migrate(settings.bundled("alembic"))
        typer.echo("The database is upgraded." if changed else "The database is up to date.")


@app.command(epilog="Example: peninsula db copy postgresql://peninsula@db.example/peninsula")
def copy(url: Target, *, json: Json = False, config: Config = None) -> None:
    """Copy everything into another, empty database, or nothing; alerts keep their ids."""
    with opened(config) as (_, database):
        with counting("filing for search", quiet=json) as progress:
            counts = keeping.copy(database, url, progress)
        if json:
            as_json.show({"rows": counts})
            return
        for table, rows in counts.items():
            typer.echo(f"{rows:>9}  {table}")
        typer.echo("Copied and counted. Point DATABASE_URL there and start the watch again.")


@app.command(epilog="Example: peninsula db backup peninsula-monday.db")
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; replaced if it is there.")],
    *,
    json: Json = False,
    config: Config = None,
) -> None:
    """Write a consistent backup, also while the watch runs: a SQLite file that is a database by itself."""
    with opened(config) as (_, database):
        size = keeping.backup(database, file)
        if json:
            as_json.show({"file": str(file), "bytes": size})
            return
        typer.echo(f"{file}: {size / 1e6:.1f} MB, checked.")
