"""What holds of every text, whatever a feed sends."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.lexicon import Lexicon, load
from models.lexicon.fold import compose, fold, fold_word
from models.values import Hidden, Hit, Reading

SEEDS = Path(__file__).parents[1] / "seeds" / "lexicon"
LEXICON = load({path.name: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.toml")})

CHARACTERS = st.one_of(st.characters(), st.integers(0xD800, 0xDFFF).map(chr))
ANY_TEXT = st.text(CHARACTERS, max_size=60)
LANGUAGE = st.sampled_from([None, "ko", "en", "ja", "zh", "vi", "ru", "fr", "de", "es", "pt", "en-US"])

# Words of the lexicon in nine languages, and words that stand beside them in print.
WORDS = st.sampled_from(
    [
        "북한에서는",
        "김정은위원장은",
        "한·미",
        "북ㆍ미 실무협상",
        "北",
        "거북한",
        "화성-18형",
        "北朝鮮",
        "キム・ヨジョン",
        "日朝首脳会談",
        "朝鲜半岛",
        "韓國總統",
        "金与正",
        "Triều Tiên",
        "phi hạt nhân hoá",
        "Mỹ - Triều",
        "Пхеньяне",
        "Северной Кореи",
        "Цой Сон Хи",
        "ядерное испытание",
        "Séoul",
        "Corée du Nord",
        "Pjöngjang",
        "Südkoreas",
        "Seúl",
        "Kim Jong-un's",
        "U.S.",
        "#NorthKorea",
        "Kaesŏng",
        "ＤＰＲＫ",
        "ﾋﾟｮﾝﾔﾝ",
        "said",
        "on Monday",
        "발표했다",
        "のに",
        "、",
        "。",
        ".",
        "\n\n",
        "--",
        "(서울=연합뉴스)",
        "Photo: KCNA",
    ]
)
NEWS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
INVISIBLE = st.sampled_from(["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e"])


def told(reading: Reading) -> tuple[object, ...]:
    """What must not change when only the encoding of the text does."""
    hits = [(hit.concept, fold_word(hit.form), hit.field, hit.weight, hit.because) for hit in reading.hits]
    return reading.language, reading.korea, reading.score, reading.concepts, hits


@given(ANY_TEXT, st.sampled_from([None, {"oá": "óa"}]))
def test_folding_takes_any_text_and_leads_back_into_it(text: str, tones: dict[str, str] | None) -> None:
    folded = fold(text, tones)
    assert len(folded.cased) == len(folded.lower)
    for position in range(len(folded.cased)):
        start, end = folded.span(position, position + 1)
        assert 0 <= start <= end <= len(text)
        if position:
            assert folded.span(position - 1, position)[0] <= start


@given(ANY_TEXT, ANY_TEXT, LANGUAGE)
@settings(max_examples=150, deadline=None)
def test_reading_never_fails(title: str, text: str, language: str | None) -> None:
    reading = LEXICON.read(title, text, language)
    assert reading.why
    assert reading.score >= 0


@given(NEWS, NEWS, ANY_TEXT, LANGUAGE)
@settings(max_examples=150, deadline=None)
def test_offsets_point_at_the_words_that_matched(
    title: str, text: str, noise: str, language: str | None
) -> None:
    title, text = noise + " " + title, noise + " " + text
    reading = LEXICON.read(title, text, language)
    matches: tuple[Hit | Hidden, ...] = (*reading.hits, *reading.hidden)
    for found in matches:
        whole = title if found.field == "title" else text
        assert whole[found.start : found.end] == found.form
        assert fold_word(found.form).strip()


@given(NEWS, NEWS, LANGUAGE)
@settings(max_examples=150, deadline=None)
def test_composed_and_decomposed_text_read_the_same(title: str, text: str, language: str | None) -> None:
    composed, decomposed = (
        LEXICON.read(unicodedata.normalize(form, title), unicodedata.normalize(form, text), language)
        for form in ("NFC", "NFD")
    )
    assert told(composed) == told(decomposed)


@given(NEWS, NEWS, LANGUAGE, st.data())
@settings(max_examples=150, deadline=None)
def test_characters_without_width_change_nothing(
    title: str, text: str, language: str | None, data: st.DataObject
) -> None:
    def scatter(whole: str) -> str:
        places = data.draw(st.sets(st.integers(0, len(whole)), max_size=6))
        return "".join(
            (data.draw(INVISIBLE) if place in places else "") + char
            for place, char in enumerate(whole + "\n")
        )[:-1]

    assert told(LEXICON.read(scatter(title), scatter(text), language)) == told(
        LEXICON.read(title, text, language)
    )


@given(NEWS, NEWS, LANGUAGE)
@settings(max_examples=100, deadline=None)
def test_the_sum_is_what_its_lines_say(title: str, text: str, language: str | None) -> None:
    reading = LEXICON.read(title, text, language)
    decisive = sum(term.value for term in reading.terms if term.weight >= 0.9)
    others = sum(term.value for term in reading.terms if term.weight < 0.9)
    assert reading.score == pytest.approx(decisive + max(0, others), abs=0.002)


@given(ANY_TEXT)
def test_composing_twice_is_composing_once(text: str) -> None:
    once = compose(text).cased
    assert compose(once).cased == once


def test_the_lexicon_is_the_same_however_its_files_are_ordered() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.toml")}
    backwards = dict(sorted(files.items(), reverse=True))
    assert isinstance(LEXICON, Lexicon)
    assert load(backwards).version == LEXICON.version
