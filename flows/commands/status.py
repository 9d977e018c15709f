"""How the watch stands, from the command line."""

from __future__ import annotations

from datetime import datetime

import typer

from flows import as_json, monitor, render
from flows.commands.options import UNFINISHED, Config, Json, opened
from models.standing import last_end, told
from models.values import Standing, Trouble


def status(*, json: Json = False, config: Config = None) -> None:
    """Say how the watch stands; exit code 3 if a person should look."""
    with opened(config) as (desk, database):
        standing, troubles = monitor.look(desk, database)
        if json:
            as_json.show(monitor.as_json(standing, troubles))
        else:
            _show(standing, troubles)
    if troubles:
        raise typer.Exit(UNFINISHED)


def metrics(*, config: Config = None) -> None:
    """Print the same as Prometheus text, for a textfile collector."""
    with opened(config) as (desk, database):
        typer.echo(monitor.as_text(*monitor.look(desk, database)), nl=False)


def _show(standing: Standing, troubles: tuple[Trouble, ...]) -> None:
    typer.echo("Needs attention:" if troubles else "All is well.")
    for trouble in troubles:
        typer.echo(f"  - {trouble.detail}")
    for label, text in _lines(standing):
        typer.echo(f"{label:<9}{text}")


def _lines(standing: Standing) -> list[tuple[str, str]]:
    at = standing.at
    ends = [run for run in standing.runs if run.ended_at and run.ended_at == last_end(standing)]
    last = f"{_ago(ends[0].ended_at, at)}: {ends[0].said or 'nothing new'}" if ends else "none yet"
    running = ", ".join(run.name for run in standing.runs if run.running)
    alerts = ", ".join(f"{count} {state}" for state, count in sorted(standing.alerts.items())) or "none"
    feeds = ", ".join(f"{count} {health}" for health, count in standing.by_health.items())
    backlog = render.count(standing.undecided, "article") + " undecided"
    if standing.oldest_undecided:
        backlog += f", the oldest came {_ago(standing.oldest_undecided, at)}"
    if standing.due_since:
        alerts += f"; one has been due for {told(at - standing.due_since)}"
    newest = f"the newest began {_ago(standing.newest_story, at)}" if standing.newest_story else "none yet"
    if standing.usual_gap:
        newest += f", usually at most {told(standing.usual_gap)} apart"
    return [
        ("Last run", last + (f" (at work: {running})" if running else "")),
        ("Backlog", backlog),
        ("Alerts", alerts),
        ("Feeds", feeds or "none read yet"),
        ("Stories", newest),
    ]


def _ago(then: datetime | None, now: datetime) -> str:
    return f"{told(now - then)} ago" if then else "never"
