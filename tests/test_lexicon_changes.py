"""What another lexicon may read otherwise, held against reading it all."""

from __future__ import annotations

import unicodedata
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_lexicon import FILES, SEEDS

from models.lexicon import Changes, Lexicon, load

OWN = {
    "a concept": '[lantern]\nlabel = "Lantern"\nen = ["Operation Lantern"]\nko = ["등불 작전"]',
    "a form": '[yongbyon]\nen = ["Nyongbyon", "Yong-byon"]\nvi = ["khoá Ninh Biên"]',
    "a form off": '[north-korea]\nko = [{form = "북한~", off = true}]',
    "a form otherwise": '[north-korea]\nen = [{form = "DPRK", weight = 0.1}]',
    "a concept off": "[kaesong]\noff = true",
    "a concept off that others name": "[kim-jong-un]\noff = true",
    "a weight": "[yongbyon]\nweight = 0.2",
    "a kind": '[yongbyon]\nkind = "topic"',
    "a group": '[nuclear-program]\ngroups = ["lit"]\n[lamp]\nen = [{form = "lamp", needs = ["lit"]}]',
    "what follows": '[lantern]\nlabel = "Lantern"\nen = ["Lantern"]\n[iaea]\nimplies = ["lantern"]',
    "what two make": '[lit]\nlabel = "Lit"\nderive = [["iaea", "yongbyon"], ["kim-jong-un", "kaesong"]]',
    "a false friend": '[steamers]\nkind = "false-friend"\nen = ["steam at Yongbyon"]\nko = ["북한산"]',
    "a label": '[yongbyon]\nlabel = "Nyongbyon"',
    "a rule": "[rules.score]\nthreshold = 0.3",
    "nothing": "",
}
TEXTS = [path.read_text(encoding="utf-8") for path in sorted((SEEDS.parent / "articles").glob("*.txt"))]
PIECES = (
    *(
        "Operation Lantern",
        "등불 작전",
        "등불작전에",
        "Laternenzug",
        "lantern",
        "lamp",
        "steam",
        "Seoul",
        "IAEA",
    ),
    *(
        "Yongbyon",
        "Yong-byon",
        "Nyongbyon",
        "khóa Ninh Biên",
        "Ninh Biên",
        "북한",
        "북한산",
        "평양",
        "DPRK",
        "dprk",
    ),
    *(
        "북한의",
        "영변",
        "寧辺",
        "朝鲜",
        "Северная Корея",
        "Kaesong",
        "개성공단",
        "nuclear",
        "plutonium",
        "China",
    ),
    *(
        "Kim Jong Un",
        "김정은",
        "sees",
        "Nordkorea testet",
        "Triều Tiên",
        "ballots",
        "of the",
        "\u200b",
        "-",
        "\n",
    ),
)
TITLES = st.lists(st.sampled_from(PIECES), max_size=7)


@cache
def lexicon(own: str = "") -> Lexicon:
    return load(FILES, own={"own.toml": own} if own else None)


@cache
def changes(name: str) -> Changes:
    return Changes(lexicon(), lexicon(OWN[name]))


@st.composite
def printed(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from((" ", "", " \n "))).join(draw(TITLES))
    changed = draw(st.sampled_from((text, text.upper(), text.lower())))
    return unicodedata.normalize(draw(st.sampled_from(("NFC", "NFD", "NFKD"))), changed)


@pytest.mark.slow
@pytest.mark.parametrize("name", OWN)
@settings(max_examples=5, deadline=None)
@given(title=printed(), text=printed(), language=st.sampled_from((None, "en", "ko", "vi", "de")))
def test_what_is_not_touched_is_read_alike(name: str, title: str, text: str, language: str | None) -> None:
    if not changes(name).may_touch(title, text, language):
        assert lexicon(OWN[name]).read(title, text, language) == lexicon().read(title, text, language)


@pytest.mark.parametrize("name", OWN)
def test_the_seeds_are_read_as_by_a_full_reading(name: str) -> None:
    for text in TEXTS:
        title, _, rest = text.partition("\n")
        if not changes(name).may_touch(title, rest):
            assert lexicon(OWN[name]).read(title, rest) == lexicon().read(title, rest)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("a concept", "Korean navy opens Operation Lantern"),
        ("a concept", unicodedata.normalize("NFD", "북한 등불작전 시작")),
        ("a form", "Bãi khóa Ninh Biên ở Triều Tiên được mở"),
        ("a form off", "북한, 미사일 발사"),
        ("a form otherwise", "DPRK fires missile"),
        ("a concept off", "Kaesong reopens"),
        ("a group", "Plutonium of North Korea"),
        ("what follows", "IAEA on North Korea"),
        ("what two make", "IAEA at Yongbyon"),
        ("a false friend", "IAEA sees steam at Yongbyon"),
        ("a rule", "A cat sleeps"),
    ],
)
def test_what_is_read_otherwise_is_touched(name: str, title: str) -> None:
    assert changes(name).may_touch(title, "")


ANYWHERE = {"a rule", "a concept off that others name"}  # its groups are rules, too


@pytest.mark.parametrize("name", [name for name in OWN if name not in ANYWHERE])
def test_what_has_none_of_the_words_is_left_in_peace(name: str) -> None:
    assert not changes(name).may_touch("Ministers meet in Brussels over fish", "Herring is dear.", "en")


def test_a_label_touches_nothing() -> None:
    assert not changes("a label").may_touch("IAEA sees steam at Yongbyon", "Plutonium in North Korea")
