"""What stands around a text on a saved page, told by its kind and cut.

Kinds: pictures with captions and credits, share buttons, advertisements, inline
"read more" lines, strips of other headlines, comment forms, notices of rights.
The words for them in nine languages are data, in `furniture_words`. A strip left
in would tag an article with other stories' places and people; a paragraph cut
would lose facts. So a whole line must be the words, and only what follows an
article's prose is cut to the end.
"""

from __future__ import annotations

import re
import unicodedata

from models.sources.furniture_words import ALONE, COMMENTS, CREDIT, INLINE, RELATED, RIGHTS

_PICTURE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])")
_LINK = re.compile(r"\[([^\[\]]+)\]\((?:https?:|/|#|mailto:)[^)\s]*\)")
_TABLE_RULE = re.compile(r"[|\s:+=-]+")
_BULLET = re.compile(r"^(?:[•·●○▪■□▶▷►◆◇★☆※*\-–—>»]|\d{1,2}[.)]|#{1,6})+\s*")
_EDGE = re.compile(r"^[\s*_:|<>\[\]【】()«»\"'▶▼▲▽→+!.…]+|[\s*_:|<>\[\]【】()«»\"'▶▼▲▽→+!.…]+$")
_COUNT = re.compile(r"[\s(\[]*\d[\d,.]*[)\]]?(?:개|건|件|条)?$")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»」』)\]]*$")
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$")
_LONGEST_LABEL = 60
_LONGEST_CAPTION = 400


def without_furniture(lines: list[str]) -> list[str]:
    """Return the lines of a page that are the article's: its prose and headings."""
    lines = _without_pictures([_LINK.sub(r"\1", line) for line in lines])
    lines = [line for line in lines if not _is(ALONE, line) and not INLINE.match(_bare(line))]
    kept: list[str] = []
    here = 0
    while here < len(lines):
        line = lines[here]
        told = any(_is_prose(one) for one in kept)
        if (_is(COMMENTS, line) or RIGHTS.search(line)) and len(line) < _LONGEST_CAPTION:
            if told:
                break
        elif _is(RELATED, line):
            resumed = _after_strip(lines, here + 1) if told else here + 1
            if resumed is None:
                break
            here = resumed
            continue
        else:
            kept.append(line)
        here += 1
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _after_strip(lines: list[str], start: int) -> int | None:
    """Return where the article goes on behind a strip of headlines, or None.

    It goes on where two paragraphs of prose follow each other; in a strip a
    headline stands between the teasers.
    """
    previous: int | None = None
    for here in range(start, len(lines)):
        line = lines[here]
        if not line:
            continue
        if _is(COMMENTS, line) or RIGHTS.search(line) or _is(RELATED, line):
            return None
        if _is_prose(line) and not _CUT_OFF.search(line):
            if previous is not None:
                return previous
            previous = here
        else:
            previous = None
    return None


def _without_pictures(lines: list[str]) -> list[str]:
    """Drop picture placeholders, and the captions and credits that belong to them."""
    kept: list[str] = []
    after_picture = False
    for line in lines:
        rest = _PICTURE.sub("", line)
        if rest != line:
            after_picture = not rest.strip(" |")
            if not after_picture:
                kept.append(rest.strip(" |"))
        elif after_picture and not line:
            kept.append(line)
        elif _is_caption(line, after_picture=after_picture):
            after_picture = False
        elif not (line and _TABLE_RULE.fullmatch(line) and "|" in line):
            kept.append(line)
            after_picture = False
    return kept


def _is_caption(line: str, *, after_picture: bool) -> bool:
    if not line or len(line) > _LONGEST_CAPTION or RIGHTS.search(line):
        return False
    if after_picture and line.endswith("|"):
        return True
    return CREDIT.search(line.rstrip(" |")) is not None


def _is(words: frozenset[str], line: str) -> bool:
    """Tell whether a line is nothing but one of the words, a bullet and a count aside."""
    if not line or len(line) > _LONGEST_LABEL:
        return False
    label = _bare(line)
    return label in words or _bare(_COUNT.sub("", label)) in words


def _bare(line: str) -> str:
    """Return a line as a label: no bullet, no emphasis, no colon, no case."""
    line = _BULLET.sub("", line.strip().strip("*_|")).strip()
    line = unicodedata.normalize("NFKC", line).casefold().replace("’", "'")
    return _EDGE.sub("", line)


def _is_prose(line: str) -> bool:
    """Tell whether a line is a paragraph of a text and no heading or label."""
    if not line:
        return False
    wide = sum(unicodedata.east_asian_width(character) == "W" for character in line)
    size = len(line) + wide
    return size >= 200 or (size >= 50 and _SENTENCE_END.search(line) is not None)
