"""What commands print that is no report: a story's rulings, a configuration, a rehearsal."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Sequence

import typer

from flows import as_json, render
from flows.settings import Settings
from models.values import Filed, Report


def rulings(items: Sequence[Filed]) -> None:
    """Print what the rules made of each article of a story."""
    typer.echo("What the rules made of each article of the story")
    for item in items:
        typer.echo(f"  {item.article.id}  {item.article.title} ({item.article.outlet})")
        for made in item.decisions:
            typer.echo(f"      {made.rule}: {made.outcome} ({made.reason}): {made.detail}")


def configuration(settings: Settings, *, json: bool) -> None:
    """Print a configuration without its secrets."""
    told = as_json.of_settings(settings)
    if json:
        as_json.show(told)
        return
    for key, value in told.items():
        if not isinstance(value, list):
            typer.echo(f"{key} = {jsonlib.dumps(value, ensure_ascii=False)}")
    for table in ("rules", "channels", "feeds"):
        for row in told[table]:
            typer.echo(f"{table[:-1]} {row['name']}")
            for key, value in row.items():
                if key != "name" and value not in (None, "", [], False, 0):
                    typer.echo(f"  {key} = {jsonlib.dumps(value, ensure_ascii=False)}")


def rehearsal(would: Report, *, json: bool) -> None:
    """Print what a run would do."""
    if json:
        as_json.show(as_json.of_report(would) | {"dry_run": True})
        return
    render.preview(would)
    for state in would.alerts:
        typer.echo(f"  ▶ {state.title} · rule {state.alert.rule} to {state.alert.channel}")
    new = render.count(sum(source.new for source in would.sources), "new article")
    due = render.count(len(would.alerts), "alert")
    baseline = f", {would.decided.baseline} too old to alert" if would.decided.baseline else ""
    typer.echo(f"Would store {new}{baseline}, and send {due}. Nothing was kept, nothing was sent.")
