"""How long a list may be in a workbook: a parameter of the bureau, since Excel itself stops at 1,048,576 rows."""

from __future__ import annotations

import datetime as dt

from fundwatch.settings import Settings

KEY = "export_xlsx_rows"


def xlsx_rows(settings: Settings, on: dt.date) -> int:
    """The most rows of one sheet, as in force on the day."""
    return int(settings.get(KEY, on))
