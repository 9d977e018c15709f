"""The lexicon, as an analyst meets it."""

from pathlib import Path

import pytest

from models.lexicon import Lexicon, check, load

SEEDS = Path(__file__).parents[1] / "seeds" / "lexicon"
FILES = {path.name: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.toml"))}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load(FILES)


def test_a_korean_particle_does_not_hide_the_north(lexicon: Lexicon) -> None:
    reading = lexicon.read("북한에서는 모내기가 한창이다", "")
    assert reading.korea
    assert [(hit.concept, hit.form, hit.start, hit.end) for hit in reading.hits] == [
        ("north-korea", "북한", 0, 2)
    ]


def test_our_own_files_have_no_mistake() -> None:
    assert check(FILES) == []
