"""Tell an editor what is wrong with the files, and what their own file changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from models.lexicon.entries import (
    CONDITIONS,
    FALSE_FRIEND,
    LANGUAGES,
    Entry,
    FormSpec,
    Problem,
    Sources,
    find_line,
    read_sources,
)
from models.lexicon.fold import fold_word
from models.lexicon.forms import choices
from models.lexicon.scripts import OTHER, script

_WELL_FORMED = re.compile(r"(?:[^(){}|]|\{n\}|\{\d+-\d+\}|\([^(){}]*\|[^(){}]*\))*")
_NEEDED = ("score", "korean", "vietnamese", "boilerplate", "groups", "words", "language", "letters")


def check(files: Mapping[str, str], own: Mapping[str, str] | None = None) -> list[Problem]:
    """List every mistake in the files, by file and line; [] if there is none."""
    sources = read_sources(files, own or {})
    found = [*sources.problems, *references(sources)]
    for entry in sources.entries.values():
        found += _duplicates(sources, entry)
        for spec in entry.forms:
            why = _never(spec)
            if why:
                found.append(_problem(sources, entry, spec, why))
        if not entry.forms:
            found.append(_at(sources, entry, "", "has no form in any language"))
        if entry.kind != FALSE_FRIEND and not entry.keys.get("label"):
            found.append(_at(sources, entry, "label", "is missing"))
    return sorted(set(found))


def references(sources: Sources) -> list[Problem]:
    """List what is named and does not exist: groups, concepts, word lists, rules."""
    found = [
        Problem(next(iter(sources.texts), "rules.toml"), 0, f"rules.{section}", "is missing")
        for section in _NEEDED
        if section not in sources.rules
    ]
    found += _malformed_rules(sources)
    lists = sources.rules.get("words", {})
    known = set(sources.entries) | set(sources.rules.get("groups", {}))
    for entry in sources.entries.values():
        known.update(entry.words("groups"))
    for group, members in sources.rules.get("groups", {}).items():
        found += [
            _in_rules(sources, f"groups.{group}", word, f"there is no concept or group {word!r}")
            for word in members
            if word not in known
        ]
    for entry in sources.entries.values():
        named = [("implies", word) for word in entry.words("implies")]
        named += [("derive", word) for pair in entry.keys.get("derive", ()) for word in pair]
        found += [
            _at(sources, entry, key, f"there is no concept {word!r}", word=word)
            for key, word in named
            if word not in sources.entries
        ]
        for spec in entry.forms:
            if not _WELL_FORMED.fullmatch(spec.text):
                found.append(
                    _problem(sources, entry, spec, "cannot be read: {n}, {5-20}, (a|b) are what there is")
                )
            found += [
                _problem(sources, entry, spec, f"{key}: there is no {word!r} to name")
                for key in CONDITIONS
                if key in spec.keys
                for word in spec.words(key)
                if not (word in known if key in ("needs", "unless") else word[:1] != "@" or word[1:] in lists)
            ]
    return found


def _malformed_rules(sources: Sources) -> Iterator[Problem]:
    """List expressions that do not compile and tones that are no pair."""
    for source in sources.rules.get("boilerplate", {}).get("dateline", ()):
        try:
            re.compile(source)
        except re.error as error:
            yield _in_rules(sources, "boilerplate.dateline", source, f"no regular expression: {error}")
    for pair in sources.rules.get("vietnamese", {}).get("tones", ()):
        if pair.count("=") != 1:
            yield _in_rules(sources, "vietnamese.tones", pair, f"is no pair like oá=óa: {pair}")


def _in_rules(sources: Sources, key: str, word: str, why: str) -> Problem:
    section, _, name = key.partition(".")
    file = next((file for file in reversed(list(sources.texts)) if word in sources.texts[file]), "rules.toml")
    line = find_line(sources.texts.get(file, ""), f"rules.{section}", name)
    return Problem(file, line, f"rules.{key}", why)


def diff(files: Mapping[str, str], own: Mapping[str, str]) -> list[str]:
    """Say line by line what the user's files change in ours."""
    before, after = read_sources(files, {}), read_sources(files, own)
    lines = [f"- {name}" for name in before.entries.keys() - after.entries.keys()]
    for name, entry in after.entries.items():
        old = before.entries.get(name)
        if old is None:
            lines.append(f"+ {name} ({entry.kind}, {len(entry.forms)} forms)")
            continue
        lines += _changes(f"{name}", old.keys, entry.keys)
        ours, theirs = _by_text(old), _by_text(entry)
        lines += [f"- {name}.{language}: {text}" for language, text in ours.keys() - theirs.keys()]
        for (language, text), keys in theirs.items():
            if (language, text) not in ours:
                lines.append(f"+ {name}.{language}: {text}{_told(keys)}")
            elif ours[language, text] != keys:
                lines.append(f"~ {name}.{language}: {text}{_told(keys)}")
    for section, table in after.rules.items():
        lines += _changes(f"rules.{section}", before.rules.get(section, {}), table)
    return sorted(lines, key=lambda line: (line[2:], line[0]))


def _changes(name: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for key in sorted(new):
        if old.get(key) != new[key]:
            yield f"~ {name}.{key}: {old.get(key, 'not set')} -> {new[key]}"


def _by_text(entry: Entry) -> dict[tuple[str, str], list[dict[str, object]]]:
    forms: dict[tuple[str, str], list[dict[str, object]]] = {}
    for spec in entry.forms:
        forms.setdefault((spec.language, spec.text), []).append(dict(spec.keys))
    return forms


def _told(keys: list[dict[str, object]]) -> str:
    return "".join(f" {key} = {value}" for table in keys for key, value in table.items())


def _duplicates(sources: Sources, entry: Entry) -> Iterator[Problem]:
    """A form twice in a concept; two with different conditions are two forms."""
    seen: dict[tuple[str, str, str], FormSpec] = {}
    for spec in entry.forms:
        key = (spec.language, fold_word(spec.text), repr(sorted(spec.keys.items())))
        if key in seen:
            yield _problem(sources, entry, spec, "is there twice")
        seen[key] = spec


def _never(spec: FormSpec) -> str:
    """Say why a form can never match; "" if it can."""
    texts = [fold_word(text).strip() for text in choices(spec.text)]
    if not any(any(script(char) != OTHER for char in text) for text in texts):
        return "has no letter that could match"
    if all(text[:1] in ("~", "…", "{", "") for text in texts):
        return "begins with a sign that stands for letters; it needs a letter first"
    for yes, no in (("next", "not_next"), ("prev", "not_prev"), ("near", "not_near")):
        wanted, barred = spec.words(yes), spec.words(no)
        if wanted and all(any(bar in want for bar in barred) for want in wanted):
            return f"can never match: {no} bars all of {yes}"
    if set(spec.words("needs")) & set(spec.words("unless")) == set(spec.words("needs")) != set():
        return "can never match: unless bars all that it needs"
    if spec.language not in LANGUAGES:
        return f"{spec.language} is no language of the lexicon"
    return ""


def _problem(sources: Sources, entry: Entry, spec: FormSpec, why: str) -> Problem:
    holder = Sources(sources.texts)
    holder.blame(spec.file, entry.id, spec.language, why, form=spec.text)
    return holder.problems[0]


def _at(sources: Sources, entry: Entry, key: str, why: str, *, word: str = "") -> Problem:
    """Blame the file that said the word last; the user's come after ours."""
    holder = Sources(sources.texts)
    file = next((name for name in reversed(entry.files) if word in sources.texts[name]), entry.file)
    holder.blame(file, entry.id, key, why)
    return holder.problems[0]
