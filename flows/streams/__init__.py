"""JSON Lines in, JSON Lines out: the product's parts in somebody else's pipeline.

A bad row is a `Fault` with its line number; the others go on.
"""

from __future__ import annotations

from flows.streams.grouping import group_lines, same_lines
from flows.streams.tagging import tag_lines

__all__ = ["group_lines", "same_lines", "tag_lines"]
