"""An alert as a subject and plain lines, for e-mail and for what apprise reaches."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from models.alerts.cutting import cut
from models.values import Channel, Claim


def plain_text(claim: Claim, channel: Channel) -> tuple[str, str]:
    """Give an alert as (subject, text), each line of it harmless in any format."""
    data = json.loads(claim.alert.body)["data"]
    repeat = " (possible repeat)" if claim.uncertain else ""
    end = ["", f"id {claim.alert.id}{repeat}"]
    if "story" not in data:
        lines = [f"- {line['title']}\n  {line['url']}\n  {line['note']}".rstrip() for line in data["lines"]]
        more = [f"and {data['more']} more"] if data["more"] else []
        return cut(data["title"], 200), "\n".join([data["text"], "", *lines, *more, *end])
    subject = data.get("news", "") and f"{data['story']['title']}: {data.get('news', '')}"
    concepts = ", ".join(_concept(concept) for concept in data["concepts"][:10])
    about = f"rule {data['rule']} · score {data['score']:g} · story {data['story']['id']}"
    text = [
        data["story"]["title"],
        data["article"]["url"],
        *([f"News: {data.get('news', '')}"] if data.get("news", "") else []),
        "",
        f"Why: {concepts or data['why']}",
        *(_voice(voice, channel) for voice in data["sources"]),
        *end,
        about,
    ]
    return cut(subject or data["story"]["title"], 200), "\n".join(text)


def _concept(concept: dict[str, Any]) -> str:
    words = ", ".join(concept["found"][:3])
    return f"{concept['label']} ({words})" if words else str(concept["label"])


def _voice(voice: dict[str, Any], channel: Channel) -> str:
    at = datetime.fromisoformat(voice["published_at"] or voice["first_seen_at"])
    shown = at.astimezone(ZoneInfo(channel.zone)).strftime("%Y-%m-%d %H:%M %Z")
    return f"- {voice['outlet']} ({voice['bloc']}, {voice['language']}), {shown}\n  {voice['url']}"
