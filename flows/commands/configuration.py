"""The configuration from the command line: checked, shown."""

from __future__ import annotations

import typer

from flows import render, settings
from flows.commands import shown
from flows.commands.options import Config, Json, plainly
from flows.words import open_lexicon
from models.database import Database
from models.errors import ConfigError

app = typer.Typer(help="The configuration.", no_args_is_help=True)


@app.command("check", epilog="Example: peninsula config check --config desk.toml")
def config_check(*, config: Config = None) -> None:
    """Check watch.toml, the environment and the lexicon; change nothing."""
    with plainly():
        desk = settings.load(config)
        if desk.seeds and not desk.seeds.is_dir():
            raise ConfigError(str(desk.file), "watch.seeds", f"there is no folder {desk.seeds}")
        lexicon = open_lexicon(desk)
        Database(desk.database_url)
        render.checked(desk, lexicon)


@app.command("show", epilog="Example: peninsula config show --json")
def config_show(*, json: Json = False, config: Config = None) -> None:
    """Show the configuration as it was understood, with every secret left out."""
    with plainly():
        shown.configuration(settings.load(config), json=json)
