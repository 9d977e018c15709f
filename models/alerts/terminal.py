"""An alert as lines for a person at a terminal."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from models.values import Alert, Channel


def terminal_text(alert: Alert, channel: Channel) -> str:
    """Write an alert as five lines: title, why, who, where, id."""
    data = json.loads(alert.body)["data"]
    if "story" not in data:
        more = [f"  and {data['more']} more"] if data["more"] else []
        listed = [f"  - {line['title']}" for line in data["lines"]]
        return "\n".join([f"▶ {data['title']}", f"  {data['text']}", *listed, *more, f"  id    {alert.id}"])
    concepts = " · ".join(_concept(concept) for concept in data["concepts"][:6])
    voices = ", ".join(f"{voice['outlet']} ({voice['language']})" for voice in data["sources"][:5])
    more = data["counts"]["outlets"] - min(5, len(data["sources"]))
    published = data["article"]["published_at"] or data["article"]["first_seen_at"]
    at = datetime.fromisoformat(published).astimezone(ZoneInfo(channel.zone))
    lines = [
        f"▶ {data['story']['title']}",
        f"  news  {data['news']}" if data.get("news") else "",
        f"  why   {concepts or data['why']}",
        f"  from  {voices}{f' and {more} more' if more > 0 else ''}, {at:%Y-%m-%d %H:%M %Z}",
        f"  told  {_told(data['counts'])}" if data["counts"]["articles"] > 1 else "",
        f"  link  {data['article']['url']}" if data["article"]["url"] else "",
        f"  id    {alert.id} · rule {data['rule']} · score {data['score']:g} · story {data['story']['id']}",
    ]
    return "\n".join(line for line in lines if line)


def _told(counts: dict[str, int]) -> str:
    """Say how many tell it in their own right; alerts written by an older release count no blocs."""
    told = f"{counts['families']} sources" if counts["families"] != 1 else "1 source"
    blocs = f" of {counts['blocs']} blocs" if counts.get("blocs", 1) > 1 else ""
    tongues = f" in {counts['languages']} languages" if counts["languages"] > 1 else ""
    return f"by {told}{blocs}{tongues}" + (f", {counts['copies']} copied" if counts.get("copies") else "")


def _concept(concept: dict[str, str]) -> str:
    words = [word for word in concept["found"] if word.casefold() != concept["label"].casefold()]
    return f"{concept['label']} ({', '.join(words[:2])})" if words else concept["label"]
