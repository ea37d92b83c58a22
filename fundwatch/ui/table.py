"""Lists with drill-down: at most 200 rows at a time, pages, search, and a click that opens the next level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from fundwatch.contracts import code_lists
from fundwatch.screens import fields as columns
from fundwatch.screens.fields import Field, Paged, contract_fields, header, kpi_fields
from fundwatch.ui import numbers
from fundwatch.ui.audit_view import note_list
from fundwatch.ui.shell import Page

#: more rows make every rerun slow in the browser (551 kB for 5,000 rows, 6 kB for 200 of a page)
ROWS_SHOWN = 200
ROWS_WITHOUT_SCROLLING = 15
SCROLLING_HEIGHT = 540
#: how the grid measures (rows looked at) and draws text of 14 pixels
ROWS_MEASURED, CELL_PADDING, WIDE_PIXELS, NARROW_PIXELS, WIDEST = 10, 20, 14, 8, 420
FIXED_WIDTHS = {"date": 100, "time": 150}
LAST_NARROW = 0x2E7F
OPENS = "点选一行可打开下一级。"
__all__ = ["OPENS", "Field", "Paged", "contract_fields", "header", "kpi_fields", "show_list", "visible"]
DECIMALS = {"amount": 2, "price": 4, "quantity": 2, "percent": 2, "score": 1}


def show_list(
    page: Page,
    rows: pa.Table | Paged,
    fields: Sequence[Field],
    *,
    key: str,
    open_row: Callable[[dict[str, Any]], None] | None = None,
    money: str | None = None,
    search: bool = True,
    hint: str = OPENS,
) -> None:
    """Draw a list. ``open_row`` gets the clicked row (raw values) and leads to the next level; ``hint`` says what a click does, and is
    empty where the caller says it below.

    ``money`` fixes the unit of amounts (元 in claim lists); without it a column takes 万元 unless all its
    amounts are below 1 万元 (rows that are read page by page: 元). Columns that the person's roles do not see are left out.
    """
    fields = visible(fields, rows, page.hidden_columns)
    note_list(page, fields, rows.num_rows)
    text = ""
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_top"):
        if search and rows.num_rows > 1:
            text = st.text_input("搜索", key=f"{key}_search", placeholder="输入名称、编号等", width=280)
        found_cnt, part_of = _looked_for(rows, fields, text)
        st.caption(counted_words(found_cnt, rows.num_rows))
    if not found_cnt:
        st.info("没有符合搜索条件的行。", icon=":material/search_off:")
        return
    pages = -(-found_cnt // ROWS_SHOWN)
    number = 1 if pages == 1 else st.pagination(pages, key=f"{key}_page_{pages}")
    part = part_of((number - 1) * ROWS_SHOWN, ROWS_SHOWN)
    units = {
        field.name: money or (money_unit(rows, field) if isinstance(rows, pa.Table) else "元")
        for field in fields
        if field.kind == "amount"
    }
    shown = displayed(part, fields, units)
    event = st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        height=list_height(part.num_rows),
        placeholder=numbers.NONE,
        # A configuration of None would hide the column.
        column_config={
            name: config
            for field in fields
            for name in [header(field, units)]
            if (config := _config(field, column_width(name, shown.column(name), field.kind)))
        },
        on_select="rerun" if open_row else "ignore",
        selection_mode="single-row",
        key=f"{key}_rows_{number}",
    )
    if open_row:
        if hint:
            st.caption(hint)
        chosen = event["selection"]["rows"]
        if chosen:
            open_row(part.slice(chosen[0], 1).to_pylist()[0])


def _looked_for(
    rows: pa.Table | Paged, fields: Sequence[Field], text: str
) -> tuple[int, Callable[[int, int], pa.Table]]:
    """How many rows hold the text, and what gives a part of them by first row and count. Hidden columns are not looked at."""
    if isinstance(rows, pa.Table):
        found = searched(rows, fields, text)
        return found.num_rows, found.slice
    columns = [field.name for field in fields if _is_text(rows.schema.field(field.name).type)]
    return rows.found(text, columns), lambda first, count: rows.part(text, columns, first, count)


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def visible(fields: Sequence[Field], rows: pa.Table | Paged, hidden: frozenset[str]) -> list[Field]:
    """The fields that the rows have and the person may see."""
    return columns.visible(fields, rows.column_names, hidden)


def searched(rows: pa.Table, fields: Sequence[Field], text: str) -> pa.Table:
    """Rows where some shown text column holds the text, in any case; codes are found by their words too."""
    wanted = text.strip()
    if not wanted:
        return rows
    hit = None
    for field in fields:
        column = rows.column(field.name)
        if not _is_text(column.type):
            continue
        found = pc.match_substring(column, wanted, ignore_case=True)
        if field.codes:
            codes = [code for code, word in code_lists()[field.codes].items() if wanted in word]
            found = pc.or_kleene(found, pc.is_in(column, value_set=pa.array(codes, pa.string())))
        found = pc.fill_null(found, False)
        hit = found if hit is None else pc.or_(hit, found)
    return rows if hit is None else rows.filter(hit)


def counted_words(found: int, total: int) -> str:
    """共 1,234 行, 显示前 200 行起分页, or how many a search found."""
    if found != total:
        return f"找到 {found:,} 行(共 {total:,} 行)"
    paged = f",每页 {ROWS_SHOWN} 行" if total > ROWS_SHOWN else ""
    return f"共 {total:,} 行{paged}"


def money_unit(rows: pa.Table, field: Field) -> str:
    """The one unit of an amount column, from its largest amount over all rows."""
    least_most = pc.min_max(rows.column(field.name)).as_py()
    return numbers.money_unit([least_most["min"], least_most["max"]])


def displayed(part: pa.Table, fields: Sequence[Field], units: dict[str, str]) -> pa.Table:
    """The rows as shown: labels as headers, code words, amounts in their column's unit, still decimal."""
    columns = {header(field, units): _column(part.column(field.name), field, units) for field in fields}
    return pa.table(columns)


def list_height(rows: int) -> int | Literal["content"]:
    """As high as its rows up to fifteen; beyond that a fixed height in pixels, and it scrolls."""
    return "content" if rows <= ROWS_WITHOUT_SCROLLING else SCROLLING_HEIGHT


def _column(values: pa.ChunkedArray, field: Field, units: dict[str, str]) -> pa.Array | pa.ChunkedArray:
    if field.codes:
        words = code_lists()[field.codes]
        return pa.array(
            [None if v is None else words.get(str(v), str(v)) for v in values.to_pylist()], pa.string()
        )
    if units.get(field.name) == "万元":
        in_wan = [
            None if v is None else numbers.rounded(Decimal(v) / numbers.WAN, 2) for v in values.to_pylist()
        ]
        return pa.array(in_wan, pa.decimal128(18, 2))
    return values


def column_width(name: str, values: pa.ChunkedArray, kind: str = "text") -> int | None:
    """Pixels of a column that the grid would draw too narrow, else None: it measures ten rows and leaves out what is twice as wide
    as their average, so a date among dashes or a long name far down would be cut."""
    if kind in FIXED_WIDTHS:
        return max(FIXED_WIDTHS[kind], text_width(name))
    if not _is_text(values.type):
        return None
    widths = [text_width(value or "") for value in values.to_pylist()]
    first = widths[:ROWS_MEASURED]
    if not first:
        return None
    usual = max((width for width in first if width < 2 * sum(first) / len(first)), default=0)
    widest = min(max(widths), WIDEST)
    return widest if widest > max(usual, text_width(name)) else None


def text_width(text: str) -> int:
    """Pixels of a cell that holds the text: full-width characters are square, others about half as wide."""
    wide = sum(ord(character) > LAST_NARROW for character in text)
    return CELL_PADDING + wide * WIDE_PIXELS + (len(text) - wide) * NARROW_PIXELS


def _config(field: Field, width: int | None = None) -> Any:
    if field.codes:
        return st.column_config.TextColumn(width=width) if width else None
    if field.kind in DECIMALS:
        return st.column_config.NumberColumn(format=f"%,.{DECIMALS[field.kind]}f")
    formats = {"year": "%d", "int": "%,d"}
    if field.kind in formats:
        return st.column_config.NumberColumn(format=formats[field.kind])
    if field.kind == "date":
        return st.column_config.DateColumn(format="YYYY-MM-DD", width=width)
    if field.kind == "time":
        return st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", width=width)
    return st.column_config.TextColumn(width=width) if width else None
