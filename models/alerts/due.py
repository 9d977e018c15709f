"""What a rule makes of an article, and the id that an alert has for ever."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence

from models.alerts.rules import Answer, Subject, evaluate, parse
from models.values import AlertId, Article, ChannelName, Reading, Rule, RuleName, Source, StoryId

ABOUT_KOREA = 0.8  # a rule that asks for less wants mentions as well


def alert_id(
    install: str, channel: ChannelName, rule: RuleName, *, story: StoryId, kind: str, generation: int = 0
) -> AlertId:
    """Derive the id of an alert: the same after a crash, a retry or a restore.

    It is the receiver's key for recognising a repeat (Standard Webhooks,
    `webhook-id`), so it depends on nothing that changes: the channel's name and
    not its URL, the story and not the article that told it first.
    """
    facts = "|".join((install, channel, rule, story, kind, str(generation)))
    digest = base64.b32encode(hashlib.sha256(facts.encode()).digest()).decode().lower()
    return AlertId("msg_" + digest[:26])


def judge(
    rule: Rule, article: Article, reading: Reading, source: Source | None = None
) -> tuple[bool, str, str]:
    """Say whether a rule matches an article: (matched, reason code, sentence).

    Args:
        rule: its query parses; `flows.settings` saw to that.
        article: what it is judged by.
        reading: of the article.
        source: of the article, for the family and bloc that a query may ask for.

    """
    objection = next(_objections(rule, article, reading), None)
    if objection:
        return False, *objection
    told = f"score {reading.score:.2f}: {_names(reading.concepts[:6])}"
    if rule.query:
        answer = evaluate(parse(rule.query), Subject(article, reading, source))
        if not answer.holds:
            return False, *_unmet(answer)
        told += f"; {answer.why}"
    return True, "matched", told


def _unmet(answer: Answer) -> tuple[str, str]:
    if answer.holds is None:
        return "query-undecided", f"the query could not be decided: {answer.why}"
    return "query-unmet", f"the query does not hold: {answer.why}"


def _objections(rule: Rule, article: Article, reading: Reading) -> Iterator[tuple[str, str]]:
    """Give each condition of the rule that the article fails: (reason code, sentence)."""
    found = {hit.concept for hit in reading.hits}
    if rule.sources and not set(rule.sources).intersection(article.listed_by):
        heard = f"the rule listens to {_names(rule.sources)}"
        yield "other-source", f"{heard}, not to {_names(article.listed_by)}"
    if rule.languages and reading.language not in rule.languages:
        yield "other-language", f"the rule reads {_names(rule.languages)}, this is {reading.language}"
    if missing := [concept for concept in rule.all if concept not in found]:
        yield "concept-missing", f"the rule needs all of {_names(rule.all)}; {_names(missing)} is missing"
    if rule.any and not found.intersection(rule.any):
        yield "concept-missing", f"the rule needs one of {_names(rule.any)}; none was found"
    if unwanted := [concept for concept in rule.none if concept in found]:
        yield "concept-unwanted", f"the rule excludes {_names(unwanted)}"
    if not reading.korea and rule.minimum_score >= ABOUT_KOREA:
        yield "not-korea", reading.why or "nothing in it is about the peninsula"
    if reading.score < rule.minimum_score:
        yield "score-below", f"score {reading.score:.2f} is below the rule's {rule.minimum_score:.2f}"


def _names(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"
