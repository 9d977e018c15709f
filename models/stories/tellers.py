"""Who tells a story in its own right: a wire copy is no second source.

An article speaks for its publisher's family, unless it credits an agency or
copies the text of an earlier article: then it speaks for that one. Ten papers
with one dispatch of Yonhap are one voice, Yonhap's, of the South's press.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.stories.copies import COPY_SHARE, Sketch, containment, sketch
from models.stories.marks import credit_line, without_dateline
from models.values import Bloc, Chorus, Member, Source, SourceName

COMPARED = 40  # earlier texts that one is compared with
_AGENCIES: tuple[tuple[str, Bloc, str], ...] = (
    ("Yonhap", Bloc.ROK, r"yonhap|연합|聯合ニュース|韩联社|韓聯社"),
    ("Newsis", Bloc.ROK, r"newsis|뉴시스"),
    ("News1", Bloc.ROK, r"news1\b|뉴스1"),
    ("KCNA", Bloc.DPRK, r"kcna|조선중앙통신|朝鮮中央通信|朝鲜中央通信|朝中社|цтак"),
    ("Kyodo", Bloc.JAPAN, r"kyodo|共同通信|共同"),
    ("Jiji", Bloc.JAPAN, r"jiji|時事"),
    ("Xinhua", Bloc.CHINA, r"xinhua|新华社|新華社"),
    ("China News Service", Bloc.CHINA, r"中新社|china news service"),
    ("TASS", Bloc.RUSSIA, r"\btass\b|тасс"),
    ("RIA Novosti", Bloc.RUSSIA, r"риа новости|ria novosti"),
    ("Interfax", Bloc.RUSSIA, r"интерфакс|interfax"),
    ("AP", Bloc.US, r"\bap\b|associated press"),
    ("UPI", Bloc.US, r"\bupi\b"),
    ("Reuters", Bloc.OTHER, r"reuters"),
    ("AFP", Bloc.OTHER, r"\bafp\b|agence france-presse"),
    ("dpa", Bloc.OTHER, r"\bdpa\b"),
    ("EFE", Bloc.OTHER, r"\befe\b"),
    ("ANSA", Bloc.OTHER, r"\bansa\b"),
    ("CNA", Bloc.OTHER, r"中央社"),
    ("TTXVN", Bloc.OTHER, r"ttxvn"),
)
_PATTERNS = tuple((name, bloc, re.compile(pattern, re.IGNORECASE)) for name, bloc, pattern in _AGENCIES)


@dataclass(frozen=True, slots=True)
class Voice:
    """For whom an article speaks."""

    family: str
    bloc: Bloc
    own: bool  # for itself, and no copy


def voices(members: Sequence[Member], sources: Mapping[SourceName, Source]) -> tuple[Voice, ...]:
    """Say for whom each article of a story speaks.

    Args:
        members: of one story, oldest first: the copy is the later one.
        sources: for the bloc of each.

    """
    heard: list[tuple[Sketch, Voice]] = []
    found: list[Voice] = []
    for member in members:
        text = sketch(without_dateline(member.article.text) or member.article.title)
        source = sources.get(member.article.source)
        house = _house(member) or (member.family, source.bloc if source else Bloc.OTHER)
        copied = (said for other, said in heard[-COMPARED:] if containment(text, other) >= COPY_SHARE)
        original = next(((said.family, said.bloc) for said in copied), house)
        spoken = _agency(credit_line(member.article.title, member.article.text)) or original
        voice = Voice(*spoken, own=spoken == house)
        heard.append((text, voice))
        found.append(voice)
    return tuple(found)


def chorus(members: Sequence[Member], sources: Mapping[SourceName, Source]) -> Chorus:
    """Count a story's publisher families, blocs and languages, copies and relays left out."""
    said = voices(members, sources)
    first = {voice.family: member for voice, member in reversed([*zip(said, members, strict=True)])}
    telling = [
        member
        for voice, member in zip(said, members, strict=True)
        if voice.own or first[voice.family] is member
    ]
    return Chorus(
        families=tuple(dict.fromkeys(voice.family for voice in said)),
        blocs=tuple(dict.fromkeys(voice.bloc for voice in said)),
        languages=tuple(dict.fromkeys(member.reading.language for member in telling)),
        copies=len(members) - len(telling),
    )


def _house(member: Member) -> tuple[str, Bloc] | None:
    return _agency(member.family) or _agency(member.article.outlet)


def _agency(text: str) -> tuple[str, Bloc] | None:
    for name, bloc, pattern in _PATTERNS:
        if text and pattern.search(text):
            return name, bloc
    return None
