"""Which alert is due, what it says, and its bytes for each kind of channel.

rules     the query language of a rule
due       what a rule makes of an article; the id of an alert
notice    the body of an alert, frozen when it falls due
webhook   the body as a signed POST (Standard Webhooks)
slack     the body as Block Kit
terminal  the body as lines for a person
receipt   the answer of a receiver as a verdict, and when to try again

A new kind of channel is one small file here, and one line in `requests`.
"""

from __future__ import annotations

from datetime import datetime

from models.alerts import rules
from models.alerts.due import alert_id, judge
from models.alerts.notice import Telling, freeze
from models.alerts.receipt import SCHEDULE, next_attempt, verdict
from models.alerts.slack import slack_request
from models.alerts.terminal import terminal_text
from models.alerts.webhook import webhook_request
from models.errors import ChannelError
from models.values import Channel, Claim, Request

__all__ = [
    "SCHEDULE",
    "Telling",
    "alert_id",
    "freeze",
    "judge",
    "next_attempt",
    "request_for",
    "rules",
    "slack_request",
    "terminal_text",
    "verdict",
    "webhook_request",
]

_REQUESTS = {"webhook": webhook_request, "slack": slack_request}


def request_for(claim: Claim, channel: Channel, now: datetime) -> Request:
    """Render an alert as the POST that its channel expects.

    Raises:
        ChannelError: the channel is of a kind that takes no POST.

    """
    if channel.kind not in _REQUESTS:
        raise ChannelError(channel.name, f"kind {channel.kind} takes no request")
    return _REQUESTS[channel.kind](claim, channel, now)
