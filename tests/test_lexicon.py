"""The lexicon, as an analyst and a desk editor meet it."""

from pathlib import Path

import pytest

from models.lexicon import Lexicon, load
from models.lexicon.entries import FALSE_FRIEND, LANGUAGES, read_sources
from models.sources import read_seed
from models.values import ConceptId, Reading

SEEDS = Path(__file__).parents[1] / "seeds" / "lexicon"
FILES = {path.name: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.toml"))}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load(FILES)


def found(reading: Reading) -> set[str]:
    return {hit.concept for hit in reading.hits}


def reasons(reading: Reading, form: str) -> list[str]:
    return [hidden.because for hidden in reading.hidden if hidden.form == form]


# --- the promise ----------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ko", "북한에서는 모내기가 한창이다"),
        ("en", "North Korea's rice is being planted"),
        ("ja", "北朝鮮で田植えが最盛期"),
        ("zh", "朝鲜正忙于插秧"),
        ("zh", "北韓正忙於插秧"),
        ("vi", "Triều Tiên vào mùa cấy lúa"),
        ("ru", "В Северной Корее сажают рис"),
        ("fr", "La Corée du Nord plante son riz"),
        ("de", "Nordkoreas Bauern pflanzen Reis"),
        ("es", "Corea del Norte siembra el arroz"),
    ],
)
def test_one_story_is_one_tag_in_every_language(lexicon: Lexicon, language: str, title: str) -> None:
    reading = lexicon.read(title, "", language)
    assert reading.korea
    assert reading.concepts[0] == "north-korea"


def test_a_hit_says_where_it_stands_and_why_it_counts(lexicon: Lexicon) -> None:
    title = "Envoy says the North must answer, as South Korea waits"
    reading = lexicon.read(title, "", "en")
    north = next(hit for hit in reading.hits if hit.concept == "north-korea")
    assert (title[north.start : north.end], north.field, north.weight) == ("the North", "title", 0.4)
    assert north.because == "with South Korea~"


def test_a_silence_says_what_was_missing(lexicon: Lexicon) -> None:
    reading = lexicon.read("속이 거북한 날에는 북한산에 오른다", "", "ko")
    assert not reading.korea
    assert reading.concepts == ()
    assert "false friend ff-ko-geobukhan: 거북한" in reasons(reading, "북한")
    assert any("ff-ko-mountain-river" in reason for reason in reasons(reading, "북한"))
    assert "no word of the lexicon counts" in reading.why
    weak = lexicon.read("New sanctions after the summit on ballistic missiles", "", "en")
    assert "one word that names a Korea would be needed" in weak.why


def test_labels_are_in_english_and_korean(lexicon: Lexicon) -> None:
    assert lexicon.label(ConceptId("kim-jong-un")) == "Kim Jong Un"
    assert lexicon.label(ConceptId("kim-jong-un"), "ko") == "김정은"
    assert lexicon.label(ConceptId("gone-since"), "ko") == "gone-since"
    assert all(concept.label and concept.label_ko for concept in lexicon.concepts.values())
    assert len(lexicon.concepts) >= 216


def test_every_concept_can_be_named_in_every_language() -> None:
    for concept, entry in read_sources(FILES, {}).entries.items():
        written = {form.language for form in entry.forms}
        if entry.kind != FALSE_FRIEND and "any" not in written and concept != "us-iran-strikes-2019":
            assert written >= set(LANGUAGES) - {"any"}, concept


# --- 1. normalising ---------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "북·미 실무협상이 열린다",
        "북ㆍ미 실무협상이 열린다",  # U+318D, how newsrooms type the dot
        "북ᆞ미 실무협상이 열린다",  # U+119E, what NFKC has made of it in older archives
        "북・미 실무협상이 열린다",
        "북•미 실무협상이 열린다",
    ],
)
def test_the_korean_dot_is_read_in_every_coding(lexicon: Lexicon, title: str) -> None:
    assert "us-dprk-talks" in found(lexicon.read(title, "", "ko"))


def test_compatibility_ideographs_are_the_characters_they_look_like(lexicon: Lexicon) -> None:
    reading = lexicon.read("\uf963, 동해상으로 발사체", "", "ko")  # U+F963 is 北, out of an EUC-KR table
    assert reading.hits[0].concept == "north-korea"
    assert reading.hits[0].form == "\uf963"


def test_half_width_katakana_and_full_width_latin_are_read(lexicon: Lexicon) -> None:
    reading = lexicon.read("ｷﾑｼﾞｮﾝｳﾝ氏、ＤＰＲＫの首都へ", "", "ja")
    assert [(hit.form, hit.start, hit.end) for hit in reading.hits][:2] == [
        ("ｷﾑｼﾞｮﾝｳﾝ", 0, 8),
        ("ＤＰＲＫ", 10, 14),
    ]


def test_vietnamese_keeps_its_tones_and_folds_where_they_stand(lexicon: Lexicon) -> None:
    assert "denuclearization" in found(lexicon.read("Bình Nhưỡng bàn về phi hạt nhân hoá", "", "vi"))
    assert "denuclearization" in found(lexicon.read("Bình Nhưỡng bàn về phi hạt nhân hóa", "", "vi"))
    assert not lexicon.read("Trieu tien mat oan vi lua dao qua mang", "", "vi").korea  # triệu tiền, a million


def test_capitals_tell_a_country_from_a_word(lexicon: Lexicon) -> None:
    assert "usa" in found(lexicon.read("US envoy flies to Pyongyang", "", "en"))
    assert "usa" not in found(lexicon.read("Pyongyang told us to wait", "", "en"))
    assert "south-korea" not in found(lexicon.read("V rok 2026 slavíme", "", "cs"))


def test_a_shouting_headline_is_read_like_a_quiet_one(lexicon: Lexicon) -> None:
    reading = lexicon.read("KOREA AND YOON FACE US TARIFFS AS SOUTH KOREA VOTES", "", "en")
    assert {"south-korea", "usa"} <= found(reading)
    assert next(hit.weight for hit in reading.hits if hit.form == "US") == pytest.approx(0.05)


def test_a_hashtag_is_several_words(lexicon: Lexicon) -> None:
    reading = lexicon.read("Flights grounded again #NorthKorea #KimJongUn", "", "en")
    assert {"north-korea", "kim-jong-un"} <= found(reading)
    assert "#NorthKorea"[1:] in {hit.form for hit in reading.hits}


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Budget passes", "SEOUL, March 3 (Yonhap) -- The British parliament passed a budget."),
        ("예산안 통과", "(서울=연합뉴스) 홍길동 기자 = 영국 의회가 예산안을 통과시켰다."),
        ("Budget passes", "The vote was close.\nPhoto: KCNA\nThe minister smiled."),
        ("Budget passes", "The vote was close.\nYou May Also Like\nNorth Korea fires missile\nPyongyang"),
    ],
)
def test_datelines_credits_and_link_strips_are_no_evidence(lexicon: Lexicon, title: str, text: str) -> None:
    reading = lexicon.read(title, text)
    assert not reading.korea
    assert any(hidden.because.startswith("in a ") for hidden in reading.hidden)


def test_an_article_goes_on_behind_a_link_in_its_middle(lexicon: Lexicon) -> None:
    text = "Le sommet est annulé.\nLire aussi : notre dossier\nPyongyang accuse Séoul. Pyongyang menace."
    assert lexicon.read("Sommet annulé", text, "fr").korea


# --- 2. matching ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["Kim Jong-un", "Kim Jong Un", "Kim Jongun", "Kim Jong‑un", "KIM JONG-UN"])
def test_a_name_is_one_name_with_or_without_its_hyphen(lexicon: Lexicon, name: str) -> None:
    assert "kim-jong-un" in found(lexicon.read(f"{name} opens a resort", "", "en"))


def test_one_letter_makes_another_country(lexicon: Lexicon) -> None:
    assert not lexicon.read("КНР и РФ подписали договор", "", "ru").korea  # China, not КНДР
    assert not lexicon.read("La RDC signe un accord", "", "fr").korea  # Congo, not RPDC


def test_katakana_borders_katakana(lexicon: Lexicon) -> None:
    assert "seoul" in found(lexicon.read("ソウルで首脳会談", "", "ja"))
    assert "seoul" not in found(lexicon.read("ソウルフードの名店", "", "ja"))


@pytest.mark.parametrize(
    ("title", "is_north"),
    [
        ("북한에서는", True),  # two particles
        ("북한이란 나라", True),  # 이란 is a particle here, not Iran
        ("대북한 정책", True),  # a prefix that countries take
        ("속이 거북한 사람", False),
        ("착한북한김밥", False),  # inside a word of its own
    ],
)
def test_hangul_words_end_where_korean_says_so(lexicon: Lexicon, title: str, *, is_north: bool) -> None:
    reading = lexicon.read(title, "", "ko")
    assert ("north-korea" in found(reading)) is is_north
    assert "iran" not in found(reading)


def test_a_name_takes_its_title_without_a_space(lexicon: Lexicon) -> None:
    assert "kim-jong-un" in found(lexicon.read("김정은국무위원장이 방중했다", "", "ko"))
    assert "kim-yo-jong" in found(lexicon.read("김여정부부장의 담화", "", "ko"))


def test_a_weapon_is_told_from_a_wave_by_its_hyphen(lexicon: Lexicon) -> None:
    assert "hwasal-haeil" in found(lexicon.read("수중 드론 해일-2 시험", "", "ko"))
    assert "hwasal-haeil" not in found(lexicon.read("해일 2m 예보에 대피", "", "ko"))


def test_russian_prints_yo_as_ye(lexicon: Lexicon) -> None:
    assert {"yongbyon"} == found(lexicon.read("Реактор в Йонбёне", "", "ru"))
    assert {"yongbyon"} == found(lexicon.read("Реактор в Йонбене", "", "ru"))


def test_a_space_is_not_a_dot(lexicon: Lexicon) -> None:
    assert "japan-korea" in found(lexicon.read("한·일 정상이 만난다", "", "ko"))
    assert "japan-korea" not in found(lexicon.read("내가 한 일 정리해 보기", "", "ko"))  # what I did


def test_two_han_characters_need_a_clean_start_or_a_relation_word(lexicon: Lexicon) -> None:
    assert "japan-korea" in found(lexicon.read("日朝、極秘に接触", "", "ja"))
    assert "japan-korea" in found(lexicon.read("政府が日朝首脳会談を模索", "", "ja"))
    assert "japan-korea" not in found(lexicon.read("12日朝の冷え込み", "", "ja"))
    assert "us-dprk-talks" not in found(lexicon.read("桂米朝の名演", "", "ja"))


def test_a_compound_may_hold_the_word_its_form_asks_for(lexicon: Lexicon) -> None:
    assert "china-dprk" in found(lexicon.read("조중친선을 다짐했다", "", "ko"))
    assert "rason" in found(lexicon.read("나선경제무역지대를 찾은 관광객", "", "ko"))
    assert "rason" not in found(lexicon.read("나선형계단을 오르면", "", "ko"))


def test_german_names_and_acronyms_take_an_s(lexicon: Lexicon) -> None:
    genitives = lexicon.read("Choe Son Huis Reise, Yongbyons Reaktor, Trumps Brief", "", "de")
    assert {"choe-son-hui", "yongbyon", "donald-trump"} <= found(genitives)
    assert "icbm" in found(lexicon.read("Pyongyang shows new ICBMs", "", "en"))
    assert "donald-trump" not in found(lexicon.read("Pyongyang trumps Washington", "", "en"))


def test_a_bare_surname_is_nobody_with_a_given_name_behind_it(lexicon: Lexicon) -> None:
    assert "kim-jong-un" in found(lexicon.read("Lawrow trifft Kim in Pjöngjang", "", "de"))
    assert "kim-jong-un" not in found(lexicon.read("Lawrow trifft Kim Yong Chol in Pjöngjang", "", "de"))


def test_a_form_of_two_scripts_is_read_script_by_script() -> None:
    own = {"desk.toml": 'russia.ko = [{ form = "(러샤|露西亞)" }]'}
    theirs = load(FILES, own=own)
    assert "russia" in found(theirs.read("러샤와 북한", "", "ko"))
    assert "russia" in found(theirs.read("露西亞와 북한", "", "ko"))
    assert "russia" not in found(theirs.read("露西亞與朝鮮", "", "zh"))


def test_a_gap_may_end_in_any_script() -> None:
    theirs = load(FILES, own={"desk.toml": 'sanctions-evasion.ja = ["輸出…ごまかし"]'})
    assert "sanctions-evasion" in found(theirs.read("北朝鮮、石炭輸出量のごまかしか", "", "ja"))


def test_the_longest_word_wins(lexicon: Lexicon) -> None:
    reading = lexicon.read("朝鮮日報が伝えた", "", "ja")
    assert found(reading) == {"chosun-ilbo"}
    reading = lexicon.read("Un missile tombe en mer du Japon, dit Séoul", "", "fr")
    assert {"east-sea", "seoul"} <= found(reading)
    assert "japan" not in found(reading)


def test_a_longer_form_keeps_the_country_it_names(lexicon: Lexicon) -> None:
    reading = lexicon.read("North Korean defectors speak in Geneva", "", "en")
    assert {"refugees-defectors", "north-korea"} <= found(reading)


def test_at_equal_length_the_concept_beats_the_false_friend(lexicon: Lexicon) -> None:
    assert "north-korea" in found(lexicon.read("북한산 석탄 밀반입 적발", "", "ko"))
    assert "north-korea" not in found(lexicon.read("북한산 둘레길 인파", "", "ko"))


def test_the_words_around_decide_between_namesakes(lexicon: Lexicon) -> None:
    assert "kim-song" in found(lexicon.read("Ambassador Kim Song of North Korea left", "", "en"))
    assert "kim-song" not in found(lexicon.read("金星凌日引来天文爱好者", "", "zh"))
    assert not lexicon.read("배우 김정은, 새 드라마 주연", "", "ko").korea


def test_a_form_that_needs_company_gets_it_from_the_article(lexicon: Lexicon) -> None:
    alone = lexicon.read("Elton sings Rocket Man", "", "en")
    beside = lexicon.read("Rocket Man meets his match", "Pyongyang answered at once. Pyongyang fumes.", "en")
    assert "kim-jong-un" not in found(alone)
    assert "kim-jong-un" in found(beside)


def test_conditional_forms_do_not_prove_each_other(lexicon: Lexicon) -> None:
    assert lexicon.read("The North answers the South in the DMZ", "", "en").hits == ()


def test_a_ballot_is_korean_unless_another_country_is_named(lexicon: Lexicon) -> None:
    assert lexicon.read("투표용지 부족 사태, 선거인 항의", "", "ko").korea
    assert not lexicon.read("대만 총선 투표용지 부족 사태", "", "ko").korea
    assert not lexicon.read(
        "프랑스 총선 투표용지 부족 사태", "", "ko"
    ).korea  # weighs nothing, bars all the same


# --- 3. scoring -------------------------------------------------------------------


def test_light_words_never_add_up_to_korea(lexicon: Lexicon) -> None:
    title = "Summit on sanctions, ballistic missiles, nuclear weapons, cyber attacks and human rights"
    reading = lexicon.read(title, "", "en")
    assert not reading.korea
    assert reading.score <= 0.4


def test_nothing_offsets_decisive_evidence(lexicon: Lexicon) -> None:
    assert lexicon.read("North Korea jails teenagers over K-pop", "", "en").score == 1.0
    assert not lexicon.read("South Korea's K-pop idols top the album chart", "", "en").korea


def test_a_hint_stays_beside_the_topic_of_the_same_words(lexicon: Lexicon) -> None:
    match = lexicon.read("South Korea draw Mexico at the World Cup", "", "en")
    trial = lexicon.read("North Korea executes fan for watching the World Cup", "", "en")
    assert not match.korea
    assert trial.korea
    assert "culture-sport" in trial.concepts


def test_a_hint_far_down_takes_less_than_one_in_the_title(lexicon: Lexicon) -> None:
    filler = "The committee met again and adjourned. " * 20
    title = "South Korea's lawmaker walks out"
    near = lexicon.read(f"{title} of a recipe contest", "", "en")
    far = lexicon.read(title, filler + "A recipe contest followed.", "en")
    assert near.score < far.score < lexicon.read(title, filler, "en").score


def test_a_title_counts_more_than_a_lead_and_a_lead_more_than_the_rest(lexicon: Lexicon) -> None:
    filler = "The committee met again and adjourned. " * 20
    scores = [
        lexicon.read("South Korea votes", "", "en").score,
        lexicon.read("Votes", "South Korea votes.", "en").score,
        lexicon.read("Votes", filler + "South Korea votes. South Korea waits.", "en").score,
        lexicon.read("Votes", filler + "South Korea votes.", "en").score,
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_a_broader_tag_and_a_relation_follow(lexicon: Lexicon) -> None:
    reading = lexicon.read("Lavrov lands in Pyongyang from Moscow", "", "en")
    assert "north-korea" in reading.concepts  # implied by the capital
    assert "russia-dprk" in reading.concepts  # both in one sentence
    apart = lexicon.read(
        "Pyongyang celebrates", "A parade was held in Pyongyang. Snow fell over Moscow.", "en"
    )
    assert "russia-dprk" not in apart.concepts


def test_an_article_that_is_not_about_korea_gets_no_tag(lexicon: Lexicon) -> None:
    reading = lexicon.read("White House weighs tariffs", "", "en")
    assert reading.hits
    assert reading.concepts == ()


# --- 4. languages ------------------------------------------------------------------


def test_a_feed_that_declares_the_wrong_language_is_read_all_the_same(lexicon: Lexicon) -> None:
    reading = lexicon.read("북한, 동해상으로 미사일 발사", "", "en-US")  # a template's default
    assert reading.language == "ko"
    assert reading.korea


def test_mixed_texts_are_read_script_by_script(lexicon: Lexicon) -> None:
    reading = lexicon.read("Essay: what 북한 means to me", "Пхеньян and 平壌 are one city.", "en")
    assert {"north-korea", "pyongyang"} <= found(reading)
    assert {hit.form for hit in reading.hits if hit.concept == "pyongyang"} == {"Пхеньян", "平壌"}


def test_north_in_a_korean_headline_is_not_north_in_a_chinese_one(lexicon: Lexicon) -> None:
    assert lexicon.read("北, 또 발사", "", "ko").korea
    assert not lexicon.read("北方多地迎来降温", "", "zh").korea


# --- 5. whole articles -----------------------------------------------------------------


def test_the_first_articles_are_read_with_all_they_name_and_nothing_else(lexicon: Lexicon) -> None:
    """The two briefs that ship: names, places, weapons, topics; no strip, no photo credit."""
    named = {}
    for file in sorted((SEEDS.parent / "articles").iterdir()):
        (item,) = read_seed(file.name, file.read_bytes()).items
        reading = lexicon.read(item.title, item.text, "en")
        assert reading.korea
        named[file.name[:7]] = set(reading.concepts)
    both = {
        "usa", "north-korea", "south-korea", "korean-peninsula", "pyongyang", "stockholm", "sweden",
        "donald-trump", "us-dprk-talks", "sanctions", "ballistic-missile",
        "missile-test", "nuclear-program", "denuclearization",
    }  # fmt: skip
    assert named["2019-10"] == both | {
        "dprk-foreign-ministry", "joint-declaration-1992", "inter-korean", "libya-model", "libya", "iran",
        "iran-dprk", "middle-east-gulf", "military-exercise", "nuclear-test", "arms-exports",
    }  # fmt: skip
    assert named["2019-12"] == both | {
        "un", "un-security-council", "unsc-europe-statement-2019", "belgium", "estonia", "france", "germany",
        "poland", "united-kingdom", "kim-song", "kim-jong-un", "jenny-town", "38-north", "hostile-policy",
        "sohae", "tongchang-ri", "cholsan", "north-pyongan", "south-hamgyong", "engine-test",
        "satellite-launch", "planet-labs", "kcna", "academy-of-defense-science", "wpk",
        "wpk-central-committee", "kn-25", "mrl-test-2019", "cvid", "ryo-hinata-yamaguchi",
        "pusan-national-university", "summit", "us-election-2020", "year-end-deadline-2019",
    }  # fmt: skip
