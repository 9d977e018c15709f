"""The packages whose files are loaded when they are asked for: all they show is there."""

from importlib import import_module
from pkgutil import iter_modules

import pytest


@pytest.mark.parametrize(
    "package",
    ["alerts", "alerts.rules", "lexicon", "sources", "stories", "store", "tables", "text", "values"],
)
def test_a_face_shows_what_it_says_and_no_file_hides_a_name(package: str) -> None:
    module = import_module(f"models.{package}")
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    assert {found.name for found in iter_modules(module.__path__)}.isdisjoint(module.__all__)
