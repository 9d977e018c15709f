"""The outbox from the command line: listed, shown, replayed, dropped, explained.

What is printed is gathered first: who reads it in a pager, or stops after two lines, holds no
transaction open and undoes none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from flows import render, render_explained
from flows.clock import utc_now
from flows.commands.options import Config, Json, Limit, Since, as_since, opened
from models import store
from models.database import Database
from models.errors import PeninsulaError
from models.standing import NOT_ON
from models.values import AlertId, AlertState, ArticleId, ChannelName, Filed, StoryId

app = typer.Typer(help="List alerts and how far their delivery is; show, replay, drop or explain them.")

STATES = ("pending", "sending", "delivered", "dead", "dropped", "bundled")


def _state(value: str | None) -> str | None:
    """Refuse a state that there is not, rather than find nothing in it."""
    if value is not None and value not in STATES:
        raise typer.BadParameter(f'there is no state "{value}"; there are {", ".join(STATES)}')
    return value


State = Annotated[
    str | None,
    typer.Option(
        callback=_state, help="pending, sending, delivered, dead, dropped or bundled (in a digest)."
    ),
]
OfChannel = Annotated[str | None, typer.Option("--channel", help="Only of this channel.")]
OfStory = Annotated[str | None, typer.Option("--story", help="Only of this story.")]
Ids = Annotated[list[str] | None, typer.Argument(help="Ids of alerts, or how they begin.")]


@app.callback(
    invoke_without_command=True, epilog="Examples: peninsula alerts · peninsula alerts --state dead"
)
def alerts(
    context: typer.Context,
    *,
    state: State = None,
    channel: OfChannel = None,
    story: OfStory = None,
    since: Since = None,
    limit: Limit = 50,
    json: Json = False,
    config: Config = None,
) -> None:
    """List alerts and how far their delivery is, newest first; show, replay, drop or explain them."""
    if not context.invoked_subcommand:
        listed(state=state, channel=channel, story=story, since=since, limit=limit, json=json, config=config)


@app.command("list", epilog="Examples: peninsula alerts list · peninsula alerts list --state dead --since 2d")
def listed(
    *,
    state: State = None,
    channel: OfChannel = None,
    story: OfStory = None,
    since: Since = None,
    limit: Limit = 50,
    json: Json = False,
    config: Config = None,
) -> None:
    """List alerts and how far their delivery is, newest first."""
    with opened(config) as (_, database), database.reading() as session:
        found = store.alert_states(
            session,
            state=state,
            channel=channel,
            story=StoryId(story) if story else None,
            since=as_since(since),
            limit=limit,
        )
    render.alerts(found, json=json)


@app.command(epilog="Example: peninsula alerts show msg_rqnf7rn7w4m556tv6jyf3e2q7d")
def show(ids: Ids = None, *, json: Json = False, config: Config = None) -> None:
    """Show alerts whole: state, every attempt, and the body to the byte."""
    with opened(config) as (_, database), database.reading() as session:
        found = _found(database, ids or [])
        attempts = [store.attempts(session, state.alert.id) for state in found]
    render.alerts(found, json=json)
    for state, tries in () if json else zip(found, attempts, strict=True):
        for tried in tries:
            outcome = tried.outcome or "no result on record"
            reason = f": {tried.reason}" if tried.reason else ""
            typer.echo(f"  {tried.number:>3}. {tried.started_at:%Y-%m-%d %H:%M:%S} UTC  {outcome}{reason}")
        typer.echo(state.alert.body)


@app.command(
    epilog="Examples: peninsula alerts replay msg_rqnf7 · peninsula alerts replay --channel slack --since 2d"
)
def replay(
    ids: Ids = None,
    *,
    state: State = None,
    channel: OfChannel = None,
    story: OfStory = None,
    since: Since = None,
    new: Annotated[bool, typer.Option("--new", help="As new alerts, under new ids.")] = False,
    config: Config = None,
) -> None:
    """Make alerts due again, all attempts anew: the same id, so a receiver can tell a repeat.

    Without ids: the dead ones (or those in --state) that every option holds for.
    """
    with opened(config) as (desk, database):
        chosen = _chosen(database, ids, state or (None if ids else "dead"), channel, story, since)
        with database.writing() as session:
            due = [store.replay(session, id_, utc_now(), new=new) for id_ in chosen]
        obstacles = _obstacles(database, desk.desk.channels, chosen)
    for id_ in due:
        typer.echo(f"{id_} is due")
    typer.echo("peninsula deliver sends them." if chosen else "No alert is meant.")
    for obstacle in obstacles:
        typer.echo(obstacle)


@app.command(epilog="Examples: peninsula alerts drop msg_rqnf7 · peninsula alerts drop --channel old")
def drop(
    ids: Ids = None,
    *,
    channel: OfChannel = None,
    story: OfStory = None,
    since: Since = None,
    config: Config = None,
) -> None:
    """Take alerts out of the outbox unsent: kept, and marked as dropped.

    Without ids: the pending ones that every option holds for.
    """
    if not ids and not (channel or story or since):
        raise typer.BadParameter("name ids, or choose by --channel, --story or --since")
    with opened(config) as (_, database):
        chosen = _chosen(database, ids, None if ids else "pending", channel, story, since)
        with database.writing() as session:
            left = {id_: store.drop(session, id_, utc_now()) for id_ in chosen}
    for id_, was_there in left.items():
        typer.echo(f"{id_} {'is dropped' if was_there else 'had left the outbox before'}")
    if not chosen:
        typer.echo("No alert is meant.")


@app.command(epilog="Example: peninsula alerts why msg_rqnf7rn7w4m556tv6jyf3e2q7d")
def why(ids: Ids = None, *, json: Json = False, config: Config = None) -> None:
    """Say why alerts were made, and what the rules made of each article of their story."""
    with opened(config) as (_, database), database.reading() as session:
        found: list[AlertState] = []
        for state in _found(database, ids or []):
            found += [state, *store.alert_states(session, digest=state.alert.id, limit=500)]
        told = [_told(session, state) for state in found]
    if json:
        render.alerts(found, json=True)
        return
    for state, items in zip(found, told, strict=True):
        render.alerts([state], json=False)
        if as_alerted := render_explained.as_alerted(state):
            typer.echo(f"  {as_alerted}")
            _rulings(state, items)


def _told(session: Session, state: AlertState) -> tuple[Filed, ...]:
    """Give the story of an alert's article as it is today: an editor may have put it elsewhere."""
    about = store.filed(session, ids=[state.alert.article])
    return store.filed(session, story=about[0].story, limit=500) if about else ()


def _rulings(state: AlertState, items: Sequence[Filed]) -> None:
    """Print what an alert's rule made of each article of its story, with a mark at its own."""
    for item in items:
        mark = "▶" if item.article.id == ArticleId(state.alert.article) else " "
        typer.echo(f"  {mark} {item.article.id}  {item.article.title} ({item.article.outlet})")
        for made in item.decisions:
            if made.rule == state.alert.rule:
                typer.echo(f"      {made.rule}: {made.outcome} ({made.reason}): {made.detail}")


def _obstacles(database: Database, on: Collection[ChannelName], ids: Sequence[AlertId]) -> list[str]:
    """Say which of these alerts' channels send nothing now, and what to do about each."""
    with database.reading() as session:
        found = store.alert_states(session, ids=ids, limit=max(1, len(ids)))
        names = sorted({state.alert.channel for state in found})
        kept = store.channel_states(session, names)
    told = []
    for name in names:
        if name not in on:
            told.append(f"Channel {name} {NOT_ON}.")
        elif kept[name].state == "disabled":
            why = kept[name].reason or "by hand"
            told.append(
                f"Channel {name} is disabled ({why}): peninsula channels enable {name} lets them leave."
            )
    return told


def _found(database: Database, ids: Sequence[str]) -> tuple[AlertState, ...]:
    """Give the alerts that are named."""
    if not ids:
        raise typer.BadParameter("name at least one alert; see peninsula alerts list")
    chosen = _chosen(database, ids, None, None, None, None)
    with database.reading() as session:
        return store.alert_states(session, ids=chosen, limit=len(chosen))


def _chosen(
    database: Database,
    ids: Sequence[str] | None,
    state: str | None,
    channel: str | None,
    story: str | None,
    since: str | None,
) -> tuple[AlertId, ...]:
    for id_ in ids or ():
        if len(id_) < 8:
            raise typer.BadParameter(f'"{id_}" is too short to name an alert; give eight letters or more')
    with database.reading() as session:
        found = store.chosen(
            session, ids=ids or (), state=state, channel=channel, story=story, since=as_since(since)
        )
    for id_ in ids or ():
        if not any(one.startswith(id_) for one in found):
            raise PeninsulaError(f'no alert has the id "{id_}"; see peninsula alerts list')
    return found
