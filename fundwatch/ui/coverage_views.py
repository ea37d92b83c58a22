"""The lists of 检查覆盖, one at a time; what is chosen stands in the address as ``view``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.kpi import DIMENSION_LABELS, Kpi, declarations
from fundwatch.screens.coverage import (
    FOCUS_FIELDS,
    FOCUS_SOURCE,
    METHOD_FIELDS,
    coverage_by,
    coverage_fields,
    focus,
    methods,
    unchecked,
)  # fmt: skip
from fundwatch.screens.kpi_rows import fields_of
from fundwatch.ui import address
from fundwatch.ui.export import Taken, export_buttons
from fundwatch.ui.filters import LEVELS, Filters
from fundwatch.ui.inspect_draw import show_random
from fundwatch.ui.kpi_list import opener
from fundwatch.ui.period import Period
from fundwatch.ui.query import days_through, kpi_rows, kpi_values, page_query
from fundwatch.ui.sheet import as_parts, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.table import OPENS, Field, show_list

VIEW, RANDOM = "view", "random"
#: a note that begins so says itself what a click does
CLICK = "点选一行"
COVERAGE = "inspection_coverage"
BAR = ("fixmedins_type", "level_class", "medins_natu", "town_code")


@dataclass(frozen=True)
class View:
    """One list: rows, columns, the KPIs that explain it, a note below it and what a click does."""

    name: str
    rows: pa.Table
    fields: list[Field]
    kpis: tuple[Kpi, ...]
    note: str = ""
    open_row: Callable[[dict[str, Any]], None] | None = None
    empty: str = "没有记录。"
    #: few rows with sentences in them are set as a document's table, where text wraps
    is_sheet: bool = False


def choose_view(page: Page) -> str:
    """The switch between the lists."""
    wanted = next(iter(address.values(VIEW)), None)
    words = {name: word for name, (word, _) in VIEWS.items()}
    if not page.sight.is_local:
        # a draw is of the county's institutions and inspectors
        words[RANDOM] = "双随机抽取"
    st.session_state["view_choice"] = wanted if wanted in words else next(iter(words))
    st.segmented_control(
        "清单",
        list(words),
        key="view_choice",
        format_func=lambda name: words[name],
        label_visibility="collapsed",
        on_change=_view_chosen,
    )
    return next(iter(VIEWS)) if st.session_state["view_choice"] is None else st.session_state["view_choice"]


def show_view(page: Page, name: str, period: Period, filters: Filters) -> None:
    """Draw the chosen list with its export, or the double-random draw."""
    if name == RANDOM:
        show_random(page, period, filters)
        return
    view = VIEWS[name][1](page, period, filters)
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    left.subheader(view.name, anchor=False)
    through = days_through(page)[COVERAGE]

    def taken() -> Taken:
        return Taken(view.name, view.rows, view.fields, period, filters, through, view.kpis)

    with (
        right,
        st.container(horizontal=True, horizontal_alignment="right"),
        st.popover("导出", icon=":material/download:"),
    ):
        export_buttons(
            page,
            taken,
            f"{view.name}_{period.words}",
            view.rows.num_rows,
            key=f"take_{name}",
            fields=view.fields,
        )
    if not view.rows.num_rows:
        st.info(view.empty, icon=":material/inbox:")
        return
    if view.is_sheet:
        sheet(*as_parts(view.rows, view.fields), key=name)
        st.caption(view.note)
        return
    show_list(
        page, view.rows, view.fields, key=name, open_row=view.open_row, search=view.rows.num_rows > 10,
        hint="" if CLICK in view.note else OPENS,
    )  # fmt: skip
    if view.note:
        st.caption(view.note)


def coverage_taken(page: Page, period: Period, filters: Filters) -> Taken:
    """The whole coverage list, checked and unchecked: the rows that make the number."""
    kpi = declarations()[COVERAGE]
    rows = kpi_rows(page, COVERAGE, period.start, period.end, filters=filters.for_kpi)
    through = days_through(page)[COVERAGE]
    return Taken("协议检查覆盖清单", rows, fields_of(kpi, rows), period, filters, through, (kpi,))


def covered(page: Page, period: Period, filters: Filters) -> int:
    """How many institutions are to be inspected under these filters."""
    return kpi_rows(page, COVERAGE, period.start, period.end, filters=filters.for_kpi).num_rows


def by_level(page: Page, period: Period, filters: Filters) -> pa.Table:
    """Coverage by level class."""
    values = kpi_values(page, [COVERAGE], period.start, period.end, by="level_class", filters=filters.for_kpi)
    return coverage_by(values, {}, LEVELS)


def _unchecked(page: Page, period: Period, filters: Filters) -> View:
    rows = unchecked(kpi_rows(page, COVERAGE, period.start, period.end, filters=filters.for_kpi))
    kpi = declarations()[COVERAGE]
    fields = [
        field
        for field in fields_of(kpi, rows)
        if field.name not in ("numerator", "denominator", "insp_cnt", "last_insp_date")
    ]
    return View(
        "尚未检查的机构", rows, fields, (kpi,), "年初至期末没有已完成协议检查的协议机构。",
        opener(page, rows.column_names), "所选范围内的协议机构均已检查。",
    )  # fmt: skip


def _levels(page: Page, period: Period, filters: Filters) -> View:
    return View(
        "分级别覆盖", by_level(page, period, filters), coverage_fields(DIMENSION_LABELS["level_class"]),
        (declarations()[COVERAGE],), "点选一行,按该级别筛选。", _narrow("level_class"),
    )  # fmt: skip


def _towns(page: Page, period: Period, filters: Filters) -> View:
    values = kpi_values(page, [COVERAGE], period.start, period.end, by="town_code", filters=filters.for_kpi)
    rows = coverage_by(values, filters.options.get("town_code", {}))
    return View(
        "分乡镇覆盖", rows, coverage_fields(DIMENSION_LABELS["town_code"]), (declarations()[COVERAGE],),
        "按乡镇代码排列,不排名次。点选一行,按该乡镇筛选。", _narrow("town_code"),
    )  # fmt: skip


def _methods(page: Page, period: Period, filters: Filters) -> View:
    rows = methods(
        page_query(page, "coverage_methods", first_day=period.start, last_day=period.end, **_lists(filters))
    )
    return View(
        "检查方式构成", rows, list(METHOD_FIELDS),
        (declarations()["problem_found_rate"], declarations()["random_share"]),
        "期内已完成的检查。发现问题率与全部方式的总体比较,用控制限判断,不排名次。", None, "期内没有已完成的检查。",
    )  # fmt: skip


def _focus(page: Page, period: Period, filters: Filters) -> View:
    found = page_query(
        page, "coverage_findings", first_day=period.start, last_day=period.end, **_lists(filters)
    )
    rows = kpi_rows(page, COVERAGE, period.start, period.end, filters=filters.for_kpi)
    return View(
        "分类重点核查", focus(rows, page_query(page, "coverage_focus_class"), found), list(FOCUS_FIELDS),
        (declarations()[COVERAGE],), FOCUS_SOURCE, is_sheet=True,
    )  # fmt: skip


def _records(page: Page, period: Period, filters: Filters) -> View:
    rows = unchecked(kpi_rows(page, "record_sheet_rate", period.start, period.end, filters=filters.for_kpi))
    kpi = declarations()["record_sheet_rate"]
    fields = [field for field in fields_of(kpi, rows) if field.name not in ("numerator", "denominator")]
    return View(
        "文书不完整的检查", rows, fields, (kpi,),
        "没有现场检查记录单号,或发现问题而没有违约处理告知单号。", opener(page, rows.column_names),
        "期内检查的文书均完整。",
    )  # fmt: skip


def _frequency(page: Page, period: Period, filters: Filters) -> View:
    rows = kpi_rows(page, "over_frequency", period.start, period.end, filters=filters.for_kpi)
    kpi = declarations()["over_frequency"]
    fields = [field for field in fields_of(kpi, rows) if field.name != "numerator"]
    limit = page.settings.get("over_frequency_limit", period.end)
    return View(
        "行政现场检查超频次机构", rows, fields, (kpi,),
        f"年初至期末无线索的行政现场检查超过 {limit} 次;依据为地方文件,供参照。", opener(page, rows.column_names),
        f"没有机构的行政现场检查超过 {limit} 次。",
    )  # fmt: skip


#: name in the address → (word, what makes it)
VIEWS: Mapping[str, tuple[str, Callable[[Page, Period, Filters], View]]] = {
    "unchecked": ("未查机构", _unchecked),
    "level": ("分级别", _levels),
    "town": ("分乡镇", _towns),
    "method": ("检查方式", _methods),
    "focus": ("分类重点", _focus),
    "record": ("检查文书", _records),
    "frequency": ("超频次", _frequency),
}


def _narrow(dimension: str) -> Callable[[dict[str, Any]], None]:
    def chosen(row: dict[str, Any]) -> None:
        if row["key"] is not None:
            address.put({dimension: row["key"], VIEW: None})
            st.rerun()

    return chosen


def _lists(filters: Filters) -> dict[str, list[str] | None]:
    """The filters as the page queries take them: a list, or None for all."""
    return {name: list(filters.chosen[name]) if name in filters.chosen else None for name in BAR}


def _view_chosen() -> None:
    address.put({VIEW: st.session_state["view_choice"]})
