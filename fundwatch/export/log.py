"""What the log keeps of a file that left: who, what, rows, hash, filters, version, and why where persons are in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fundwatch.home import Home
from fundwatch.state.audit import record
from fundwatch.state.db import engine

ACTION = "导出"


def record_export(
    home: Home, user: str, name: str, *, rows: int, sha256: str, detail: Mapping[str, Any]
) -> None:
    """Add one event. The file is handed over only afterwards, so that none leaves without a trace."""
    record(engine(home), user, ACTION, name, {"rows": rows, "sha256": sha256, **detail})
