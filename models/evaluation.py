"""Rules and words against what the desk said: which judgements they bear out.

A good alert is borne out when its rule still matches its article, a noisy one
when it no longer does, a missed article when any rule matches it. A rule that
is gone matches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from models import alerts
from models.lexicon import Lexicon
from models.values import AlertId, Article, Rule, RuleName, Source, SourceName

Verdict = Literal["good", "noise", "missed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the desk said of an alert, or of an article that ought to have been one."""

    id: int
    at: datetime
    verdict: Verdict
    article: Article
    alert: AlertId | None = None
    rule: RuleName | None = None  # of the alert
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A judgement, and whether it is borne out."""

    judgement: Judgement
    holds: bool
    detail: str  # what the rules made of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """All judgements, checked."""

    checked: tuple[Checked, ...]

    def count(self, verdict: Verdict) -> tuple[int, int]:
        """Give how many of one kind are borne out, and how many there are."""
        kind = [one.holds for one in self.checked if one.judgement.verdict == verdict]
        return sum(kind), len(kind)

    @property
    def precision(self) -> float | None:
        """Of judged alerts that would still be sent, the share that is good."""
        good, noise = self.count("good")[0], self.count("noise")
        sent = good + noise[1] - noise[0]
        return good / sent if sent else None

    @property
    def recall(self) -> float | None:
        """Of what ought to alert, the share that would."""
        (good, goods), (missed, all_missed) = self.count("good"), self.count("missed")
        wanted = goods + all_missed
        return (good + missed) / wanted if wanted else None


def evaluate(
    judgements: Sequence[Judgement],
    rules: Sequence[Rule],
    lexicon: Lexicon,
    sources: Mapping[SourceName, Source],
) -> Score:
    """Check every judgement against rules and words."""
    return Score(checked=tuple(_check(one, rules, lexicon, sources) for one in judgements))


def _check(
    one: Judgement, rules: Sequence[Rule], lexicon: Lexicon, sources: Mapping[SourceName, Source]
) -> Checked:
    article = one.article
    reading = lexicon.read(article.title, article.text, article.language)
    asked = [rule for rule in rules if one.verdict == "missed" or rule.name == one.rule]
    made = [(rule, *alerts.judge(rule, article, reading, sources.get(article.source))) for rule in asked]
    matched = any(holds for _, holds, *_ in made)
    told = "; ".join(f"{rule.name}: {reason}, {detail}" for rule, _, reason, detail in made)
    return Checked(
        judgement=one,
        holds=matched != (one.verdict == "noise"),
        detail=told or f"there is no rule {one.rule} any more",
    )
