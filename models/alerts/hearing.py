"""Which sources the rules listen to by name."""

from __future__ import annotations

from collections.abc import Iterable

from models.values import Rule, SourceName


def heard(rules: Iterable[Rule]) -> frozenset[SourceName]:
    """Name the sources that a rule listens to: by `sources`, or in its query."""
    found: set[SourceName] = set()
    for rule in rules:
        found.update(rule.sources)
        if rule.query:
            from models.alerts.rules import named, parse  # noqa: PLC0415 - most desks have no query

            found.update(SourceName(name) for kind, name, _ in named(parse(rule.query)) if kind == "source")
    return frozenset(found)
