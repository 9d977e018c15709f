"""Which language a text is in: what the feed says, else its script and a light check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from models.lexicon.scripts import CYRILLIC, HAN, HANGUL, KANA, LATIN

_SCRIPTS = {  # runs of letters: there are six times as many letters
    HANGUL: re.compile("[\uac00-\ud7a3\u1100-\u11ff]+"),
    KANA: re.compile("[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]+"),
    HAN: re.compile("[\u3005\u3400-\u9fff\uf900-\ufaff]+"),
    CYRILLIC: re.compile("[\u0400-\u052f]+"),
    LATIN: re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a]+"),
}
_BEYOND = re.compile("[\u0400-\u052f\u1100-\u11ff\u3005-\uff9d]")  # holds every script but Latin
_DENSE = 3  # a Han character or a syllable of Hangul says as much as three letters
_WORD = re.compile(r"[^\W\d_]+")
_WRITES = {
    "ko": (HANGUL, HAN),
    "ja": (KANA, HAN),
    "zh": (HAN,),
    "ru": (CYRILLIC,),
}
_SHARE = 0.2  # of a text's letters; below it the declared language is not what the text is in
_SAMPLE = 300  # characters of the text that are looked at, behind the title


class Languages:
    """The lists of [rules.language] and [rules.letters], ready to count with."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], letters: Mapping[str, str]) -> None:
        self._words = {language: frozenset(listed) for language, listed in words.items()}
        self._letters = {
            language: re.compile(f"[{re.escape(listed)}]") for language, listed in letters.items() if listed
        }

    def settle(self, title: str, text: str, declared: str | None) -> tuple[str, ...]:
        """Settle the language; several if it is a draw.

        A declared language holds if the text is written in its script. Feeds made
        from a template say `en` over Korean items: those are read as what they are.
        """
        sample = f"{title}\n{text[:_SAMPLE]}"
        code = (declared or "").replace("_", "-").partition("-")[0].lower()
        if sample.isascii() and code and code not in _WRITES:
            return (code,)
        scripts = _SCRIPTS if _BEYOND.search(sample) else (LATIN,)
        weights = dict.fromkeys(_SCRIPTS, 0)
        for name in scripts:
            count = sum(map(len, _SCRIPTS[name].findall(sample)))
            weights[name] = count * (1 if name in (LATIN, CYRILLIC) else _DENSE)
        total = sum(weights.values())
        if code:
            own = sum(weights[name] for name in _WRITES.get(code, (LATIN,)))
            if not total or own >= _SHARE * total:
                return (code,)
        return self._guess(sample, weights)

    def _guess(self, sample: str, weights: Mapping[str, int]) -> tuple[str, ...]:
        east = weights[HANGUL] + weights[KANA] + weights[HAN]
        if east >= max(weights[LATIN], weights[CYRILLIC], 1) * 0.5:
            if weights[HANGUL] * 2 >= weights[HAN] + weights[KANA]:
                return ("ko",)
            return ("ja",) if weights[KANA] or self._letters["ja"].search(sample) else ("zh",)
        if weights[CYRILLIC] > weights[LATIN]:
            return ("ru",)
        small = sample.lower()
        if len(self._letters["vi"].findall(small)) * 25 > weights[LATIN]:
            return ("vi",)
        words = _WORD.findall(small)
        votes = {
            language: sum(map(listed.__contains__, words))
            + (len(self._letters[language].findall(small)) if language in self._letters else 0)
            for language, listed in self._words.items()
        }
        most = max(votes.values(), default=0)
        return tuple(language for language, count in votes.items() if count == most) or ("en",)


@cache
def readable(language: str) -> frozenset[tuple[str, str]]:
    """Name the (language, script) pairs of forms that may match in a text.

    A language reads its own scripts; what is left over is read by the language
    that script is at home in, so that a Korean name quoted in an English article
    counts, while 北 in Korean stays what a Korean headline means by it.
    """
    scripts = (HANGUL, KANA, HAN, CYRILLIC, LATIN, "other")
    pairs = {("any", name) for name in scripts} | {(language, name) for name in scripts}
    own = _WRITES.get(language, (LATIN,))
    if HANGUL not in own:
        pairs.add(("ko", HANGUL))
    if CYRILLIC not in own:
        pairs.add(("ru", CYRILLIC))
    if KANA not in own:
        pairs.add(("ja", KANA))
    if HAN not in own:
        pairs |= {("ja", HAN), ("zh", HAN)}
    if LATIN not in own or language not in ("en", "fr", "de", "es", "vi"):
        pairs.add(("en", LATIN))
    return frozenset(pairs)
