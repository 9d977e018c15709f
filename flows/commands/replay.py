"""`peninsula replay`: what would another rule, lexicon or threshold have alerted on?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from flows import render, settings
from flows.as_json import show, stamp
from flows.commands.options import Config, Json, as_duration, opened
from flows.commands.progress import counting
from flows.replay import change
from flows.replay import replay as replayed_by
from flows.words import open_lexicon
from models.values import Difference, Raised, Regrouped, Replayed

Rules = Annotated[list[str] | None, typer.Option("--rule", help="Only this rule; may be given again.")]
Back = Annotated[
    str, typer.Option(help='How far back from the last decided article: "30d", "12h"; "all" for everything.')
]
Watch = Annotated[Path | None, typer.Option(help="A watch.toml with the changed rule.")]
Words = Annotated[
    Path | None, typer.Option("--lexicon", help="A lexicon file, read over the words there are.")
]
Threshold = Annotated[float | None, typer.Option(help="Another minimum_score.", min=0, max=100)]
Limit = Annotated[int, typer.Option(help="How many examples of each kind are printed.", min=0)]


def replay(
    *,
    rule: Rules = None,
    since: Back = "30d",
    watch: Watch = None,
    lexicon: Words = None,
    threshold: Threshold = None,
    limit: Limit = 10,
    json: Json = False,
    config: Config = None,
) -> None:
    """Run a changed rule, lexicon or threshold over the archive; list what differs, change nothing."""
    with opened(config) as (desk, database):
        words = open_lexicon(desk)
        then = settings.load(watch) if watch else desk
        other = open_lexicon(then, *([lexicon.resolve()] if lexicon else []))
        asked = change(
            desk,
            then,
            words,
            None if other.version == words.version else other,
            rules=rule or (),
            threshold=threshold,
        )
        back = None if since == "all" else as_duration(since)
        with counting("replaying", quiet=json) as progress:
            done = replayed_by(database, desk.desk, asked, since=back, progress=progress)
    if json:
        show(as_json(done))
    else:
        _print(done, limit)


def as_json(done: Replayed) -> dict[str, Any]:
    """Give a replay as plain values; the same archive and change give the same bytes."""
    found = done.difference
    return {
        "rules": list(done.rules),
        "since": stamp(done.since),
        "until": stamp(done.until),
        "articles": done.articles,
        "read_anew": done.read_anew,
        "before": {"alerts": len(done.before), "a_day": _rate(done.before, done)},
        "after": {"alerts": len(done.after), "a_day": _rate(done.after, done)},
        "days": [{"day": str(day), "before": was, "after": now} for day, was, now in done.days],
        "added": [_raised(one) for one in found.added],
        "removed": [_raised(one) for one in found.removed],
        "merged": [_regrouped(group) for group in found.merged],
        "split": [_regrouped(group) for group in found.split],
        "moved": [{"before": _raised(was), "after": _raised(now)} for was, now in found.moved],
        "ledger": {
            "missing": [_raised(one) for one in done.missing],
            "extra": [_raised(one) for one in done.extra],
        },
    }


def _raised(one: Raised) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "story": one.story,
        "kind": one.kind,
        "at": stamp(one.at),
        "article": one.article,
        "title": one.title,
        "outlet": one.outlet,
    }


def _regrouped(group: Regrouped) -> dict[str, Any]:
    return {"one": _raised(group.one), "several": [_raised(one) for one in group.several]}


def _rate(alerts: Sequence[Raised], done: Replayed) -> float:
    return round(len(alerts) / done.length, 2)


def _print(done: Replayed, limit: int) -> None:
    console, found = render.open_console(), done.difference
    for words in (*_head(done), *_changes(found, limit), *_by_day(done)):
        bold = not words.startswith(" ")
        render.print_line(console, (words, "bold") if bold else words)


def _head(done: Replayed) -> Iterator[str]:
    span = f"{done.since:%Y-%m-%d %H:%M} to {done.until:%Y-%m-%d %H:%M} UTC"
    yield f"Replayed {', '.join(done.rules)}"
    yield f"  {render.count(done.articles, 'article')}, {span}"
    for name, alerts in (("before", done.before), ("after", done.after)):
        yield f"  {name:<7}{render.count(len(alerts), 'alert')}, {_rate(alerts, done):.2f} a day"
    if done.read_anew:
        yield f"  the words read {render.count(done.read_anew, 'article')} otherwise"
    yield f"  ledger {_held(done)}"
    if done.difference.nothing:
        yield "No difference."


def _changes(found: Difference, limit: int) -> Iterator[str]:
    for name, sign, alerts in (("Added", "+", found.added), ("Removed", "-", found.removed)):
        yield from [f"{name}: {len(alerts)}"] if alerts else []
        for one in alerts[:limit]:
            yield from (f"  {sign} {_one(one)}", f"      {_where(one)}")
    for name, word, groups in (("Merged", "from", found.merged), ("Split", "into", found.split)):
        yield from [f"{name}: {len(groups)}"] if groups else []
        for group in groups[:limit]:
            yield from (f"  {_one(group.one)}", f"      {_where(group.one)}")
            for one in group.several:
                yield from (f"    {word}  {_one(one)}", f"          {_where(one)}")
    yield from [f"At another time: {len(found.moved)}"] if found.moved else []
    for was, now in found.moved[:limit]:
        yield from (f"  {was.at:%m-%d %H:%M} → {_one(now)}", f"      {_where(now)}")


def _by_day(done: Replayed) -> Iterator[str]:
    if not done.difference.nothing:
        yield "By day, before and after"
        yield from (f"  {day}  {before:>4} → {after}" for day, before, after in done.days)


def _held(done: Replayed) -> str:
    if not done.missing and not done.extra:
        return "agrees with what is replayed as before"
    return (
        f"has {len(done.missing)} that a replay of today's rules has not, and lacks {len(done.extra)}:"
        " rules, words or the program changed on the way"
    )


def _one(one: Raised) -> str:
    return f"{one.at:%m-%d %H:%M}  {one.title}"


def _where(one: Raised) -> str:
    """Give what the next command asks for, on a line that is never cut."""
    kind = "" if one.kind == "story.matched" else f" · {one.kind.removeprefix('story.')}"
    return f"{one.story} · {one.rule}{kind} · {one.outlet}"
