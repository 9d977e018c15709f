"""The article of a web page, by trafilatura: for feeds that give no more than a teaser."""

from __future__ import annotations

from models.errors import ParseError
from models.sources.decoding import decode
from models.sources.furniture import without_furniture
from models.sources.limits import MOST_TEXT
from models.sources.trust import likeness
from models.text import clean

_LEAST = 200  # characters: what is shorter is a notice, or a page that scripts fill
_KINDS = ("", "text/html", "application/xhtml+xml", "text/plain")


def read_article(body: bytes, *, where: str, title: str, content_type: str = "") -> str:
    """Return the text of the article that a page holds, its paragraphs kept.

    `title` is the headline that the feed gave. A page that shares too few letters with
    it is a log-in, a notice about cookies or another article, and gives nothing.

    Raises:
        ParseError: The page holds no article, or not this one.

    """
    import trafilatura  # noqa: PLC0415 - an extra: only feeds with full_text need it

    kind = content_type.partition(";")[0].strip().casefold()
    if kind not in _KINDS:
        raise ParseError(where, "no-page", "its page is no web page but something else")
    page, _ = decode(body, content_type)
    try:
        found = trafilatura.extract(page, include_comments=False, include_tables=False) or ""
    except MemoryError:
        raise  # says something of this process, not only of the page
    except Exception as error:  # noqa: BLE001 - whatever a library makes of a page, it is the page that failed
        raise ParseError(where, "no-article", f"its page cannot be read ({type(error).__name__})") from None
    text = clean("\n".join(without_furniture(found.split("\n"))))
    if len(text) < _LEAST:
        raise ParseError(where, "no-article", "its page holds no article that could be found")
    if likeness(title, text, 4, head=len(text)) < 0.3:
        raise ParseError(where, "other-article", "its page holds another text than its headline says")
    return text[:MOST_TEXT]


def warm_up() -> None:
    """Load the library and use it once, so that the first page is not charged for it."""
    words = "<p>" + "North Korea fired two missiles on Sunday, the joint chiefs said. " * 5 + "</p>"
    page = f"<html><body><article><h1>North Korea fires two missiles</h1>{words}</article></body></html>"
    read_article(page.encode(), where="warm-up", title="North Korea fires two missiles")
