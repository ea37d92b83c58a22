"""The parts of 自查自纠: who is missing, what is owed, supervision, honesty against later findings, all records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens import self_check as view
from fundwatch.screens.coverage import coverage_by, unchecked
from fundwatch.screens.kpi_rows import fields_of, split_table
from fundwatch.ui import address
from fundwatch.ui.export import Taken
from fundwatch.ui.filters import LEVELS, Filters
from fundwatch.ui.kpi_list import opener
from fundwatch.ui.ledger import missing_table
from fundwatch.ui.part import choose_part
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_rows, kpi_values, page_query
from fundwatch.ui.shell import Page

COVERAGE, REFUND, HONESTY = "self_check_coverage", "self_check_refund_rate", "self_check_honesty"
KPIS = (COVERAGE, REFUND, HONESTY)


@dataclass(frozen=True)
class Scene:
    """What every part is made of; ``records`` are the year's self-checks."""

    page: Page
    period: Period
    filters: Filters
    records: pa.Table
    state: view.Standing
    through: dt.date | None

    @property
    def context(self) -> Context:
        return Context("自查自纠", self.period, self.filters, self.through)


def coverage_rows(page: Page, period: Period, filters: Filters) -> pa.Table:
    """The list behind the coverage: institutions that must hand in."""
    return kpi_rows(page, COVERAGE, period.start, period.end, filters=filters.for_kpi)


def coverage_taken(scene: Scene) -> Taken:
    """The whole coverage list for 导出."""
    kpi = declarations()[COVERAGE]
    rows = coverage_rows(scene.page, scene.period, scene.filters)
    return Taken(
        "自查自纠覆盖清单", rows, fields_of(kpi, rows), scene.period, scene.filters, scene.through, (kpi,)
    )


def by_level(scene: Scene) -> pa.Table:
    """Coverage by level class."""
    asked = (scene.page, [COVERAGE], scene.period.start, scene.period.end)
    return coverage_by(kpi_values(*asked, by="level_class", filters=scene.filters.for_kpi), {}, LEVELS)


def show_part(scene: Scene) -> None:
    """The chosen part below the charts."""
    PARTS[choose_part({name: word for name, (word, _) in PARTS.items()})][1](scene)


def _missing(scene: Scene) -> None:
    rows = unchecked(coverage_rows(scene.page, scene.period, scene.filters))
    names = ("numerator", "denominator", "check_cnt", "first_submit_date", "amt_found")
    fields = [field for field in fields_of(declarations()[COVERAGE], rows) if field.name not in names]
    part_list(
        scene.page, scene.context, "未提交自查的机构", rows, fields, key="missing", empty="所选范围内的协议机构均已提交。",
        open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip


def _owing(scene: Scene) -> None:
    rows = view.owing(scene.records)
    part_list(
        scene.page, scene.context, "退款未到位的自查", rows, view.FIELDS, key="owing", money="元",
        empty=missing_table(scene.page, "self_check") or "已提交的自查应退金额均已退回。",
        open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip
    if rows.num_rows:
        st.caption("尚欠 = 应退减已退,按本版本登记;多退的不抵别家的欠款。尚欠多的在前。")


def _supervision(scene: Scene) -> None:
    st.markdown(view.supervision_words(scene.state))
    rows = view.unsupervised(scene.records)
    part_list(
        scene.page, scene.context, "未督导的自查", rows, view.FIELDS, key="supervision", money="元",
        empty=missing_table(scene.page, "self_check") or "已提交的自查都有督导日期。",
        open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip


def _levels(scene: Scene) -> None:
    part_list(
        scene.page, scene.context, "分级别提交情况", by_level(scene), view.level_fields(),
        key="levels", empty="所选范围内没有协议机构。",
    )  # fmt: skip


def _honesty(scene: Scene) -> None:
    kpi = declarations()[HONESTY]
    asked = (scene.page, [HONESTY], scene.period.start, scene.period.end)
    values = kpi_values(*asked, by="fixmedins_code", filters=scene.filters.for_kpi)
    names = {row["fixmedins_code"]: row["fixmedins_name"] for row in scene.records.to_pylist()}
    rows, fields = split_table(kpi, "fixmedins_code", values, names)

    def open_row(row: dict[str, object]) -> None:
        address.open_screen("institution", scene.page.entry.url_path, code=row["key"], part=None)

    part_list(
        scene.page, scene.context, "自查查出与事后检查发现", rows, fields, key="honesty", money="元",
        empty="本年还没有提交的自查。", open_row=open_row,
    )  # fmt: skip
    st.caption(
        "事后检查发现只计该机构本年首次提交自查之后的问题;按机构代码排列,不排名次。疑点未经核实不计入。"
    )


def _records(scene: Scene) -> None:
    part_list(
        scene.page, scene.context, f"{scene.state.day.year}年自查台账", scene.records, view.FIELDS, key="records", money="元",
        empty=missing_table(scene.page, "self_check") or "所选范围内没有自查记录。",
        open_row=opener(scene.page, scene.records.column_names),
    )  # fmt: skip


def self_checks(page: Page, period: Period, lists: Mapping[str, list[str] | None]) -> pa.Table:
    """The year's self-checks as they stood at the end of the period."""
    return page_query(page, "self_checks", year=period.end.year, last_day=period.end, **lists)


#: name in the address → (word, what draws it)
PARTS: Mapping[str, tuple[str, Callable[[Scene], None]]] = {
    "missing": ("未提交", _missing),
    "owing": ("退款未到位", _owing),
    "supervision": ("7月督导", _supervision),
    "levels": ("分级别", _levels),
    "honesty": ("查实对比", _honesty),
    "records": ("自查台账", _records),
}
