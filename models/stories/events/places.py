"""Places named in a text, in any script, under one name."""

from __future__ import annotations

from functools import cache

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
    wide, spaced = _names()
    found = (
        {name for form, name in wide if form in folded and _opens(folded, form)}
        if not folded.isascii()
        else set()
    )
    if not is_wide(folded):
        found |= {name for form, name in spaced if form in folded and _stands(folded, form)}
    return frozenset(found)


def sites(found: frozenset[str]) -> frozenset[str]:
    """Leave out the capitals."""
    return found - CAPITALS


def _opens(text: str, form: str) -> bool:
    """Say whether Hangul begins a word here: 해주 is a town, 연해주 the Russian coast."""
    at = text.find(form)
    return at == 0 or not ("가" <= form[0] <= "힣" and "가" <= text[at - 1] <= "힣")


def _stands(text: str, form: str) -> bool:
    at = text.find(form)
    while at >= 0:
        if at == 0 or not text[at - 1].isalpha():
            return True
        at = text.find(form, at + 1)
    return False


@cache
def _names() -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Part the forms of scripts without spaces from those of alphabets: (form, name) each."""
    wide: list[tuple[str, str]] = []
    spaced: list[tuple[str, str]] = []
    for name, line in PLACES.items():
        for form in (name, romanised(name), *line.split(",")):
            folded = fold(form.rstrip("$"))
            if len(folded) < 2:
                continue
            if is_wide(folded):
                wide.append((folded, name))
            elif len(folded) >= 4:
                spaced.append((folded, name))
    return tuple(wide), tuple(spaced)
