"""The first sweep whole: seeds, feeds, and the pages behind teasers where a feed asks for them.

Beside `pipeline`, which goes on from here, so that a look at feeds that have nothing
new loads neither lexicon nor stories: a third of its start.
"""

from __future__ import annotations

from flows.clock import Clock
from flows.collect import Progress, collect_feeds
from flows.seeds import collect_seeds
from flows.settings import Settings
from models.database import Database
from models.values import Collected, Selection


async def collect(
    database: Database,
    settings: Settings,
    *,
    clock: Clock,
    selection: Selection,
    progress: Progress | None = None,
) -> list[Collected]:
    """Store what is new in the seeds and feeds; whatever is wrong with one stays its own.

    Args:
        database: where articles and validators go.
        settings: the configured feeds, and how many at once.
        clock: the time.
        selection: which of the sources.
        progress: told of each feed as it is done.

    """
    seeds = selection.seeds if selection.shard == 1 else None
    done = collect_seeds(database, settings, seeds, clock=clock) if seeds else []
    if selection.feeds:
        done += await collect_feeds(database, settings, clock=clock, selection=selection, progress=progress)
        if any(feed.full_text for feed in settings.feeds):
            from flows.fulltext import complete  # noqa: PLC0415 - see above

            done = await complete(database, settings, done, clock=clock)
    return done
