"""Screens take turns: a server computes few at a time, so that fifty people who click at once do not slow each other down.

Python runs one thread at a time; many scripts at once gain nothing and pay for every switch between them. Whoever has waited
for ``LONGEST_WAIT`` goes on without a turn: a screen that loads a file or waits for the database holds up nobody for longer.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: one more than the processors: some always wait for the disk or the database
AT_ONCE = (os.cpu_count() or 1) + 1
LONGEST_WAIT = 5.0


class Turns:
    """So many at once; the others wait, but never longer than ``longest_wait`` seconds."""

    def __init__(self, at_once: int = AT_ONCE, longest_wait: float = LONGEST_WAIT) -> None:
        self._free = threading.Semaphore(at_once)
        self._longest_wait = longest_wait

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Wait for a turn and hold it; gives whether it is one or the wait was too long."""
        held = self._free.acquire(timeout=self._longest_wait)
        try:
            yield held
        finally:
            if held:
                self._free.release()


TURNS = Turns()
