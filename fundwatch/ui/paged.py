"""A list that may be longer than a browser should get: one page of it is read from the warehouse at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.access import Ability
from fundwatch.ui.export import Taken, export_buttons
from fundwatch.ui.part_list import Context
from fundwatch.ui.shell import Page
from fundwatch.ui.table import OPENS, ROWS_SHOWN, Field, show_list

#: rows of one file taken away; a workbook holds about a million
MOST_TAKEN = 100_000
TOTAL = "total_cnt"
Read = Callable[[int, int], pa.Table]


def paged_list(
    page: Page,
    context: Context,
    title: str,
    read: Read,
    fields: Sequence[Field],
    *,
    key: str,
    empty: str,
    open_row: Callable[[dict[str, Any]], None] | None = None,
    hint: str = OPENS,
) -> int:
    """Draw the page of a list; gives the number of all its rows.

    ``read(rows, skip)`` gives rows with ``total_cnt``, the rows of the whole list. Amounts are in 元.
    """
    first = read(ROWS_SHOWN, 0)
    total = first.column(TOTAL)[0].as_py() if first.num_rows else 0
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    left.subheader(title, anchor=False)
    if not total:
        st.caption(empty)
        return 0
    if page.can(Ability.EXPORT):
        taken_cnt = min(total, MOST_TAKEN)
        with (
            right,
            st.container(horizontal=True, horizontal_alignment="right"),
            st.popover("导出", icon=":material/download:"),
        ):
            if total > MOST_TAKEN:
                st.caption(f"共 {total:,} 行,一次导出前 {MOST_TAKEN:,} 行;请缩小期间或筛选。")

            def taken() -> Taken:
                return Taken(
                    f"{context.name} {title}",
                    read(MOST_TAKEN, 0),
                    fields,
                    context.period,
                    context.filters,
                    context.data_through,
                )

            export_buttons(
                page, taken, f"{context.name}_{title}", taken_cnt, key=f"export_{key}", fields=fields
            )
    show_list(
        page,
        _Pages(read, first, total),
        fields,
        key=key,
        open_row=open_row,
        money="元",
        search=False,
        hint=hint,
    )
    return total


@dataclass(frozen=True)
class _Pages:
    """The list as ``show_list`` reads it page by page. Its rows are cut down by the screen's own choices, not by a search."""

    read: Read
    first: pa.Table
    num_rows: int

    @property
    def schema(self) -> pa.Schema:
        return self.first.schema

    @property
    def column_names(self) -> list[str]:
        return list(self.first.column_names)

    def found(self, text: str, columns: Sequence[str]) -> int:
        return self.num_rows

    def part(self, text: str, columns: Sequence[str], first: int, count: int) -> pa.Table:
        return self.read(count, first) if first else self.first
