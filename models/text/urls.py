"""One address for one article: canonical form, for identity and never for fetching.

The steps keep what may name an article and drop what certainly does not; a
wrong merge loses a story, a missed one only costs a duplicate that the
fingerprint or the story grouping still catches.
"""

from __future__ import annotations

import functools
import re
from urllib.parse import SplitResult, unquote_plus, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

from models.text.trackers import HOUSE_TRACKERS, TRACKER_PREFIXES, TRACKER_VALUES, TRACKERS

_BREAKS = re.compile(r"[\t\r\n]")  # a browser drops them wherever they stand in an address
_HOST = re.compile(r"(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d+)?")
# Second-level names under which people register: "m.co.kr" is a name of its own.
_SUFFIX = re.compile(r"(?:ac|co|com|edu|go|gov|ne|net|or|org)\.[a-z]{2}")
_TWIN_LABELS = ("www.", "m.", "mobile.", "amp.")
# Viewers that carry the whole address of the article in their path.
_AMP_VIEWER = re.compile(
    r"https?://(?:(?:www\.)?google\.[a-z.]+/amp|[a-z0-9-]+\.cdn\.ampproject\.org/[cv])/(?:s/)?(.+)",
    re.IGNORECASE,
)
_AMP_PATH = re.compile(r"/amp(?:/index\.html)?/*$|\.amp(?=(?:\.html?)?$)", re.IGNORECASE)
_ROUNDS = 8


@functools.lru_cache(maxsize=4096)  # each item's is asked for twice, at 60 us
def canonical_url(url: str) -> str:
    """Return the address that all copies of an article share, or "" if it has none.

    Trackers, fragments, default ports, user names, the http/https, www, mobile
    and AMP twins go; the query is sorted. Only absolute http and https
    addresses with a host have one. Idempotent; never raises.
    """
    here = url
    for _ in range(_ROUNDS):
        try:
            there = _step(here)
        except ValueError:  # "http://[", a host of 70 characters, a broken percent escape
            return ""
        if there == here:
            return here
        here = there
    return ""  # does not settle: rather no identity than one that changes with the next look


def _step(url: str) -> str:
    url = _BREAKS.sub("", url.strip())
    viewer = _AMP_VIEWER.fullmatch(url)
    if viewer:
        url = "https://" + viewer.group(1)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "\\" in parts.netloc:
        return ""
    host = _host(parts)
    if not _HOST.fullmatch(host):
        return ""
    url = urlunsplit(("https", host, _AMP_PATH.sub("", parts.path), parts.query, ""))
    url = canonicalize_url(url_query_cleaner(url, _trackers(parts.query, host), remove=True, unique=False))
    parts = urlsplit(url)
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/") or "/"
    if host.endswith("news.naver.com"):
        path = path.replace("/mnews/article/", "/article/", 1)
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def _host(parts: SplitResult) -> str:
    """Return the host, in ASCII, without its twin label and its default port."""
    name = (parts.hostname or "").rstrip(".")
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    if ":" in name:
        name = f"[{name}]"
    for label in _TWIN_LABELS:
        rest = name.removeprefix(label)
        if rest != name and "." in rest and not _SUFFIX.fullmatch(rest) and not rest[0].isdigit():
            name = rest
    name = re.sub(r"^([a-z]{2})\.m\.(?=[^.]+\.)", r"\1.", name)  # en.m.wikipedia.org
    port = parts.port
    return name if port in {None, 80, 443} else f"{name}:{port}"


def _trackers(query: str, host: str) -> list[str]:
    """Return the names, as they are spelled in the query, that are trackers here."""
    house = next(
        (names for end, names in HOUSE_TRACKERS.items() if f".{host}".endswith(f".{end}")), frozenset[str]()
    )
    found = []
    for pair in query.split("&"):
        spelled, _, value = pair.partition("=")
        name = unquote_plus(spelled).casefold()
        if (
            name in TRACKERS
            or name in house
            or name.startswith(TRACKER_PREFIXES)
            or unquote_plus(value).casefold() in TRACKER_VALUES.get(name, ())
        ):
            found.append(spelled)
    return found
