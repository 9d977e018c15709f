"""The lexicon: which concepts stand in a text, in nine languages, and why.

Stands between `text` and `decide`: an article's title and text go in, a
`Reading` comes out. Reading order: `entries` (files), `forms` (what the scan
looks for), `fold`, `language`, `scan` with `conditions`, `judge`, `score`,
`tags`; `check` is for editors, `changes` tells which texts another lexicon may read
otherwise.
"""

from __future__ import annotations

from models.lexicon.changes import Changes
from models.lexicon.check import check, diff
from models.lexicon.entries import Problem
from models.lexicon.reader import Lexicon, load

__all__ = ["Changes", "Lexicon", "Problem", "check", "diff", "load"]
