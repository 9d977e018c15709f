"""An edition: the stories of a day, as a page, a feed or a person looks at them.

Pure: what is derived here (who had it first, how late the others were, how a
topic went through the day) is derived from what the store gave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from models.values import (
    AlertState,
    Bloc,
    Concept,
    ConceptId,
    Filed,
    Source,
    SourceName,
    SourceState,
    Story,
)

_TOPICS = {"topic", "event", "weapon", "person", "organisation", "place"}
BINS = 24  # of a timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One outlet's first article on a story, and how long after the first of all."""

    outlet: str
    family: str
    bloc: Bloc
    language: str
    title: str
    link: str
    at: datetime
    lag: timedelta
    edits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story with all that tells it and was made of it."""

    story: Story
    voices: tuple[Voice, ...]  # the first of each outlet, in the order of time
    times: tuple[datetime, ...] = ()  # of all articles
    alerts: tuple[AlertState, ...] = ()
    text: str = ""  # of its first article


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """How often a concept's stories were reported on, in equal parts of the time."""

    concept: ConceptId
    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """How a family of outlets did: how often it had a story first, and how late it is otherwise."""

    family: str
    bloc: Bloc
    stories: int
    firsts: int
    lag: timedelta | None  # the median of when it was not first


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """All that a page shows."""

    since: datetime
    until: datetime
    stories: tuple[Told, ...] = ()
    feeds: tuple[tuple[Source, SourceState], ...] = ()
    concepts: Mapping[ConceptId, Concept] = field(default_factory=dict)

    def label(self, concept: ConceptId) -> str:
        """Name a concept."""
        return self.concepts[concept].label if concept in self.concepts else concept


def told(
    story: Story,
    members: Sequence[Filed],
    sources: Mapping[SourceName, Source],
    alerts: Sequence[AlertState] = (),
) -> Told:
    """Lay a story out: who told it when, and how long after the first."""
    ordered = sorted(members, key=lambda one: (one.article.at, one.article.id))
    start = ordered[0].article.at if ordered else story.opened_at
    voices: dict[str, Voice] = {}
    for one in ordered:
        article = one.article
        source = sources.get(article.source)
        if article.outlet not in voices:
            voices[article.outlet] = Voice(
                outlet=article.outlet,
                family=(source.family if source else "") or article.outlet,
                bloc=source.bloc if source else Bloc.OTHER,
                language=one.reading.language if one.reading else article.language or "",
                title=article.title,
                link=article.link,
                at=article.at,
                lag=article.at - start,
                edits=article.version - 1,
            )
    return Told(
        story=story,
        voices=tuple(voices.values()),
        times=tuple(one.article.at for one in ordered),
        alerts=tuple(alerts),
        text=ordered[0].article.text if ordered else "",
    )


def topics(edition: Edition, *, most: int = 8) -> tuple[Topic, ...]:
    """Give the concepts that most articles of the edition are about, with their timelines."""
    step = (edition.until - edition.since) / BINS
    counts: dict[ConceptId, Counter[int]] = {}
    for one in edition.stories:
        for concept in one.story.concepts:
            known = edition.concepts.get(concept)
            if known is None or known.kind not in _TOPICS:
                continue
            bins = counts.setdefault(concept, Counter())
            for at in one.times:
                if edition.since <= at <= edition.until:
                    bins[min(BINS - 1, (at - edition.since) // step)] += 1
    ranked = sorted(counts, key=lambda concept: (-counts[concept].total(), concept))
    return tuple(
        Topic(
            concept=concept,
            label=edition.label(concept),
            counts=tuple(counts[concept][number] for number in range(BINS)),
        )
        for concept in ranked[:most]
        if counts[concept]
    )


def runners(edition: Edition) -> tuple[Runner, ...]:
    """Compare families over the stories that more than one of them told."""
    lags: dict[str, list[timedelta]] = {}
    firsts: Counter[str] = Counter()
    blocs: dict[str, Bloc] = {}
    for one in edition.stories:
        seen: dict[str, Voice] = {}
        for voice in one.voices:
            seen.setdefault(voice.family, voice)
        if len(seen) < 2:
            continue
        for number, (family, voice) in enumerate(seen.items()):
            blocs.setdefault(family, voice.bloc)
            lags.setdefault(family, [])
            if number == 0:
                firsts[family] += 1
            else:
                lags[family].append(voice.lag)
    found = [
        Runner(
            family=family,
            bloc=blocs[family],
            stories=len(late) + firsts[family],
            firsts=firsts[family],
            lag=timedelta(seconds=median(one.total_seconds() for one in late)) if late else None,
        )
        for family, late in lags.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.firsts, one.lag or timedelta(0), one.family)))


def shown_lag(lag: timedelta) -> str:
    """Say how late: "first", "+12 min", "+3 h", "+2 d"."""
    minutes = lag.total_seconds() / 60
    if minutes < 1:
        return "first"
    if minutes < 100:
        return f"+{minutes:.0f} min"
    return f"+{minutes / 60:.0f} h" if minutes < 48 * 60 else f"+{minutes / 1440:.0f} d"
