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
asked      the rows behind the lists a person asks for
reports    what a run has to say
"""

from models.values.alerts import Alert, Channel, Decision, Desk, Known, Outcome, Rate, Rule
from models.values.articles import Article, Concept, Hidden, Hit, Reading, Term
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
from models.values.stories import Clues, Join, Member, Open, Placement, Story

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
    "Claim",
    "Clues",
    "Collected",
    "Concept",
    "ConceptId",
    "Dated",
    "Dead",
    "Decided",
    "Decision",
    "Delivered",
    "Desk",
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
    "Letter",
    "Member",
    "NotModified",
    "Open",
    "Outcome",
    "ParsedFeed",
    "Placement",
    "Preview",
    "Rate",
    "RawItem",
    "Reading",
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
    "Story",
    "StoryId",
    "Term",
    "Validators",
    "Verdict",
]
