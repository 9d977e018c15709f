"""What a text may hold once it is inside: NFC, no controls, no lone surrogates."""

from __future__ import annotations

import re
import unicodedata

# C0 and C1 but tab and newline. PostgreSQL refuses NUL and every database refuses a lone
# surrogate, so one such item would kill the whole batch it is written with.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_NEWLINE = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")
_SPACES = re.compile(r" {2,}")
_BLANK_LINES = re.compile(r"\n{3,}")

# Not shown, and set inside words to defeat word lists: zero-width space and joiners, soft
# hyphen, bidirectional controls, byte order mark. Stored as they are, folded away.
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")

# "U.S. Army", "Adm. Kim": a full stop that ends no sentence follows a capital or a short title.
_SENTENCE_END = re.compile(
    r"(?<![A-Z])(?<!\b(?:Mr|Dr|St|No))(?<!\b(?:Gen|Adm|Col|Mrs|Sgt))[.!?…]+[\"”’')\]]*\s|[。！？]"
)
_LONGEST_TITLE = 200
_FIRST_LINES = 4_000


def clean(text: str) -> str:
    """Return the text in NFC without controls, its white space tidied.

    Tabs and newlines stay word and line breaks; at most one empty line is kept
    between two lines. Bidirectional and zero-width characters stay: they are
    part of what was published, and `fold` ignores them. Never raises.
    """
    text = text.replace("\xa0", " ")  # the one blank but the space that most pages have
    if text.replace("\n", " ").isprintable():
        # Letters, spaces and line breaks only, as nearly always: 4 us for 1.5 KB where the five
        # passes below take 60.
        text = unicodedata.normalize("NFC", _SPACES.sub(" ", text) if "  " in text else text)
    else:
        text = _tidied(text)
    if not ("\n " in text or " \n" in text or "\n\n\n" in text):
        return text.strip("\n ")
    lines = (line.strip(" ") for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n ")


def _tidied(text: str) -> str:
    """Return any text without controls and lone surrogates, each run of blanks one space."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _CONTROL.sub("", _NEWLINE.sub("\n", text)).removeprefix("\ufeff")
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text))


def one_line(text: str) -> str:
    """Return the cleaned text on one line, as a title stands."""
    return " ".join(clean(text).split())


def for_display(text: str) -> str:
    """Return the text on one line without marks that turn its direction about.

    A title such as "abc\u202egpj.exe" must not read as "abcexe.jpg" in an alert.
    """
    return _DIRECTION.sub("", one_line(text))


def fold(text: str) -> str:
    """Return the text as comparisons see it: NFKC, no case, one space between words."""
    return fold_clean(clean(text))


def fold_clean(text: str) -> str:
    """Return what `fold` does, of a text that is what `clean` gave."""
    if text.isascii():  # nothing to normalise and nothing unseen
        return " ".join(text.casefold().split())
    folded = _UNSEEN.sub("", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, at most 200 characters, to stand as a title."""
    line = next((one for one in clean(text[:_FIRST_LINES]).split("\n") if one.strip()), "")
    end = _SENTENCE_END.search(line)
    sentence = line[: end.end()].strip() if end else line
    if len(sentence) <= _LONGEST_TITLE:
        return sentence
    return sentence[: _LONGEST_TITLE - 1].rstrip() + "…"
