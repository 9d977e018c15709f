"""An alert as an e-mail: plain text, with a Message-ID that stays the same on a repeat.

A mailbox shows a repeat once or not at all, and a follow-up under the story's
first alert (RFC 5322, In-Reply-To).
"""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from models.alerts.plain import plain_text
from models.values import Channel, Claim, Letter

_ADDRESS = re.compile(r"[!-~]+@[A-Za-z0-9.-]+")  # of a header and of the envelope alike: no name, no Unicode


def letter(claim: Claim, channel: Channel, now: datetime) -> Letter:
    """Write an alert as a letter; nothing of a feed stands in a header but the folded subject."""
    sender, to = correspondents(channel.url)
    subject, text = plain_text(claim, channel)
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = ", ".join(to)
    made["Subject"] = "".join(char for char in subject if char.isprintable())
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{claim.alert.id}@peninsula-watch>"
    if claim.answers:
        made["In-Reply-To"] = made["References"] = f"<{claim.answers}@peninsula-watch>"
    if claim.alert.kind not in {"story.matched", "story.digest"}:
        made["X-Peninsula-Kind"] = claim.alert.kind
    made.set_content(text.encode("utf-8", "replace").decode(), cte="base64")
    return Letter(
        url=channel.url, sender=sender, to=to, message=made.as_bytes(), allow_private=channel.allow_private
    )


def correspondents(url: str) -> tuple[str, tuple[str, ...]]:
    """Read sender and recipients out of smtp(s)://user:password@host/?from=...&to=...,...

    Raises:
        ValueError: one is missing, or is no plain address; says neither URL nor address.

    """
    asked = parse_qs(urlsplit(url).query.replace("+", "%2B"))  # a plus in an address is no space
    sender = asked.get("from", [""])[0].strip()
    to = tuple(one.strip() for one in asked.get("to", [""])[0].split(",") if one.strip())
    if not to or not all(_ADDRESS.fullmatch(one) for one in (sender, *to)):
        raise ValueError("from and to must be plain e-mail addresses")
    return sender, to
