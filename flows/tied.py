"""Parts of `peninsula up` that end with it, even if it was killed and could tell them nothing.

Each part's standard input is a pipe that only its parent holds open: when the
parent is gone, however that came, the pipe ends, and so does the part.
Nothing here imports Prefect before it is asked to run.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
from threading import Thread


def tie() -> None:
    """Send this process a SIGTERM when its parent goes."""
    Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        continue
    os.kill(os.getpid(), signal.SIGTERM)


def serve() -> None:
    """Serve the deployments."""
    tie()
    from flows.serving import main  # noqa: PLC0415 - imports Prefect

    main()


def server() -> None:
    """Run Prefect's own `prefect server start`, with this process's arguments."""
    tie()
    sys.argv = ["prefect", "server", "start", *sys.argv[1:]]
    runpy.run_module("prefect", run_name="__main__")
