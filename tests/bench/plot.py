"""A bar chart as SVG: small enough to read as text, and shown as a picture by the README."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, ROW, GAP, LEFT = 720, 22, 34, 110
OURS, OTHERS = "#1f6feb", "#9aa4b1"


def bars(title: str, groups: Mapping[str, Sequence[tuple[str, float]]]) -> str:
    """Draw a group of horizontal bars for each key, to a scale of its own; the first bar is ours."""
    parts, y = [f'<text x="8" y="24" font-size="15" font-weight="bold">{escape(title)}</text>'], 44
    for group, values in groups.items():
        parts.append(f'<text x="8" y="{y + 14}" font-size="14">{escape(group)}</text>')
        y += 22
        longest = max(value for _, value in values) or 1.0
        for place, (name, value) in enumerate(values):
            long = max((WIDTH - LEFT - 90) * value / longest, 1)
            colour = OTHERS if place else OURS
            parts += [
                f'<text x="{LEFT - 8}" y="{y + 15}" font-size="13" text-anchor="end">{escape(name)}</text>',
                f'<rect x="{LEFT}" y="{y + 3}" width="{long:.1f}" height="{ROW - 6}" fill="{colour}"/>',
                f'<text x="{LEFT + long + 6:.1f}" y="{y + 15}" font-size="13">{value:.2f} s</text>',
            ]
            y += ROW
        y += GAP - ROW
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 8}" font-family="sans-serif">'
    )
    ground = f'<rect width="{WIDTH}" height="{y + 8}" fill="white"/>'
    return "\n".join([head, ground, *parts, "</svg>"]) + "\n"
