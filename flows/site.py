"""What `up` shows to a browser or a feed reader: a path in, bytes out; no server in here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.editions import gather
from flows.outfeed import Outfeed, matching, write_atom, write_json
from flows.page import write_page
from flows.settings import Settings
from models import store
from models.database import Database

PATHS = ("/", "/index.html", "/feed.atom", "/feed.json")
DAY = timedelta(days=1)
WEEK = timedelta(days=7)  # of stories in the feeds: a reader may be away for a while


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer: its media type and its bytes."""

    media: str
    body: bytes


def show(database: Database, settings: Settings, path: str, *, now: datetime, base: str = "") -> Shown | None:
    """Answer a path: "/" the page, "/feed.atom" and "/feed.json" the matching stories.

    Args:
        database: only read.
        settings: the desk.
        path: without a query.
        now: the time.
        base: where this is served ("http://127.0.0.1:4201"), for the feeds' own links.

    Returns:
        None for every other path.

    """
    if path not in PATHS:
        return None
    if not path.startswith("/feed."):
        page = write_page(gather(database, settings, since=DAY, now=now))
        return Shown("text/html; charset=utf-8", page.encode("utf-8", "replace"))
    about = replace(describe(database), home=base and f"{base}/", address=base and f"{base}{path}")
    stories = matching(gather(database, settings, since=WEEK, now=now))
    if path == "/feed.atom":
        return Shown("application/atom+xml; charset=utf-8", write_atom(stories, about, now=now))
    return Shown("application/feed+json; charset=utf-8", write_json(stories, about))


def describe(database: Database) -> Outfeed:
    """Give what names this installation's feeds for ever."""
    with database.reading() as session:
        return Outfeed(install=store.install(session))
