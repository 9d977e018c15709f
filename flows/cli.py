"""The `peninsula` command: the pipeline by hand, and the archive asked.

Exit codes: 0 fine; 1 failed; 2 wrong usage; 3 finished, but a feed could not be
read or an alert could not be delivered yet.
Prefect is imported by none of it (it costs three seconds); `up` starts it beside us.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from flows import heartbeat, leases, pipeline, render, settings
from flows import up as serving
from flows.commands import (
    alerts,
    archive,
    backfill,
    channels,
    db,
    feedback,
    feeds,
    lines,
    replay,
    report,
    search,
    shown,
    status,
    stories,
    story,
    words,
)
from flows.commands.options import (
    UNFINISHED,
    Config,
    Json,
    Limit,
    Since,
    as_duration,
    as_since,
    opened,
    plainly,
)
from flows.deliver import utc_now
from flows.rehearsal import rehearse
from flows.words import open_lexicon
from models import store
from models.database import Database
from models.errors import PeninsulaError
from models.values import ConceptId, Decided, Report, Selection, Sent, StoryId

LOOPBACK = serving.LOOPBACK
PATIENCE = timedelta(seconds=20)  # how long a run by hand stays for retries that are near

app = typer.Typer(
    help="Every story on the Korean peninsula, once, in every language, with the reason why.",
    epilog="Exit codes: 0 fine, 1 failed, 2 wrong usage, 3 finished but a feed or an alert is not through.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
config_app = typer.Typer(help="The configuration.", no_args_is_help=True)
app.add_typer(feeds.app, name="feeds")
app.add_typer(config_app, name="config")
app.add_typer(db.app, name="db")
app.add_typer(words.app, name="lexicon")
app.add_typer(stories.app, name="stories")
app.add_typer(alerts.app, name="alerts")
app.add_typer(channels.app, name="channels")
app.command(epilog="Examples: peninsula prune --dry-run · peninsula prune --older-than 90d")(archive.prune)
app.command(epilog="Examples: peninsula status · peninsula status --json")(status.status)
app.command(epilog="Example: peninsula metrics > /var/lib/node_exporter/peninsula.prom")(status.metrics)
app.command(epilog="Examples: peninsula backfill 2019.jsonl · peninsula backfill saved.xml --alert")(
    backfill.backfill
)
app.command(
    epilog="Examples: peninsula replay --rule launches --threshold 1.2 · peninsula replay --lexicon ours.toml"
)(replay.replay)
app.command(epilog="Example: peninsula story sfr3zdqlq2t6i")(story.story)
app.command(epilog="Examples: peninsula feedback msg_rqnf7 noise · peninsula feedback missed https://…")(
    feedback.feedback
)
app.command("evaluate", epilog="Examples: peninsula evaluate · peninsula evaluate --watch narrower.toml")(
    feedback.evaluate_all
)
app.command(epilog="Examples: peninsula report · peninsula report today.html --since 12h")(report.report)
app.command(epilog="Examples: peninsula feed > stories.atom · peninsula feed json --since 2d")(report.feed)
app.command(epilog="Examples: peninsula search 탄도미사일 · peninsula search 朝鲜 --language zh --since 7d")(
    search.search
)
app.command(epilog="Example: peninsula tag < articles.jsonl > tags.jsonl")(lines.tag)
app.command(epilog="Example: peninsula group < articles.jsonl > stories.jsonl")(lines.group)
app.command(epilog="Example: peninsula same < pairs.jsonl > verdicts.jsonl")(lines.same)

Seeds = Annotated[
    Path | None, typer.Option(help="A folder of seed files (.txt .md .html .xml); else watch.toml's.")
]
NoSeeds = Annotated[bool, typer.Option("--no-seeds", help="Leave the seed files out.")]
NoFeeds = Annotated[bool, typer.Option("--no-feeds", help="Leave the feeds out: no network is used.")]
Feed = Annotated[list[str] | None, typer.Option("--feed", help="Only this feed; may be given again.")]
MaxAge = Annotated[
    str | None,
    typer.Option("--since", help='How old what alerts may be: alert_max_age for this run, as "2d".'),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would happen; keep nothing, send nothing.")
]
Now = Annotated[bool, typer.Option("--now", help="Try alerts that wait for a later attempt, too.")]
Patience = Annotated[
    str, typer.Option(help='How long to stay for attempts that are due soon: "0s", "20s", "10m".')
]


@app.command(
    epilog="Examples: peninsula run · peninsula run --no-feeds --seeds clippings · peninsula run --json"
)
def run(  # noqa: PLR0913 - a run by hand has these switches
    *,
    seeds: Seeds = None,
    no_seeds: NoSeeds = False,
    no_feeds: NoFeeds = False,
    feed: Feed = None,
    since: MaxAge = None,
    dry_run: DryRun = False,
    patience: Patience = "20s",
    json: Json = False,
    config: Config = None,
) -> None:
    """Collect, decide and deliver, once, and tell what happened."""
    with opened(config) as (configured, database):
        desk = replace(configured, alert_max_age=as_duration(since)) if since else configured
        selection = _selection(desk, seeds=seeds, no_seeds=no_seeds, no_feeds=no_feeds, feed=feed)
        if dry_run:
            with render.progress(_feed_count(desk, selection), quiet=json) as progress:
                would = rehearse(database, desk, selection, clock=utc_now, progress=progress)
            shown.rehearsal(would, json=json)
            return
        with render.progress(_feed_count(desk, selection), quiet=json) as progress:
            work = functools.partial(
                pipeline.watch,
                database,
                desk,
                clock=utc_now,
                show=_hold if json else render.show,
                selection=selection,
                patience=as_duration(patience),
                progress=progress,
                preview=None if json else render.preview,
            )
            report = asyncio.run(_noted(database, desk, selection, work))
        _tell(report, desk, json=json, previewed=True)


@app.command(epilog="Example: peninsula collect --feed yonhap-ko")
def collect(
    *,
    seeds: Seeds = None,
    no_seeds: NoSeeds = False,
    no_feeds: NoFeeds = False,
    feed: Feed = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Read the sources and store what is new; decide and send nothing."""
    with opened(config) as (desk, database):
        selection = _selection(desk, seeds=seeds, no_seeds=no_seeds, no_feeds=no_feeds, feed=feed)
        with render.progress(_feed_count(desk, selection), quiet=json) as progress:
            work = pipeline.collect(
                database,
                desk,
                clock=utc_now,
                selection=selection,
                progress=progress,
            )
            done = asyncio.run(work)
        _tell(Report(sources=tuple(done)), desk, json=json)


@app.command(epilog="Example: peninsula decide")
def decide(*, json: Json = False, config: Config = None) -> None:
    """Tag, group and judge what is waiting; alerts fall due, nothing is sent."""
    with opened(config) as (desk, database):
        decided = pipeline.decide_new(database, desk, open_lexicon(desk), clock=utc_now)
        report = pipeline.tell(database, desk, (), decided, Sent(), seconds=0.0)
        _tell(report, desk, json=json)


@app.command(epilog="Examples: peninsula deliver · peninsula deliver --now")
def deliver(
    *, now: Now = False, patience: Patience = "20s", json: Json = False, config: Config = None
) -> None:
    """Send the alerts that are due."""
    with opened(config) as (desk, database):
        sent = asyncio.run(
            pipeline.deliver_due(
                database,
                desk,
                clock=utc_now,
                show=_hold if json else render.show,
                patience=as_duration(patience),
                waiting_too=now,
            )
        )
        report = pipeline.tell(database, desk, (), Decided(), sent, seconds=0.0)
        _tell(report, desk, json=json)


@app.command(epilog="Examples: peninsula up · peninsula up --every 5m --port 4300 --json-logs")
def up(
    *,
    every: Annotated[str | None, typer.Option(help="How often to watch; else watch.toml's `every`.")] = None,
    port: Annotated[int, typer.Option(help="The port of the Prefect server to start.", min=1)] = 4200,
    host: Annotated[
        str, typer.Option(help="The address it listens on; another needs a password.")
    ] = LOOPBACK,
    status_port: Annotated[
        int, typer.Option(help="The port of /health and /metrics; else the next after --port.", min=0)
    ] = 0,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log a JSON object a line.")] = False,
    config: Config = None,
) -> None:
    """Watch on a schedule: start a Prefect server if none answers, serve the flows, until stopped."""
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


@app.command(epilog="Examples: peninsula articles · peninsula articles --concept kim-jong-un --json")
def articles(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those not about the peninsula.")] = False,
    story: Annotated[str | None, typer.Option(help="Only of this story.")] = None,
    concept: Annotated[str | None, typer.Option(help="Only with this tag.")] = None,
    since: Since = None,
    limit: Limit = 50,
    json: Json = False,
    config: Config = None,
) -> None:
    """List articles with their tags, newest first."""
    with opened(config) as (_, database), database.reading() as session:
        found = store.filed(
            session,
            since=as_since(since),
            korea=None if everything else True,
            story=StoryId(story) if story else None,
            concept=ConceptId(concept) if concept else None,
            limit=limit,
        )
        render.articles(found, json=json)


@app.command(
    epilog='Examples: peninsula explain a4k2… · peninsula explain https://… · peninsula explain "drill"'
)
def explain(
    what: Annotated[str, typer.Argument(help="The id of an article or a story, a URL, or words of a title.")],
    *,
    json: Json = False,
    config: Config = None,
) -> None:
    """Say of an article or a story why it alerted, or why not."""
    with opened(config) as (desk, database), database.reading() as session:
        found = store.find_article(session, what)
        if found is None:
            raise PeninsulaError(
                f'no article or story has the id, URL or title "{what}"; see peninsula articles --all'
            )
        sent = store.alert_states(session, story=found.story) if found.story else ()
        render.explanation(found, sent, open_lexicon(desk), json=json)
        if what == found.story and not json:
            shown.rulings(store.filed(session, story=found.story, limit=500))


@config_app.command("check", epilog="Example: peninsula config check --config desk.toml")
def config_check(*, config: Config = None) -> None:
    """Check watch.toml, the environment and the lexicon; change nothing."""
    with plainly():
        desk = settings.load(config)
        lexicon = open_lexicon(desk)
        Database(desk.database_url)
        render.checked(desk, lexicon)


@config_app.command("show", epilog="Example: peninsula config show --json")
def config_show(*, json: Json = False, config: Config = None) -> None:
    """Show the configuration as it was understood, with every secret left out."""
    with plainly():
        shown.configuration(settings.load(config), json=json)


def main() -> None:
    """Run the command."""
    app()


def _tell(report: Report, desk: settings.Settings, *, json: bool, previewed: bool = False) -> None:
    if not json and not previewed:
        render.preview(report)
    render.report(report, desk, json=json)
    if not report.whole:
        raise typer.Exit(UNFINISHED)


async def _noted(
    database: Database, desk: settings.Settings, selection: Selection, work: Callable[[], Awaitable[Report]]
) -> Report:
    """Run the watch, note its end where it is a whole one, and tell the desk's monitor."""
    if selection.only or not selection.feeds:
        return await work()
    async with leases.running(database, "watch", clock=utc_now) as run:
        report = await work()
        run.said = render.outcome(report)
    if desk.heartbeat and report.good and (problem := await heartbeat.beat(desk.heartbeat)):
        typer.echo(f"peninsula: heartbeat: {problem}", err=True)
    return report


def _selection(
    desk: settings.Settings, *, seeds: Path | None, no_seeds: bool, no_feeds: bool, feed: list[str] | None
) -> Selection:
    for name in feed or ():
        if name not in {known.name for known in desk.feeds}:
            raise typer.BadParameter(f'there is no feed "{name}"; see peninsula feeds list')
    folder = None if no_seeds else (seeds or desk.seeds)
    return Selection(seeds=folder, feeds=not no_feeds, only=frozenset(feed or ()))


def _feed_count(desk: settings.Settings, selection: Selection) -> int:
    enabled = [feed for feed in desk.feeds if feed.enabled]
    return len(selection.only or enabled) if selection.feeds else 0


def _hold(_text: str) -> None:
    """Show nothing: under --json an alert stands in the report."""
