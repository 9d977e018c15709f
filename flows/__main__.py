"""The `peninsula` command, started: `python -m flows` is the same."""

from __future__ import annotations

import gc


def main() -> None:
    """Load and run the command.

    What loading makes is there to stay: looking for garbage in it meanwhile, and again at
    each later search, takes a fifth of the start.
    """
    gc.disable()
    from flows.cli import app  # noqa: PLC0415 - see above

    gc.freeze()
    gc.enable()
    app()


if __name__ == "__main__":
    main()
