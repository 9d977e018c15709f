"""Reads the environment and `watch.toml` into frozen settings; nobody else reads either.

Secrets (channel URLs, signing keys, the database URL) come from the environment
or from a `.env` file beside `watch.toml`, never from `watch.toml` itself.
Read with tomllib and checked by pydantic; pydantic-settings would add 0.3 s to
every start of the command.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

import models
from flows import mistakes, routing
from flows.fields import STRICT, Duration, Labels, Language, Name, Zone, duration
from flows.routing import TERMINAL, ChannelTable, RuleTable
from flows.tunnel import read_proxy
from models import alerts
from models.errors import ConfigError
from models.values import Bloc, ChannelName, Desk, RuleName, Source, SourceName

__all__ = [
    "DEFAULT_DATABASE",
    "SEEDS",
    "TERMINAL",
    "Settings",
    "bundled",
    "database_url",
    "default_file",
    "duration",
    "environment",
    "feed_url",
    "load",
]

DIRECT = "direct"  # a feed's `proxy`, where [watch] has one and the feed needs none
DEFAULT_DATABASE = "sqlite:///peninsula.db"
SEEDS = SourceName("seeds")


def feed_url(value: str) -> str:
    """Give a feed's address back.

    Raises:
        ValueError: no feed can stand there.

    """
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").encode("idna")
        whole = parts.scheme in {"http", "https"} and bool(host) and parts.port != 0
    except ValueError:  # "http://[", a port of six digits, "http://a..b/"
        whole = False
    if not whole:
        raise ValueError("a feed's url begins with http:// or https:// and a host")
    if re.search(r"[\x00-\x20\x7f\\]", value):
        raise ValueError("a feed's url holds no space and no backslash")
    if parts.username or parts.password:
        raise ValueError("a feed's url cannot hold a user name or password")
    return value


def _contact(value: str) -> str:
    if len(value) > 200 or not value.isascii() or not value.isprintable():
        raise ValueError("a mail address or page for a header: plain ASCII, 200 characters at most")
    return value


def _in_order(table: _Bounded) -> _Bounded:
    if table.floor and table.ceiling and table.floor > table.ceiling:
        raise ValueError("floor is longer than ceiling")
    return table


def _with_extra(value: bool) -> bool:  # noqa: FBT001 - pydantic calls it
    if value and not all(map(find_spec, ("trafilatura", "protego"))):
        raise ValueError('needs an extra: pip install "peninsula-watch[fulltext]"')
    return value


def _proxy_url(value: str) -> str:
    if value in {"", DIRECT}:
        return value
    if read_proxy(value).credentials:
        raise ValueError("a proxy's user name and password are secrets: name a variable as proxy_env")
    return value


class _Bounded(BaseModel):
    model_config = STRICT

    floor: Duration | None = None
    ceiling: Duration | None = None

    _ = model_validator(mode="after")(_in_order)


class _Watch(_Bounded):
    seeds: str = ""
    lexicon: list[str] = []
    window: Duration = timedelta(hours=72)
    alert_max_age: Duration = timedelta(hours=48)
    every: Duration = Field(default=timedelta(minutes=15), ge=timedelta(seconds=1))
    floor: Duration = timedelta(minutes=2)
    ceiling: Duration = timedelta(hours=1)
    pause: Duration | None = None
    contact: Annotated[str, AfterValidator(_contact)] = ""
    keep: Duration | None = None
    operations: list[Name] = []
    silence: int = Field(default=4, ge=0)
    cap: int = Field(default=20, ge=0)
    language: Labels = "en"
    zone: Zone = "UTC"
    heartbeat_env: str = "PENINSULA_HEARTBEAT_URL"
    proxy: Annotated[str, AfterValidator(_proxy_url)] = ""
    proxy_env: str = ""
    concurrency: int = Field(default=16, ge=1, le=256)


class _Feed(_Bounded):
    name: Name = ""
    url: Annotated[str, AfterValidator(feed_url)]
    title: str = ""
    language: Language | None = None
    family: str = ""
    bloc: Bloc = Bloc.OTHER
    zone: Zone = "UTC"
    every: Duration | None = None
    keep: Duration | None = None
    cap: int | None = Field(default=None, ge=0)
    tags: list[str] = []
    enabled: bool = True
    allow_private: bool = False
    proxy: Annotated[str, AfterValidator(_proxy_url)] = ""
    full_text: Annotated[bool, AfterValidator(_with_extra)] = False
    note: str = ""


class _File(BaseModel):
    model_config = STRICT

    watch: _Watch = _Watch()
    feed: list[_Feed] = []
    rule: list[RuleTable] = []
    channel: list[ChannelTable] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that is configured, checked."""

    file: Path
    database_url: str = field(repr=False)
    seeds: Path | None  # none are read
    lexicon: tuple[Path, ...]  # the desk's own lexicon files
    feeds: tuple[Source, ...]
    desk: Desk
    off: tuple[ChannelName, ...]  # optional channels whose environment variable is not set
    fallback: tuple[RuleName, ...]  # rules that name no channel that is on: they go to every one that is
    every: timedelta
    alert_max_age: timedelta
    concurrency: int
    pause: timedelta | None = None  # between two requests to one host
    contact: str = ""  # for the people behind the servers
    keep: timedelta | None = None  # how long articles stay
    proxy: str = field(default="", repr=False)  # URL; may hold a password
    language: str = "en"  # of the board in Prefect's pages
    zone: str = "UTC"  # of its times
    silence: int = 4  # usual gaps without a story that are too many; 0: never
    heartbeat: str = field(default="", repr=False)  # URL that is asked after every good run; a secret
    operations: tuple[ChannelName, ...] = ()  # are told what happened to feeds and channels


def environment(folder: Path | None = None) -> dict[str, str]:
    """Give the process's environment over what `.env` in the folder says.

    Raises:
        ConfigError: the file cannot be read.

    """
    file = (folder or Path()) / ".env"
    try:
        kept = dotenv_values(file, interpolate=False)
    except UnicodeDecodeError:
        raise ConfigError(str(file), "", "is not UTF-8; save it as that") from None
    except OSError as error:
        raise ConfigError(str(file), "", f"cannot be read ({error.strerror})") from None
    return {name: value for name, value in kept.items() if value is not None} | dict(os.environ)


def database_url(env: Mapping[str, str] | None = None) -> str:
    """Give the database that `DATABASE_URL` chooses."""
    return (env or environment()).get("DATABASE_URL") or DEFAULT_DATABASE


def bundled(name: str) -> Path:
    """Find a folder that ships with the code: beside it in a checkout, inside it in a wheel."""
    home = Path(models.__file__).parent
    return home / name if (home / name).is_dir() else home.parent / name


def default_file() -> Path | None:
    """Give the watch.toml that is meant when none is named, if there is one."""
    file = Path(environment().get("PENINSULA_CONFIG") or "watch.toml")
    return file if file.exists() else None


def load(path: Path | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """Read `watch.toml` and the environment.

    Args:
        path: the file; else `PENINSULA_CONFIG`, else `watch.toml` here.
        env: stands in for the environment in tests.

    Raises:
        ConfigError: names the file, the key and what to do.

    """
    first = env if env is not None else environment()
    file = path or Path(first.get("PENINSULA_CONFIG") or "watch.toml")
    env = env if env is not None else environment(file.parent)
    checked = _read(file)
    _unique(file, checked)
    channels, off = routing.channels(str(file), checked.channel, env)
    proxy = _proxy(file, checked.watch, env)
    names = routing.Names(
        on=tuple(channels),
        channels={entry.name for entry in checked.channel},
        sources={_named(feed) for feed in checked.feed} | {SEEDS},
    )
    rules = tuple(routing.rule(str(file), rule, names) for rule in checked.rule)
    heard = alerts.heard(rules)
    feeds = tuple(_source(feed, checked.watch, proxy, heard) for feed in checked.feed)
    seeds = Source(name=SEEDS, title="seeds", heard=SEEDS in heard)
    desk = Desk(
        rules=rules,
        channels=channels,
        sources={source.name: source for source in (seeds, *feeds)},
        window=checked.watch.window,
    )
    return Settings(
        file=file,
        database_url=database_url(env),
        seeds=_seeds(file, checked.watch.seeds),
        lexicon=tuple(file.parent / name for name in checked.watch.lexicon),
        feeds=feeds,
        desk=desk,
        off=off,
        fallback=tuple(
            RuleName(rule.name)
            for rule in checked.rule
            if rule.channels and channels.keys().isdisjoint(rule.channels)
        ),
        every=checked.watch.every,
        alert_max_age=checked.watch.alert_max_age,
        concurrency=checked.watch.concurrency,
        pause=checked.watch.pause,
        contact=checked.watch.contact,
        keep=checked.watch.keep,
        proxy=proxy,
        language=checked.watch.language,
        zone=checked.watch.zone,
        silence=checked.watch.silence,
        heartbeat=_heartbeat(file, checked.watch, env),
        operations=_operations(file, checked, channels),
    )


def _seeds(file: Path, named: str) -> Path | None:
    """Give the folder of seeds beside the file: the one it names, else `seeds` if there is one."""
    folder = file.parent / (named or "seeds")
    return folder if named or folder.is_dir() else None


def _heartbeat(file: Path, watch: _Watch, env: Mapping[str, str]) -> str:
    """Give the URL that a monitor waits to be asked for; empty if its variable is not set."""
    url = env.get(watch.heartbeat_env, "")
    if url and not url.startswith(("http://", "https://")):
        raise ConfigError(str(file), "watch.heartbeat_env", f"{watch.heartbeat_env} holds no http(s) URL")
    return url


def _operations(file: Path, checked: _File, on: Collection[ChannelName]) -> tuple[ChannelName, ...]:
    """Give the channels that are told of feeds and of other channels, as far as they are on."""
    known = {channel.name for channel in checked.channel} | {TERMINAL}
    for name in checked.watch.operations:
        if name not in known:
            raise ConfigError(str(file), "watch.operations", f'there is no [[channel]] "{name}"')
    return tuple(name for name in on if name in checked.watch.operations)


def _read(file: Path) -> _File:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        return _File.model_validate(data)
    except FileNotFoundError:
        raise ConfigError(str(file), "", "not found; name one with --config or PENINSULA_CONFIG") from None
    except OSError as error:
        raise ConfigError(str(file), "", f"cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(file), "", f"not readable as TOML: {error}") from None
    except ValidationError as error:
        raise ConfigError(str(file), *mistakes.first(error, data)) from None


def _named(feed: _Feed) -> str:
    """Name a feed after its address where the desk gave it no name."""
    parts = urlsplit(feed.url)
    path = re.sub(r"\.(xml|rss|atom|json)$", "", parts.path.lower())
    said = re.sub(r"[^a-z0-9.]+", "-", f"{_host(feed)}{path}").strip("-.")[:100]
    return feed.name or said or _host(feed).encode("idna").decode("ascii")


def _host(feed: _Feed) -> str:
    return (urlsplit(feed.url).hostname or "").removeprefix("www.")


def _unique(file: Path, checked: _File) -> None:
    tables = {
        "feed": [_named(feed) for feed in checked.feed],
        "rule": [rule.name for rule in checked.rule],
        "channel": [channel.name for channel in checked.channel],
    }
    for table, names in tables.items():
        for name, count in Counter(names).items():
            if count > 1 or (table == "feed" and name == SEEDS):
                raise ConfigError(
                    str(file), f'[[{table}]] "{name}"', "this name is taken; give each a name of its own"
                )


def _proxy(file: Path, watch: _Watch, env: Mapping[str, str]) -> str:
    """Look up the proxy for all that is public: as it stands, or in the environment."""
    if not watch.proxy_env:
        return "" if watch.proxy == DIRECT else watch.proxy
    url = env.get(watch.proxy_env, "")
    try:
        read_proxy(url)
    except ValueError as error:
        problem = f"{watch.proxy_env} {'does not hold one' if url else 'is not set'}: {error}"
        raise ConfigError(str(file), "watch.proxy_env", problem) from None
    return url


def _source(feed: _Feed, watch: _Watch, proxy: str, heard: Collection[SourceName]) -> Source:
    return Source(
        name=SourceName(_named(feed)),
        url=feed.url,
        title=feed.title or _named(feed),
        language=feed.language,
        family=feed.family or _host(feed),
        bloc=feed.bloc,
        zone=feed.zone,
        every=feed.every or watch.every,
        # What a person says stands; only who says nothing has the rhythm learnt.
        floor=feed.floor or feed.every or watch.floor,
        ceiling=max(feed.ceiling or feed.every or watch.ceiling, feed.floor or timedelta(0)),
        tags=tuple(feed.tags),
        keep=feed.keep,
        cap=watch.cap if feed.cap is None else feed.cap,
        enabled=feed.enabled,
        allow_private=feed.allow_private,
        full_text=feed.full_text,
        heard=_named(feed) in heard,
        # The way into an intranet does not lead through the proxy to the world.
        proxy="" if feed.proxy == DIRECT else feed.proxy or ("" if feed.allow_private else proxy),
        note=feed.note,
    )
