"""Puts an edition together: the stories of the last hours, from the archive."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.settings import Settings
from flows.words import open_lexicon
from models import edition, store
from models.database import Database
from models.edition import Edition
from models.values import SourceState

MOST = 200  # stories on a page
_MEMBERS = 500


def gather(database: Database, settings: Settings, *, since: timedelta, now: datetime) -> Edition:
    """Give the stories that an article joined lately, newest first, and how the feeds do."""
    sources = settings.desk.sources
    with database.reading() as session:
        found = store.story_list(session, sources, since=now - since, limit=MOST)
        told = []
        for story in found:
            members = store.filed(session, story=story.id, limit=_MEMBERS)
            alerts = store.alert_states(session, story=story.id)
            told.append(edition.told(story, members, sources, alerts))
        states = store.source_states(session)
    return Edition(
        since=now - since,
        until=now,
        stories=tuple(told),
        feeds=tuple((feed, states.get(feed.name, SourceState())) for feed in settings.feeds if feed.enabled),
        concepts=open_lexicon(settings).concepts,
    )
