"""`run --dry-run`: a whole run on a transaction that is undone; nothing is sent."""

from __future__ import annotations

import asyncio

from flows import pipeline
from flows.clock import Clock
from flows.collect import Progress, check_feeds, take_in
from flows.seeds import collect_seeds
from flows.settings import Settings
from flows.words import open_lexicon
from models.database import Database
from models.values import Report, Selection, Sent


def rehearse(
    database: Database,
    settings: Settings,
    selection: Selection,
    *,
    clock: Clock,
    progress: Progress | None = None,
) -> Report:
    """Tell what a run would store, group and alert on.

    The feeds are asked first, without conditions, so that the writer's lock is
    held for as long as the decisions take and no longer.
    """
    open_lexicon(settings)  # compiled once a process: here, before the lock is held
    answers = (
        asyncio.run(check_feeds(settings, only=selection.only, progress=progress)) if selection.feeds else []
    )
    with database.rehearsing() as stage:
        done = collect_seeds(stage, settings, selection.seeds, clock=clock) if selection.seeds else []
        done += take_in(stage, settings, answers, now=clock())
        decided = pipeline.decide_new(stage, settings, clock=clock)
        return pipeline.tell(stage, settings, done, decided, Sent(), seconds=0.0)
