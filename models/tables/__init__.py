"""The rows: what the database holds, with every constraint the promise rests on.

Rows never leave `models.store`. To map all of them takes 40 ms, and a look at feeds that
have nothing new needs four. Reading order: `base`, `runs`, `sources`, `articles`,
`stories`, `rules`, `alerts`; `whole` is all of them.
"""

from typing import TYPE_CHECKING

from models.faces import face

if TYPE_CHECKING:
    from models.tables.alerts import AlertRow, AttemptRow, ChannelRow
    from models.tables.articles import ArticleRow, ReadingRow, SearchRow, SightingRow, TagRow, VersionRow
    from models.tables.base import Leased, Row, SearchVector
    from models.tables.rules import DecisionRow, FeedbackRow, RuleRow
    from models.tables.runs import InstallRow, LeaseRow
    from models.tables.sources import FeedEventRow, SourceRow
    from models.tables.stories import CorrectionRow, PlaceRow, ProbeRow, StoryRow, StoryWordsRow, TermRow
    from models.tables.whole import metadata
else:
    __getattr__ = face(__name__)

__all__ = [
    "AlertRow",
    "ArticleRow",
    "AttemptRow",
    "ChannelRow",
    "CorrectionRow",
    "DecisionRow",
    "FeedEventRow",
    "FeedbackRow",
    "InstallRow",
    "LeaseRow",
    "Leased",
    "PlaceRow",
    "ProbeRow",
    "ReadingRow",
    "Row",
    "RuleRow",
    "SearchRow",
    "SearchVector",
    "SightingRow",
    "SourceRow",
    "StoryRow",
    "StoryWordsRow",
    "TagRow",
    "TermRow",
    "VersionRow",
    "metadata",
]
