"""The rules and channels of `watch.toml` as values: what alerts, where to, and when.

A part of `flows.settings`. A channel's secrets are named by variables of the
environment (`url_env`, `secret_env`, `token_env`) and looked up here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from flows.fields import STRICT, Duration, Hour, Hours, Labels, Language, Name, RateOf, Zone
from models import alerts
from models.alerts import rules
from models.errors import ConfigError
from models.values import Channel, ChannelName, ConceptId, Rule, RuleName, SourceName

TERMINAL = ChannelName("terminal")

_JUDGING = {"name", "minimum_score", "any", "all", "none", "languages", "sources", "query"}
_DAY = timedelta(days=1)
_MAIL = {"smtp", "smtps"}


class RuleTable(BaseModel):
    """A [[rule]] as it is written."""

    model_config = STRICT

    name: Name
    channels: list[Name] = []
    minimum_score: float = Field(default=0.8, ge=0, le=100)
    any: list[str] = []
    all: list[str] = []
    none: list[str] = []
    languages: list[Language] = []
    sources: list[Name] = []
    query: str = ""
    urgent: bool = False
    group_wait: Duration = timedelta(0)
    repeat: list[str] = []
    cooldown: Duration = timedelta(minutes=30)
    official: str = ""


class ChannelTable(BaseModel):
    """A [[channel]] as it is written."""

    model_config = STRICT

    name: Name
    kind: Literal["terminal", "webhook", "slack", "slack-bot", "email", "apprise"]
    url_env: str = ""
    secret_env: str | list[str] = ""
    token_env: str = ""
    channel: str = ""
    optional: bool = False
    language: Labels = "en"
    zone: Zone = "UTC"
    allow_private: bool = False
    rate: RateOf = None
    flood: int = Field(default=0, ge=0)
    digest: Duration | None = None
    digest_at: Hour = time(8)
    quiet_hours: Hours = None


@dataclass(frozen=True, slots=True)
class Names:
    """What rules may name: channels (that are on, and that there are) and sources."""

    on: Sequence[ChannelName]
    channels: Collection[str]
    sources: Collection[str]


# --- channels ----------------------------------------------------------------------


def channels(
    file: str, tables: Sequence[ChannelTable], env: Mapping[str, str]
) -> tuple[dict[ChannelName, Channel], tuple[ChannelName, ...]]:
    """Build the channels, and name those that are `optional` and have nothing in the environment."""
    found: dict[ChannelName, Channel] = {}
    off: list[ChannelName] = []
    for table in tables:
        made = _channel(file, table, env)
        if made is None:
            off.append(ChannelName(table.name))
        else:
            found[made.name] = made
    if not found:
        found[TERMINAL] = Channel(name=TERMINAL, kind="terminal")
    return found, tuple(off)


def _channel(file: str, table: ChannelTable, env: Mapping[str, str]) -> Channel | None:
    where = f'[[channel]] "{table.name}"'
    key = "token_env" if table.kind == "slack-bot" else "url_env"
    variable = table.token_env if table.kind == "slack-bot" else table.url_env
    value = ""
    if table.kind != "terminal":
        if not variable:
            what = "bot's token" if key == "token_env" else "URL"
            raise ConfigError(file, f"{where} {key}", f"name the environment variable with the {what}")
        value = env.get(variable, "")
        if not value and table.optional:
            return None
        if not value:
            raise ConfigError(file, f"{where} {key}", f"{variable} is not set in the environment or .env")
        if problem := _wrong(table, value):
            raise ConfigError(file, f"{where} {key}", f"{variable} {problem}")
    if table.kind == "slack-bot" and not re.fullmatch(r"[CGD][A-Z0-9]{6,20}", table.channel):
        raise ConfigError(file, f"{where} channel", 'name the Slack channel by its id, such as "C024BE91L"')
    if table.digest and (table.digest > _DAY or _DAY % table.digest):
        raise ConfigError(
            file, f"{where} digest", 'a digest is sent in equal parts of a day: "1h", "6h", "1d"'
        )
    secrets = _secrets(file, where, table, env)
    return Channel(
        name=ChannelName(table.name),
        kind=table.kind,
        url=env.get(table.url_env, "") if table.url_env else "",
        secret=value if table.kind == "slack-bot" else secrets[0],
        old_secret=secrets[1],
        to=table.channel,
        language=table.language,
        zone=table.zone,
        allow_private=table.allow_private,
        rate=table.rate,
        flood=table.flood,
        digest=table.digest,
        digest_at=table.digest_at,
        quiet=table.quiet_hours,
    )


def _wrong(table: ChannelTable, value: str) -> str:
    """Say what is wrong with a URL or token, without a word of it."""
    if table.kind == "slack-bot":
        return "" if re.fullmatch(r"xox[a-z]?[-.][\w.-]{8,300}", value) else "holds no Slack token"
    try:
        parts = urlsplit(value)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return "holds no URL"
    if table.kind == "email":
        whole = bool(host) and parts.scheme in _MAIL and _is_addressed(value)
        return "" if whole else "is not smtp(s)://user:password@host:port/?from=...&to=...,..."
    if table.kind == "apprise":
        return "" if parts.scheme else "holds no apprise URL"
    return "" if parts.scheme in {"http", "https"} and host else "holds no http(s) URL"


def _is_addressed(url: str) -> bool:
    try:
        alerts.correspondents(url)
    except ValueError:
        return False
    return True


def _secrets(file: str, where: str, table: ChannelTable, env: Mapping[str, str]) -> tuple[str, str]:
    """Look up the signing key, and the one before it while keys are changed over."""
    names = [table.secret_env] if isinstance(table.secret_env, str) else table.secret_env
    if len(names) > 2:
        raise ConfigError(
            file, f"{where} secret_env", "name one variable, or the new key's and the old one's"
        )
    found = []
    for name in filter(None, names):
        secret = env.get(name, "")
        if not secret and not table.optional:
            raise ConfigError(file, f"{where} secret_env", f"{name} is not set")
        if secret and not re.fullmatch(r"(whsec_)?[A-Za-z0-9+/]{32,88}={0,2}", secret):
            raise ConfigError(
                file, f"{where} secret_env", f"{name} is not whsec_ and 24 to 64 bytes in base64"
            )
        found.append(secret)
    return tuple([*found, "", ""][:2])  # type: ignore[return-value]  # of two


# --- rules -------------------------------------------------------------------------------


def rule(file: str, table: RuleTable, names: Names) -> Rule:
    """Build a rule; without `channels` it goes to every channel that is on."""
    where = f'[[rule]] "{table.name}"'
    for name in table.channels:
        if name not in names.channels and name != TERMINAL:
            raise ConfigError(file, f"{where} channels", f'there is no [[channel]] "{name}"')
    for name in table.sources:
        if name not in names.sources:
            raise ConfigError(file, f"{where} sources", f'there is no [[feed]] "{name}"')
    for kind in table.repeat:
        if not re.fullmatch(alerts.FOLLOW_UPS, kind):
            known = "second-family, state-media, official, figure, sources-3 (or another number)"
            raise ConfigError(file, f"{where} repeat", f'there is no follow-up "{kind}"; there are {known}')
    for key, query in (("query", table.query), ("official", table.official)):
        _check_query(file, f"{where} {key}", query, names)
    chosen = [name for name in names.on if name in table.channels] if table.channels else list(names.on)
    judging = table.model_dump_json(include=_JUDGING)
    return Rule(
        name=RuleName(table.name),
        channels=tuple(chosen or names.on),
        minimum_score=table.minimum_score,
        any=tuple(map(ConceptId, table.any)),
        all=tuple(map(ConceptId, table.all)),
        none=tuple(map(ConceptId, table.none)),
        languages=tuple(table.languages),
        sources=tuple(map(SourceName, table.sources)),
        query=table.query,
        version=hashlib.sha256(judging.encode()).hexdigest()[:12],
        urgent=table.urgent,
        group_wait=table.group_wait,
        repeat=tuple(dict.fromkeys(table.repeat)),
        cooldown=table.cooldown,
        official=table.official,
    )


def _check_query(file: str, where: str, query: str, names: Names) -> None:
    """Read a query once, so that a mistake in it is told at load; concepts are checked later."""
    if not query:
        return
    try:
        found = list(rules.named(rules.parse(query)))
    except rules.QueryError as error:
        raise ConfigError(file, where, str(error)) from None
    for kind, name, column in found:
        if kind == "source" and name not in names.sources:
            wrong = rules.QueryError(query, column, f'there is no [[feed]] "{name}"')
            raise ConfigError(file, where, str(wrong))
