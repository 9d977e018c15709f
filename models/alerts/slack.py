"""An alert as a Slack message: Block Kit, built by slack_sdk, posted by our own outbox.

Everything that comes from a feed is escaped once, here; links are only those
that we build. The id stands in a context block, since Slack reads no headers:
that block alone is not frozen, and says when a message may be a repeat.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from models.values import Channel, Claim, Request

SECTION = 3000  # characters that Slack takes in a section's text
FALLBACK = 300


def slack_request(claim: Claim, channel: Channel, now: datetime) -> Request:
    """Give the POST of an alert to a Slack incoming webhook."""
    del now  # the message says when the story was told, not when it is sent
    # 0.2 s of imports that a run without Slack never pays
    from slack_sdk.models.blocks import ContextBlock, MarkdownTextObject, SectionBlock  # noqa: PLC0415

    data = json.loads(claim.alert.body)["data"]
    sections = [_headline(data), _why(data), _voices(data, channel)]
    blocks = [
        *(SectionBlock(text=MarkdownTextObject(text=text[:SECTION], verbatim=True)) for text in sections),
        ContextBlock(elements=[MarkdownTextObject(text=_identity(claim, data), verbatim=True)]),
    ]
    message = {
        "text": escape(data["story"]["title"])[:FALLBACK],
        "blocks": [block.to_dict() for block in blocks],
        "unfurl_links": False,
        "unfurl_media": False,
    }
    return Request(
        url=channel.url,
        body=json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode(),
        headers={"content-type": "application/json; charset=utf-8"},
        allow_private=channel.allow_private,
    )


def escape(text: str) -> str:
    """Make text harmless in mrkdwn: no mention, no link, one line."""
    flat = " ".join(text.split())
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
    safe = "".join(f"%{ord(char):02X}" if char in "|<> \t\r\n" else char for char in url)
    return f"<{safe.replace('&', '&amp;')}|{shown.replace('|', '¦')}>"


def _headline(data: dict[str, Any]) -> str:
    return f"*{link(data['article']['url'], data['story']['title'][:300])}*"


def _why(data: dict[str, Any]) -> str:
    concepts = []
    for concept in data["concepts"][:10]:
        words = ", ".join(escape(word) for word in concept["found"][:3])
        concepts.append(f"{escape(concept['label'])} ({words})" if words else escape(concept["label"]))
    return f"*Why:* {', '.join(concepts) or escape(data['why'])} · score {data['score']:g}"


def _voices(data: dict[str, Any], channel: Channel) -> str:
    lines = []
    for voice in data["sources"][:6]:
        at = datetime.fromisoformat(voice["published_at"] or voice["first_seen_at"])
        shown = at.astimezone(ZoneInfo(channel.zone)).strftime("%Y-%m-%d %H:%M %Z")
        name = link(voice["url"], voice["outlet"]) or "unnamed"
        lines.append(f"• {name} · {escape(voice['language'])} · {escape(voice['bloc'])} · {shown}")
    more = data["counts"]["outlets"] - len(lines)
    return "\n".join([*lines, f"and {more} more"] if more > 0 else lines)


def _identity(claim: Claim, data: dict[str, Any]) -> str:
    repeat = ", possible repeat" if claim.uncertain else ""
    story = escape(data["story"]["id"])
    return f"id {claim.alert.id}{repeat} · rule {escape(data['rule'])} · story {story}"
