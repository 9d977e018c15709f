"""What if: a changed rule, lexicon or threshold over the archive, on the clock of its sweeps.

Reads the database a page at a time and writes nothing. Both sides are decided
anew by the pipeline's own `decide`: the desk as it is, and the desk as it would
be. So a difference is the change's alone; and the first side is held against
the ledger, which it repeats as long as nobody changed the rule on the way. What
an editor put elsewhere stands on both sides where the sweeps put it, until then.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

from flows.pipeline import BATCH
from flows.settings import Settings
from models import decide, store
from models.database import Database
from models.errors import PeninsulaError
from models.lexicon import Changes, Lexicon
from models.replay import Course, Regroup, Shelf, compare
from models.values import (
    Article,
    ArticleId,
    Correction,
    Desk,
    Met,
    Outcome,
    Past,
    Placement,
    Raised,
    Reading,
    Replayed,
    Rule,
    RuleName,
    StoryId,
    Turn,
)

PAGE = 2_000  # articles read in one transaction
WARM_UP = timedelta(days=12)  # stories that were open when the replay begins: twice the longest span

Progress = Callable[[int, int], None]  # done, of how many
Witness = Callable[[Outcome, datetime], None]


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked: these rules, as they are and as they would be, read with these words."""

    before: tuple[Rule, ...]
    after: tuple[Rule, ...]
    words: Lexicon
    other_words: Lexicon | None = None  # None: the archive's readings stay


def change(
    now: Settings,
    then: Settings,
    words: Lexicon,
    other_words: Lexicon | None = None,
    *,
    rules: Sequence[str] = (),
    threshold: float | None = None,
) -> Change:
    """Put the two sides of a replay together.

    Args:
        now: the desk as it is.
        then: the desk with other rules, or the same.
        words: the desk's lexicon.
        other_words: the changed one.
        rules: names; none for all.
        threshold: another `minimum_score` for them.

    Raises:
        PeninsulaError: there is no rule of that name on either side.

    """
    there = [rule.name for rule in (*now.desk.rules, *then.desk.rules)]
    for name in rules:
        if name not in there:
            raise PeninsulaError(f'there is no [[rule]] "{name}"; there are {", ".join(sorted(set(there)))}')
    chosen = set(rules or there)
    ways = {rule.name: rule.channels for rule in now.desk.rules}
    every = tuple(now.desk.channels)
    after = [
        replace(
            rule,
            channels=ways.get(rule.name, every),
            minimum_score=rule.minimum_score if threshold is None else threshold,
        )
        for rule in then.desk.rules
        if rule.name in chosen
    ]
    before = tuple(rule for rule in now.desk.rules if rule.name in chosen)
    return Change(before, tuple(after), words, other_words)


def replay(
    database: Database,
    desk: Desk,
    asked: Change,
    *,
    since: timedelta | None,
    progress: Progress | None = None,
    witness: Witness | None = None,
) -> Replayed:
    """Decide the archive again and say which alerts a change adds, removes, merges and splits.

    Args:
        database: only read.
        desk: sources, channels and window of today.
        asked: the rules of both sides, and other words.
        since: how far back from the last sweep on record; None for all.
        progress: told how many articles are done.
        witness: told what the desk as it is makes of each sweep, and when.

    """
    names = tuple(dict.fromkeys(rule.name for rule in (*asked.before, *asked.after)))
    with database.reading() as session:
        until = store.last_sweep(session)
        if until is None:
            raise PeninsulaError("the archive holds no decided article yet; peninsula run fills it")
        start = datetime.fromtimestamp(0, until.tzinfo) if since is None else until - since
        past = store.past(session, names, since=start)
        turns = store.turns(session, start - WARM_UP if since is not None else start)
    both = _Both(desk, asked, past, witness)
    done = 0
    for page in _pages(turns):
        with database.reading() as session:
            met = store.met(session, page)
        for batch in _sweeps(met):
            if batch[0].turn.decided_at < start:
                both.recall(batch)
            else:
                both.sweep(batch)
                both.articles += len(batch)
        done += len(page)
        if progress:
            progress(done, len(turns))
    first = next(turn.decided_at for turn in turns if turn.decided_at >= start)
    return both.told(names, first, until)


def _pages(turns: Sequence[Turn]) -> Iterator[list[Turn]]:
    """Cut the turns into pages that never part a sweep."""
    page: list[Turn] = []
    for _, sweep in groupby(turns, key=lambda turn: turn.decided_at):
        page += sweep
        if len(page) >= PAGE:
            yield page
            page = []
    if page:
        yield page


def _sweeps(met: Sequence[Met]) -> Iterator[list[Met]]:
    """Give what each sweep met, no more at once than a sweep takes; an edit begins anew."""
    for _, sweep in groupby(met, key=lambda one: one.turn.decided_at):
        batch: dict[ArticleId, Met] = {}
        for one in sweep:
            if len(batch) == BATCH or one.article.id in batch:
                yield list(batch.values())
                batch = {}
            batch[one.article.id] = one
        yield list(batch.values())


@dataclass(slots=True)
class _Both:
    """The two sides, side by side; they share their stories unless other words read the articles."""

    desk: Desk
    asked: Change
    past: Past
    witness: Witness | None = None
    articles: int = 0
    anew: int = 0
    went: set[tuple[StoryId, StoryId]] = field(default_factory=set)
    courses: tuple[Course, Course] = field(init=False)
    shelves: tuple[Shelf, Shelf] = field(init=False)
    regroup: Regroup | None = field(init=False)
    changes: Changes | None = field(init=False)
    corrections: deque[Correction] = field(init=False)  # those that are still to come

    def __post_init__(self) -> None:
        """Lay out the two sides."""
        words = self.asked.other_words or self.asked.words
        self.courses = (
            Course(
                replace(self.desk, rules=self.asked.before),
                self.asked.words,
                self.past,
                bodies=self.witness is not None,
            ),
            Course(replace(self.desk, rules=self.asked.after), words, self.past),
        )
        shelf = Shelf()
        self.shelves = (shelf, Shelf() if self.asked.other_words else shelf)
        other = self.asked.other_words
        self.regroup = Regroup(self.desk) if other else None
        self.changes = Changes(self.asked.words, other) if other else None
        self.corrections = deque(self.past.corrections)

    def recall(self, batch: Sequence[Met]) -> None:
        """Shelve what was met before the replay begins."""
        readings, now = self._as_read(batch), batch[0].turn.decided_at
        self._correct(now)
        placements = {one.article.id: one.placement for one in batch}
        for shelf in dict.fromkeys(self.shelves):
            self._shelve(shelf, batch, readings, placements, now)
        if self.regroup:
            self.regroup.file([one.article for one in batch], readings)

    def sweep(self, batch: Sequence[Met]) -> None:
        """Judge by both sides what one sweep met."""
        articles, now = [one.article for one in batch], batch[0].turn.decided_at
        self._correct(now)
        readings = self._as_read(batch)
        first, second = self.shelves
        kept = {one.article.id: one.placement for one in batch if one.article.id not in first.story_of}
        outcome = self.courses[0].sweep(articles, readings, kept, first, now)
        if self.witness:
            self.witness(outcome, now)
        if self.regroup:
            anew = self._read_anew(batch, readings)
            self.anew += sum(anew[id_] != reading for id_, reading in readings.items())
            places = self.regroup.sweep(batch, anew, second, now)
            self.went |= {
                (kept[id_].story, place.story)
                for id_, place in places.items()
                if id_ in kept and kept[id_].story != place.story
            }
            self.courses[1].sweep(articles, anew, places, second, now)
            self._shelve(second, batch, anew, places, now)
        else:
            self.courses[1].sweep(articles, readings, kept, second, now)
        self._shelve(first, batch, readings, kept, now)

    def _correct(self, now: datetime) -> None:
        """Let editors do what they did before a sweep."""
        while self.corrections and self.corrections[0].at < now:
            made = self.corrections.popleft()
            for course in self.courses:
                course.correct(made.was, made.story)
            for shelf in dict.fromkeys(self.shelves):
                shelf.move(made.article, made.story, made.at)
            if self.regroup:
                self.regroup.correct(made.article, made.story)

    def _read_anew(
        self, batch: Sequence[Met], readings: Mapping[ArticleId, Reading]
    ) -> dict[ArticleId, Reading]:
        """Give what the other words make of a batch; only what they may read otherwise is read."""
        again = [one.article for one in batch if self._may_differ(one)]
        anew = decide.read(again, self.asked.other_words) if self.asked.other_words else {}
        return {id_: anew.get(id_, reading) for id_, reading in readings.items()}

    def _may_differ(self, one: Met) -> bool:
        article, stale = one.article, bool(one.reading) and one.lexicon != self.asked.words.version
        return stale or (
            self.changes is not None and self.changes.may_touch(article.title, article.text, article.language)
        )

    def _as_read(self, batch: Sequence[Met]) -> dict[ArticleId, Reading]:
        """Give the archive's readings; those of earlier versions are made again."""
        lost: list[Article] = [one.article for one in batch if one.reading is None]
        again = decide.read(lost, self.asked.words)
        return {one.article.id: one.reading or again[one.article.id] for one in batch}

    def _shelve(
        self,
        shelf: Shelf,
        batch: Sequence[Met],
        readings: Mapping[ArticleId, Reading],
        placements: Mapping[ArticleId, Placement],
        now: datetime,
    ) -> None:
        members = []
        for one in batch:
            id_ = one.article.id
            story = shelf.story_of.get(id_) or placements[id_].story
            members.append(decide.member(one.article, readings[id_], story, self.desk))
        shelf.put(members, now)

    def told(self, names: tuple[RuleName, ...], since: datetime, until: datetime) -> Replayed:
        """Compare the sides with each other, and the first with the ledger."""
        before, after = (course.raised for course in self.courses)
        really = {one.key: one for one in self.past.raised}
        missing = [one for key, one in really.items() if key not in before and one.rule in self._ruled()]
        return Replayed(
            rules=names,
            since=since,
            until=until,
            articles=self.articles,
            before=tuple(before.values()),
            after=tuple(after.values()),
            difference=compare(before, after, self.went),
            read_anew=self.anew,
            missing=tuple(missing),
            extra=tuple(one for one in before.values() if one.key not in really and self._counts(one)),
        )

    def _ruled(self) -> set[RuleName]:
        return {rule.name for rule in self.asked.before}

    def _counts(self, one: Raised) -> bool:
        """Whether the ledger ought to have an alert: its rule was there, and the story no older."""
        born = self.past.births.get(one.rule)
        return born is not None and one.at >= born and (one.rule, one.story) not in self.past.passed
