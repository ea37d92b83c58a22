"""The smallest demo and its tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from read_demo import Rows, read_rows


@pytest.fixture(scope="session")
def tiny(demo_files: Path) -> Path:
    """The demo at its smallest scale, all 18 months."""
    return demo_files


@pytest.fixture(scope="session")
def read(tiny: Path) -> Callable[[str], Rows]:
    """Rows of a table of the tiny demo as text; each table is read once."""
    known: dict[str, Rows] = {}

    def rows(table: str) -> Rows:
        if table not in known:
            known[table] = read_rows(tiny, table)
        return known[table]

    return rows
