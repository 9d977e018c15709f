"""An alert as a generic webhook, by the Standard Webhooks specification 1.0."""

from __future__ import annotations

from datetime import datetime

from standardwebhooks import Webhook

from models.values import Channel, Claim, Request


def webhook_request(claim: Claim, channel: Channel, now: datetime) -> Request:
    """Give the POST of an alert: the frozen body, signed where the channel has a secret.

    `webhook-id` stays the same on every attempt; `webhook-timestamp` is of this one.
    While keys are changed over it is signed with both, the new one first.
    """
    body = claim.alert.body
    headers = {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": claim.alert.id,
        "webhook-timestamp": str(int(now.timestamp())),
    }
    if channel.secret:
        keys = [key for key in (channel.secret, channel.old_secret) if key]
        headers["webhook-signature"] = " ".join(Webhook(key).sign(claim.alert.id, now, body) for key in keys)
    return Request(url=channel.url, body=body.encode(), headers=headers, allow_private=channel.allow_private)
