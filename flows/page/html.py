"""An edition as HTML: jinja2 with everything escaped, links only to the web."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows.page import charts
from models.edition import Edition, Told, runners, shown_lag, topics
from models.text import for_display
from models.values import Health, Story

if TYPE_CHECKING:
    from jinja2 import Template

_COLUMNS = 10  # families in the map
_SICK = {Health.HEALTHY: "good", Health.REDIRECTED: "good", Health.NEW: "idle", Health.UNDATED: "idle"}


def write_page(edition: Edition, *, zone: str = "Asia/Seoul") -> str:
    """Give the page of an edition.

    Args:
        edition: what it shows.
        zone: IANA zone of the times on it.

    """
    timelines, ranked = topics(edition), runners(edition)
    most = max((max(topic.counts) for topic in timelines), default=1)
    families = [one.family for one in ranked[:_COLUMNS]]
    shared = [one for one in edition.stories if len({voice.family for voice in one.voices}) > 1]
    return _template().render(
        edition=edition,
        zone=ZoneInfo(zone),
        timelines=[(topic, charts.timeline(topic, most=most)) for topic in timelines],
        runners=ranked,
        lateness=charts.lateness(ranked[:_COLUMNS]) if any(one.lag for one in ranked) else "",
        families=families,
        shared=[(one, _cells(one, families)) for one in shared],
        counts=_counts(edition),
        sick={state: _SICK.get(state, "bad") for state in Health},
    )


def _counts(edition: Edition) -> list[tuple[int, str]]:
    voices = [voice for one in edition.stories for voice in one.voices]
    healthy = sum(state.health in {Health.HEALTHY, Health.REDIRECTED} for _, state in edition.feeds)
    sums = [
        (len(edition.stories), "story", "stories"),
        (sum(one.story.articles for one in edition.stories), "article", "articles"),
        (len({voice.outlet for voice in voices}), "outlet", "outlets"),
        (len({voice.language for voice in voices}), "language", "languages"),
        (sum(len(one.alerts) for one in edition.stories), "alert", "alerts"),
    ]
    of = "1 feed" if len(edition.feeds) == 1 else f"{len(edition.feeds)} feeds"
    counts = [(number, one if number == 1 else several) for number, one, several in sums]
    return [*counts, (healthy, f"of {of} healthy")]


def _cells(one: Told, families: list[str]) -> list[tuple[str, str, str]]:
    """Give a story's row of the map: (how late, class, outlet) for each family."""
    first = {voice.family: voice for voice in reversed(one.voices)}
    cells = []
    for family in families:
        voice = first.get(family)
        if voice is None:
            cells.append(("", "none", ""))
            continue
        minutes = voice.lag.total_seconds() / 60
        grade = next((grade for grade, limit in enumerate((1, 15, 60, 240)) if minutes < limit), 4)
        cells.append((shown_lag(voice.lag), f"late{grade}", voice.outlet))
    return cells


def web(link: str) -> str:
    """Give a link if it leads to the web; a page has no use for any other."""
    return link if link.lower().startswith(("https://", "http://")) else ""


def _local(at: datetime | None, zone: ZoneInfo, form: str = "%d %b %H:%M") -> str:
    return at.astimezone(zone).strftime(form) if at else "never"


def _until(story: Story, zone: ZoneInfo) -> str:
    """Give when a story was told last, where that is another minute: the stories stand in that order."""
    first, last = story.opened_at.astimezone(zone), story.last_at.astimezone(zone)
    if f"{first:%d %H:%M}" == f"{last:%d %H:%M}":
        return ""
    return f" to {last:%H:%M}" if first.date() == last.date() else f" to {last:%d %b %H:%M}"


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - as pygal in `charts`

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "web": web,
        "local": _local,
        "clean": for_display,
        "lag": shown_lag,
        "until": _until,
    }
    return environment.get_template("page.html.j2")
