r"""What is news in a story that has alerted: each kind once per story, by what changed just now.

second-family   a second publisher family tells it
state-media     North Korean state media (bloc dprk) report it first
official        an official confirms or denies it: words near each other, which is all we can see
figure          a number of the first report is contradicted: missiles, distance, dead
sources-5       so many publisher families tell it (or another number)

A kind falls due in the batch in which it becomes true and was not true before,
so that what the first alert named already is never news.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from models.alerts.rules import Subject, evaluate, parse
from models.values import Bloc, Member, Rule, Source, SourceName

FOLLOW_UPS = r"second-family|state-media|official|figure|sources-([2-9]|[1-9]\d)"

_SAYERS = (
    '(rok-jcs OR unification-ministry OR dprk-foreign-ministry OR "ministry*" OR "officials" OR "spokes*"'
    ' OR "pentagon" OR "state department" OR "white house" OR 대변인 OR 당국자 OR 국방부 OR 합참 OR 외교부'
    " OR 防衛省 OR 外務省 OR 政府高官 OR 外交部 OR 国防部 OR 發言人 OR 发言人"
    ' OR 外长 OR "мид" OR "минобороны"'
    ' OR "bộ ngoại giao" OR "ministerio" OR "ministère" OR "ministerium")'
)
_SAID = (
    '("confirm*" OR "deny" OR "denie*" OR "denying" OR "denial" OR "reject*" OR 확인 OR 부인 OR 시인 OR 일축'
    ' OR 確認 OR 否定 OR 确认 OR 證實 OR 证实 OR 否认 OR 否認 OR "подтверд*" OR "опроверг*"'
    ' OR "xác nhận" OR "phủ nhận" OR "confirm*" OR "desm*" OR "niega*" OR "démen*" OR "bestätig*"'
    ' OR "dementi*")'
)
OFFICIAL = f"{_SAYERS} NEAR/12 {_SAID}"

# A number and what it counts, in the languages of the wires; one name for each thing counted.
_COUNTED = {
    "missiles": r"(?:ballistic |cruise |short-range )*missiles|발|発|枚|枚导弹|ракет\w*|misiles|tên lửa",
    "kilometres": r"kilomet(?:er|re)s|km|킬로미터|킬로|㎞|キロ|公里|км|километр\w*",
    "dead": r"(?:people )?(?:were )?(?:killed|dead)|명 사망|人死亡|死亡|погиб\w*|muertos|morts|Tote",
}
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10}
_FIGURES = {
    name: re.compile(
        rf"(\d{{1,5}}|{'|'.join(_WORDS)})(?:여|約|\s|-)*(?:short-range )?(?:{counted})", re.IGNORECASE
    )
    for name, counted in _COUNTED.items()
}
_LEAD = 600  # characters: figures further down are of other days


def news(
    rule: Rule, before: Sequence[Member], after: Sequence[Member], sources: Mapping[SourceName, Source]
) -> list[tuple[str, Member, str]]:
    """Say which of a rule's follow-ups fell due: (kind, the article that did it, a sentence).

    Args:
        rule: names the kinds it wants.
        before: the story's members as they were decided before, oldest first.
        after: the ones that joined just now, oldest first.
        sources: for families and blocs.

    """
    found = []
    for kind in rule.repeat:
        test = _test(kind, rule, sources)
        if not before or test(before):
            continue
        for count, member in enumerate(after, 1):
            if told := test([*before, *after[:count]]):
                found.append((kind, member, told))
                break
    return found


def _test(kind: str, rule: Rule, sources: Mapping[SourceName, Source]) -> Callable[[Sequence[Member]], str]:
    """Give the test of a kind: members in, a sentence if it holds, else nothing."""
    if kind == "state-media":
        return lambda members: _state_media(members, sources)
    if kind == "official":
        return lambda members: _official(members, sources, rule.official or OFFICIAL)
    if kind == "figure":
        return _figure
    wanted = 2 if kind == "second-family" else int(kind.removeprefix("sources-"))
    return lambda members: _families(members, wanted)


def _families(members: Sequence[Member], wanted: int) -> str:
    families = list(dict.fromkeys(member.family for member in members))
    return f"told by {', '.join(families[:6])}" if len(families) >= wanted else ""


def _state_media(members: Sequence[Member], sources: Mapping[SourceName, Source]) -> str:
    for member in members:
        source = sources.get(member.article.source)
        if source is not None and source.bloc is Bloc.DPRK:
            return f"first report of North Korean state media: {member.article.outlet}"
    return ""


def _official(members: Sequence[Member], sources: Mapping[SourceName, Source], query: str) -> str:
    for member in members:
        source = sources.get(member.article.source)
        answer = evaluate(parse(query), Subject(member.article, member.reading, source))
        if answer.holds:
            return f"an official may have confirmed or denied it ({member.article.outlet})"
    return ""


def figures(member: Member) -> dict[str, set[int]]:
    """Read the numbers of an article's head, by what they count."""
    head = f"{member.article.title}\n{member.article.text[:_LEAD]}"
    found = {}
    for name, pattern in _FIGURES.items():
        numbers = [match[1].lower() for match in pattern.finditer(head)]
        if numbers:
            found[name] = {_WORDS[number] if number in _WORDS else int(number) for number in numbers}
    return found


def _figure(members: Sequence[Member]) -> str:
    first = figures(members[0])
    for member in members[1:]:
        for name, numbers in figures(member).items():
            if name in first and not numbers & first[name]:
                told, was = (", ".join(map(str, sorted(some))) for some in (numbers, first[name]))
                return f"{name}: {told}, first told as {was} ({member.article.outlet})"
    return ""
