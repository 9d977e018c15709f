"""Read the TOML files of the lexicon, lay the user's over ours, check their shape.

What comes out is plain: entries with their forms as written, and the rules.
Nothing is compiled here, so `check` and `diff` see what an editor sees.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

LANGUAGES = ("any", "en", "ko", "ja", "zh", "vi", "ru", "fr", "de", "es")
KINDS = ("country", "place", "person", "organisation", "media", "weapon", "event", "topic", "false-friend")
FALSE_FRIEND = "false-friend"

CONDITIONS = ("prev", "not_prev", "next", "not_next", "near", "not_near", "needs", "unless")

_WORDS, _TEXT, _NUMBER, _FLAG, _PAIRS = "a list of strings", "a string", "a number", "true or false", "pairs"
_WEIGHT, _ALERT, _EDGES = "a number from -1 to 1", '"high", "low" or "normal"', '"open"'
CONCEPT_KEYS = {
    **dict.fromkeys(("kind", "label", "label_ko", "office", "period"), _TEXT),
    **dict.fromkeys(("groups", "implies"), _WORDS),
    **dict.fromkeys(("hides", "off"), _FLAG),
    "weight": _WEIGHT,
    "alert": _ALERT,
    "derive": _PAIRS,
}
FORM_KEYS = {
    "form": _TEXT,
    "edges": _EDGES,
    **dict.fromkeys(CONDITIONS, _WORDS),
    **dict.fromkeys(("case", "mark", "off"), _FLAG),
    "weight": _WEIGHT,
}
_SCORES = (
    *("threshold", "anchor", "mention", "decisive", "weak", "weak_cap", "second_form", "evidence"),
    *("title", "lead", "body", "once", "lead_letters", "lead_letters_han"),
    *("window", "window_cjk", "gap", "gap_cjk", "acronym_in_capitals"),
)
RULE_KEYS = {
    "score": {
        **dict.fromkeys(("as_of",), _TEXT),
        "second_kinds": _WORDS,
        **dict.fromkeys(_SCORES, _NUMBER),
    },
    "korean": {
        **dict.fromkeys(("particles", "titles", "places", "prefixes"), _WORDS),
        "max_particles": _NUMBER,
    },
    "vietnamese": {"tones": _WORDS},
    "boilerplate": {
        **dict.fromkeys(("after", "line", "credit", "dateline"), _WORDS),
        "credit_letters": _NUMBER,
    },
    "groups": None,  # any key, a list of words
    "words": None,
    "language": dict.fromkeys(("en", "fr", "de", "es"), _WORDS),
    "letters": dict.fromkeys(("vi", "ja", "de", "es", "fr"), _TEXT),
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake in a lexicon file; `line` is 1-based, 0 where it has none."""

    file: str
    line: int
    key: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.problem}"


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A form as an editor wrote it."""

    text: str
    language: str
    file: str
    keys: Mapping[str, Any] = field(default_factory=dict)

    def words(self, key: str) -> tuple[str, ...]:
        """Give the words of a condition, () where it is not set."""
        return tuple(self.keys.get(key, ()))


@dataclass(slots=True)
class Entry:
    """A concept or a false friend as written, ours and the user's laid together."""

    id: str
    file: str
    keys: dict[str, Any]
    forms: list[FormSpec]
    files: list[str] = field(default_factory=list)  # all that speak of it, ours first

    @property
    def kind(self) -> str:
        """The concept's kind; a user's new concept is a topic unless it says more."""
        return str(self.keys.get("kind", "topic"))

    @property
    def weight(self) -> float:
        """What a form weighs that says nothing else."""
        return float(self.keys.get("weight", 1.0))

    def words(self, key: str) -> tuple[str, ...]:
        """Give a list of the concept, () where it is not set."""
        return tuple(self.keys.get(key, ()))


@dataclass(slots=True)
class Sources:
    """All entries and rules, and what is wrong with the files."""

    texts: Mapping[str, str]
    entries: dict[str, Entry] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    off: dict[str, Entry] = field(default_factory=dict)  # what the user switched off

    def blame(self, file: str, concept: str, key: str, problem: str, *, form: str = "") -> None:
        """Note a mistake with the line it stands on."""
        path = ".".join(part for part in (concept, key) if part)
        line = find_line(self.texts.get(file, ""), concept, key, form)
        self.problems.append(Problem(file, line, path, problem + (f" in {form!r}" if form else "")))


def read_sources(files: Mapping[str, str], own: Mapping[str, str]) -> Sources:
    """Parse ours, then lay the user's over them."""
    sources = Sources({**files, **own})
    for group, theirs in ((files, False), (own, True)):
        for name in sorted(group):
            try:
                document = tomllib.loads(group[name])
            except tomllib.TOMLDecodeError as error:
                line = re.search(r"line (\d+)", str(error))
                number = int(line[1]) if line else group[name].count("\n") + 1
                sources.problems.append(Problem(name, number, "TOML", f"cannot be read: {error}"))
                continue
            _take_document(sources, name, document, theirs=theirs)
    _forget_off(sources)
    return sources


def _forget_off(sources: Sources) -> None:
    """Take what is switched off out of all that names it, with groups that nobody else is in.

    A form all of whose needs are switched off goes, too: they can no longer be met.
    """
    off = sources.off.keys() - sources.entries.keys()
    if not off:
        return
    entries = sources.entries.values()
    groups = sources.rules.get("groups", {})
    left = {*sources.entries, *groups, *(group for entry in entries for group in entry.words("groups"))}
    gone = {name for id_ in off for name in (id_, *sources.off[id_].words("groups"))} - left
    for group, members in groups.items():
        groups[group] = [word for word in members if word not in gone]
    for entry in entries:
        if not off.isdisjoint(entry.words("implies")):
            entry.keys["implies"] = [word for word in entry.words("implies") if word not in off]
        if "derive" in entry.keys:
            entry.keys["derive"] = [pair for pair in entry.keys["derive"] if off.isdisjoint(pair)]
        entry.forms = [
            _without(form, gone)
            for form in entry.forms
            if not form.words("needs") or not gone.issuperset(form.words("needs"))
        ]


def _without(form: FormSpec, gone: Collection[str]) -> FormSpec:
    """Give a form that no longer names what is gone."""
    named = [key for key in ("needs", "unless") if any(word in gone for word in form.words(key))]
    kept = {key: [word for word in form.words(key) if word not in gone] for key in named}
    return replace(form, keys={**form.keys, **kept}) if named else form


def _take_document(sources: Sources, file: str, document: dict[str, Any], *, theirs: bool) -> None:
    defaults = document.pop("defaults", {})
    rules = document.pop("rules", {})
    for section, table in rules.items():
        _take_rules(sources, file, section, table)
    for identity, table in document.items():
        if not isinstance(table, dict):
            sources.blame(file, identity, "", "a concept is a table of languages, like [kim-jong-un]")
            continue
        known = identity in sources.entries
        _take_concept(sources, file, identity, table if known else {**defaults, **table}, theirs=theirs)


def _take_rules(sources: Sources, file: str, section: str, table: Any) -> None:
    if section not in RULE_KEYS or not isinstance(table, dict):
        sources.blame(file, f"rules.{section}", "", f"unknown rules; known are {', '.join(RULE_KEYS)}")
        return
    known = RULE_KEYS[section]
    into = sources.rules.setdefault(section, {})
    for key, value in table.items():
        shape = _WORDS if known is None else known.get(key)
        if shape is None:
            sources.blame(file, f"rules.{section}", key, "unknown key")
        elif not _fits(value, shape):
            sources.blame(file, f"rules.{section}", key, f"must be {shape}")
        else:
            into[key] = [*into.get(key, ()), *value] if shape == _WORDS else value


def _take_concept(sources: Sources, file: str, identity: str, table: dict[str, Any], *, theirs: bool) -> None:
    entry = sources.entries.get(identity)
    if entry is None and table.get("off"):
        sources.blame(file, identity, "off", "there is no such concept to switch off")
        return
    if entry is None:
        entry = sources.entries[identity] = Entry(identity, file, {}, [])
    elif not theirs:
        sources.blame(file, identity, "", f"is in {entry.file} already")
        return
    entry.files.append(file)
    for key, value in table.items():
        _take_key(sources, file, entry, key, value)
    if entry.kind not in KINDS:
        sources.blame(file, identity, "kind", f"must be one of {', '.join(KINDS)}")
    if entry.keys.get("off"):
        sources.off[identity] = sources.entries.pop(identity)


def _take_key(sources: Sources, file: str, entry: Entry, key: str, value: Any) -> None:
    shape = CONCEPT_KEYS.get(key)
    if key in LANGUAGES and isinstance(value, list):
        _take_forms(sources, file, entry, key, value)
    elif key in LANGUAGES:
        sources.blame(file, entry.id, key, "must be a list of forms")
    elif shape is None:
        sources.blame(file, entry.id, key, "unknown key")
    elif not _fits(value, shape):
        sources.blame(file, entry.id, key, f"must be {shape}")
    elif shape in (_WORDS, _PAIRS):
        entry.keys[key] = [*entry.keys.get(key, ()), *value]
    else:
        entry.keys[key] = value


def _take_forms(sources: Sources, file: str, entry: Entry, language: str, values: list[Any]) -> None:
    ours = {form.text for form in entry.forms if form.language == language and form.file != file}
    for value in values:
        table = {"form": value} if isinstance(value, str) else value
        if not isinstance(table, dict) or not isinstance(table.get("form"), str):
            sources.blame(file, entry.id, language, f"a form is a string or has a `form`: {value!r}")
            continue
        text = table["form"]
        keys = {key: item for key, item in table.items() if key != "form"}
        for key, item in keys.items():
            if key not in FORM_KEYS:
                sources.blame(file, entry.id, language, f"unknown key {key}", form=text)
            elif not _fits(item, FORM_KEYS[key]):
                sources.blame(file, entry.id, language, f"{key} must be {FORM_KEYS[key]}", form=text)
        if text in ours or keys.get("off"):
            if text not in ours:
                sources.blame(file, entry.id, language, "is not there to switch off", form=text)
            entry.forms = [
                f for f in entry.forms if (f.language, f.text) != (language, text) or f.file == file
            ]
        if not keys.get("off"):
            entry.forms.append(FormSpec(text, language, file, keys))


def _fits(value: Any, shape: str) -> bool:
    return _SHAPES[shape](value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_SHAPES: dict[str, Callable[[Any], bool]] = {
    _TEXT: lambda value: isinstance(value, str),
    _FLAG: lambda value: isinstance(value, bool),
    _NUMBER: _is_number,
    _WEIGHT: lambda value: _is_number(value) and -1 <= value <= 1,
    _WORDS: _is_words,
    _PAIRS: lambda value: isinstance(value, list) and all(_is_words(it) and len(it) == 2 for it in value),
    _ALERT: lambda value: value in ("high", "low", "normal"),
    _EDGES: lambda value: value == "open",
}


def find_line(text: str, concept: str, key: str, form: str = "") -> int:
    """Find the line of a concept's key, or of a form in it; 0 if it is not there."""
    lines = text.splitlines()
    name = re.escape(concept)
    head = re.compile(rf'^\s*(\[+\s*"?{name}"?\s*\]|"?{name}"?\s*[.=])')
    first = next((number for number, line in enumerate(lines) if head.match(line)), -1)
    if first < 0:
        return 0
    found = first
    if key:
        opening = re.compile(rf'^\s*("?{name}"?\s*\.\s*)?{re.escape(key)}\s*=')
        found = next((n for n in range(first, len(lines)) if opening.match(lines[n])), first)
    if form:
        quoted = ('"' + form + '"', "'" + form + "'")
        found = next((n for n in range(found, len(lines)) if any(q in lines[n] for q in quoted)), found)
    return found + 1
