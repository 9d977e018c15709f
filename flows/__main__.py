"""The `peninsula` command, started: `python -m flows` is the same."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Load and run the command.

    What loading makes is there to stay: looking for garbage in it meanwhile, at each later
    search, and in all that is left at the end, takes a fifth of a short run. httpx would load a
    command line of its own, with rich and pygments, and HTTP/2, which we do not speak; it does
    without where they are not to be had.
    """
    gc.disable()
    for module in ("httpx._main", "h2"):
        sys.modules[module] = None  # type: ignore[assignment]  # Python's way to say so
    from flows import cli  # noqa: PLC0415 - see above

    cli.load(sys.argv[1:])
    gc.freeze()
    gc.enable()
    try:
        cli.main()
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
