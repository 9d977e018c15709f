"""A package's face, with each file behind it loaded when one of its names is first asked for.

`models.store` has thirty files, and a look at feeds that have nothing new needs three
of them. Loading all, with what they load in their turn, took half of that look's start.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def face(package: str) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package (PEP 562).

    Its `__init__.py` imports under `if TYPE_CHECKING:` what it shows, as type checkers
    read it; from there it is known which file has a name. No name may be a file's, too.
    """
    homes: dict[str, str] = {}
    module = sys.modules[package]

    def load(name: str) -> Any:
        if not homes:
            homes.update(_homes(Path(str(module.__file__))))
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(homes[name]), name)
        setattr(module, name, found)  # the next look is an ordinary one
        return found

    return load


def _homes(file: Path) -> dict[str, str]:
    """Give the module that each name of a face is imported from."""
    under = [node for node in ast.parse(file.read_bytes()).body if isinstance(node, ast.If)]
    imports = [node for block in under for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: str(node.module) for node in imports for alias in node.names}
