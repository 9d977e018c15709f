"""Sends an alert to one of the hundred services that apprise knows; apprise's door.

It opens its own sockets and says no more than yes or no, so a failure is always
uncertain, and the address check is ours beforehand: an address or a dotted name
in the URL must be public. (A token in the place of a host is not looked up.)
"""

from __future__ import annotations

import logging
import socket
from urllib.parse import urlsplit

from flows.network import is_public
from models.values import Channel, Dead, Delivered, Retry, Verdict

# Their lines carry whole URLs and paths, tokens included.
logging.getLogger("apprise").setLevel(logging.CRITICAL)
logging.getLogger("apprise").propagate = False
logging.getLogger("urllib3").setLevel(logging.WARNING)


def post(channel: Channel, subject: str, text: str) -> Verdict:
    """Hand a text to the service that the channel's URL names. Blocks; runs in a thread."""
    import apprise  # noqa: PLC0415 - 0.3 s that only such a channel pays

    url = channel.url.removeprefix("apprise:")
    if not channel.allow_private and _is_private(urlsplit(url).hostname or ""):
        return Dead(
            reason="its host is a private or special address; allow_private = true lets it be dialled"
        )
    try:
        asset = apprise.AppriseAsset(async_mode=False)
        service = apprise.Apprise(asset=asset)
        if not service.add(url):
            return Dead(reason="apprise knows no such URL; see github.com/caronc/apprise/wiki")
        taken = service.notify(body=text, title=subject, body_format=apprise.NotifyFormat.TEXT)
    except Exception as error:  # noqa: BLE001 - a hundred services raise what they like, with URLs in the text
        return Retry(reason=f"apprise failed ({type(error).__name__})", uncertain=True)
    return Delivered() if taken else Retry(reason="apprise says that it was not taken", uncertain=True)


def _is_private(host: str) -> bool:
    if "." not in host and ":" not in host and host != "localhost":
        return False
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return not all(is_public(str(address[4][0])) for address in found)
