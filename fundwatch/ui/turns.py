"""Screens take turns: a server computes few at a time, so that many people who click at once do not slow each other down.

Python runs one thread at a time; many scripts at once gain nothing, pay for every switch between them, and leave the thread that
answers the browsers so little time that connections are given up (two hundred people did that to a server without turns). Work
that takes long by its nature steps aside meanwhile; the longest wait is there so that no fault in all this can stop a server.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: one more than the processors: some always wait for the disk or the database
AT_ONCE = (os.cpu_count() or 1) + 1
LONGEST_WAIT = 90.0


class Turns:
    """So many at once; the others wait, but never longer than ``longest_wait`` seconds."""

    def __init__(self, at_once: int = AT_ONCE, longest_wait: float = LONGEST_WAIT) -> None:
        self._free = threading.Semaphore(at_once)
        self._longest_wait = longest_wait
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Wait for a turn and hold it in this thread; gives whether it is one or the wait was too long."""
        self._take()
        try:
            yield self._mine.held
        finally:
            self._give_back()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let others have this thread's turn during long work, and wait for one again afterwards."""
        held = getattr(self._mine, "held", False)
        if held:
            self._give_back()
        try:
            yield
        finally:
            if held:
                self._take()

    def _take(self) -> None:
        self._mine.held = self._free.acquire(timeout=self._longest_wait)

    def _give_back(self) -> None:
        if self._mine.held:
            self._mine.held = False
            self._free.release()


TURNS = Turns()
