"""Runs of the command that die at their n-th event, for test_kill.py.

Reads lines "n url" on stdin and answers each with a line: the exit code of a run
of `peninsula run` on that database, killed by SIGKILL at its n-th event (never, if
n is 0), and a letter for each event there was. Imports once and forks for each
run, so that a run costs a third of a second.

s S  before and after a statement
c    before a commit
W C  after a commit of a session, W if it wrote
r R  before a request, and after its answer came
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import alembic.command  # noqa: F401 - the migration imports it late, and would in every fork
import httpx
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from flows import cli, settings
from flows.connections import Connections
from flows.words import open_lexicon

WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE")


class Run:
    """What has happened in this process, and where it shall die."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.seen: list[str] = []
        self.wrote = False

    def happens(self, kind: str) -> None:
        """Note an event, or die at it."""
        self.seen.append(kind)
        if len(self.seen) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def committed(self, _session: Session) -> None:
        """Note a commit, and whether anything changed by it."""
        wrote, self.wrote = self.wrote, False
        self.happens("W" if wrote else "C")

    def starts(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        """Note that a statement begins."""
        self.wrote = self.wrote or statement.lstrip().upper().startswith(WRITES)
        self.happens("s")

    def watch(self) -> None:
        """Listen to SQLAlchemy and to our connections."""
        event.listen(Engine, "before_cursor_execute", self.starts)
        event.listen(Engine, "after_cursor_execute", lambda *_: self.happens("S"))
        event.listen(Engine, "commit", lambda _: self.happens("c"))
        event.listen(Session, "after_commit", self.committed)
        plain = Connections.handle_async_request

        async def watched(client: Connections, request: httpx.Request) -> httpx.Response:
            self.happens("r")
            answer = await plain(client, request)
            self.happens("R")
            return answer

        Connections.handle_async_request = watched  # type: ignore[method-assign, assignment]


def in_child(work: Callable[[], None]) -> int:
    """Run something in a fork; give its exit code, negative for a signal."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            work()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """Answer the lines on stdin."""
    open_lexicon(settings.load())  # compiled before the forks
    for line in sys.stdin:
        number, url = line.split()
        reader, writer = os.pipe()

        def run(number: int = int(number), url: str = url, writer: int = writer) -> None:
            os.environ["DATABASE_URL"] = url
            os.dup2(2, 1)
            here = Run(number)
            here.watch()
            sys.argv = ["peninsula", "run", "--no-seeds", "--patience", "0s"]
            try:
                cli.main()
            finally:
                os.write(writer, "".join(here.seen).encode())

        code = in_child(run)
        os.close(writer)
        print(code, os.read(reader, 60_000).decode() or "-", flush=True)  # noqa: T201 - the answer
        os.close(reader)


if __name__ == "__main__":
    main()
