"""Channels from the command line: listed, opened again, tried."""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated

import typer

from flows import as_json, deliver, render
from flows.clock import utc_now
from flows.commands.options import UNFINISHED, Config, Json, opened
from flows.settings import Settings
from models import alerts, store
from models.standing import NOT_ON
from models.values import (
    Alert,
    AlertId,
    ArticleId,
    Channel,
    ChannelName,
    Claim,
    Delivered,
    RuleName,
    StoryId,
    Verdict,
)

app = typer.Typer(help="The channels that alerts go to.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The channel's name in watch.toml.")]


@app.command("list", epilog="Example: peninsula channels list --json")
def listed(*, json: Json = False, config: Config = None) -> None:
    """List the channels: how each does, and how many alerts wait for it."""
    with opened(config) as (desk, database), database.reading() as session:
        states = store.channel_states(session, list(desk.desk.channels))
        stranded = store.stranded(session, desk.desk.channels)
    rows = [
        {
            "name": name,
            "kind": channel.kind,
            "state": states[name].state,
            "reason": states[name].reason or None,
            "failing_since": as_json.stamp(states[name].failing_since),
            "pending": states[name].pending,
            "dead": states[name].dead,
        }
        for name, channel in desk.desk.channels.items()
    ]
    if json:
        as_json.show(rows)
        return
    for row in rows:
        trouble, since = (
            f": {row['reason']}" if row["reason"] else "",
            states[ChannelName(str(row["name"]))].failing_since,
        )
        trouble = trouble or (f", failing since {render.local_time(since)}" if since else "")
        counts = f"{row['pending']} waiting, {row['dead']} dead"
        typer.echo(f"{row['name']:<20} {row['kind']:<10} {row['state']}{trouble}; {counts}")
    for name in desk.off:
        if name not in stranded:
            typer.echo(f"{name:<20} off: its variable is not set")
    for name, waiting in stranded.items():
        typer.echo(f"{name:<20} {NOT_ON}; {waiting} waiting")


@app.command(epilog="Example: peninsula channels enable slack")
def enable(name: Name, *, config: Config = None) -> None:
    """Open a disabled channel again; the alerts that were held for it leave with the next sweep."""
    with opened(config) as (desk, database), database.writing() as session:
        channel = _channel(desk, name)
        opened_now = store.enable(session, channel.name)
        dead = store.channel_states(session, [channel.name])[channel.name].dead
    typer.echo(f"{name} is open{'' if opened_now else ' and was before'}.")
    if dead:
        typer.echo(f"{dead} dead: peninsula alerts replay --channel {name} has them sent again.")


@app.command("test", epilog="Example: peninsula channels test slack")
def try_out(name: Name, *, config: Config = None) -> None:
    """Send a marked test alert over a channel and show what its receiver answers."""
    with opened(config) as (desk, _):
        channel = _channel(desk, name)
        verdict = asyncio.run(_send(_test_alert(channel), channel, desk.proxy))
    status = f" {verdict.status}" if verdict.status else ""
    if isinstance(verdict, Delivered):
        typer.echo(f"{name} took it{status}. {verdict.left_out or verdict.answer}".rstrip())
        return
    typer.echo(f"{name} did not take it: {verdict.reason}. {verdict.answer}".rstrip())
    raise typer.Exit(UNFINISHED)


def _channel(desk: Settings, name: str) -> Channel:
    channel = desk.desk.channels.get(ChannelName(name))
    if channel is None:
        known = ", ".join(desk.desk.channels)
        raise typer.BadParameter(f'there is no channel "{name}" that is on; there are {known}')
    return channel


def _test_alert(channel: Channel) -> Claim:
    """Make an alert that stands in no outbox and says that it is a test."""
    now, id_ = utc_now(), AlertId(f"msg_test{secrets.token_hex(9)}")
    body = alerts.listing(
        "peninsula.test",
        id_,
        title="Test alert of peninsula-watch",
        text=f"Sent by hand over the channel {channel.name}; nothing happened on the peninsula.",
        lines=(),
        now=now,
    )
    alert = Alert(
        id=id_,
        channel=channel.name,
        rule=RuleName("test"),
        story=StoryId("test"),
        article=ArticleId("test"),
        body=body,
        due_at=now,
        kind="peninsula.test",
    )
    return Claim(alert=alert, token="", attempt=1, until=now + store.TERM)


async def _send(claim: Claim, channel: Channel, proxy: str) -> Verdict:
    through = "" if channel.allow_private else proxy
    async with deliver.open_client(allow_private=channel.allow_private, proxy=through) as client:
        return await deliver.send(client, claim, channel, utc_now, typer.echo)
