"""Articles of the past into the archive, on a virtual clock: stored, tagged, grouped, silent.

Each article counts as met when it was published, so that stories form as they
would have formed, and a replay finds the past where it belongs. Nothing alerts
unless it is asked for: what a rule matches is baseline in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from flows.pipeline import BATCH, decide_these
from flows.settings import Settings
from flows.streams.rows import read_rows
from flows.words import open_lexicon
from models import decide, sources, store, stories, text
from models.database import Database
from models.errors import ConfigError, SourceError
from models.lexicon import Lexicon
from models.values import (
    Article,
    ArticleId,
    Decided,
    Fault,
    ParsedFeed,
    RawItem,
    Source,
    SourceName,
    SourceState,
)

LINES = {".jsonl", ".ndjson"}
TICK = timedelta(minutes=15)  # of the virtual clock: what was published between two sweeps
DATES = ("date", "published_at", "timestamp")
BACKFILL = SourceName("backfill")  # the source of what names none

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a backfill made of its files."""

    articles: int = 0
    new: int = 0
    matched: int = 0
    stories: int = 0
    alerts: int = 0
    undated: int = 0
    faults: tuple[Fault, ...] = ()


def backfill(
    database: Database,
    settings: Settings,
    files: Iterable[Path],
    *,
    now: datetime,
    alert: bool = False,
    progress: Progress | None = None,
) -> Filled:
    """Store, tag and group the articles of files, oldest first.

    Args:
        database: where they go.
        settings: the desk; an article may name one of its feeds as `source`.
        files: JSON Lines ({"title", "text"?, "url"?, "date"?, "lang"?, "publisher"?,
            "source"?}), or what `peninsula run --seeds` takes.
        now: the real clock, for what carries no date.
        alert: whether rules may alert on what carries a date.
        progress: told how many articles are done.

    Raises:
        ConfigError: a file cannot be read.

    """
    words, faults = open_lexicon(settings), list[Fault]()
    found = [
        _Dated(min(item.published_at or now, now), source, item)
        for file in files
        for source, item in _items(file, settings, faults)
    ]
    found.sort(key=lambda one: one.at)
    done, total, memory = Filled(), 0, stories.Memory()
    for sweep in _sweeps(found):
        articles = _refined(sweep, faults, fresh=alert)
        new, decided = _sweep(database, settings, words, memory, articles, now=sweep[-1].at)
        total += len(sweep)
        done = replace(
            done,
            articles=done.articles + len(articles),
            new=done.new + new,
            matched=done.matched + decided.matched,
            stories=done.stories + len(decided.opened),
            alerts=done.alerts + len(decided.alerts),
            undated=done.undated + sum(article.published_at is None for _, article in articles),
        )
        if progress:
            progress(total, len(found))
    return replace(done, faults=tuple(faults))


@dataclass(frozen=True, slots=True)
class _Dated:
    """An item on the virtual clock: met when it was published, or now if that is not yet."""

    at: datetime
    source: Source
    item: RawItem


def _refined(sweep: list[_Dated], faults: list[Fault], *, fresh: bool) -> list[tuple[Source, Article]]:
    found: list[tuple[Source, Article]] = []
    for one in sweep:
        article = text.refine(one.item, one.source, one.at)
        if isinstance(article, Fault):
            faults.append(article)
        else:
            found.append((one.source, replace(article, fresh=fresh and article.published_at is not None)))
    return found


def _sweeps(found: list[_Dated]) -> Iterator[list[_Dated]]:
    """Cut the past into the sweeps of a watch that looks every quarter of an hour."""
    for _, ticked in groupby(found, key=lambda one: one.at.timestamp() // TICK.total_seconds()):
        tick = list(ticked)
        yield from (tick[start : start + BATCH] for start in range(0, len(tick), BATCH))


def _sweep(
    database: Database,
    settings: Settings,
    words: Lexicon,
    memory: stories.Memory,
    sweep: list[tuple[Source, Article]],
    *,
    now: datetime,
) -> tuple[int, Decided]:
    """Store and decide what was published between two ticks, in one transaction."""
    new, decided = 0, Decided()
    ids: set[ArticleId] = {article.id for _, article in sweep}
    with database.writing(serial=True) as session:
        for _, group in groupby(sweep, key=lambda pair: pair[0].name):
            pairs = list(group)
            articles = [article for _, article in pairs]
            added = store.add(session, pairs[0][0], articles, state=SourceState(), now=now, of_one_site=False)
            new += added.new
            ids.update(added.articles)  # one whose name another had has a name of its own now
        while waiting := store.undecided(session, BATCH, ids=ids):
            decided += decide.summary(decide_these(session, waiting, settings.desk, words, memory, now))
    return new, decided


# --- files to items --------------------------------------------------------------------


def _items(file: Path, settings: Settings, faults: list[Fault]) -> Iterator[tuple[Source, RawItem]]:
    """Give what a file holds, with the source it counts for; what is bad goes to the faults."""
    try:
        if file.suffix.casefold() in LINES:
            with file.open(encoding="utf-8-sig", newline="\n") as lines:
                yield from _lines(file, lines, settings, faults)
            return
        parsed = sources.read_seed(file.name, file.read_bytes())
    except OSError as error:
        raise ConfigError(str(file), "", f"cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise ConfigError(str(file), "", f"is not UTF-8: {error}") from None
    except SourceError as error:
        raise ConfigError(str(file), "", error.problem) from None
    faults += parsed.faults
    yield from ((_of_feed(parsed), item) for item in parsed.items)


def _of_feed(parsed: ParsedFeed) -> Source:
    return Source(name=BACKFILL, title=parsed.title, language=parsed.language)


def _lines(
    file: Path, lines: Iterable[str], settings: Settings, faults: list[Fault]
) -> Iterator[tuple[Source, RawItem]]:
    known = dict(settings.desk.sources)
    rows = read_rows(
        lines,
        texts=("title", "text", "lead", "url", "source"),
        names=("source",),
        some=("title", "text"),
        dates=DATES,
    )
    for number, row in enumerate(rows):
        if isinstance(row, Fault):
            faults.append(replace(row, where=f"{file} {row.where}"))
            continue
        name = SourceName(row.get("source") or BACKFILL)
        yield known.setdefault(name, Source(name=name)), _item(row, number)


def _item(row: dict[str, Any], number: int) -> RawItem:
    item = RawItem(
        guid=str(row.get("guid") or ""),
        url=row.get("url") or "",
        title=row.get("title") or "",
        text=row.get("text") or row.get("lead") or "",
        published_at=next((row[name] for name in DATES if row.get(name)), None),
        language=next(
            (said for name in ("lang", "language") if isinstance(said := row.get(name), str)), None
        ),
        outlet=str(row.get("publisher") or row.get("outlet") or ""),
        position=number,
    )
    return item if item.guid or item.url else replace(item, guid=_all_it_says(item))


def _all_it_says(item: RawItem) -> str:
    """Name a row that has no name: two outlets may head and date alike what they tell."""
    said = "\n".join((item.outlet, str(item.published_at or ""), item.title, item.text))
    return f"row:{sha256(said.encode('utf-8', 'replace')).hexdigest()[:32]}"
