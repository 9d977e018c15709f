"""Reading ahead: what a second process reads is what this one would have read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from desk import NOW, Desk

from flows.ahead import Reader
from flows.words import _shipped, read_lexicon
from models import decide, store, text
from models.stories import Memory
from models.values import Article, RawItem, Source, SourceName, SourceState

SOURCE = Source(name=SourceName("wire"), url="https://wire.example/feed")
TITLES = [
    "North Korea fires two ballistic missiles toward East Sea",
    "북한, 동해상으로 단거리 탄도미사일 2발 발사",
    "市場は小幅に続伸",
    "Regierung legt Haushalt vor",
]


def article(number: int) -> Article:
    title = f"{TITLES[number % len(TITLES)]} ({number})"
    item = RawItem(guid=f"g{number}", url="", title=title, text=f"{title}, said officials in Pyongyang.")
    refined = text.refine(item, SOURCE, NOW + timedelta(minutes=number))
    assert isinstance(refined, Article)
    return refined


FIRST, SECOND, THIRD = ([article(number) for number in range(start, start + 4)] for start in (0, 10, 20))


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """Give a reader with a second process, which has been asked for the second batch."""
    words = read_lexicon()
    with Reader(words, Memory(), (_shipped(), {})) as opened:
        if not opened.is_ahead:
            pytest.skip("one processor: nothing is read ahead")
        assert opened.read(FIRST, SECOND) == decide.read(FIRST, words)
        yield opened


def test_what_was_read_ahead_is_what_is_read_here(reader: Reader) -> None:
    words, memory = read_lexicon(), Memory()
    answer = reader._asked
    assert answer is not None
    assert {id_: read.reading for id_, read in answer.result().items()} == decide.read(SECOND, words)
    edited = replace(SECOND[0], title="Nothing of the kind", version=2)
    readings = reader.read([edited, *SECOND[1:]], THIRD)
    assert readings == decide.read([edited, *SECOND[1:]], words)
    for one in SECOND[1:]:
        told, here = reader._memory.features(one, readings[one.id]), memory.features(one, readings[one.id])
        assert (told.keys, told.terms, told.facts, told.events) == (
            here.keys,
            here.terms,
            here.facts,
            here.events,
        )
        assert told.sketch.hashes.tolist() == here.sketch.hashes.tolist()


def test_a_reader_whose_process_died_reads_by_itself(reader: Reader) -> None:
    words = read_lexicon()
    assert reader._child is not None
    reader._child.kill()
    assert reader.read(THIRD, FIRST) == decide.read(THIRD, words)
    assert reader.read(FIRST, ()) == decide.read(FIRST, words)


def test_a_short_queue_is_read_here(reader: Reader) -> None:
    with Reader(read_lexicon(), Memory()) as alone:
        assert not alone.is_ahead
        assert alone.read(FIRST, ()) == reader.read(FIRST, ())


def test_what_follows_an_article_is_the_rest_of_the_queue(desk: Desk) -> None:
    with closing(desk.open()) as database:
        with database.writing() as session:
            store.add(session, SOURCE, FIRST, state=SourceState(), now=NOW)
        with database.reading() as session:
            queue = store.undecided(session, 10)
            assert store.undecided(session, 10, after=queue[0]) == queue[1:]
            assert store.undecided(session, 1, after=queue[1]) == queue[2:3]
            assert not store.undecided(session, 10, after=queue[-1])
            assert store.wait(session, len(FIRST))
            assert not store.wait(session, len(FIRST) + 1)
