"""The names of things: typed ids and the closed sets of words."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, NewType

SourceName = NewType("SourceName", str)
ArticleId = NewType("ArticleId", str)
StoryId = NewType("StoryId", str)
AlertId = NewType("AlertId", str)
ConceptId = NewType("ConceptId", str)
RuleName = NewType("RuleName", str)
ChannelName = NewType("ChannelName", str)

Field = Literal["title", "lead", "body"]
Ruling = Literal["alert", "same-story", "baseline", "no-match"]
Dated = Literal["stated", "age", "impossible", "none"]  # how sure a publication time is
Identity = Literal["guid", "url", "url-date", "title"]  # what a source's items are known by


class Bloc(StrEnum):
    """Whose press a source belongs to; corroboration counts them apart."""

    DPRK = "dprk"
    ROK = "rok"
    US = "us"
    JAPAN = "japan"
    CHINA = "china"
    RUSSIA = "russia"
    OTHER = "other"


class Health(StrEnum):
    """How a feed does, against its own rhythm."""

    NEW = "new"  # not asked yet
    HEALTHY = "healthy"
    REDIRECTED = "redirected"  # answers from another address, for good
    UNDATED = "undated"  # none of its items says when
    STALE = "stale"  # nothing new for much longer than is usual for it
    SILENT = "silent"  # nothing new for so long that it may be abandoned
    EMPTY = "empty"  # a feed without items
    HTML = "html-instead-of-feed"
    PARSE_ERROR = "parse-error"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    UNREACHABLE = "unreachable"  # failed fetches in a row: never taken for silence
