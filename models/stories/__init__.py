"""Stories: which event an article tells, and why.

Stands beside `lexicon`, before `decide`. Reading order: `terms`, `names` and
`rarity` (words), `copies` (passages), `events` (what identifies an event),
`parties` (whom it is about), `facts` (what is the same in every language), `features` (all of it for one
article), `keys` (the index), `profile` (a story), `compare`
(article and story), `placing` (one decision, one pair), `window` (a stream),
`tellers` (who tells a story in its own right).

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
anniversary, weapon, actor, sphere of life, party, place, phase, step of a case,
plan or day keeps two apart; a figure never does, since agencies put it right for days. The database keeps
the counts of terms and each open story's sums, so that a batch of one groups
as a stream of sixty thousand: the same on korea in memory and through the
database, in batches of 20 or 200.

Tried and kept (B-cubed F; the whole stream's alerts as repeats / stories
without one of their own): names as one term and topics as words .891 to .902
korea, 16/14 to 12/12; every concept as one term .891, 16/14; every concept as
words 8/17, and on a desk's first day "North Korea" in words made a parade, a
launch and an inspection one story; a leader or a seat of power counting half
for its state .905, 10/12; in full .897, 11/14; with more drift and more weight
of facts .911, 9/13; "re-elected" as "reelected" .913, 8/12. The lexicon moves
these as well: with "Kim" read as the leader .906, 10/13. From there: market
days, spheres and parties that differ, other kinds of things counting a fifth
less, ownership 1.9 for 2.2: .913, 9/10. Then half the score for an article
about the peninsula in a story that is not (prisoners of war in Minsk, workers
held like prisoners of war): 7/11, three false alerts fewer; for a market's day
in a story of what moved it, and no parties between two market days: .917,
6/11, uci .811 to .810; a tie of parties settled by the anchor: 6/10 (of the
ten, eight stand in a story that had alerted, and two, a firm's raided plant,
are not news of the peninsula by the set's own mark). Around there (threshold,
drift, fade, facts by a tenth each) it stays at 6 to 8 and 9 to 13. Of pairs in one language,
one about the peninsula and one not, half the score: false merges of the
multilingual traps from 5 % to 1 %. Steps of a case at law or of a motion, told
on two days, as a veto: of 34 pairs of our own, 18 of 18 false merges to 2; the
same step as a fact: .944 for .943 pairs; the stories stay as they were, since a
saga fades faster than most courts move.

Tried and refused (the same measure; NMI for newst): cosine to the mean alone
.83 korea .85 allsides .64 uci .84 newst at its best common threshold; a bonus
by the logarithm of a story's size .80 uci, but one story ate all of an undated
stream (.42 newst); a language-model likelihood ratio .72 korea .60 allsides;
pairs of words as terms -.01 everywhere; pairs of names as terms .901 korea,
of states .905 and 12/14; weekdays of two leads as a veto -.02 allsides;
sharing of all facts as penalty -.01 korea; a lower threshold (.14) -.01
stream, -.01 uci and no fewer repeats; the drift counted only as far as
an article is unlike the anchor -.03 korea (sagas run together); terms weighed
by stories instead of articles -.02 korea; a score fitted by logistic regression
to sixteen measures of a candidate no better than this one on a set left out;
names without one plain word in common counting less, twice the repeats;
half the score also for an article of elsewhere in a story about the peninsula
-.01 korea (half of a raid's coverage names no Korean); a tie as a veto of any
parameter .901 to .898 allsides; a state that no member names a fifth less .82
uci, 8/12; more for what comes within hours of a story -.02 uci, 9/12; drift
from the middle of a story's time -.02 korea; a text that came four times
counted once: nothing; in a pair, other kinds of things counting a fifth less: pairs .944 to .943;
"usa" or "ukraine" as a party: a name for comments and for the war; counts and
words of the articles recalled for a batch alone -.02 uci, -.01 allsides. A
threshold trades repeats against stories that are swallowed. A repeat is a
nuisance, a lost story breaks the promise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.faces import face

if TYPE_CHECKING:
    from models.stories.features import outline
    from models.stories.identity import story_id
    from models.stories.marks import Revision, revision
    from models.stories.memory import Memory
    from models.stories.placing import place, same
    from models.stories.profile import SINGLY
    from models.stories.rarity import Rarity
    from models.stories.tellers import chorus, voices
    from models.stories.window import WINDOW, Window
else:
    __getattr__ = face(__name__)

__all__ = [
    "SINGLY",
    "WINDOW",
    "Memory",
    "Rarity",
    "Revision",
    "Window",
    "chorus",
    "outline",
    "place",
    "revision",
    "same",
    "story_id",
    "voices",
]
