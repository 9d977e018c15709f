"""Sentences that look like the peninsula and are not, and the other way round.

`data/traps.jsonl` holds some 130 to 220 in each of nine languages, our own, nearly
all of them written before it was seen how they are read: {"lang", "text",
"expect"}, an empty `expect` for a sentence that is not about Korea. Those that
were once read wrong are among them.
"""

import json
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from models.lexicon import Lexicon, load

SEEDS = Path(__file__).parents[1] / "seeds" / "lexicon"
DATA = Path(__file__).parent / "data" / "traps.jsonl"
LANGUAGES = ("en", "ko", "ja", "zh", "vi", "ru", "fr", "de", "es")


class Trap(NamedTuple):
    """A sentence, and the concepts a reader would expect to see."""

    lang: str
    text: str
    expect: list[str]


TRAPS = [Trap(**json.loads(line)) for line in DATA.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load({path.name: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.toml")})


def test_every_language_has_its_traps(lexicon: Lexicon) -> None:
    for language in LANGUAGES:
        mine = [trap for trap in TRAPS if trap.lang == language]
        about = sum(bool(trap.expect) for trap in mine)
        assert len(mine) >= 120
        assert 0.5 <= about / len(mine) <= 0.7
    assert len({trap.text for trap in TRAPS}) == len(TRAPS)
    assert {name for trap in TRAPS for name in trap.expect} <= set(lexicon.concepts)


def test_every_concept_and_every_false_friend_is_met(lexicon: Lexicon) -> None:
    told = {name for trap in TRAPS for name in trap.expect}
    assert set(lexicon.concepts) - told == {"baonghean", "us-iran-strikes-2019"}  # credits and strips only
    met = set()
    for trap in TRAPS:
        reading = lexicon.read(trap.text, "", trap.lang)
        met |= {
            hidden.because.split()[2].rstrip(":")
            for hidden in reading.hidden
            if "false friend" in hidden.because
        }
        met |= {term.concept for term in reading.terms if term.note == "false friend"}
    named = {
        name
        for path in SEEDS.glob("*.toml")
        for name in tomllib.loads(path.read_text("utf-8"))
        if name[:3] == "ff-"
    }
    # these hide nothing: other forms name them in `unless`
    assert named - met == {"ff-abroad", "ff-asahi", "ff-communist-party", "ff-ru-rk"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_of_this_language_is_not_fooled(lexicon: Lexicon, language: str) -> None:
    wrong = []
    for trap in (trap for trap in TRAPS if trap.lang == language):
        reading = lexicon.read(trap.text, "", language)
        missing = set(trap.expect) - set(reading.concepts)
        if reading.korea is not bool(trap.expect) or missing:
            wrong.append((trap.text, sorted(missing), reading.why))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_feed_without_a_language_is_read_all_the_same(lexicon: Lexicon, language: str) -> None:
    wrong = []
    for trap in (trap for trap in TRAPS if trap.lang == language):
        reading = lexicon.read(trap.text, "")
        if reading.korea is not bool(trap.expect):
            wrong.append((trap.text, reading.language, reading.why))
    assert wrong == []
