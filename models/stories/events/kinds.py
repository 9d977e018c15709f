"""Which kinds of things a text tells of, the same names in every language."""

from __future__ import annotations

import re
from functools import cache

from models.stories.events.kind_words import SUBJECTS, WEAPONS
from models.stories.terms import fold

LANGUAGES = ("en", "ko", "ja", "zh", "vi", "ru", "fr", "de", "es")
_WIDE = frozenset({"ko", "ja", "zh"})
_STARTS = re.compile(r"(?<![^\W_])[^\W_]")
_HEAD = 3  # letters of an alphabet form by which it is looked up; two signs of a wide one


def kinds(text: str, language: str) -> frozenset[str]:
    """Find the kinds of things that a text names, in the words of its language."""
    table = _table(language)
    if not table or not text:
        return frozenset()
    folded = fold(text)
    width = 2 if language in _WIDE else _HEAD
    starts = range(len(folded) - 1) if language in _WIDE else (m.start() for m in _STARTS.finditer(folded))
    found: set[str] = set()
    for start in starts:
        for form, closed, kind in table.get(folded[start : start + width], ()):
            if (
                kind not in found
                and folded.startswith(form, start)
                and not (closed and _goes_on(folded, start + len(form)))
            ):
                found.add(kind)
    return frozenset(found)


def _goes_on(text: str, end: int) -> bool:
    return end < len(text) and text[end].isalpha()


@cache
def _table(language: str) -> dict[str, tuple[tuple[str, bool, str], ...]]:
    """Index the forms of a language by their first signs."""
    index: dict[str, list[tuple[str, bool, str]]] = {}
    width = 2 if language in _WIDE else _HEAD
    for kind, line in (WEAPONS | SUBJECTS).items():
        for form in _forms(line).get(language, ()):
            closed = form.endswith("$")
            folded = fold(form.rstrip("$"))
            keys = {folded[:width]} if len(folded) >= width else _continued(folded)
            for key in keys:
                index.setdefault(key, []).append((folded, closed, kind))
    return {key: tuple(forms) for key, forms in index.items()}


def _continued(short: str) -> set[str]:
    """Give the look-up keys of a form shorter than a key: itself and a sign that may follow."""
    return {short, *(short + sign for sign in " .,:;!?-'\"”’)")}


def _forms(line: str) -> dict[str, tuple[str, ...]]:
    """Read one line of the word list: `en: drill,exercise | ko: 훈련,연습`."""
    parts = (part.split(":", 1) for part in line.split(" | "))
    return {
        name.strip(): tuple(form.strip() for form in forms.split(",") if form.strip())
        for name, forms in parts
    }
