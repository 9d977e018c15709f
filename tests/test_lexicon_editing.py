"""What a desk editor does with the lexicon: add, override, switch off, and check."""

from pathlib import Path

import pytest

from models.errors import ConfigError
from models.lexicon import Lexicon, check, diff, load
from models.values import ConceptId, Reading

SEEDS = Path(__file__).parents[1] / "seeds" / "lexicon"
FILES = {path.name: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.toml"))}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load(FILES)


def found(reading: Reading) -> set[str]:
    return {hit.concept for hit in reading.hits}


@pytest.mark.parametrize(
    ("line", "title", "language"),
    [
        ('north-korea.ko = ["북녘"]', "북녘에서는 벌써 눈이 내렸다", "ko"),
        ('north-korea.zh = ["鸭绿江对岸"]', "从鸭绿江对岸传来的歌声", "zh"),
        ('north-korea.any = ["Chosŏn-minjujuŭi"]', "A Choson minjujuui stamp was sold", "en"),
    ],
)
def test_adding_a_form_takes_one_line(lexicon: Lexicon, line: str, title: str, language: str) -> None:
    assert not lexicon.read(title, "", language).korea
    assert load(FILES, own={"mine.toml": line}).read(title, "", language).korea


def test_a_user_adds_a_concept_and_switches_ours_off(lexicon: Lexicon) -> None:
    own = {
        "desk.toml": """
        off-topic.label = "Our own beat"
        off-topic.label_ko = "담당 분야"
        off-topic.groups = ["dprk"]
        off-topic.en = ["Juche architecture", { form = "wonsan beach", weight = 0.3 }]
        tourism.off = true
        north-korea.en = [{ form = "NoKo", off = true }, { form = "hermit kingdom", weight = 0.2 }]
        rules.score.threshold = 0.9
        """
    }
    theirs, changes = load(FILES, own=own), diff(FILES, own)
    assert "off-topic" in found(theirs.read("Juche architecture in Pyongyang", "", "en"))
    assert theirs.label(ConceptId("off-topic"), "ko") == "담당 분야"
    assert "tourism" not in found(theirs.read("Tourism in Pyongyang", "", "en"))
    assert theirs.read("NoKo again", "", "en").hits == ()
    assert not theirs.read("South Korea votes", "", "en").korea
    assert theirs.version != lexicon.version
    assert {line[0] for line in changes} == {"+", "-", "~"}
    assert "- north-korea.en: NoKo" in changes
    assert "~ rules.score.threshold: 0.8 -> 0.9" in changes


def test_our_own_files_have_no_mistake() -> None:
    assert [str(problem) for problem in check(FILES)] == []


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        ('[paektu]\nko = ["백두\n', 2, "TOML", "cannot be read"),
        ('[paektu]\nweigth = 1.0\nko = ["삼지연읍"]', 2, "paektu.weigth", "unknown key"),
        ('[paektu]\n\nko = [\n  { form = "삼지연읍", wieght = 0.2 },\n]', 4, "paektu.ko", "key wieght"),
        ('[paektu]\nko = [{ form = "삼지연읍", needs = ["nowhere"] }]', 2, "paektu.ko", "needs: there is no"),
        ('[paektu]\nimplies = ["moon-base"]\nko = ["삼지연읍"]', 2, "paektu.implies", "there is no concept"),
        ('[paektu]\nko = [{ form = "삼지연읍", next = ["@nolist"] }]', 2, "paektu.ko", "next: there is no"),
        ('[paektu]\nko = ["삼지연읍", "삼지연읍"]', 2, "paektu.ko", "is there twice"),
        ('[paektu]\nko = ["~·"]', 2, "paektu.ko", "has no letter"),
        ('[paektu]\nen = ["~peak"]', 2, "paektu.en", "needs a letter first"),
        (
            '[paektu]\nko = [{ form = "삼지연읍", next = ["눈"], not_next = ["눈"] }]',
            2,
            "paektu.ko",
            "can never match: not_next bars all of next",
        ),
        ('[paektu]\nko = ["삼지연 {x}호"]', 2, "paektu.ko", "cannot be read"),
        ('[paektu]\nko = ["삼지연 (읍"]', 2, "paektu.ko", "cannot be read"),
        ('[rules.boilerplate]\ndateline = ["(["]', 2, "rules.boilerplate.dateline", "no regular expression"),
        ('[rules.vietnamese]\ntones = ["oá"]', 2, "rules.vietnamese.tones", "is no pair"),
        ('[brand-new]\nlabel = "New"\nkind = "mood"\nko = ["새것"]', 3, "brand-new.kind", "must be one of"),
        ('[brand-new]\nko = ["새것"]', 1, "brand-new.label", "is missing"),
        ("rules.score.treshold = 1", 1, "rules.score.treshold", "unknown key"),
        ('[rules.groups]\nkorea = "dprk"', 2, "rules.groups.korea", "must be a list of strings"),
        ('[rules.groups]\nmine = [\n"nowhere"]', 2, "rules.groups.mine", "no concept or group 'nowhere'"),
        ("[north-corea]\noff = true", 2, "north-corea.off", "no such concept to switch off"),
        ('north-korea.en = [{ form = "NoCo", off = true }]', 1, "north-korea.en", "not there to switch off"),
        ('paektu.ko = [{ form = "삼지연읍", edges = "opne" }]', 1, "paektu.ko", 'edges must be "open"'),
        ('[tourism]\nalert = "hihg"', 2, "tourism.alert", 'must be "high", "low" or "normal"'),
        ("# mine\n[[concept]]\nid = 'x'", 2, "concept", "a concept is a table of languages"),
        ("[tourism]\nweight = 7", 2, "tourism.weight", "must be a number from -1 to 1"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_and_key(text: str, line: int, key: str, words: str) -> None:
    problems = check(FILES, {"desk.toml": text})
    assert [(p.file, p.line, p.key) for p in problems if words in p.problem] == [("desk.toml", line, key)]


@pytest.mark.parametrize("off", ["kim-jong-un", "usa", "iaea"])
def test_a_concept_that_others_name_can_be_switched_off(lexicon: Lexicon, off: str) -> None:
    own = {"desk.toml": f"{off}.off = true"}
    assert check(FILES, own) == []
    title = "Kim Jong Un meets Trump in Pyongyang as IAEA inspectors return to North Korea, US says"
    assert off not in found(load(FILES, own=own).read(title, "", "en"))
    assert off in found(lexicon.read(title, "", "en"))


def test_loading_a_wrong_file_stops_with_its_name_line_and_key() -> None:
    with pytest.raises(ConfigError) as stopped:
        load(FILES, own={"desk.toml": 'paektu.ko = [{ form = "삼지연", weight = "heavy" }]'})
    assert str(stopped.value).startswith("desk.toml:1: paektu.ko: weight must be a number")


def test_the_version_changes_with_the_words_and_only_with_them(lexicon: Lexicon) -> None:
    assert load(FILES, own={"empty.toml": "# nothing yet\n"}).version == lexicon.version
    assert load(FILES, own={"one.toml": 'north-korea.ko = ["북녘"]'}).version != lexicon.version
