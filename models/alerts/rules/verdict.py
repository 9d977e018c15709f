"""A query's tree and an article to an answer that says why.

An answer is yes, no, or could not say: a pattern that ran out of time neither
matched nor failed, and what rests on it alone cannot be said either. `NOT` of
that is still not yes, so that a slow pattern never makes a rule match.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass

from models.alerts.rules import words
from models.alerts.rules.tree import All, Any, Fits, Has, Near, Node, Not, Says, Scored, Tagged, show
from models.text import fold
from models.values import Article, Reading, Source

_SIGNS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a query is asked about."""

    article: Article
    reading: Reading
    source: Source | None = None

    def fields(self, place: str = "anywhere") -> Sequence[str]:
        """Give the texts to look in."""
        both = {"title": self.article.title, "text": self.article.text}
        return [text for name, text in both.items() if place in {name, "anywhere"}]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a part holds (None: could not say), and the sentence that says why."""

    holds: bool | None
    why: str


def evaluate(node: Node, subject: Subject) -> Answer:  # noqa: PLR0911 - one for each kind of part
    """Answer a query, or a part of one. Never raises."""
    match node:
        case Tagged():
            return _tagged(node, subject)
        case Says(text, place):
            there = any(words.spans(text, field) for field in subject.fields(place))
            return Answer(there, f"{show(node)} is {'there' if there else 'not there'}")
        case Fits():
            return _fits(node, subject)
        case Has():
            return _has(node, subject)
        case Scored(sign, number):
            holds = bool(_SIGNS[sign](subject.reading.score, number))
            return Answer(
                holds, f"the score is {subject.reading.score:.2f}, {'' if holds else 'not '}{sign}{number:g}"
            )
        case Near():
            return _near(node, subject)
        case Not(part):
            inner = evaluate(part, subject)
            return Answer(None if inner.holds is None else not inner.holds, inner.why)
        case All(parts):
            return _joined([evaluate(part, subject) for part in parts], deciding=False)
        case Any(parts):
            return _joined([evaluate(part, subject) for part in parts], deciding=True)


def _joined(answers: Sequence[Answer], *, deciding: bool) -> Answer:
    """Join answers: one that `deciding` holds settles it; else an open one leaves it open."""
    for wanted in (deciding, None):
        settled = [answer for answer in answers if answer.holds is wanted]
        if settled:
            return Answer(wanted, settled[0].why)
    return Answer(not deciding, "; ".join(answer.why for answer in answers[:6]))


def _tagged(node: Tagged, subject: Subject) -> Answer:
    forms = [hit.form for hit in subject.reading.hits if hit.concept == node.concept]
    if not forms:
        return Answer(holds=False, why=f"{node.concept} was not found")
    return Answer(holds=True, why=f"{node.concept} ({forms[0]})")


def _fits(node: Fits, subject: Subject) -> Answer:
    try:
        for text in subject.fields():
            found = words.search(node.pattern, text, ignore_case=node.ignore_case)
            if found is not None:
                return Answer(holds=True, why=f'{show(node)} fits "{" ".join(found[:60].split())}"')
    except TimeoutError:
        return Answer(
            holds=None, why=f"{show(node)} took over {words.PATIENCE * 1000:.0f} ms and was stopped"
        )
    except (RecursionError, MemoryError) as error:
        return Answer(holds=None, why=f"{show(node)} could not be tried ({type(error).__name__})")
    return Answer(holds=False, why=f"{show(node)} fits nothing")


def _has(node: Has, subject: Subject) -> Answer:
    article, source = subject.article, subject.source
    if node.key == "outlet":
        there = any(words.spans(value, article.outlet) for value in node.values)
        return Answer(there, f"the outlet is {article.outlet or 'not named'}")
    if node.key == "source":
        there = not set(article.listed_by).isdisjoint(node.values)
        return Answer(there, f"it is listed by {', '.join(article.listed_by)}")
    value = {
        "language": subject.reading.language,
        "family": (source.family if source else "") or article.outlet,
        "bloc": str(source.bloc) if source else "other",
    }[node.key]
    return Answer(value in node.values, f"the {node.key} is {value}")


def _near(node: Near, subject: Subject) -> Answer:
    best: int | None = None
    for text, name in ((subject.article.title, "title"), (subject.article.text, "text")):
        for start, end in _places(node.left, text, name, subject):
            for other, other_end in _places(node.right, text, name, subject):
                apart = max(other - end, start - other_end, 0)
                best = apart if best is None else min(best, apart)
    named = f"{show(node.left)} and {show(node.right)}"
    if best is None:
        return Answer(holds=False, why=f"{named} do not stand together in title or text")
    return Answer(best <= node.words, f"{named} stand {best} words apart")


def _places(node: Node, text: str, name: str, subject: Subject) -> list[tuple[int, int]]:
    """Say where a part stands in a text, counted in words."""
    match node:
        case Any(parts):
            return [place for part in parts for place in _places(part, text, name, subject)]
        case Says(said, place) if place in {name, "anywhere"}:
            return words.spans(said, text)
        case Tagged(concept):
            hits = [hit for hit in subject.reading.hits if hit.concept == concept]
            mine = [hit for hit in hits if (hit.field == "title") == (name == "title")][:50]
            found = []
            for hit in mine:
                first = words.count_words(fold(text[: hit.start]))
                found.append((first, first + max(1, words.count_words(fold(hit.form)))))
            return found
    return []
