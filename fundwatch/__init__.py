"""Fundwatch: supervision of a county's medical-insurance fund.

    import fundwatch
    county = fundwatch.open("data/homes/default")
    county.kpi("rejection_rate", "2026-01-01", "2026-06-30", by="month").pandas()

See docs/api.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from fundwatch.api import County

__version__ = "0.1.0"


def open(home: str | os.PathLike[str] | None = None, version: str | None = None) -> County:
    """A home for reading: its KPIs, their lists, and SQL over the analysts' tables.

    ``home`` is the folder (default: ``FUNDWATCH_HOME``, else ``data/homes/default``), ``version`` a published version
    (default: the one served). Raises UserError when nothing has been built.
    """
    # imported here: ``import fundwatch`` loads nothing else
    from fundwatch.api import County

    return County.of(home, version)
