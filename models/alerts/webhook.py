"""An alert as a generic webhook, by the Standard Webhooks specification 1.0."""

from __future__ import annotations

from datetime import datetime

from standardwebhooks import Webhook

from models.values import Channel, Claim, Request


def webhook_request(claim: Claim, channel: Channel, now: datetime) -> Request:
    """Give the POST of an alert: the frozen body, signed where the channel has a secret.

    `webhook-id` stays the same on every attempt; `webhook-timestamp` is of this one.
    """
    body = claim.alert.body
    headers = {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": claim.alert.id,
        "webhook-timestamp": str(int(now.timestamp())),
    }
    if channel.secret:
        headers["webhook-signature"] = Webhook(channel.secret).sign(claim.alert.id, now, body)
    return Request(url=channel.url, body=body.encode(), headers=headers, allow_private=channel.allow_private)
