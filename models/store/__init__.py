"""Every SELECT and INSERT: rows stay in here, values go in and out.

intake     step 4: articles, versions, sightings
feeds      step 4, in the same transaction: a feed's validators, rhythm and health
candidates what an undecided article may join, through the index
deciding   steps 5 and 7: what is undecided, what it may join, and the outcome
corrections an editor's merges and splits
outbox     steps 8 and 10: alerts due, leased, and what came of them
retention  what may go
archive    what a person asks for: articles, stories, alerts, the ledger
"""

from models.store.archive import alert_states, filed, find_article, story_list
from models.store.corrections import merge, root, split
from models.store.deciding import apply, recall, undecided
from models.store.feeds import feed_events, source_state, source_states, tell, touch
from models.store.intake import add
from models.store.outbox import claim, holders, record, release, waiting
from models.store.retention import Pruned, prune

__all__ = [
    "Pruned",
    "add",
    "alert_states",
    "apply",
    "claim",
    "feed_events",
    "filed",
    "find_article",
    "holders",
    "merge",
    "prune",
    "recall",
    "record",
    "release",
    "root",
    "source_state",
    "source_states",
    "split",
    "story_list",
    "tell",
    "touch",
    "undecided",
    "waiting",
]
