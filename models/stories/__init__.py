"""Stories: which event an article tells, and why."""

from __future__ import annotations

from models.stories.identity import story_id
from models.stories.marks import Revision, revision
from models.stories.placing import is_copy, place, same
from models.stories.probes import NEWEST_PER_KEY, probes
from models.stories.rarity import Rarity
from models.stories.window import WINDOW, Window

__all__ = [
    "NEWEST_PER_KEY",
    "WINDOW",
    "Rarity",
    "Revision",
    "Window",
    "is_copy",
    "place",
    "probes",
    "revision",
    "same",
    "story_id",
]
