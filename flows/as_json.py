"""What the product knows, as plain values for a program: the shapes behind every `--json`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from flows.settings import Settings
from models.database import parse_url
from models.errors import SourceError
from models.values import (
    AlertState,
    Channel,
    Collected,
    Decided,
    FeedEvent,
    Filed,
    Join,
    ParsedFeed,
    Rate,
    Report,
    Rule,
    Source,
    SourceState,
    Story,
)

if TYPE_CHECKING:
    from flows.discover import Found


def show(value: Any) -> None:
    """Print a value as JSON: bytes, for a first run's report is ten megabytes, and fifty as texts."""
    try:
        told = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError:  # a seed file whose name is no UTF-8: as escapes
        told = json.dumps(value, indent=2).encode()
    sys.stdout.flush()
    sys.stdout.buffer.write(told + b"\n")


def stamp(at: datetime | None) -> str | None:
    """Write a time as JSON has it."""
    return at.isoformat().replace("+00:00", "Z") if at else None


def of_report(report: Report) -> dict[str, Any]:
    """Give a report as plain values."""
    return {
        "sources": [of_source(source) for source in report.sources],
        "decided": _decided(report.decided),
        "stories": [of_story(story) for story in report.stories],
        "alerts": [of_alert(state) for state in report.alerts],
        "delivered": len(report.sent.delivered),
        "waiting": len(report.sent.retried),
        "dead": len(report.sent.dead),
        "held": report.sent.held,
        "next_attempt_at": stamp(report.sent.next_at),
        "seconds": round(report.seconds, 3),
        "whole": report.whole,
    }


def of_source(source: Collected) -> dict[str, Any]:
    """Give what one source gave as plain values."""
    return {
        "source": source.source,
        "new": source.new,
        "edited": source.edited,
        "seen": source.seen,
        "completed": source.completed,
        "unchanged": source.unchanged,
        "error": source.error or None,
        "faults": [{"where": f.where, "code": f.code, "detail": f.detail} for f in source.faults],
        "seconds": round(source.seconds, 3),
        "events": [of_event(event) for event in source.events],
    }


def _decided(decided: Decided) -> dict[str, Any]:
    return {
        "articles": decided.articles,
        "matched": decided.matched,
        "baseline": decided.baseline,
        "elsewhere": decided.elsewhere,
        "new_rules": [
            {"rule": new.rule, "stories": new.stories, "newest": new.newest} for new in decided.previews
        ],
    }


def of_story(story: Story) -> dict[str, Any]:
    """Give a story as plain values."""
    return {
        "id": story.id,
        "title": story.title,
        "language": story.language,
        "opened_at": stamp(story.opened_at),
        "last_at": stamp(story.last_at),
        "articles": story.articles,
        "concepts": list(story.concepts),
        "outlets": list(story.outlets),
        "families": list(story.families),
        "blocs": [str(bloc) for bloc in story.blocs],
        "copies": story.copies,
        "languages": list(story.languages),
        "alerts": story.alerts,
    }


def of_article(item: Filed) -> dict[str, Any]:
    """Give an article as plain values."""
    article, reading = item.article, item.reading
    return {
        "id": article.id,
        "title": article.title,
        "url": article.link or article.url,
        "language": reading.language if reading else article.language,
        "source": article.source,
        "outlet": article.outlet,
        "published_at": stamp(article.published_at),
        "dated": article.dated,
        "first_seen_at": stamp(article.first_seen_at),
        "story": item.story,
        "korea": reading.korea if reading else None,
        "concepts": list(reading.concepts) if reading else [],
        "score": round(reading.score, 4) if reading else None,
        "version": article.version,
        "sightings": list(item.sightings),
    }


def of_why(item: Filed, sent: Sequence[AlertState]) -> dict[str, Any]:
    """Give the reasons behind an article's fate as plain values."""
    reading, placed = item.reading, item.placement
    return {
        "why": reading.why if reading else None,
        "hits": [
            {
                "concept": hit.concept,
                "form": hit.form,
                "field": hit.field,
                "start": hit.start,
                "end": hit.end,
                "weight": hit.weight,
                "because": hit.because,
            }
            for hit in (reading.hits if reading else ())
        ],
        "placed": {"joined": isinstance(placed, Join), "score": placed.score, "reason": placed.reason}
        if placed
        else None,
        "decisions": [
            {"rule": made.rule, "outcome": made.outcome, "reason": made.reason, "detail": made.detail}
            for made in item.decisions
        ],
        "alerts": [of_alert(state) for state in sent],
    }


def of_alert(state: AlertState) -> dict[str, Any]:
    """Give an alert and its delivery as plain values."""
    alert = state.alert
    return {
        "id": alert.id,
        "channel": alert.channel,
        "rule": alert.rule,
        "story": alert.story,
        "article": alert.article,
        "title": state.title,
        "kind": alert.kind,
        "state": state.state,
        "attempts": state.attempts,
        "next_at": stamp(state.next_at) if state.state == "pending" else None,
        "delivered_at": stamp(state.delivered_at),
        "status": state.status,
        "reason": state.reason or None,
        "digest": state.digest,
        "body": json.loads(alert.body),
    }


def of_feed(feed: Source, state: SourceState) -> dict[str, Any]:
    """Give a configured feed and how it did last as plain values."""
    return {
        "name": feed.name,
        "url": feed.url,
        "title": feed.title,
        "language": feed.language,
        "enabled": feed.enabled,
        "every": int(feed.every.total_seconds()),
        "checked_at": stamp(state.checked_at),
        "next_at": stamp(state.next_at),
        "failures": state.failures,
        "error": state.last_error or None,
        "code": state.last_code or None,
        "note": feed.note,
        "tags": list(feed.tags),
        "health": str(state.health),
        "health_since": stamp(state.health_at),
        "health_detail": state.health_detail or None,
        "moved_to": state.moved_to or None,
        "known_by": state.identity,
        "validators_lie": state.validators_lie,
        "items_a_day": None if state.pace is None else round(state.pace * 24, 2),
        "listed": state.listed,
        "newest_at": stamp(state.newest_at),
    }


def of_event(event: FeedEvent) -> dict[str, Any]:
    """Give what happened to a feed as plain values."""
    return {
        "source": event.source,
        "at": stamp(event.at),
        "kind": event.kind,
        "was": event.was or None,
        "state": event.state,
        "detail": event.detail,
    }


def of_found(found: Found, file: str) -> dict[str, Any]:
    """Give a feed that was looked at as plain values."""
    return {
        "name": found.source.name,
        "url": found.source.url,
        "title": found.source.title,
        "language": found.source.language,
        "written_to": file or None,
        "items": [
            {"title": one.title, "at": stamp(one.at), "would_alert": one.id in found.alerting}
            for one in found.articles
        ],
        "also": [{"url": url, "title": title} for url, title in found.others],
    }


def of_answer(feed: Source, answer: ParsedFeed | SourceError, seconds: float) -> dict[str, Any]:
    """Give what a feed answered as plain values."""
    told: dict[str, Any] = {"name": feed.name, "seconds": round(seconds, 3), "error": None}
    if isinstance(answer, SourceError):
        return told | {"error": answer.problem, "code": answer.code}
    dates = [item.published_at for item in answer.items if item.published_at]
    return told | {
        "items": len(answer.items),
        "newest": stamp(max(dates, default=None)),
        "encoding": answer.encoding,
        "faults": len(answer.faults),
    }


def of_settings(settings: Settings) -> dict[str, Any]:
    """Give a configuration as plain values; of a secret, only whether there is one."""
    desk = settings.desk
    address = parse_url(settings.database_url).set(password=None, query={})
    return {
        "file": str(settings.file),
        "database": address.render_as_string(),
        "window": _duration(desk.window),
        "alert_max_age": _duration(settings.alert_max_age),
        "every": _duration(settings.every),
        "off": list(settings.off),
        "rules": [_plain(rule) for rule in desk.rules],
        "channels": [_plain(channel) for channel in desk.channels.values()],
        "feeds": [_plain(feed) for feed in settings.feeds],
    }


_SECRET = {"url", "secret", "old_secret"}  # of a channel; a feed's address is no secret


def _plain(value: Rule | Channel | Source) -> dict[str, Any]:
    hidden = _SECRET if isinstance(value, Channel) else {"proxy"}
    found: dict[str, Any] = {}
    for field in fields(value):
        held = getattr(value, field.name)
        if field.name in hidden:
            found[field.name] = "set" if held else ""
        elif isinstance(held, timedelta):
            found[field.name] = _duration(held)
        elif isinstance(held, tuple):
            found[field.name] = [str(one) for one in held]
        elif isinstance(held, Rate):
            found[field.name] = f"{held.count}/{_duration(held.per)}"
        else:
            found[field.name] = held if isinstance(held, bool | int | float | None) else str(held)
    return found


def _duration(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
