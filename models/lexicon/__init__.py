"""The lexicon: which concepts stand in a text, in nine languages, and why.

Stands between `text` and `decide`: an article's title and text go in, a
`Reading` comes out. Reading order: `entries` (files), `forms` (what the scan
looks for), `fold`, `language`, `pages`, `scan` with `conditions`, `judge`, `score`,
`hits`, `tags`; `checking` is for editors, `changes` tells which texts another lexicon may read
otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.faces import face

if TYPE_CHECKING:
    from models.lexicon.changes import Changes
    from models.lexicon.checking import check, diff
    from models.lexicon.entries import Problem
    from models.lexicon.reader import Lexicon, load
else:
    __getattr__ = face(__name__)

__all__ = ["Changes", "Lexicon", "Problem", "check", "diff", "load"]
