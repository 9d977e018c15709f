"""What a text is compared by: words where there are spaces, shingles where not.

Han, Kana and Hangul text is cut into overlapping character pairs, so that no
tokeniser and no dictionary is needed: pairs find Korean stems under their
particles and Japanese and Chinese words without spaces (McNamee and Mayfield,
Character N-Gram Tokenization for European Language Text Retrieval, 2004, and
the CJK tracks of NTCIR, where pairs equal word segmentation). Everything else
is cut into words, lightly stemmed; Latin words lose their accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from models.stories.common_words import COMMON

TITLE_WEIGHT = 1.0
LEAD_WEIGHT = (
    0.5  # the lead says it again with more words: half, so that a long lead does not drown the title
)
LEAD_CHARACTERS = 400  # an alphabet's opening paragraph
LEAD_CHARACTERS_HAN = 160  # the same in Han, Kana and Hangul, where a character says more

_TOKEN = re.compile(
    r"[぀-ヿ㐀-鿿豈-﫿가-힣]+"
    r"|[^\W_぀-ヿ㐀-鿿豈-﫿가-힣]+(?:[.'’][^\W_぀-ヿ㐀-鿿豈-﫿가-힣]+)*"
)
_WIDE = re.compile(r"[぀-ヿ㐀-鿿豈-﫿가-힣]+")
_PARTICLE = re.compile(r"[぀-ヿ가-힣]")
_DAY = re.compile(r"(?<!\d)\d{1,2}\s?[일日号號](?!\d)")
_MARKS = re.compile(r"[̀-ͯ]")
_ACCENTED = re.compile("[\u00e0-\u00ff\u1e00-\u1eff]")
_POSSESSIVE = re.compile(r"['’]s\b|['’](?=\s|$)")
_ABBREVIATION = re.compile(r"\b(?:[a-z]\.){2,}")
_AGAIN = re.compile(r"\bre-(?=[a-z])")  # re-elected is reelected
_COMPASS = (
    (re.compile(r"\bn\.? (?=korea)"), "north "),
    (re.compile(r"\bs\.? (?=korea)"), "south "),
)


def fold(text: str) -> str:
    """Bring a text to the form in which it is compared: NFKC, no case, no accents."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    if folded.isascii():
        return folded
    if _ACCENTED.search(folded):
        return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", folded)))
    return folded


def is_wide(text: str) -> bool:
    """Say whether a text is written mostly in Han, Kana or Hangul."""
    return not text or (not text.isascii() and sum(map(len, _WIDE.findall(text))) * 4 >= len(text))


def lead_of(text: str) -> str:
    """Cut the opening of a text, which tells the event; the rest is background."""
    return text[: LEAD_CHARACTERS_HAN if is_wide(text[:LEAD_CHARACTERS]) else LEAD_CHARACTERS]


def words(text: str) -> Iterator[str]:
    """Give the words and the character pairs of a text, in reading order.

    Days (12일, 9日) are left to `events`, which knows what they mean. A Hangul
    syllable or Kana that stands alone is a particle behind a name or number.
    """
    folded = _DAY.sub(" ", fold(text))
    if "." in folded:
        folded = _ABBREVIATION.sub(lambda found: found.group().replace(".", ""), folded)
        for pattern, full in _COMPASS:
            folded = pattern.sub(full, folded)
    if "re-" in folded:
        folded = _AGAIN.sub("re", folded)
    for token in _TOKEN.findall(_POSSESSIVE.sub("", folded)):
        if _WIDE.match(token):
            if len(token) > 1:
                yield from (token[i : i + 2] for i in range(len(token) - 1))
            elif not _PARTICLE.match(token):
                yield token
        else:
            yield stem(token)


def stem(word: str) -> str:
    """Take off the endings that only inflect: English, and the plural elsewhere.

    Harman (How effective is suffixing?, 1991) found such an "s-stemmer" as
    good for retrieval as a full one; ing and ed are ours, for headlines, which
    change tense between outlets (fires, fired, firing).
    """
    if len(word) < 4 or not word.isascii():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word[-1] == "s" and word[-2] not in "su":
        word = word[:-1]
    if len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
    elif len(word) > 4 and word.endswith("ed"):
        word = word[:-2]
    return word[:-1] if len(word) > 4 and word[-1] == "e" else word


_COMMON = COMMON | {stem(word) for word in COMMON}


def terms(title: str, text: str) -> dict[str, float]:
    """Weigh the terms of an article: its title in full, its lead by half."""
    found = {term: TITLE_WEIGHT for term in words(title) if term not in _COMMON}
    for term in words(lead_of(text)) if text else ():
        if term not in _COMMON and term not in found:
            found[term] = LEAD_WEIGHT
    return found
