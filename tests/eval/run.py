"""Run a stream command without the command line: python -m tests.eval.run group|same < in > out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from flows.grouping_streams import group_lines, same_lines
from models.lexicon import load
from models.values import Fault


def main() -> None:
    """Read the lines of stdin and write what the named command makes of them."""
    lexicon = load(
        {file.name: file.read_text("utf-8") for file in sorted(Path("seeds/lexicon").glob("*.toml"))}
    )
    run = {"group": group_lines, "same": same_lines}[sys.argv[1]]
    for row in run(sys.stdin, lexicon):
        if isinstance(row, Fault):
            print(row, file=sys.stderr)  # noqa: T201 - a runner prints
        else:
            print(json.dumps(row, ensure_ascii=False))  # noqa: T201 - a runner prints


if __name__ == "__main__":
    main()
