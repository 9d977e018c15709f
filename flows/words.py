"""Reads the lexicon's files, ours and the desk's own, and compiles them once a process."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from flows.settings import Settings, bundled
from models import lexicon
from models.alerts import rules
from models.errors import ConfigError, PeninsulaError
from models.lexicon import Lexicon


def open_lexicon(settings: Settings, *more: Path) -> Lexicon:
    """Compile the desk's concepts, `more` files over them, and check that rules name known ones."""
    words = read_lexicon(*lexicon_files(settings, *more))
    for rule in settings.desk.rules:
        for key in ("any", "all", "none"):
            for concept in getattr(rule, key):
                if concept not in words.concepts:
                    place = f'[[rule]] "{rule.name}" {key}'
                    raise ConfigError(str(settings.file), place, f'the lexicon has no concept "{concept}"')
        for key, query in (("query", rule.query), ("official", rule.official)):
            if query:
                _check_concepts(query, words, settings.file, f'[[rule]] "{rule.name}" {key}')
    return words


def look_up(settings: Settings, concept: str) -> None:
    """See that there is a concept of that name.

    Raises:
        PeninsulaError: there is none; names some that are near.

    """
    concepts = open_lexicon(settings).concepts
    if concept not in concepts:
        near = get_close_matches(concept, concepts, n=3) or list(concepts)[:3]
        raise PeninsulaError(f'the lexicon has no concept "{concept}"; it has {", ".join(near)}, ...')


def _check_concepts(query: str, words: Lexicon, file: Path, place: str) -> None:
    """Check that a query names concepts that there are."""
    for kind, concept, column in rules.named(rules.parse(query)):
        if kind == "concept" and concept not in words.concepts:
            problem = f'the lexicon has no concept "{concept}"; quote it to look for the words'
            error = rules.QueryError(query, column, problem)
            raise ConfigError(str(file), place, str(error))


def read_lexicon(shipped: dict[str, str] | None = None, own: dict[str, str] | None = None) -> Lexicon:
    """Compile concepts: ours, and the desk's own over them."""
    return _compiled(tuple((shipped or _shipped()).items()), tuple((own or {}).items()))


def lexicon_files(settings: Settings, *more: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Read the files of the lexicon, by name: ours; and the desk's own, with `more` after them.

    Raises:
        ConfigError: one cannot be read; names watch.toml only where that names the file.

    """
    own = {}
    for path in (*settings.lexicon, *more):
        try:
            own[str(path)] = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problem = f"cannot be read: {error.strerror if isinstance(error, OSError) else error}"
            if path in more:
                raise ConfigError(str(path), "", problem) from None
            raise ConfigError(str(settings.file), "watch.lexicon", f"{path} {problem}") from None
    return _shipped(), own


def _shipped() -> dict[str, str]:
    folder = bundled("seeds") / "lexicon"
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))}


@lru_cache(maxsize=2)
def _compiled(shipped: tuple[tuple[str, str], ...], own: tuple[tuple[str, str], ...]) -> Lexicon:
    """Compile the same words once a process: it takes a third of a second."""
    return lexicon.load(dict(shipped), own=dict(own))
