"""Progress of long work on stderr: bars on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

#: (what is being done, how far, out of how many)
Step = Callable[[str, int, int], None]
LINE_EVERY_SECONDS = 2.0


def silent(_text: str, _done: int, _total: int) -> None:
    """A step that shows nothing, for tests and the app."""


@contextmanager
def progress(title: str) -> Iterator[Step]:
    """Yield a step function that shows ``title``, the current text and how much is left."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_lines(title)
        return
    columns = [
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
    ]  # fmt: skip
    with Bars(*columns, console=console) as bars:
        task = bars.add_task(title, total=None)

        def step(text: str, done: int, total: int) -> None:
            bars.update(task, description=f"{title} {text}", completed=done, total=total)

        yield step


def _plain_lines(title: str) -> Step:
    last = 0.0

    def step(text: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done >= total or now - last >= LINE_EVERY_SECONDS:
            last = now
            print(f"{title} {text} {done}/{total}", file=sys.stderr, flush=True)

    return step
