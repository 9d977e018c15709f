"""Charts as SVG inside of the page: drawn by pygal, coloured by the page's style sheet.

pygal's own styles, scripts and random ids are left out, so that the page holds no
script, follows light and dark, and is the same to the byte for the same edition.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

from models.edition import Runner, Topic

_BARE: dict[str, Any] = {
    "js": [],
    "css": [],
    "show_legend": False,
    "no_prefix": True,
    "print_values": False,
    "human_readable": True,
}


def timeline(topic: Topic, *, most: int) -> Markup:
    """Draw how often a topic was reported on, as bars on a scale that all topics share."""
    chart = _pygal().Bar(
        **_BARE,
        width=600,
        height=56,
        margin=0,
        spacing=0,
        range=(0, most),
        show_x_labels=False,
        show_y_labels=False,
        show_x_guides=False,
        show_y_guides=False,
    )
    chart.add("", [count or None for count in topic.counts])
    return _svg(chart, f"{topic.label}: {sum(topic.counts)} reports", stretch=True)


def lateness(runners: Sequence[Runner]) -> Markup:
    """Draw how many minutes each family is late, by the median, the earliest on top."""
    late = [one for one in runners if one.lag is not None]
    chart = _pygal().HorizontalBar(
        **_BARE,
        width=440,  # a phone shows it whole, at its letters' size
        height=72 + 30 * len(late),
        margin=4,
        margin_left=28,
        margin_bottom=16,
        spacing=6,
        truncate_label=20,
        max_scale=6,
    )
    chart.x_labels = [one.family for one in reversed(late)]
    chart.add("", [round((one.lag.total_seconds() if one.lag else 0) / 60) for one in reversed(late)])
    return _svg(chart, "Median lateness in minutes of each family of outlets")


@cache
def _pygal() -> Any:
    """Load pygal: 30 ms that no command pays but those that draw."""
    import pygal  # noqa: PLC0415 - see above

    # pygal 3.1 hooks itself into every later import, by an interface that Python 3.12 has no more:
    # for maps, of which we draw none. Each import would warn.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]
    return pygal


def _svg(chart: Any, title: str, *, stretch: bool = False) -> Markup:
    """Give a chart as an SVG element without styles, scripts, comments and ids."""
    root: ET.Element = chart.render_tree()
    for parent in list(root.iter()):
        for child in list(parent):
            name = child.tag if isinstance(child.tag, str) else ""
            if not name or name.rpartition("}")[2] in {"defs", "script", "desc", "title"}:
                parent.remove(child)
    root.attrib.pop("id", None)
    root.set("role", "img")
    root.set("aria-label", title)
    if stretch:
        root.set("preserveAspectRatio", "none")
    # Drawn by us of our numbers; the labels in it are escaped by the serialiser.
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - see above
