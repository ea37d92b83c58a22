"""Commands in processes of their own that can be killed: forked from a server that has imported everything, so each costs no start."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import ModuleType
from typing import Any

from fundwatch.cli.app import run

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["fundwatch.cli.app", "fundwatch.build.runner", "fundwatch.loader", "fundwatch.rules"]
)


def command(words: Sequence[str]) -> None:
    """What a started process does: one command, in silence; its exit status is the process's."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    raise SystemExit(run(list(words)))


def _within(environment: Mapping[str, str], work: Callable[..., None], *given: Any) -> None:
    """``work`` in the environment of the test that started it: the server's own is that of the first test that asked."""
    os.environ.clear()
    os.environ.update(environment)
    work(*given)


@lru_cache(maxsize=1)
def _ready() -> None:
    """Wait until the server has imported everything, so that the first command is timed like the others."""
    process = _context.Process(target=int)
    _start(process)
    process.join()
    process.close()


def _start(process: multiprocessing.process.BaseProcess) -> None:
    """Start it without this process's main module: a screen tested before has put app.py in its place, which it would run."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        process.start()
    finally:
        sys.modules["__main__"] = main


@contextlib.contextmanager
def started(work: Callable[..., None], *given: Any) -> Iterator[multiprocessing.process.BaseProcess]:
    """``work`` at work in a process of its own, which is ended and let go at the end."""
    _ready()
    process = _context.Process(target=_within, args=(dict(os.environ), work, *given))
    _start(process)
    try:
        yield process
    finally:
        process.kill()
        process.join()
        process.close()
