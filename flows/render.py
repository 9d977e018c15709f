"""What a person sees at a terminal, and the same as JSON for a program.

Results go to stdout, progress to stderr. At a terminal long lines are cut to its
width; in a pipe nothing is cut, so that grep finds whole titles.
"""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from flows import as_json
from flows.settings import TERMINAL, Settings
from models.errors import SourceError
from models.lexicon import Lexicon
from models.values import (
    AlertState,
    Collected,
    Filed,
    Hit,
    Join,
    ParsedFeed,
    Report,
    Source,
    SourceName,
    SourceState,
    Story,
)

HOW_TO_ADD = (
    "No channel is configured, so alerts are shown here. To have them sent, set",
    "SLACK_WEBHOOK_URL or PENINSULA_WEBHOOK_URL in the environment or in .env.",
)


def _console() -> Console:
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False)


def _line(console: Console, *parts: str | tuple[str, str]) -> None:
    cut = console.is_terminal
    console.print(Text.assemble(*parts), no_wrap=cut, overflow="ellipsis" if cut else "ignore", crop=cut)


def show(text: str) -> None:
    """Print an alert; at a terminal long lines go on under their own text."""
    console = _console()
    for line in text.split("\n"):
        if not console.is_terminal:
            _line(console, line)
            continue
        for number, part in enumerate(Text(line).wrap(console, console.width - len(_MARGIN))):
            console.print(part if number == 0 else Text(_MARGIN).append_text(part), no_wrap=True)


_MARGIN = " " * 8


def _print_json(value: Any) -> None:
    sys.stdout.write(jsonlib.dumps(value, ensure_ascii=False, indent=2) + "\n")


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
    console = _console()
    if report.sources:
        _line(console, ("Sources", "bold"))
        width = max(len(_source_label(source)) for source in report.sources)
        for source in report.sources:
            _source(console, source, width)
    if report.stories:
        _line(console, (f"New stories: {len(report.stories)}", "bold"))
        for story in report.stories:
            _story(console, story)


def report(report: Report, settings: Settings, *, json: bool) -> None:
    """Print the end of a run's report; as JSON the whole of it."""
    if json:
        _print_json(as_json.of_report(report))
        return
    console = _console()
    shown = [alert for alert in report.alerts if alert.alert.channel != TERMINAL]
    if shown:
        _line(console, ("Alerts", "bold"))
        for alert in shown:
            _alert(console, alert)
    for words in _summary(report):
        console.print(words, soft_wrap=not console.is_terminal)
    if TERMINAL in settings.desk.channels and report.alerts:
        for words in HOW_TO_ADD:
            _line(console, (words, "dim"))


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
    lines = [", ".join(counts) + (f"; {report.seconds:.1f} s" if report.seconds else "") + "."]
    if sent.retried and sent.next_at:
        waiting = count(len(sent.retried), "alert")
        lines.append(f"Not taken yet: {waiting}; the next attempt is due {_clock(sent.next_at)}.")
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
        _line(console, ("  ✗ ", "red"), name, f"  {source.error}")
        return
    if source.unchanged:
        told = "not modified"
    else:
        told = f"{source.new:>3} new {source.seen:>3} seen"
        told += f" {source.edited} edited" if source.edited else ""
    faults = f", {len(source.faults)} faults" if source.faults else ""
    _line(console, ("  ✓ ", "green"), name, f"  {told}{faults}  {source.seconds:.1f} s")
    for fault in source.faults:
        _line(console, f"      {fault.where}: {fault.detail or fault.code}")


def _story(console: Console, story: Story) -> None:
    _line(console, ("  ● ", "cyan"), story.title)
    tags = ", ".join(story.concepts[:6]) or "no tags"
    _line(console, (f"      {tags}", "dim"))
    outlets = ", ".join(story.outlets[:4]) + (
        f" and {len(story.outlets) - 4} more" if len(story.outlets) > 4 else ""
    )
    counts = f"{count(story.articles, 'article')} · {' '.join(story.languages)} · {outlets}"
    _line(console, (f"      {counts} · {story.id}", "dim"))


def _alert(console: Console, state: AlertState) -> None:
    marks = {"delivered": ("  ✓ ", "green"), "dead": ("  ✗ ", "red")}
    alert = state.alert
    _line(console, marks.get(state.state, ("  … ", "yellow")), state.title)
    told = f"{state.state} to {alert.channel}, rule {alert.rule}, attempt {state.attempts}"
    if state.state == "pending":
        told += f", next {_clock(state.next_at)}"
    if state.reason:
        told += f": {state.reason}"
    _line(console, (f"      {told} · {alert.id}", "dim"))


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"


# --- listings ----------------------------------------------------------------


def stories(found: Sequence[Story], *, json: bool) -> None:
    """Print stories."""
    if json:
        _print_json([as_json.of_story(story) for story in found])
        return
    console = _console()
    for story in found:
        _story(console, story)
    _nothing(console, found, "No story about the peninsula yet; peninsula run collects.")


def articles(found: Sequence[Filed], *, json: bool) -> None:
    """Print articles."""
    if json:
        _print_json([as_json.of_article(item) for item in found])
        return
    console = _console()
    for item in found:
        _line(console, f"{item.article.at:%Y-%m-%d %H:%M}  ", (item.article.title, "bold"))
        language = item.reading.language if item.reading else item.article.language or "?"
        tags = ", ".join(item.reading.concepts[:6]) if item.reading else "waiting to be decided"
        _line(
            console,
            (f"    {item.article.id} · {language} · {item.article.outlet} · {tags or 'no tags'}", "dim"),
        )
    _nothing(console, found, "No article; peninsula run collects, --all shows those not about the peninsula.")


def alerts(found: Sequence[AlertState], *, json: bool) -> None:
    """Print alerts."""
    if json:
        _print_json([as_json.of_alert(state) for state in found])
        return
    console = _console()
    for state in found:
        _alert(console, state)
    _nothing(console, found, "No alert.")


def feeds(configured: Iterable[Source], states: Mapping[SourceName, SourceState], *, json: bool) -> None:
    """Print the configured feeds, each with how it did last."""
    rows = [(feed, states.get(feed.name, SourceState())) for feed in configured]
    if json:
        _print_json([as_json.of_feed(feed, state) for feed, state in rows])
        return
    console = _console()
    for feed, state in rows:
        checked = f"read {_clock(state.checked_at)}" if state.checked_at else "never read"
        told = (
            "off"
            if not feed.enabled
            else f"failed {state.failures}x: {state.last_error}"
            if state.failures
            else checked
        )
        mark = (
            ("  ✗ ", "red") if state.failures else ("  ✓ ", "green") if state.checked_at else ("  · ", "dim")
        )
        _line(console, mark, f"{feed.name:<24} {feed.language or '--':<3} {told}")
    _nothing(console, rows, "No feed is configured; see README.md, Feeds.")


def feed_answers(answers: Iterable[tuple[Source, ParsedFeed | SourceError, float]], *, json: bool) -> None:
    """Print what feeds answered."""
    if json:
        _print_json([as_json.of_answer(*answer) for answer in answers])
        return
    console = _console()
    for feed, answer, seconds in answers:
        if isinstance(answer, SourceError):
            _line(console, ("  ✗ ", "red"), f"{feed.name:<24} {answer.problem}")
            continue
        dates = [item.published_at for item in answer.items if item.published_at]
        newest = f"newest {max(dates):%Y-%m-%d %H:%M} UTC" if dates else "no dates"
        faults = f", {count(len(answer.faults), 'fault')}" if answer.faults else ""
        told = f"{count(len(answer.items), 'item')}, {newest}, {answer.encoding}{faults}, {seconds:.1f} s"
        _line(console, ("  ✓ ", "green"), f"{feed.name:<24} {told}")


def _nothing(console: Console, found: Sequence[Any], words: str) -> None:
    if not found:
        _line(console, words)


def checked(settings: Settings, words: Lexicon) -> None:
    """Print what a configuration comes to."""
    desk = settings.desk
    enabled = sum(feed.enabled for feed in settings.feeds)
    console = _console()
    _line(console, f"{settings.file} is fine.")
    _line(console, f"  feeds     {enabled} on, {len(settings.feeds) - enabled} off")
    rules = ", ".join(f"{rule.name} -> {' '.join(rule.channels)}" for rule in desk.rules)
    _line(console, f"  rules     {rules or 'none: nothing alerts'}")
    _line(
        console,
        f"  channels  {', '.join(f'{channel.name} ({channel.kind})' for channel in desk.channels.values())}",
    )
    if settings.off:
        _line(console, f"  off       {', '.join(settings.off)}: no URL in the environment")
    _line(console, f"  lexicon   {len(words.concepts)} concepts, version {words.version}")


# --- explain -------------------------------------------------------------------


def explanation(item: Filed, sent: Sequence[AlertState], words: Lexicon, *, json: bool) -> None:
    """Print why an article alerted, or why not."""
    if json:
        _print_json(as_json.of_article(item) | as_json.of_why(item, sent))
        return
    console = _console()
    article, reading = item.article, item.reading
    _line(console, (article.title, "bold"))
    published = f"published {_clock(article.published_at)}" if article.published_at else "undated"
    _line(
        console,
        f"  {article.id} · {article.outlet} · {published} · first seen {_clock(article.first_seen_at)}",
    )
    _line(
        console,
        f"  seen in {', '.join(item.sightings)}"
        + (f" · version {article.version}" if article.version > 1 else ""),
    )
    if article.link:
        _line(console, f"  {article.link}")
    if reading is None:
        _line(console, "Not decided yet; peninsula decide does it.")
        return
    _line(
        console,
        ("What it is about", "bold"),
        f"  score {reading.score:.2f}, {reading.language}: {reading.why}",
    )
    for field in ("title", "text"):
        console.print(
            Text("  ").append_text(
                _marked(article.title if field == "title" else article.text, reading.hits, field)
            )
        )
    for term in reading.terms:
        name = words.concepts[term.concept].label if term.concept in words.concepts else term.concept
        note = f"  ({term.note})" if term.note else ""
        product = f"{term.weight:g} x {term.factor:g} in the {term.field}"
        _line(console, f"  {term.value:+.2f}  {name}: {term.form}, {product}{note}")
    for hidden in reading.hidden:
        _line(console, f"   --    {hidden.form}: not counted, {hidden.because}")
    _placed(console, item)
    _line(console, ("What the rules made of it", "bold"))
    for made in item.decisions:
        _line(console, f"  {made.rule}: {made.outcome} ({made.reason}): {made.detail}")
    for state in sent:
        _alert(console, state)


def _placed(console: Console, item: Filed) -> None:
    placed = item.placement
    if placed is None:
        return
    verb = "joined" if isinstance(placed, Join) else "opened"
    _line(
        console,
        ("Which story it tells", "bold"),
        f"  {verb} {placed.story}, score {placed.score:.2f}: {placed.reason}",
    )
    if isinstance(placed, Join):
        evidence = ", ".join(f"{kind} {value:.2f}" for kind, value in placed.evidence.items())
        _line(console, f"  margin {placed.margin:.2f}" + (f" · {evidence}" if evidence else ""))
    elif placed.veto:
        _line(console, f"  kept apart from {placed.nearest}: {placed.veto}")


def _marked(text: str, hits: Iterable[Hit], field: str) -> Text:
    """Give a text with the words that were found set off by brackets and, at a terminal, colour."""
    shown, last = Text(), 0
    spans = sorted({(hit.start, hit.end) for hit in hits if (hit.field == "title") == (field == "title")})
    for start, end in spans:
        if start >= last:
            shown.append(text[last:start]).append(f"[{text[start:end]}]", style="bold yellow")
            last = end
    return shown.append(text[last:])
