"""An alert as a message of a Slack bot (chat.postMessage); follow-ups answer in its thread.

Unlike an incoming webhook the answer names the message (`ts`), which is kept as
the alert's receipt, and a failure comes as 200 with `"ok": false` (docs.slack.dev,
chat.postMessage).
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from models.alerts.slack import dumped, message
from models.values import Channel, Claim, Dead, Delivered, Request, Retry, Verdict

URL = "https://slack.com/api/chat.postMessage"

# Nothing about the alert can cure these; the desk has to.
_CLOSED = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
_PASSING = frozenset({"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"})


def slack_bot_request(claim: Claim, channel: Channel, now: datetime) -> Request:
    """Give the POST of an alert to Slack's API, as an answer to the story's first message."""
    del now
    told = message(claim, channel) | {"channel": channel.to}
    if claim.answers:
        told["thread_ts"] = claim.answers
    return Request(
        url=channel.url or URL,
        body=dumped(told),
        headers={
            "content-type": "application/json; charset=utf-8",
            "authorization": f"Bearer {channel.secret}",
        },
        allow_private=channel.allow_private,
        answers_in="slack",
    )


def slack_verdict(status: int, body: bytes) -> Verdict:
    """Judge a 200 of Slack's API by what it says."""
    try:
        said = json.loads(body)
        ok, ts, error = said.get("ok"), str(said.get("ts", "")), str(said.get("error", "no reason given"))
    except (ValueError, AttributeError):
        return Retry(reason="answered something that is not Slack's", status=status, uncertain=True)
    if ok is True:
        return Delivered(status=status, receipt=ts[:40])
    code = "".join(char for char in error[:60] if char.isascii() and (char.isalnum() or char in "_-"))
    if code in _PASSING:
        return Retry(reason=f"Slack says {code}", status=status, after=timedelta(seconds=30))
    return Dead(reason=f"Slack says {code}", status=status, disable=code in _CLOSED)
