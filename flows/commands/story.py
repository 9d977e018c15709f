"""`peninsula story`: one story from its first article to its last receipt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from flows import as_json, render
from flows.as_json import stamp
from flows.commands.options import Config, Json, opened
from models import store
from models.edition import shown_lag
from models.store.following import Earlier, Followed, NearMiss, Sending
from models.text.changes import Change, word_diff
from models.values import Attempt, Bloc, Filed, Join, Source, SourceName, StoryId

_MARKS = {
    "out": ("[-", "-]", "red"),
    "in": ("{+", "+}", "green"),
    "kept": ("", "", ""),
    "gap": ("", "", "dim"),
}


def story(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The id of a story; a merged one's leads on.")],
    *,
    json: Json = False,
    config: Config = None,
) -> None:
    """Follow a story: who told it when, edits word by word, near-misses, alerts and their receipts."""
    with opened(config) as (desk, database), database.reading() as session:
        found = store.follow(session, StoryId(id_))
    if json:
        as_json.show(_as_json(found, desk.desk.sources))
    else:
        _print(found, desk.desk.sources)


def _voice(one: Filed, sources: Mapping[SourceName, Source]) -> tuple[str, Bloc]:
    source = sources.get(one.article.source)
    return (source.family if source else "") or one.article.outlet, source.bloc if source else Bloc.OTHER


# --- as JSON -----------------------------------------------------------------------------


def _as_json(found: Followed, sources: Mapping[SourceName, Source]) -> dict[str, Any]:
    start = found.members[0].article.at if found.members else None
    return {
        "id": found.id,
        "title": found.members[0].article.title if found.members else None,
        "merged": list(found.merged),
        "articles": [_article(one, found, sources, start) for one in found.members],
        "near_misses": [_near(one) for one in found.near],
        "alerts": [_sending(one) for one in found.alerts],
    }


def _article(
    one: Filed, found: Followed, sources: Mapping[SourceName, Source], start: datetime | None
) -> dict[str, Any]:
    family, bloc = _voice(one, sources)
    at, placed = one.article.at, one.placement
    return as_json.of_article(one) | {
        "at": stamp(at),
        "lag_s": int((at - (start or at)).total_seconds()),
        "family": family,
        "bloc": str(bloc),
        "joined": isinstance(placed, Join),
        "reason": placed.reason if placed else None,
        "edits": [
            {
                "version": old.number,
                "until": stamp(old.until),
                "title": [list(change) for change in word_diff(old.title, title)],
                "text": [list(change) for change in word_diff(old.text, text)],
            }
            for old, (title, text) in _steps(one, found)
        ],
    }


def _steps(one: Filed, found: Followed) -> list[tuple[Earlier, tuple[str, str]]]:
    """Give each earlier text with the one that took its place."""
    old = found.earlier.get(one.article.id, ())
    texts = [*((each.title, each.text) for each in old[1:]), (one.article.title, one.article.text)]
    return list(zip(old, texts, strict=True)) if old else []


def _near(one: NearMiss) -> dict[str, Any]:
    return {
        "article": one.article,
        "title": one.title,
        "outlet": one.outlet,
        "at": stamp(one.at),
        "story": one.story,
        "near": one.near,
        "veto": one.veto,
        "reason": one.reason,
        "score": round(one.score, 4),
    }


def _sending(one: Sending) -> dict[str, Any]:
    tries = [
        {
            "number": tried.number,
            "at": stamp(tried.started_at),
            "outcome": tried.outcome,
            "status": tried.status,
        }
        for tried in one.attempts
    ]
    told = as_json.of_alert(one.state) | {"fell_due_at": stamp(one.fell_due), "receipt": one.receipt or None}
    return told | {"tries": tries}


# --- for a person ------------------------------------------------------------------------


def _print(found: Followed, sources: Mapping[SourceName, Source]) -> None:
    console = render.open_console()
    first = found.members[0].article
    render.print_line(console, (first.title, "bold"))
    voices = [_voice(one, sources) for one in found.members]
    families, blocs = {family for family, _ in voices}, dict.fromkeys(str(bloc) for _, bloc in voices)
    languages = dict.fromkeys(one.reading.language for one in found.members if one.reading)
    counts = f"{render.count(len(found.members), 'article')} of {len(families)} families"
    merged = f" · once {', '.join(found.merged)}" if found.merged else ""
    told = f"  {counts} ({', '.join(blocs)}) · {' '.join(languages)} · {found.id}{merged}"
    render.print_line(console, told)
    for one, (family, bloc) in zip(found.members, voices, strict=True):
        _told(console, one, f"{family}, {bloc}", first.at)
        for old, (title, text) in _steps(one, found):
            _edit(console, old, title, text)
    for name, lines in (("Kept apart", _near_lines(found)), ("Alerts", _alert_lines(found))):
        if lines:
            render.print_line(console, (name, "bold"))
        for line in lines:
            render.print_line(console, line)


def _told(console: Console, one: Filed, who: str, start: datetime) -> None:
    at, language = one.article.at, one.reading.language if one.reading else "?"
    lag = shown_lag(at - start)
    head = f"  {at:%m-%d %H:%M}  {lag:<8} {one.article.outlet} ({who}) {language}  "
    render.print_line(console, head, (one.article.title, "bold" if lag == "first" else ""))
    if isinstance(one.placement, Join):
        render.print_line(
            console, (f"      joined at {one.placement.score:.2f}: {one.placement.reason}", "dim")
        )


def _edit(console: Console, old: Earlier, title: str, text: str) -> None:
    render.print_line(console, (f"      version {old.number} until {old.until:%m-%d %H:%M}", "dim"))
    for was, now in ((old.title, title), (old.text, text)):
        changes = word_diff(was, now) if was != now else ()
        if changes:
            console.print(Text("        ").append_text(_marked(changes)), soft_wrap=True)


def _marked(changes: tuple[Change, ...]) -> Text:
    shown = Text()
    for change in changes:
        before, after, style = _MARKS[change.kind]
        shown.append(f"{before}{change.text}{after}", style=style)
    return shown


def _near_lines(found: Followed) -> list[str]:
    lines = []
    for one in found.near:
        lines.append(f"  {one.at:%m-%d %H:%M}  {one.title} ({one.outlet})")
        lines.append(f"      story {one.story} · {one.veto}, {one.score:.2f}: {one.reason}")
    return lines


def _alert_lines(found: Followed) -> list[str]:
    lines = []
    for one in found.alerts:
        alert, state = one.state.alert, one.state
        sent = f" at {state.delivered_at:%m-%d %H:%M}" if state.delivered_at else ""
        receipt = f" · receipt {one.receipt}" if one.receipt else ""
        kind = "" if alert.kind == "story.matched" else f" ({alert.kind.removeprefix('story.')})"
        lines.append(
            f"  {one.fell_due:%m-%d %H:%M}  {alert.rule}{kind} to {alert.channel}: {state.state}{sent}"
            f"{receipt}"
        )
        lines.append(f"      {alert.id}")
        lines += [_try(tried) for tried in one.attempts]
    return lines


def _try(tried: Attempt) -> str:
    status = f" {tried.status}" if tried.status else ""
    reason = f": {tried.reason}" if tried.reason else ""
    outcome = tried.outcome or "no result on record"
    return f"      try {tried.number} {tried.started_at:%m-%d %H:%M:%S}  {outcome}{status}{reason}"
