"""What a person sees at a terminal, and the same as JSON for a program.

Results go to stdout, progress to stderr. At a terminal long lines are cut to its
width; in a pipe nothing is cut, so that grep finds whole titles.
"""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from flows import as_json
from flows.settings import TERMINAL, Settings
from models.errors import PeninsulaError
from models.lexicon import Lexicon
from models.values import (
    AlertState,
    Collected,
    Filed,
    Report,
    Story,
)

HOW_TO_ADD = (
    "No channel is configured, so alerts are shown here. To have them sent, set",
    "SLACK_WEBHOOK_URL or PENINSULA_WEBHOOK_URL in the environment or in .env.",
)


class _Console(Console):
    """A console whose reader may go away: rich would end the process, and print what follows to nowhere."""

    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704 - the BrokenPipeError that rich has in hand


def open_console() -> Console:
    """Give what results are printed on."""
    return _Console(file=sys.stdout, highlight=False, markup=False, emoji=False)


def print_line(console: Console, *parts: str | tuple[str, str]) -> None:
    """Print one line; at a terminal it is cut to the width, in a pipe it is whole."""
    cut = console.is_terminal
    console.print(Text.assemble(*parts), no_wrap=cut, overflow="ellipsis" if cut else "ignore", crop=cut)


def show(text: str) -> None:
    """Print an alert; at a terminal long lines go on under their own text.

    Raises:
        PeninsulaError: stdout is closed, where rich would print to nowhere.

    """
    if sys.stdout is None:
        raise PeninsulaError("stdout is closed: alerts of a terminal channel cannot be shown")
    console = open_console()
    for line in text.split("\n"):
        if not console.is_terminal:
            print_line(console, line)
            continue
        for number, part in enumerate(Text(line).wrap(console, console.width - len(_MARGIN))):
            console.print(part if number == 0 else Text(_MARGIN).append_text(part), no_wrap=True)


_MARGIN = " " * 8


@contextmanager
def progress(total: int, *, quiet: bool) -> Iterator[Callable[[Collected], None] | None]:
    """Show feeds as they are done, on stderr; nothing where stderr is no terminal."""
    console = Console(stderr=True)
    if quiet or not total or not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("reading feeds"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[last]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("feeds", total=total, last="")

        def advance(done: Collected) -> None:
            bar.update(task, advance=1, last=done.source)

        yield advance


def preview(report: Report) -> None:
    """Print the sources and the new stories of a run, before its alerts are sent."""
    console = open_console()
    if report.sources:
        print_line(console, ("Sources", "bold"))
        width = max(len(_source_label(source)) for source in report.sources)
        for source in report.sources:
            _source(console, source, width)
    if report.stories:
        print_line(console, (f"New stories: {len(report.stories)}", "bold"))
        for story in report.stories:
            _story(console, story)


def report(report: Report, settings: Settings) -> None:
    """Print the end of a run's report."""
    console = open_console()
    shown = [alert for alert in report.alerts if alert.alert.channel != TERMINAL]
    if shown:
        print_line(console, ("Alerts", "bold"))
        for alert in shown:
            print_alert(console, alert)
    for words in _summary(report):
        console.print(words, soft_wrap=not console.is_terminal)
    if TERMINAL in settings.desk.channels and report.alerts:
        for words in HOW_TO_ADD:
            print_line(console, (words, "dim"))


def outcome(report: Report) -> str:
    """Say in one line what came of a run, as logs and lists of runs show it."""
    sent = report.sent
    told = [f"{count(len(report.stories), 'new story')}, {count(len(sent.delivered), 'alert')} delivered"]
    if failed := sum(bool(source.error) for source in report.sources):
        told.append(f"{count(failed, 'source')} failed")
    if report.decided.elsewhere:
        told.append("another process decides, and takes what waits")
    if sent.retried or sent.dead:
        told.append(f"{count(len(sent.retried), 'alert')} to be tried again, {len(sent.dead)} dead")
    return "; ".join(told)


def _summary(report: Report) -> list[str]:
    decided, sent = report.decided, report.sent
    counts = [count(sum(source.new for source in report.sources), "new article")]
    if decided.articles:
        counts.append(
            f"{decided.matched} of {count(decided.articles, 'decided article')} about the peninsula"
        )
        counts.append(count(len(report.stories), "new story"))
    counts.append(count(len(sent.delivered), "alert") + " delivered")
    if decided.baseline:
        counts.append(f"{decided.baseline} matched but older than alert_max_age (baseline)")
    if failed := sum(bool(source.error) for source in report.sources):
        counts.append(count(failed, "source") + " failed")
    if sent.dead:
        counts.append(count(len(sent.dead), "alert") + " dead (peninsula alerts --state dead)")
    told = [
        f"Rule {new.rule} is new or changed: it would have alerted on {count(new.stories, 'story')},"
        f" newest: {new.newest}"
        for new in decided.previews
    ]
    lines = [", ".join(counts) + (f"; {report.seconds:.1f} s" if report.seconds else "") + "."]
    lines += told
    if decided.elsewhere:
        lines.append("Another process is deciding; it takes what waits.")
    if sent.held > len(sent.retried):
        lines.append(f"Held: {count(sent.held, 'alert')} (a rate, quiet hours or a disabled channel).")
    if sent.retried and sent.next_at:
        waiting = count(len(sent.retried), "alert")
        lines.append(f"Not taken yet: {waiting}; the next attempt is due {local_time(sent.next_at)}.")
    return lines


def count(number: int, noun: str) -> str:
    """Give a number with its noun: "1 story", "2 stories"."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("ry") else f"{number} {noun}s"


def _source_label(source: Collected) -> str:
    return source.source if len(source.source) <= 40 else source.source[:39] + "…"


def _source(console: Console, source: Collected, width: int) -> None:
    name = f"{_source_label(source):<{width}}"
    if source.error:
        print_line(console, ("  ✗ ", "red"), name, f"  {source.error}")
        _events(console, source)
        return
    if source.unchanged:
        told = "not modified"
    else:
        told = f"{source.new:>3} new {source.seen:>3} seen"
        told += f" {source.edited} edited" if source.edited else ""
    faults = f", {count(len(source.faults), 'fault')}" if source.faults else ""
    print_line(console, ("  ✓ ", "green"), name, f"  {told}{faults}  {source.seconds:.1f} s")
    for fault in source.faults:
        print_line(console, f"      {fault.where}: {fault.detail or fault.code}")
    _events(console, source)


def _events(console: Console, source: Collected) -> None:
    for event in source.events:
        if event.kind not in {"health", "moved"}:
            continue  # stands above, as a fault
        told = f"{event.was} -> {event.state}" if event.kind == "health" else event.kind
        print_line(console, ("    ! ", "yellow"), f"{source.source} {told}: {event.detail}")


def _story(console: Console, story: Story) -> None:
    print_line(console, ("  ● ", "cyan"), story.title)
    tags = ", ".join(story.concepts[:6]) or "no tags"
    print_line(console, (f"      {tags}", "dim"))
    outlets = ", ".join(story.outlets[:4]) + (
        f" and {len(story.outlets) - 4} more" if len(story.outlets) > 4 else ""
    )
    told = [count(story.articles, "article"), count(len(story.families), "source")]
    told += [f"{len(story.blocs)} blocs"] if len(story.blocs) > 1 else []
    told += [f"{story.copies} copied"] if story.copies else []
    counts = f"{', '.join(told)} · {' '.join(story.languages)} · {outlets}"
    print_line(console, (f"      {story.id} · {counts}", "dim"))  # its id is not what a narrow terminal cuts


def print_alert(console: Console, state: AlertState) -> None:
    """Print an alert and how far its delivery is, in two lines."""
    marks = {"delivered": ("  ✓ ", "green"), "dead": ("  ✗ ", "red")}
    alert = state.alert
    print_line(console, marks.get(state.state, ("  … ", "yellow")), state.title)
    news = jsonlib.loads(alert.body)["data"].get("news")
    if news:
        print_line(console, f"      {alert.kind.removeprefix('story.')}: {news}")
    told = f"{state.state} to {alert.channel}, rule {alert.rule}, attempt {state.attempts}"
    if state.state == "pending":
        told += f", next {local_time(state.next_at)}"
    if state.reason:
        told += f": {state.reason}"
    print_line(console, (f"      {alert.id} · {told}", "dim"))


def local_time(at: datetime) -> str:
    """Give a time as the clock on the wall here shows it."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"


# --- listings ----------------------------------------------------------------


def stories(found: Sequence[Story], *, json: bool) -> None:
    """Print stories."""
    if json:
        as_json.show([as_json.of_story(story) for story in found])
        return
    console = open_console()
    for story in found:
        _story(console, story)
    nothing(console, found, "No story about the peninsula yet; peninsula run collects.")


def articles(found: Sequence[Filed], *, json: bool) -> None:
    """Print articles."""
    if json:
        as_json.show([as_json.of_article(item) for item in found])
        return
    console = open_console()
    for item in found:
        print_line(console, f"{item.article.at:%Y-%m-%d %H:%M}  ", (item.article.title, "bold"))
        language = item.reading.language if item.reading else item.article.language or "?"
        tags = ", ".join(item.reading.concepts[:6]) if item.reading else "waiting to be decided"
        print_line(
            console,
            (f"    {item.article.id} · {language} · {item.article.outlet} · {tags or 'no tags'}", "dim"),
        )
    nothing(console, found, "No article; peninsula run collects, --all shows those not about the peninsula.")


def alerts(found: Sequence[AlertState], *, json: bool) -> None:
    """Print alerts."""
    if json:
        as_json.show([as_json.of_alert(state) for state in found])
        return
    console = open_console()
    for state in found:
        print_alert(console, state)
    nothing(console, found, "No alert.")


def nothing(console: Console, found: Sequence[Any], words: str) -> None:
    """Say what an empty listing means."""
    if not found:
        print_line(console, words)


def checked(settings: Settings, words: Lexicon) -> None:
    """Print what a configuration comes to."""
    desk = settings.desk
    enabled = sum(feed.enabled for feed in settings.feeds)
    console = open_console()
    print_line(console, f"{settings.file} is fine.")
    print_line(console, f"  feeds     {enabled} on, {len(settings.feeds) - enabled} off")
    rules = ", ".join(f"{rule.name} -> {' '.join(rule.channels)}" for rule in desk.rules)
    print_line(console, f"  rules     {rules or 'none: nothing alerts'}")
    for name in settings.fallback:
        print_line(
            console, f"            {name} names no channel that is on, so it goes to every one that is"
        )
    print_line(
        console,
        f"  channels  {', '.join(f'{channel.name} ({channel.kind})' for channel in desk.channels.values())}",
    )
    if settings.off:
        print_line(console, f"  off       {', '.join(settings.off)}: no URL in the environment")
    print_line(console, f"  lexicon   {len(words.concepts)} concepts, version {words.version}")
