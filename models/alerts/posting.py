"""An alert as the POST that its kind of channel expects."""

from __future__ import annotations

from datetime import datetime

from models.alerts.slack import slack_request
from models.alerts.slack_bot import slack_bot_request
from models.alerts.webhook import webhook_request
from models.errors import ChannelError
from models.values import Channel, Claim, Request

_REQUESTS = {"webhook": webhook_request, "slack": slack_request, "slack-bot": slack_bot_request}


def request_for(claim: Claim, channel: Channel, now: datetime) -> Request:
    """Render an alert as the POST that its channel expects.

    Raises:
        ChannelError: the channel is of a kind that takes no POST.

    """
    if channel.kind not in _REQUESTS:
        raise ChannelError(channel.name, f"kind {channel.kind} takes no request")
    return _REQUESTS[channel.kind](claim, channel, now)
