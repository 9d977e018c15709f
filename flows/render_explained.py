"""Why an article alerted, or why not, as a person sees it; and what held when an alert was made."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text

from flows import as_json
from flows.render import local_time, open_console, print_alert, print_line
from models.lexicon import Lexicon
from models.values import AlertState, Filed, Hit, Join


def explanation(item: Filed, sent: Sequence[AlertState], words: Lexicon, *, json: bool) -> None:
    """Print why an article alerted, or why not."""
    if json:
        as_json.show(as_json.of_article(item) | as_json.of_why(item, sent))
        return
    console = open_console()
    article, reading = item.article, item.reading
    print_line(console, (article.title, "bold"))
    published = f"published {local_time(article.published_at)}" if article.published_at else "undated"
    print_line(
        console,
        f"  {article.id} · {article.outlet} · {published} · first seen {local_time(article.first_seen_at)}",
    )
    print_line(
        console,
        f"  seen in {', '.join(item.sightings)}"
        + (f" · version {article.version}" if article.version > 1 else ""),
    )
    if article.link:
        print_line(console, f"  {article.link}")
    if reading is None:
        print_line(console, "Not decided yet; peninsula decide does it.")
        return
    print_line(
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
        print_line(console, f"  {term.value:+.2f}  {name}: {term.form}, {product}{note}")
    for hidden in reading.hidden:
        print_line(console, f"   --    {hidden.form}: not counted, {hidden.because}")
    _placed(console, item)
    _ruled(console, item, sent)
    for state in sent:
        print_alert(console, state)


def as_alerted(state: AlertState) -> str:
    """Give what held when an alert was made, whatever became of the text since; nothing for a notice."""
    body = jsonlib.loads(state.alert.body)
    data = body["data"]
    if "why" not in data:
        return ""
    at = local_time(datetime.fromisoformat(body["timestamp"]))
    return f"{state.alert.rule}, when it alerted, {at}: score {data['score']:.2f}: {data['why']}"


def _placed(console: Console, item: Filed) -> None:
    placed = item.placement
    if placed is None:
        return
    verb = "joined" if isinstance(placed, Join) else "opened"
    print_line(
        console,
        ("Which story it tells", "bold"),
        f"  {verb} {placed.story}, score {placed.score:.2f}: {placed.reason}",
    )
    if isinstance(placed, Join):
        evidence = ", ".join(f"{kind} {value:.2f}" for kind, value in placed.evidence.items())
        print_line(console, f"  margin {placed.margin:.2f}" + (f" · {evidence}" if evidence else ""))
    elif placed.veto:
        print_line(console, f"  kept apart from {placed.nearest}: {placed.veto}")


def _ruled(console: Console, item: Filed, sent: Sequence[AlertState]) -> None:
    print_line(console, ("What the rules made of it", "bold"))
    if item.article.version > 1:
        told = (as_alerted(state) for state in sent if state.alert.article == item.article.id)
        for line in filter(None, dict.fromkeys(told)):
            print_line(console, f"  {line}")
    for made in item.decisions:
        print_line(console, f"  {made.rule}: {made.outcome} ({made.reason}): {made.detail}")


def _marked(text: str, hits: Iterable[Hit], field: str) -> Text:
    """Give a text with the words that were found set off by brackets and, at a terminal, colour."""
    shown, last = Text(), 0
    spans = sorted({(hit.start, hit.end) for hit in hits if (hit.field == "title") == (field == "title")})
    for start, end in spans:
        if start >= last:
            shown.append(text[last:start]).append(f"[{text[start:end]}]", style="bold yellow")
            last = end
    return shown.append(text[last:])
