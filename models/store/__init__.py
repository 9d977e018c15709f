"""Every SELECT and INSERT: rows stay in here, values go in and out.

intake     step 4: articles, versions, sightings
feeds      step 4, in the same transaction: a feed's validators, rhythm and health
candidates what an undecided article may join, through the index
words      steps 5 and 7: how rare terms are, what words a story has
deciding   steps 5 and 7: what is undecided, what it may join, and the outcome
corrections an editor's merges and splits
baseline   before step 5: a new rule does not alert on the past
leases     one process at a time: an alert's sender, the decider, a run of the watch
outbox     steps 8 and 10: alerts due, leased, and what came of them
pacing     before step 8: rates, floods, quiet hours; digests, several alerts told as one
operations after step 4: what happened to feeds, told to the desk
trouble    after step 10: a channel that fails, and who is told
upkeep     what a person does to the outbox by hand
retention  what may go; calendar, on which day
standings  how the watch stands, and its silence
moving     a whole archive from one database into another
history    the archive in the order in which the sweeps met it, for a replay
searching  the search index, and what it finds
following  one story, from its first article to its last receipt
judging    what the desk said of alerts
archive    what a person asks for: articles, stories, alerts, the ledger
"""

from typing import TYPE_CHECKING

from models.faces import face

if TYPE_CHECKING:
    from models.store.archive import alert_states, filed, find_article, install, story_list
    from models.store.baseline import is_settled, settle
    from models.store.calendar import witnessed
    from models.store.candidates import members
    from models.store.corrections import merge, root, split
    from models.store.deciding import apply, nearby, recall, undecided
    from models.store.feeds import feed_events, source_states, tell, touch
    from models.store.following import follow
    from models.store.history import last_sweep, met, past, turns
    from models.store.intake import add, complete, is_new
    from models.store.judging import judge_alert, judge_missed, judge_text, judgements
    from models.store.leases import CHECK, TERM, give_back, holders, last_check, last_runs, renew, take
    from models.store.moving import transfer
    from models.store.operations import announce
    from models.store.outbox import claim, held, record, release, waiting
    from models.store.pacing import gate, spend
    from models.store.retention import Pruned, forget_events, prunable, prune
    from models.store.searching import Wanted, file_articles, find, tidy, unfiled
    from models.store.standings import mind_silence, standing, stranded
    from models.store.upkeep import attempts, channel_states, chosen, drop, enable, replay
else:
    __getattr__ = face(__name__)

__all__ = [
    "CHECK",
    "TERM",
    "Pruned",
    "Wanted",
    "add",
    "alert_states",
    "announce",
    "apply",
    "attempts",
    "channel_states",
    "chosen",
    "claim",
    "complete",
    "drop",
    "enable",
    "feed_events",
    "file_articles",
    "filed",
    "find",
    "find_article",
    "follow",
    "forget_events",
    "gate",
    "give_back",
    "held",
    "holders",
    "install",
    "is_new",
    "is_settled",
    "judge_alert",
    "judge_missed",
    "judge_text",
    "judgements",
    "last_check",
    "last_runs",
    "last_sweep",
    "members",
    "merge",
    "met",
    "mind_silence",
    "nearby",
    "past",
    "prunable",
    "prune",
    "recall",
    "record",
    "release",
    "renew",
    "replay",
    "root",
    "settle",
    "source_states",
    "spend",
    "split",
    "standing",
    "story_list",
    "stranded",
    "take",
    "tell",
    "tidy",
    "touch",
    "transfer",
    "turns",
    "undecided",
    "unfiled",
    "waiting",
    "witnessed",
]
