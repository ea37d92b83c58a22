"""Copies of homes in use."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path


def copy_home(source: Path, target: Path) -> None:
    """A copy of a home (or folder) in use. Reading an open SQLite file by hand would drop this process's locks on it."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("state.db*"))
    state = Path("state", "state.db")
    if (source / state).is_file():
        with (
            closing(sqlite3.connect(source / state)) as held,
            closing(sqlite3.connect(target / state)) as copy,
        ):
            held.backup(copy)
