"""A list that is no KPI's: the definitions, the loads, the tables; with its export beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.access import Ability
from fundwatch.clock import china_today
from fundwatch.ui.export import Taken, export_buttons
from fundwatch.ui.filters import Filters
from fundwatch.ui.period import Period
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field, show_list


def show_and_export(
    page: Page,
    name: str,
    rows: pa.Table,
    fields: Sequence[Field],
    *,
    key: str,
    open_row: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Draw the list, and below it its export: as of today, without filters.

    The file names the version of the data, so before the first one there is no export.
    """
    show_list(page, rows, fields, key=key, open_row=open_row)
    if not (page.has_data and rows.num_rows and page.can(Ability.EXPORT)):
        return

    def taken() -> Taken:
        today = china_today()
        return Taken(name, rows, fields, Period(today, today), Filters({}, {}), None)

    with st.popover(f"导出{name}", icon=":material/download:"):
        export_buttons(page, taken, name, rows.num_rows, key=f"export_{key}", fields=fields)
