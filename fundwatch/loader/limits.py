"""The loader's parameters, read once per load from the home's settings."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from fundwatch.clock import china_today
from fundwatch.home import Home
from fundwatch.settings import Settings


@dataclass(frozen=True)
class Limits:
    """Names are the keys of data/reference/parameters.yaml. ``today`` is the day of loading in Asia/Shanghai."""

    today: dt.date
    quarantine_max_pct: Decimal
    quarantine_min_rows: int
    archive_max_gb: int
    archive_max_ratio: int
    future_max_months: int
    inbox_delete_loaded: int

    @property
    def latest_month(self) -> str:
        """The last month (YYYY-MM) a row may be dated by."""
        months = self.today.year * 12 + self.today.month - 1 + self.future_max_months
        return f"{months // 12:04d}-{months % 12 + 1:02d}"

    def too_many(self, failed: int, rows: int) -> bool:
        """More than the share allowed and at least the least number: the file is refused whole."""
        return failed >= self.quarantine_min_rows and failed * 100 > self.quarantine_max_pct * rows


@dataclass(frozen=True)
class Intake:
    """One file on its way in: where it lies, where copies of it may be made, what it may not exceed."""

    path: Path
    work: Path
    limits: Limits
    #: the persons' key
    key: bytes = field(repr=False)
    #: the file's SHA-256
    checksum: Future[str]
    #: runs what may run beside the reading
    beside: Executor


def read_limits(home: Home) -> Limits:
    """The values in force today."""
    settings, today = Settings(home), china_today()
    names = [name for name in Limits.__dataclass_fields__ if name != "today"]
    return Limits(today=today, **{name: settings.get(name, today) for name in names})  # type: ignore[arg-type]
