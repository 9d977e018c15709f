"""Codes of languages: what feeds write for them, and what a person may.

The codes are those of ISO 639-1; countries have codes of their own (ISO 3166), and
`kr`, `jp` and `cn` are those of countries: no text is in a language called so.
"""

from __future__ import annotations

_KNOWN = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
    ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii
    ik io is it iu ja jv ka kg ki kj kk kl km kn ko ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk
    ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa
    sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur
    uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905 - near two hundred codes read best as one text
)
# What is written for languages of this watch and is the code of none; `kr` is Kanuri's and `tw` Twi's,
# in which no feed about the peninsula is written.
_MEANT = {
    "kr": "ko", "kp": "ko", "kor": "ko", "korean": "ko", "jp": "ja", "jpn": "ja", "japanese": "ja",
    "cn": "zh", "tw": "zh", "hk": "zh", "chi": "zh", "zho": "zh", "cmn": "zh", "chinese": "zh",
    "us": "en", "gb": "en", "eng": "en", "english": "en", "vn": "vi", "vie": "vi", "rus": "ru", "ua": "uk",
    "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "cz": "cs", "dk": "da", "gr": "el",
}  # fmt: skip


def primary_language(tag: str | None) -> str | None:
    """Return the primary subtag of a language tag: "ko" for "ko-KR" and for "kr"."""
    primary = _primary(tag or "")
    primary = _MEANT.get(primary, primary)
    return primary if primary.isascii() and primary.isalpha() and len(primary) in {2, 3} else None


def no_language(tag: str) -> str:
    """Say what is wrong with a language that a person wrote, and which is meant; "" if nothing is."""
    primary = _primary(tag)
    if primary in _MEANT:
        return f'"{tag}" is no language; write "{_MEANT[primary]}"'
    if primary not in _KNOWN:
        return f'"{tag}" is no language; write the two letters of ISO 639-1, such as "ko", "ja" or "zh"'
    return ""


def _primary(tag: str) -> str:
    return tag.strip().replace("_", "-").split("-")[0].casefold()
