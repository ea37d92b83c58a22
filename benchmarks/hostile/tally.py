"""Counting of cases by family, and what all families must leave behind."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.strategies import SearchStrategy
from sqlalchemy import select

from benchmarks.hostile.words import PERSONAL
from fundwatch.home import Home
from fundwatch.state.audit import events
from fundwatch.state.db import engine

SHOWN = 12


@dataclass
class Family:
    """One kind of hostile input: how many cases, how they ended, what went wrong."""

    name: str
    cases: int = 0
    ways: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def ended(self, way: str, cases: int = 1) -> None:
        """Count cases that ended in this way."""
        self.cases += cases
        self.ways[way] = self.ways.get(way, 0) + cases

    def fail(self, words: str) -> None:
        self.failures.append(" ".join(words.split())[:600])

    def line(self) -> str:
        ways = ", ".join(f"{way} {count:,}" for way, count in sorted(self.ways.items()))
        return (
            f"{self.name}: {self.cases:,} cases in {self.seconds:.0f} s ({ways}); failed {len(self.failures)}"
        )


@contextlib.contextmanager
def timed(family: Family) -> Iterator[None]:
    """Add the time inside to the family."""
    began = time.monotonic()
    try:
        yield
    finally:
        family.seconds += time.monotonic() - began


def generated(  # noqa: PLR0917
    family: Family, way: str, strategy: SearchStrategy, cases: int, seed: int, check: Callable[[Any], object]
) -> None:
    """Let hypothesis look for a value that ``check`` does not stand; the smallest found is a failure."""

    @hypothesis.seed(seed)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @hypothesis.given(strategy)
    def looked(value: Any) -> None:
        family.ended(way)
        check(value)

    with timed(family):
        try:
            looked()
        except Exception as error:  # whatever came out is what was looked for
            notes = " | ".join(getattr(error, "__notes__", []))
            family.fail(f"{way}: {type(error).__name__}: {error} {notes}")


def left_in_logs(home: Home, *more: Path) -> list[str]:
    """Which made-up personal values stand in a log file, in what the server printed, or in the audit log."""
    found = []
    for path in [*home.logs.glob("*"), *more]:
        if path.is_file():
            content = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{path.name} holds {value}" for value in PERSONAL if value in content]
            if "Traceback (most recent call last)" in content:
                place = content.index("Traceback (most recent call last)")
                found.append(f"{path.name} holds a traceback: {content[place : place + 1500]}")
    with engine(home).connect() as connection:
        rows = connection.execute(select(events)).fetchall()
    audited = "\n".join(str(row) for row in rows)
    return found + [f"the audit log holds {value}" for value in PERSONAL if value in audited]
