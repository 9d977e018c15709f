"""An alert as an e-mail: plain text, with a Message-ID that stays the same on a repeat."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from models.alerts.plain import plain_text
from models.values import Channel, Claim, Letter


def letter(claim: Claim, channel: Channel, now: datetime) -> Letter:
    """Write an alert as a letter; nothing of a feed stands in a header but the folded subject."""
    asked = parse_qs(urlsplit(channel.url).query)
    sender = asked["from"][0]
    to = tuple(one.strip() for one in asked["to"][0].split(",") if one.strip())
    subject, text = plain_text(claim, channel)
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = ", ".join(to)
    made["Subject"] = "".join(char for char in subject if char.isprintable())
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{claim.alert.id}@peninsula-watch>"
    if claim.alert.kind not in {"story.matched", "story.digest"}:
        made["X-Peninsula-Kind"] = claim.alert.kind
    made.set_content(text.encode("utf-8", "replace").decode(), cte="base64")
    return Letter(
        url=channel.url, sender=sender, to=to, message=made.as_bytes(), allow_private=channel.allow_private
    )
