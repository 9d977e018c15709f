"""HTML to plain text, paragraphs kept, by nh3; and a parser for what reads more of a page."""

from __future__ import annotations

import functools
import html
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from models.text import clean, one_line

if TYPE_CHECKING:
    import nh3

_BLOCK = (
    "address|article|aside|blockquote|br|caption|center|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr|li|"
    "main|nav|ol|p|pre|section|table|td|th|tr|ul"
)
_INLINE = (
    "a|abbr|acronym|applet|b|big|blink|cite|code|del|em|embed|font|frameset|i|iframe|img|ins|mark|marquee|nobr|noscript|"
    "q|s|small|span|strike|strong|style|sub|sup|tt|u|wbr"
)
_BREAK = re.compile(rf"<(?=/?(?:{_BLOCK})\b)", re.IGNORECASE)
_KNOWN_TAG = re.compile(rf"</?(?:{_BLOCK}|{_INLINE})(?=[\s/>])[^<>]*>", re.IGNORECASE)
# "<Analysis>", "<북한 미사일>": in headlines of Korean houses angle brackets are brackets.
_NO_TAG = re.compile(rf"<(?!/?(?:{_BLOCK}|{_INLINE})(?=[\s/>]))", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
_ESCAPED = re.compile(rf"</(?:{_BLOCK}|a|b|strong|em|span)>|<br ?/?>", re.IGNORECASE)
# A CMS that wraps a text, and then escapes wrapper and all: to HTML a comment that ends at the first ">".
_WRAPPED = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)


def plain_text(markup: str) -> str:
    """Return what a reader sees of a piece of HTML, a newline between its blocks.

    Text without any markup comes back as it is, its own line breaks included.
    Scripts and styles go. Feeds that escape their HTML twice are read through.
    """
    markup = _WRAPPED.sub(r"\1", markup)
    if not _MARKUP.search(markup):
        return clean(markup)
    text = _stripped(markup)
    return _stripped(text) if _ESCAPED.search(text) else text


def plain_title(markup: str) -> str:
    """Return a headline without tags and entities; brackets in it are kept."""
    markup = _WRAPPED.sub(r"\1", markup)
    if _KNOWN_TAG.search(markup):
        markup = _cleaner().clean(_NO_TAG.sub("&lt;", markup))
    text = html.unescape(markup)
    return (
        one_line(html.unescape(_cleaner().clean(_NO_TAG.sub("&lt;", text))))
        if _KNOWN_TAG.search(text)
        else one_line(text)
    )


def _stripped(markup: str) -> str:
    flat = " ".join(markup.split())
    return clean(html.unescape(_cleaner().clean(_BREAK.sub("\n<", flat))))


@functools.cache
def _cleaner() -> nh3.Cleaner:
    """Return the one cleaner: making it anew costs as much as using it."""
    import nh3  # noqa: PLC0415 - a run in which no feed answers with news needs no parser

    return nh3.Cleaner(tags=set())


class Soup(HTMLParser):
    """Python's parser, on which nothing in a page is an error, as in a browser."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 - its signature
        """Read `<![endif]>`, and skip what is none of the kinds it knows; else it raises."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)
