"""Load the lexicon, and read texts with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from models.errors import ConfigError
from models.lexicon.boilerplate import Boilerplate
from models.lexicon.checking import references
from models.lexicon.conditions import Conditions
from models.lexicon.entries import FALSE_FRIEND, Entry, Sources, read_sources
from models.lexicon.fold import Folded, compose, fold
from models.lexicon.forms import Literal, Shapes, compile_entry
from models.lexicon.hits import Place, best, hidden, hits
from models.lexicon.judge import Groups, Verdict, judge
from models.lexicon.language import Languages
from models.lexicon.pages import Candidate, Page, Pages
from models.lexicon.scan import Scanner
from models.lexicon.score import Scoring, Sum, add_up, explain
from models.lexicon.tags import tags
from models.values import Concept, ConceptId, Field, Reading

_CAPITALS = 8  # letters a title must have before its capitals mean shouting


def load(files: Mapping[str, str], *, own: Mapping[str, str] | None = None) -> Lexicon:
    """Compile the lexicon from TOML texts by file name, the user's laid over ours.

    Raises:
        ConfigError: a file cannot be used; names the file, the line and the key.
    """
    sources = read_sources(files, own or {})
    problems = sources.problems or references(sources)
    if problems:
        first = min(problems)
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise ConfigError(f"{first.file}:{first.line}", first.key, first.problem + more)
    return Lexicon(sources)


class Lexicon:
    """The compiled lexicon. `read` is all that the watch needs of it."""

    def __init__(self, sources: Sources) -> None:
        entries, rules = sources.entries, sources.rules
        score = rules["score"]
        self.entries: Mapping[str, Entry] = MappingProxyType(entries)
        self.rules: Mapping[str, Mapping[str, Any]] = MappingProxyType(rules)
        self._tones = dict(pair.split("=") for pair in rules["vietnamese"]["tones"])
        self._shapes = Shapes(tones=self._tones, gap=int(score["gap"]), gap_cjk=int(score["gap_cjk"]))
        self._scanner = Scanner(
            (literal for entry in entries.values() for literal in self.literals(entry)),
            _conditions(rules, self._tones),
            in_capitals=float(score["acronym_in_capitals"]),
        )
        self._groups = Groups(_memberships(entries, rules["groups"]), float(score["evidence"]))
        self._scoring = _scoring(score)
        self._leads = (int(score["lead_letters"]), int(score["lead_letters_han"]))
        self._boilerplate = Boilerplate(**rules["boilerplate"])
        words = {name: tuple(rules["language"][name]) for name in ("en", "fr", "de", "es")}
        self._languages = Languages(words, rules["letters"])
        self._implies = {name: entry.words("implies") for name, entry in entries.items()}
        self._derive = {
            name: tuple((pair[0], pair[1]) for pair in entry.keys["derive"])
            for name, entry in entries.items()
            if "derive" in entry.keys
        }
        self.concepts: Mapping[ConceptId, Concept] = MappingProxyType(
            {
                ConceptId(name): Concept(
                    id=ConceptId(name),
                    kind=entry.kind,
                    label=str(entry.keys.get("label", name)),
                    label_ko=str(entry.keys.get("label_ko", "")),
                )
                for name, entry in entries.items()
                if entry.kind != FALSE_FRIEND
            }
        )

    @cached_property
    def version(self) -> str:
        """A short hash of all the lexicon says; the same content has the same."""
        content = {
            "entries": {
                name: [
                    entry.keys,
                    sorted(
                        f"{form.language} {form.text} {sorted(form.keys.items())}" for form in entry.forms
                    ),
                ]
                for name, entry in self.entries.items()
            },
            "rules": dict(self.rules),
        }
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def label(self, concept: ConceptId, language: str = "en") -> str:
        """Name a concept for a reader; the id itself if the lexicon no longer has it."""
        known = self.concepts.get(concept)
        if known is None:
            return concept
        return (known.label_ko or known.label) if language.startswith("ko") else known.label

    def alert(self, concept: ConceptId) -> str:
        """Say how urgent a topic is: "high", "low" or "normal"."""
        entry = self.entries.get(concept)
        return str(entry.keys.get("alert", "normal")) if entry else "normal"

    def literals(self, entry: Entry) -> Iterator[Literal]:
        """Give what the scan looks for by the forms of a concept."""
        return compile_entry(entry, self._shapes)

    def settle(self, title: str, text: str, language: str | None) -> tuple[str, ...]:
        """Settle the language of a title and a text in NFC; several if it is a draw."""
        return self._languages.settle(title, text, language)

    def tones(self, settled: str) -> Mapping[str, str] | None:
        """Give how a language's tones are written, None where its letters lose their marks."""
        return self._tones if settled == "vi" else None

    def read(self, title: str, text: str, language: str | None = None) -> Reading:
        """Read a title and a text; offsets of the hits are code points of what was given."""
        composed = compose(title), compose(text)
        drawn = self.settle(composed[0].cased, composed[1].cased, language)
        pages = self._pages(*composed, self.tones(drawn[0]))  # a draw is of European languages
        found = self._find(pages, drawn)
        weighed = [
            self._weigh(pages, settled, candidates)
            for number, (settled, candidates) in enumerate(zip(drawn, found, strict=True))
            if found.index(candidates) == number  # who finds the same reads the same
        ]
        # "Nordkorea testet Raketen" has no small word to tell it by: the lexicon's own words do
        settled, verdicts, counted, total = max(weighed, key=lambda one: (one.total.score, len(one.counted)))
        told = hits(counted, pages)
        korea, terms, why = explain(total, self._scoring, pages)
        named = tags(terms, told, (title, text), implies=self._implies, derive=self._derive) if korea else ()
        return Reading(
            language=settled,
            korea=korea,
            score=total.score,
            concepts=named,
            hits=told,
            hidden=hidden(verdicts, counted, pages),
            terms=terms,
            why=why,
        )

    def _find(self, pages: Pages, drawn: tuple[str, ...]) -> list[list[Candidate]]:
        """Find the candidates of each language of a draw."""
        lead = self._leads[1] if drawn[0] in ("ja", "zh") else self._leads[0]
        title, text = (self._scanner.scan(page, drawn, lead=lead) for page in pages)
        return [above + below for above, below in zip(title, text, strict=True)]

    def _weigh(self, pages: Pages, settled: str, candidates: list[Candidate]) -> _Weighed:
        """Judge what a language finds, and add it up."""
        verdicts = judge(
            candidates, self._groups, decisive=self._scoring.decisive, anchor=self._scoring.anchor
        )
        return _Weighed(settled, verdicts, best(verdicts, pages), add_up(verdicts, self._scoring))

    def _pages(self, title: Folded, text: Folded, tones: Mapping[str, str] | None) -> Pages:
        """Fold and scan a title and a text in NFC."""
        top, below = fold(title.cased, tones), fold(text.cased, tones)
        headline = self._boilerplate.head(title.cased)
        cuts = self._boilerplate.cuts(text.cased)
        return Pages(
            Page(
                title,
                top,
                self._scanner.matches(top),
                "title",
                in_capitals=_in_capitals(top.cased),
                head=len(top.cased),
                cuts=((0, headline, "dateline"),) if headline else (),
            ),
            Page(
                text,
                below,
                self._scanner.matches(below),
                "lead",
                in_capitals=False,
                head=next((end for start, end, name in cuts if name == "dateline"), 0),
                cuts=cuts,
            ),
        )


class _Weighed(NamedTuple):
    """What one language finds, before it is told."""

    language: str
    verdicts: list[Verdict]
    counted: Mapping[Place, Verdict]
    total: Sum


def _conditions(rules: Mapping[str, Mapping[str, Any]], tones: Mapping[str, str]) -> Conditions:
    korean, score = rules["korean"], rules["score"]
    return Conditions(
        words={name: tuple(words) for name, words in rules["words"].items()},
        tones=tones,
        korean={name: tuple(korean[name]) for name in ("particles", "titles", "places", "prefixes")},
        max_particles=int(korean["max_particles"]),
        window=int(score["window"]),
        window_cjk=int(score["window_cjk"]),
    )


def _scoring(score: Mapping[str, Any]) -> Scoring:
    names = ["threshold", "anchor", "mention", "decisive", "weak", "weak_cap", "second_form"]
    factors: dict[Field, float] = {"title": score["title"], "lead": score["lead"], "body": score["body"]}
    return Scoring(
        **{name: float(score[name]) for name in names},
        second_kinds=frozenset(score["second_kinds"]),
        factors=factors,
        once={**factors, "body": float(score["once"])},
    )


def _memberships(entries: Mapping[str, Entry], groups: Mapping[str, list[str]]) -> dict[str, frozenset[str]]:
    """Map every concept to the groups it gives evidence for, its own id among them."""
    members: dict[str, frozenset[str]] = {}
    for name, entry in entries.items():
        mine = {name, *entry.words("groups")}
        mine |= {group for group, within in groups.items() if mine.intersection(within)}
        members[name] = frozenset(mine)
    return members


def _in_capitals(title: str) -> bool:
    return title.isupper() and " " in title and sum(map(str.isupper, title)) >= _CAPITALS
