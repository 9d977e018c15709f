"""The nouns: every value that crosses a file's border, frozen.

A value holds facts and nothing else: no row, no client, no clock. Times are
aware UTC `datetime`, durations `timedelta`, texts `str` in NFC. Read in the
order of an article's journey:

names      typed ids and the closed sets of words
sources    what a source is and lists
articles   what an article is and what it says
stories    which story it tells
alerts     what a rule makes of it
letters    what is sent, and what became of it
leases     who may work on something alone
asked      the rows behind the lists a person asks for
replays    the archive as the sweeps met it, and what a change makes of it
reports    what a run has to say
standing   how the watch as a whole stands
"""

from typing import TYPE_CHECKING

from models.faces import face

if TYPE_CHECKING:
    from models.values.alerts import Alert, Channel, Decision, Desk, Known, Outcome, Rate, Rule
    from models.values.articles import Article, Concept, Hidden, Hit, Listing, Reading, Term
    from models.values.asked import (
        Added,
        AlertState,
        Attempt,
        ChannelState,
        FeedEvent,
        Filed,
        Preview,
        Sighted,
        SourceState,
    )
    from models.values.leases import LastRun, Lease, Taking
    from models.values.letters import Claim, Dead, Delivered, Letter, Request, Retry, Verdict
    from models.values.names import (
        AlertId,
        ArticleId,
        Bloc,
        ChannelName,
        ConceptId,
        Dated,
        Field,
        Health,
        Identity,
        RuleName,
        Ruling,
        SourceName,
        StoryId,
    )
    from models.values.replays import Correction, Difference, Met, Past, Raised, Regrouped, Replayed, Turn
    from models.values.reports import Collected, Decided, Report, Sent
    from models.values.sources import (
        Fault,
        Fetched,
        NotModified,
        ParsedFeed,
        RawItem,
        Selection,
        Source,
        Validators,
    )
    from models.values.standing import Standing, Trouble
    from models.values.stories import Chorus, Clues, Join, Member, Nearby, Open, Placement, Story
else:
    __getattr__ = face(__name__)

__all__ = [
    "Added",
    "Alert",
    "AlertId",
    "AlertState",
    "Article",
    "ArticleId",
    "Attempt",
    "Bloc",
    "Channel",
    "ChannelName",
    "ChannelState",
    "Chorus",
    "Claim",
    "Clues",
    "Collected",
    "Concept",
    "ConceptId",
    "Correction",
    "Dated",
    "Dead",
    "Decided",
    "Decision",
    "Delivered",
    "Desk",
    "Difference",
    "Fault",
    "FeedEvent",
    "Fetched",
    "Field",
    "Filed",
    "Health",
    "Hidden",
    "Hit",
    "Identity",
    "Join",
    "Known",
    "LastRun",
    "Lease",
    "Letter",
    "Listing",
    "Member",
    "Met",
    "Nearby",
    "NotModified",
    "Open",
    "Outcome",
    "ParsedFeed",
    "Past",
    "Placement",
    "Preview",
    "Raised",
    "Rate",
    "RawItem",
    "Reading",
    "Regrouped",
    "Replayed",
    "Report",
    "Request",
    "Retry",
    "Rule",
    "RuleName",
    "Ruling",
    "Selection",
    "Sent",
    "Sighted",
    "Source",
    "SourceName",
    "SourceState",
    "Standing",
    "Story",
    "StoryId",
    "Taking",
    "Term",
    "Trouble",
    "Turn",
    "Validators",
    "Verdict",
]
