"""Stories: which event an article tells, and why.

Stands beside `lexicon`, before `decide`. Reading order: `terms` and `rarity`
(words), `copies` (passages), `events` (what identifies an event), `facts`
(what is the same in every language), `features` (all of it for one article),
`keys` and `probes` (the index), `profile` (a story), `compare` (article and
story), `placing` (one decision, one pair), `window` (a stream).

Method. Single-pass clustering with incremental IDF (Allan, Papka, Lavrenko:
On-line New Event Detection and Tracking, SIGIR 1998). An article's title and
a third of its lead are compared with each candidate story's mean by cosine;
to that is added how far its rare terms are the story's own (`ownership`, the
share of a term's articles that stand in the story: after MStream's cluster
term weights, Yin et al., KDD 2018), so that a large story is known by its
name alone, and how far its facts agree. The score fades with the days from
the story's last article and drifts off with those from its anchor, so that a
saga is many stories. Copies are found by bottom-k samples (Broder 1997).
Across languages facts alone decide: concepts, kinds of things, figures,
several agreeing and one of them rare. Whatever the score, another ordinal,
anniversary, weapon, actor, place, phase, plan or day keeps two apart.

Tried and refused (B-cubed F; NMI for newst; on the development sets):
cosine to the mean alone .83 korea .85 allsides .64 uci .84 newst at its best
common threshold; a bonus by the logarithm of a story's size .80 uci, but one
story ate all of an undated stream (.42 newst); a language-model likelihood
ratio .72 korea .60 allsides; pairs of words as terms -.01 everywhere;
weekdays of two leads as a veto -.02 allsides; sharing of all facts as penalty
-.01 korea. A trade, and how it was decided: with the lexicon's names as words
the whole stream gives 8 repeat alerts and 17 stories without one of their own,
with each name as one term 19 and 13; and on a desk's first day "North Korea"
in words made a parade, a launch and an inspection one story. A repeat is a
nuisance, a lost story breaks the promise: names are terms.
"""

from __future__ import annotations

from models.stories.identity import story_id
from models.stories.marks import Revision, revision
from models.stories.memory import Memory
from models.stories.placing import is_copy, place, same
from models.stories.probes import NEWEST_PER_KEY, probes
from models.stories.rarity import Rarity
from models.stories.window import WINDOW, Window

__all__ = [
    "NEWEST_PER_KEY",
    "WINDOW",
    "Memory",
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
