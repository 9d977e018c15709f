"""Which kinds of things a text tells of, the same names in every language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from models.stories.events.forms import WIDE, Forms
from models.stories.events.kind_words import SUBJECTS, WEAPONS
from models.stories.terms import fold

LANGUAGES = ("en", "ko", "ja", "zh", "vi", "ru", "fr", "de", "es")
_MARKS = " .,:;!?-'\"”’)"


def kinds(text: str, language: str) -> frozenset[str]:
    """Find the kinds of things that a text names, in the words of its language."""
    return _of(language).named_in(text) if text and language in LANGUAGES else frozenset()


@cache
def _of(language: str) -> Forms:
    return Forms(language, _signs(language))


def _signs(language: str) -> Iterator[tuple[str, str]]:
    """Give the forms of a language and their kinds; a short one is a word by itself, with a mark after it."""
    least = 2 if language in WIDE else 3
    for kind, line in (WEAPONS | SUBJECTS).items():
        for form in _forms(line).get(language, ()):
            short = len(fold(form.rstrip("$"))) < least
            yield from ((form.rstrip("$") + mark, kind) for mark in _MARKS) if short else ((form, kind),)


def _forms(line: str) -> dict[str, tuple[str, ...]]:
    """Read one line of the word list: `en: drill,exercise | ko: 훈련,연습`."""
    parts = (part.split(":", 1) for part in line.split(" | "))
    return {
        name.strip(): tuple(form.strip() for form in forms.split(",") if form.strip())
        for name, forms in parts
    }
