"""How the watch stands, as Prometheus text: the names and units that dashboards hold on to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.values import Standing, Trouble


class _Gauges(Collector):
    """What a Prometheus registry collects: one moment, every name with its unit."""

    def __init__(self, standing: Standing, troubles: tuple[Trouble, ...]) -> None:
        self._standing, self._troubles = standing, troubles

    def collect(self) -> Iterator[Metric]:
        """Give the gauges."""
        now, told = self._standing.at, self._standing
        yield _one("peninsula_well", "1 while nothing needs a person's attention", not self._troubles)
        yield _one("peninsula_articles_undecided", "articles that no decide sweep has taken", told.undecided)
        waits = (now - (told.oldest_undecided or now)).total_seconds()
        yield _one("peninsula_oldest_undecided_seconds", "how long one of them has waited", waits)
        due = (now - (told.due_since or now)).total_seconds()
        yield _one("peninsula_alert_due_seconds", "how long an alert has been due, on an open channel", due)
        yield _one("peninsula_channels_disabled", "channels that take no alerts", len(told.disabled))
        if told.newest_story:
            newest = told.newest_story.timestamp()
            yield _one("peninsula_newest_story_timestamp_seconds", "when the newest story began", newest)
        yield _many("peninsula_alerts", "alerts by state", "state", told.alerts)
        yield _many("peninsula_feeds", "feeds by health", "health", told.by_health)
        failures = {name: state.failures for name, state in told.feeds.items()}
        yield _many("peninsula_feed_failures", "failures of a feed in a row", "feed", failures)
        read = {name: state.checked_at.timestamp() for name, state in told.feeds.items() if state.checked_at}
        yield _many("peninsula_feed_read_timestamp_seconds", "when a feed was last read", "feed", read)
        ends = {run.name: run.ended_at.timestamp() for run in told.runs if run.ended_at}
        yield _many("peninsula_run_end_timestamp_seconds", "when a kind of run last ended", "run", ends)


def _one(name: str, help_: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_, value=float(value))


def _many(name: str, help_: str, label: str, values: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(name, help_, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], float(value))
    return family


def text(standing: Standing, troubles: tuple[Trouble, ...]) -> str:
    """Give it as Prometheus text."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Gauges(standing, troubles))
    return generate_latest(registry).decode()
