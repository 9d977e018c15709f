"""Adds feeds to watch.toml as text, so that every comment in it stays.

The new tables go to the end of the file; what came of it is read again before it
takes the old one's place, so a mistake changes nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flows import settings
from models.errors import ConfigError
from models.text import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """What a [[feed]] table is to say."""

    name: str
    url: str
    title: str = ""
    language: str = ""
    tags: Sequence[str] = ()
    note: str = ""
    allow_private: bool = False


def name_for(url: str, taken: Iterable[str]) -> str:
    """Return a name for a feed, made of its address, that no other has."""
    parts = urlsplit(url)
    said = f"{(parts.hostname or 'feed').removeprefix('www.')}-{parts.path.rsplit('.', 1)[0]}".casefold()
    words = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in said)
    name = "-".join(part for part in words.split("-") if part)[:80] or "feed"
    others, number = set(taken), 2
    unique = name
    while unique in others:
        unique, number = f"{name}-{number}", number + 1
    return unique


def add(file: Path, feeds: Sequence[NewFeed]) -> None:
    """Write feeds to the end of watch.toml.

    Raises:
        ConfigError: it cannot be written, or what came of it could not be read; it is as it was.

    """
    real = file.resolve()
    old = real.read_text("utf-8")
    text = old.rstrip("\n") + "\n" + "".join(_table(feed) for feed in feeds)
    try:
        _replace(real, text)
    except OSError as error:
        raise ConfigError(str(file), "", f"cannot be changed ({error.strerror})") from None
    except ConfigError as error:
        raise ConfigError(str(file), error.key, f"{error.problem}; the file is not changed") from None


def _replace(file: Path, text: str) -> None:
    """Put a text in a file's place at a stroke, if it can be read as a configuration."""
    handle, beside = tempfile.mkstemp(prefix=".watch-", suffix=".toml", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        settings.load(Path(beside))
        shutil.copymode(file, beside)
        os.replace(beside, file)  # noqa: PTH105 - the one call that replaces at a stroke
    finally:
        Path(beside).unlink(missing_ok=True)


def _table(feed: NewFeed) -> str:
    lines = ["", "[[feed]]", f"name = {_quoted(feed.name)}", f"url = {_quoted(feed.url)}"]
    lines += [
        f"{key} = {_quoted(said)}" for key in ("title", "language", "note") if (said := getattr(feed, key))
    ]
    if feed.tags:
        lines.append(f"tags = [{', '.join(map(_quoted, feed.tags))}]")
    if feed.allow_private:
        lines.append("allow_private = true")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a TOML basic string: JSON's escapes are a part of TOML's."""
    return json.dumps(one_line(text).replace("\x7f", ""), ensure_ascii=False)
