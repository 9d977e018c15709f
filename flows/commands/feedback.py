"""`peninsula feedback` and `peninsula evaluate`: the desk's own judgement, kept and held against."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from flows import as_json, settings
from flows.clock import utc_now
from flows.commands.options import UNFINISHED, Config, Json, opened
from flows.settings import SEEDS
from flows.words import open_lexicon
from models import evaluation, store, text
from models.errors import PeninsulaError
from models.evaluation import Checked, Judgement, Score
from models.values import Article, Fault, RawItem, Source

Why = Annotated[str, typer.Option(help="In a few words, for whoever tunes the rule.")]
Title = Annotated[str, typer.Option(help="Of a missed article that the archive has not.")]
Language = Annotated[str, typer.Option(help='"ko", "en", ...')]


def feedback(
    what: Annotated[
        str | None, typer.Argument(help='The id of an alert, or its beginning; or "missed".')
    ] = None,
    verdict: Annotated[
        str | None, typer.Argument(help='"good" or "noise"; after "missed" the article\'s address.')
    ] = None,
    *,
    why: Why = "",
    title: Title = "",
    body: Annotated[str, typer.Option("--text", help="Its text, or the beginning.")] = "",
    language: Language = "",
    json: Json = False,
    config: Config = None,
) -> None:
    """Say that an alert was good or noise, or what was missed; without words, list what was said."""
    with opened(config) as (_, database):
        if what is None or verdict is None:
            if what is not None:
                raise typer.BadParameter('say "good" or "noise" of it, or "missed" and an address')
            with database.reading() as session:
                said = store.judgements(session)
        else:
            with database.writing() as session:
                if what != "missed":
                    one = _of_alert(session, what, verdict, why)
                elif title:
                    missed = _missed(verdict, title, body, language)
                    one = store.judge_text(session, missed, why=why, now=utc_now())
                else:
                    one = store.judge_missed(session, verdict, why=why, now=utc_now())
            said = (one,)
    if json:
        as_json.show([_as_json(one) for one in said])
        return
    for one in said:
        reason = f": {one.why}" if one.why else ""
        typer.echo(f"{one.at:%Y-%m-%d %H:%M}  {one.verdict:<6} {one.article.title}{reason}")


def _of_alert(session: Session, what: str, verdict: str, why: str) -> Judgement:
    if verdict == "good":
        return store.judge_alert(session, what, "good", why=why, now=utc_now())
    if verdict == "noise":
        return store.judge_alert(session, what, "noise", why=why, now=utc_now())
    raise typer.BadParameter(f'an alert is "good" or "noise", not "{verdict}"')


def _missed(url: str, title: str, body: str, language: str) -> Article:
    """Make an article of what somebody typed."""
    source = Source(name=SEEDS, language=language or None)
    made = text.refine(RawItem(url=url, title=title, text=body), source, utc_now())
    if isinstance(made, Fault):
        raise PeninsulaError(made.detail)
    return made


Watch = Annotated[Path | None, typer.Option(help="A watch.toml with changed rules, to compare with.")]
Words = Annotated[Path | None, typer.Option("--lexicon", help="A lexicon file over the words there are.")]


def evaluate(
    *, watch: Watch = None, lexicon: Words = None, json: Json = False, config: Config = None
) -> None:
    """Score rules and words against all feedback so far, and see what a change would break."""
    with opened(config) as (desk, database):
        then = settings.load(watch) if watch else desk
        words = open_lexicon(then, *([lexicon.resolve()] if lexicon else []))
        with database.reading() as session:
            said = store.judgements(session)
        now = evaluation.evaluate(said, desk.desk.rules, open_lexicon(desk), desk.desk.sources)
        other = evaluation.evaluate(said, then.desk.rules, words, desk.desk.sources)
    changed = [
        pair for pair in zip(now.checked, other.checked, strict=True) if pair[0].holds != pair[1].holds
    ]
    broken = [after for before, after in changed if before.holds]
    mended = [after for before, after in changed if after.holds]
    compared = watch is not None or lexicon is not None
    if json:
        told: dict[str, Any] = {"now": _score(now)}
        if compared:
            told |= {"changed": _score(other), "breaks": _list(broken), "mends": _list(mended)}
        as_json.show(told)
    else:
        _print("Now", now)
        if compared:
            _print("Changed", other)
            for word, rows in (("breaks", broken), ("mends", mended)):
                for one in rows:
                    typer.echo(f"  {word}  {_line(one)}")
        else:
            for one in now.checked:
                if not one.holds:
                    typer.echo(f"  ✗ {_line(one)}")
    if broken:
        raise typer.Exit(UNFINISHED)


def _print(name: str, score: Score) -> None:
    parts = []
    for verdict, word in (("good", "good alerts kept"), ("noise", "noise gone"), ("missed", "missed found")):
        holding, all_ = score.count(verdict)  # type: ignore[arg-type]  # the same literals
        parts.append(f"{holding} of {all_} {word}")
    figures = f"precision {_share(score.precision)}, recall {_share(score.recall)}"
    typer.echo(f"{name}: {', '.join(parts)}; {figures}.")


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.0%}"


def _line(one: Checked) -> str:
    return f"{one.judgement.verdict:<6} {one.judgement.article.title}  ({one.detail})"


def _as_json(one: Judgement) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": as_json.stamp(one.at),
        "verdict": one.verdict,
        "alert": one.alert,
        "rule": one.rule,
        "why": one.why or None,
        "title": one.article.title,
        "url": one.article.link,
    }


def _list(checked: list[Checked]) -> list[dict[str, Any]]:
    return [_as_json(one.judgement) | {"holds": one.holds, "detail": one.detail} for one in checked]


def _score(score: Score) -> dict[str, Any]:
    counts = {}
    for verdict in ("good", "noise", "missed"):
        holding, all_ = score.count(verdict)
        counts[verdict] = {"holding": holding, "of": all_}
    failing = _list([one for one in score.checked if not one.holds])
    return counts | {"precision": score.precision, "recall": score.recall, "failing": failing}
