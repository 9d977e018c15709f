"""Places named in a text, in any script, under one name."""

from __future__ import annotations

from functools import cache

from ahocorasick_rs import AhoCorasick

from models.stories.events.place_words import CAPITALS, PLACES
from models.stories.terms import fold, is_wide

# Of a Hangul syllable's initials, vowels and finals, in the order of Unicode; "-" is silent.
_INITIAL = "g,kk,n,d,tt,r,m,b,pp,s,ss,-,j,jj,ch,k,t,p,h"
_VOWEL = "a,ae,ya,yae,eo,e,yeo,ye,o,wa,wae,oe,yo,u,wo,we,wi,yu,eu,ui,i"
_FINAL = "-,k,k,k,n,n,n,t,l,k,m,l,l,l,p,l,m,p,p,t,t,ng,t,t,k,t,p,t"
_INITIALS, _VOWELS, _FINALS = (part.replace("-", "").split(",") for part in (_INITIAL, _VOWEL, _FINAL))
_HANGUL = 0xAC00


def romanised(hangul: str) -> str:
    """Write Hangul in the Revised Romanization, sound changes between syllables left out."""
    out: list[str] = []
    for sign in hangul:
        index = ord(sign) - _HANGUL
        if 0 <= index < 11_172:
            out += (_INITIALS[index // 588], _VOWELS[index % 588 // 28], _FINALS[index % 28])
    return "".join(out)


def places(text: str) -> frozenset[str]:
    """Find the places that a text names, by their Hangul names."""
    folded = fold(text)
    automaton, names = _names()
    return frozenset(
        names[number]
        for number, start, _ in automaton.find_matches_as_indexes(folded, overlapping=True)
        if _begins(folded, start)
    )


def sites(found: frozenset[str]) -> frozenset[str]:
    """Leave out the capitals."""
    return found - CAPITALS


def _begins(text: str, at: int) -> bool:
    """Say whether a name begins here: 해주 is a town, 연해주 the coast of Russia; Han has no words."""
    if at == 0 or not text[at - 1].isalpha():
        return True
    first, before = text[at], text[at - 1]
    return is_wide(first) and not (_is_hangul(first) and _is_hangul(before))


def _is_hangul(sign: str) -> bool:
    return "가" <= sign <= "힣"


@cache
def _names() -> tuple[AhoCorasick, tuple[str, ...]]:
    """Give what finds the forms of all places in one pass, and the place of each form."""
    forms: list[tuple[str, str]] = []
    for name, line in PLACES.items():
        for form in (name, romanised(name), *line.split(",")):
            folded = fold(form.rstrip("$"))
            if len(folded) >= (2 if is_wide(folded) else 4):
                forms.append((folded, name))
    return AhoCorasick([form for form, _ in forms]), tuple(name for _, name in forms)
