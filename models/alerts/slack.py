"""An alert as a Slack message: Block Kit, built by slack_sdk, posted by our own outbox.

Everything that comes from a feed is escaped once, here; links are only those
that we build, and none is ever cut. The id stands in a context block, since
Slack reads no headers: that block alone is not frozen, and says when a message
may be a repeat. Slack refuses a section over 3,000 characters, and blocks over
some 13,200 in all (slackapi/bolt-js #2509; its pages say 40,000).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from models.alerts.cutting import cut, fit
from models.text import for_display
from models.values import Channel, Claim, Request

SECTION = 3000  # characters that Slack takes in a section's text
IN_ALL = 13_000  # characters of all blocks, as JSON
FALLBACK = 300
LONGEST_LINK = 1200


def slack_request(claim: Claim, channel: Channel, now: datetime) -> Request:
    """Give the POST of an alert to a Slack incoming webhook."""
    del now  # the message says when the story was told, not when it is sent
    return Request(
        url=channel.url,
        body=dumped(message(claim, channel)),
        headers={"content-type": "application/json; charset=utf-8"},
        allow_private=channel.allow_private,
    )


def message(claim: Claim, channel: Channel) -> dict[str, Any]:
    """Give an alert as what Slack calls a message: plain text, and blocks."""
    told = json.loads(claim.alert.body)
    data = told["data"]
    if "story" in data:
        news = data.get("news", "")
        title = f"{cut(news, 120)} · {data['story']['title']}" if news else data["story"]["title"]
        parts = [_headline(data), _why(data), _voices(data, channel)]
    else:
        title = data["title"]
        parts = [f"*{_cut(title, 900)}*", _cut(data["text"], 1500), _lines(data)]
    made = _blocks(parts, _identity(claim, data))
    while len(dumped(made)) > IN_ALL and "\n" in parts[2]:
        parts[2] = parts[2].rpartition("\n")[0]
        made = _blocks(parts, _identity(claim, data))
    return {
        "text": _cut(title, FALLBACK) or "peninsula-watch",
        "blocks": made,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def dumped(value: Any) -> bytes:
    """Give a message as the bytes that are posted."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def escape(text: str) -> str:
    """Make text harmless in mrkdwn: no mention, no link, one line."""
    flat = " ".join(for_display(text).split())
    return flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(url: str, text: str) -> str:
    """Link text to a web address; anything else stays plain text."""
    try:
        web = urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).hostname)
    except ValueError:
        web = False
    shown = escape(text)
    if not web or not shown:
        return shown
    safe = "".join(
        char if char.isprintable() and char not in "|<> " else quote(char, errors="replace") for char in url
    )
    safe = safe.replace("&", "&amp;")
    return f"<{safe}|{shown.replace('|', '¦')}>" if len(safe) <= LONGEST_LINK else shown


def _blocks(parts: list[str], identity: str) -> list[dict[str, Any]]:
    # 0.2 s of imports that a run without Slack never pays
    from slack_sdk.models.blocks import ContextBlock, MarkdownTextObject, SectionBlock  # noqa: PLC0415

    sections = [SectionBlock(text=MarkdownTextObject(text=text, verbatim=True)) for text in parts if text]
    context = ContextBlock(elements=[MarkdownTextObject(text=identity, verbatim=True)])
    return [block.to_dict() for block in (*sections, context)]


def _cut(text: str, length: int) -> str:
    return escape(cut(text, length, escape))


def _headline(data: dict[str, Any]) -> str:
    headline = link(data["article"]["url"], cut(data["story"]["title"], 900, escape)) or "untitled"
    news = data.get("news", "")
    return f"*{_cut(news, 600)}*\n{headline}" if news else f"*{headline}*"


def _why(data: dict[str, Any]) -> str:
    concepts = []
    for concept in data["concepts"][:10]:
        words = ", ".join(_cut(word, 60) for word in concept["found"][:3])
        label = _cut(concept["label"], 60)
        concepts.append(f"{label} ({words})" if words else label)
    return f"*Why:* {fit(concepts, 1900, ', ') or _cut(data['why'], 900)} · score {data['score']:g}"


def _voices(data: dict[str, Any], channel: Channel) -> str:
    lines = []
    for voice in data["sources"][:6]:
        at = datetime.fromisoformat(voice["published_at"] or voice["first_seen_at"])
        shown = at.astimezone(ZoneInfo(channel.zone)).strftime("%Y-%m-%d %H:%M %Z")
        name = link(voice["url"], cut(voice["outlet"], 80, escape)) or "unnamed"
        family = _cut(voice["family"], 60)
        house = f" ({family})" if family and family.casefold() != voice["outlet"].casefold() else ""
        lines.append(f"• {name}{house} · {_cut(voice['bloc'], 20)} · {_cut(voice['language'], 16)} · {shown}")
    listed = fit(lines, SECTION - 40, "\n")
    more = data["counts"]["outlets"] - (listed.count("\n") + 1)
    return f"{listed}\nand {more} more" if more > 0 else listed


def _lines(data: dict[str, Any]) -> str:
    lines = []
    for line in data["lines"]:
        note = f" · {_cut(line['note'], 200)}" if line["note"] else ""
        lines.append(f"• {link(line['url'], cut(line['title'], 240, escape))}{note}")
    listed = fit(lines, SECTION - 40, "\n")
    more = data["count"] - (listed.count("\n") + 1 if listed else 0)
    return f"{listed}\nand {more} more" if more > 0 else listed


def _identity(claim: Claim, data: dict[str, Any]) -> str:
    repeat = ", possible repeat" if claim.uncertain else ""
    about = (
        f" · rule {_cut(data['rule'], 120)} · story {_cut(data['story']['id'], 40)}"
        if "story" in data
        else ""
    )
    return f"id {claim.alert.id}{repeat}{about}"
