"""What pydantic finds wrong with watch.toml, said as a desk's editor would; a part of `settings`."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError


def first(error: ValidationError, data: dict[str, Any]) -> tuple[str, str]:
    """Give the key of the first mistake in a file's data, and what to do about it."""
    found = error.errors()[0]
    return _key(found["loc"], data), _problem(found)


def _key(loc: tuple[int | str, ...], data: dict[str, Any]) -> str:
    """Name the place as a desk editor would: `feed "yonhap-ko" zone`."""
    if len(loc) > 1 and isinstance(loc[1], int):
        entry = data[str(loc[0])][loc[1]]
        named = entry.get("name") if isinstance(entry, dict) else None
        place = f'"{named}"' if named else f"number {loc[1] + 1}"
        return " ".join([f"[[{loc[0]}]]", place, *map(str, loc[2:])])
    return ".".join(map(str, loc))


def _problem(error: Any) -> str:
    """Say what is wrong with a value, and how it is written."""
    kind, table, given = error["type"], error["loc"][0], error["input"]
    if kind == "extra_forbidden":
        return "unknown key; see README.md for the keys there are"
    if kind == "model_type" and table == "watch":
        return "write [watch], with one bracket"
    if kind == "model_type" or (kind == "list_type" and len(error["loc"]) == 1):
        return f"write [[{table}]], with two brackets"
    if kind == "list_type":
        return f"write a list: {json.dumps([given], default=str, ensure_ascii=False)}"
    return str(error["msg"]).removeprefix("Value error, ")
