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
from operator import add

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
# These bytes begin the signs from U+4000 to U+9FFF and from U+B000 to U+CFFF in UTF-8, and nothing else: in
# nearly every Korean, Chinese or Japanese text enough of them, counted in a twentieth of the pattern's time.
_NOT_SURELY_WIDE = bytes({*range(256)} - {*range(0xE4, 0xEA), 0xEB, 0xEC})
_PARTICLE = re.compile(r"[぀-ヿ가-힣]")
_DAY = re.compile(r"\d(?<!\d\d)\d?\s?[일日号號](?!\d)")  # a lookbehind in front would be tried at every sign
_MARKS = re.compile(r"[̀-ͯ]")
_ACCENTED = re.compile("[\u00e0-\u00ff\u1e00-\u1eff]")
_POSSESSIVE = re.compile(r"['’]s\b|['’](?=\s|$)")
_INITIALS = re.compile(r"\.[a-z]\.")  # in every abbreviation, and found in a tenth of its time
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
    try:
        encoded = folded.encode("utf-8")
    except UnicodeEncodeError:  # a line of JSON may hold half a character, and no automaton takes it
        return fold(folded.encode("utf-8", "replace").decode("utf-8"))
    # These two bytes begin all that is accented: most texts have neither, and need no pattern to tell.
    if (b"\xc3" in encoded or b"\xe1" in encoded) and _ACCENTED.search(folded):
        return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", folded)))
    return folded


def is_wide(text: str) -> bool:
    """Say whether a text is written mostly in Han, Kana or Hangul."""
    if text.isascii():
        return not text
    encoded = text.encode("utf-8", "replace")
    if (len(encoded) - len(text)) * 2 < len(text):  # a wide sign takes two bytes more than a letter
        return False
    if len(encoded.translate(None, _NOT_SURELY_WIDE)) * 4 >= len(text):
        return True
    return sum(map(len, _WIDE.findall(text))) * 4 >= len(text)


def lead_of(text: str) -> str:
    """Cut the opening of a text, which tells the event; the rest is background."""
    return text[: LEAD_CHARACTERS_HAN if is_wide(text[:LEAD_CHARACTERS]) else LEAD_CHARACTERS]


def words(text: str) -> list[str]:
    """Give the words and the character pairs of a text, in reading order.

    Days (12일, 9日) are left to `events`, which knows what they mean. A Hangul
    syllable or Kana that stands alone is a particle behind a name or number.
    """
    found: list[str] = []
    for token in _TOKEN.findall(_one_spelling(fold(text))):
        if token.isascii():
            found.append(stem(token))
        elif not _WIDE.match(token):
            found.append(token)
        elif len(token) > 1:
            found += map(add, token, token[1:])
        elif not _PARTICLE.match(token):
            found.append(token)
    return found


def _one_spelling(folded: str) -> str:
    """Write abbreviations and compounds one way, and leave out days and possessives.

    What most texts have not is ruled out by a sign that it needs: 10 us a text down to 1.5.
    """
    if not folded.isascii():
        folded = _DAY.sub(" ", folded)
    if "." in folded:
        if _INITIALS.search(folded):
            folded = _ABBREVIATION.sub(lambda found: found.group().replace(".", ""), folded)
        if " korea" in folded:
            for pattern, full in _COMPASS:
                folded = pattern.sub(full, folded)
    if "re-" in folded:
        folded = _AGAIN.sub("re", folded)
    return _POSSESSIVE.sub("", folded) if "'" in folded else folded


def stem(word: str) -> str:
    """Take off the endings that only inflect: English, and the plural elsewhere.

    Harman (How effective is suffixing?, 1991) found such an "s-stemmer" as
    good for retrieval as a full one; ing and ed are ours, for headlines, which
    change tense between outlets (fires, fired, firing).
    """
    if len(word) < 4 or not word.isascii() or word[-1] not in "sgde":
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
