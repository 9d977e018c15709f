"""A receiver's answer as a verdict, and when to try again.

Statuses follow Standard Webhooks 1.0: only 2xx is success, a redirect is a
failure and never followed, 410 asks for no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from models.values import Dead, Delivered, Retry, Verdict

# Delay before attempt n + 1, counted from attempt n; 75 h 35 min in all.
SCHEDULE = tuple(
    timedelta(seconds=seconds) for seconds in (0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
MAX_RETRY_AFTER = timedelta(hours=24)

_RETRIED = frozenset({408, 409, 425, 429})
_GONE = 410
_REFUSALS = {"abort-message": "drop this alert", "disable": "send no more"}
_UNCERTAIN = frozenset({502, 504})  # a gateway gave up; what stands behind it may have taken the alert


def verdict(status: int, headers: Mapping[str, str], now: datetime) -> Verdict:
    """Judge a receiver's answer.

    Args:
        status: the HTTP status.
        headers: the answer's headers, keys in lower case.
        now: to read a Retry-After that is a date.

    """
    asked = headers.get("webhook-delivery", "").strip().lower()  # what Svix's receivers may answer
    if asked in _REFUSALS:
        return Dead(
            reason=f"the receiver asks to {_REFUSALS[asked]}", status=status, disable=asked == "disable"
        )
    if 200 <= status < 300:
        return Delivered(status=status)
    if status in _RETRIED or status >= 500:
        return Retry(
            reason=f"answered {status}",
            status=status,
            after=retry_after(headers.get("retry-after", ""), now),
            uncertain=status in _UNCERTAIN,
        )
    if status == _GONE:
        return Dead(reason="answered 410: the receiver wants no more", status=status, disable=True)
    return Dead(reason=f"answered {status}", status=status)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Read Retry-After, seconds or an HTTP date, at most a day; None if it is neither."""
    value = value.strip()
    if value.isdigit() and value.isascii():  # "²" is a digit, too
        wait = timedelta(seconds=int(value[:9]))
    else:
        try:
            at = parsedate_to_datetime(value)
        except (ValueError, OverflowError):  # a year of twenty digits is no ValueError
            return None
        wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta(0)), MAX_RETRY_AFTER)


def next_attempt(failures: int, retry: Retry, now: datetime, *, jitter: float) -> tuple[datetime, int] | None:
    """Say when to try again, and how far along the schedule that is; None when it is used up.

    A receiver that names its own time (429 with Retry-After) is busy, not
    broken: the schedule stays where it is, so that a rate limit of seconds does
    not delay an alert by minutes or use up its attempts.

    Args:
        failures: attempts that have moved the schedule so far.
        retry: the verdict on the attempt just made.
        now: when that was.
        jitter: 0.8 to 1.2, drawn by the caller.

    """
    throttled = retry.status == 429 and retry.after is not None
    step = max(failures, 1) if throttled else failures + 1
    if step >= len(SCHEDULE):
        return None
    return now + max(SCHEDULE[step] * jitter, retry.after or timedelta(0)), (failures if throttled else step)
