"""The archive decided again: by other rules, other words, another threshold.

Pure, like `decide`, which it calls: articles come in the order and on the clock
of the sweeps that met them, alerts go out and are written nowhere.

shelf     the stories of a course, as far as they may still be joined
course    one side of a replay: what a desk would have alerted on
regroup   where articles go that other words read otherwise
compare   two sides, and what was added, removed, merged and split

What stays as it was: who was read when, an editor's corrections, and the story
of every article that the words in question read as before. An alert that fell
due before the replay begins counts in it.
"""

from __future__ import annotations

from models.replay.compare import compare
from models.replay.course import Course
from models.replay.regroup import Regroup
from models.replay.shelf import Shelf

__all__ = ["Course", "Regroup", "Shelf", "compare"]
