"""Event parameters: what tells two alike events apart, whatever the text says.

`parameters` reads them from a title and its lead, `conflict` names the one in
which two articles differ so that they cannot tell one event. Two classes are
kept apart. What *identifies* an event (its day, the number of a round, its
begin or end, the step of a case, who did it, with which weapon, where) vetoes. What *measures* it
(how many missiles, how far, how many dead) never does: agencies correct such
figures for days, and 2발 and 3발 of one evening are one launch.
"""

from __future__ import annotations

from models.stories.events.conflicts import Conflict, agreement, conflict
from models.stories.events.parameters import Parameters, parameters

__all__ = ["Conflict", "Parameters", "agreement", "conflict", "parameters"]
