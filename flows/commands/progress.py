"""A bar on stderr for what takes minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def counting(verb: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Show how much of how much is done; nothing where stderr is no terminal."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    columns = (TextColumn(verb), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(verb, visible=False)  # until there is something to count
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)
