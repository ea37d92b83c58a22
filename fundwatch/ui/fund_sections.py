"""The sections of 收支结余 below its tiles: months and year end, categories, ledger, published totals, what to take away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.quality import TableState
from fundwatch.screens.fund import KPIS, Fund, ratio_name
from fundwatch.screens.fund_checks import Check, check_message, checks, span_words, subtotals
from fundwatch.screens.fund_months import FLOWS, NOT_WHOLE, can_draw, flows, monthly, outlooks, verdict
from fundwatch.screens.overview import insutype_words
from fundwatch.screens.series import whole_months
from fundwatch.ui import fund as draw
from fundwatch.ui import numbers
from fundwatch.ui.export import Taken, export_buttons
from fundwatch.ui.filters import Filters
from fundwatch.ui.lines import loaded_on
from fundwatch.ui.outlook import outlook_chart, outlook_words
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_values, page_query
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field, show_list
from fundwatch.ui.words import escaped

#: with more checks than this only those that differ are listed
CHECKS_SHOWN = 12
MONTHS_SHOWN = 24


@dataclass(frozen=True)
class Scene:
    """What all sections share."""

    page: Page
    period: Period
    filters: Filters
    newest: dt.date
    found: Sequence[Fund]
    states: Mapping[str, TableState]

    @property
    def days(self) -> dict[str, dt.date]:
        return {"period_start": self.period.start, "period_end": self.period.end}

    def rows(self, query: str, **values: object) -> pa.Table:
        """A page query over the period, of the insurance types on screen."""
        table = page_query(self.page, query, **self.days, **values)
        wanted = {fund.insutype for fund in self.found}
        return table.filter(
            pa.array([code in wanted for code in table.column("insutype").to_pylist()], pa.bool_())
        )


def months_section(scene: Scene) -> None:
    """Income and outlay by month with events, then where the year may end."""
    page, found = scene.page, scene.found
    months = whole_months(scene.period.end, scene.newest, loaded_on(page))
    shown = months.last(MONTHS_SHOWN)
    by_month = kpi_values(page, FLOWS, months.start, months.end, by="month", filters=scene.filters.for_kpi)
    own = {fund.insutype: monthly(by_month, fund.insutype) for fund in found}
    drawn = {fund.insutype: flows(shown.names, own[fund.insutype]) for fund in found}
    if not any(can_draw(part) for part in drawn.values()):
        st.info("没有逐月支出,不画趋势,也不作全年预测;下方列出已有的月份和公布数。", icon=":material/inbox:")
        return
    events = page_query(page, "fund_events", first_day=shown.start, last_day=shown.end).to_pylist()
    for column, fund in zip(st.columns(len(found), gap="medium"), found, strict=True):
        if can_draw(drawn[fund.insutype]):
            with column:
                draw.flow_chart(fund, drawn[fund.insutype], draw.event_marks(events))
    st.markdown("**全年展望**")
    ahead = [line for fund in found for line in outlooks(fund.short, months.names, own[fund.insutype])]
    if all(line.note == NOT_WHOLE for line in ahead):
        st.caption(f"{NOT_WHOLE}。")
        return
    for fund in found:
        said = verdict(fund.short, [line for line in ahead if line.fund == fund.short])
        if said:
            st.markdown(escaped(said))
    chart = outlook_chart(ahead)
    if chart is not None:
        st.altair_chart(chart, width="stretch", alt=outlook_words(ahead))
        st.caption(
            "实心为年初至今,纹线部分为推算;粗横线为 80% 区间,细横线为 95% 区间,竖线为基准(上年同月法)。"
        )
    draw.outlook_sheet(ahead)
    st.caption("区间来自同一做法过去的误差(保形区间)。展望用于提醒,不是计划。")


def benefits_section(scene: Scene, benefits: pa.Table) -> None:
    """Who takes how much: bars, then the table with the published totals; ratios as they were printed."""
    rows = benefits.to_pylist()
    if any(row["is_overlapping"] for row in rows):
        st.warning(
            "期内公布的统计期间互相交叉,各类别不能相加,请改选单个统计期间。", icon=":material/warning:"
        )
    elif not rows:
        st.info("期内没有完整的待遇统计。", icon=":material/inbox:")
    else:
        for fund in scene.found:
            parts = [row for row in rows if row["insutype"] == fund.insutype and row["role"] == "部分"]
            draw.category_bars(fund, parts)
        show_list(scene.page, benefits, draw.BENEFIT_FIELDS, key="benefits", search=False)
    ratios = scene.rows("fund_ratios").to_pylist()
    if ratios:
        st.markdown("**公布的实际报销比例**(照原文,不由本系统计算)")
        draw.ratio_sheet(
            [
                (
                    insutype_words(row["insutype"]),
                    span_words(row["begndate"], row["enddate"]),
                    ratio_name(row["category"]),
                    numbers.plain(row["reimb_ratio_pct"], 2),
                )
                for row in ratios
            ]
        )


def reconciliation(scene: Scene) -> tuple[pa.Table, list[Check]]:
    """Published totals against the sums of their parts: rows for the export, and in words."""
    known = subtotals()
    table = scene.rows(
        "fund_reconciliation", subtotal=[name for name, _ in known], left_out=[part for _, part in known]
    )
    return table, checks(table.to_pylist())


def checks_section(compared: Sequence[Check]) -> None:
    """The finding, and the table: all of it when short, else what differs."""
    st.markdown(escaped(check_message(compared)))
    shown = compared if len(compared) <= CHECKS_SHOWN else [check for check in compared if check.differs]
    if shown:
        draw.check_sheet(shown)


def exports(
    scene: Scene, parts: Mapping[str, tuple[pa.Table, Sequence[Field]]], through: dt.date | None
) -> None:
    """Choose one of the screen's tables and take it away."""
    name = st.selectbox("导出内容", list(parts), key="export_part")
    table, fields = parts[name]
    kpis = tuple(declarations()[kpi] for kpi in KPIS)
    export_buttons(
        scene.page,
        lambda: Taken(f"收支结余·{name}", table, fields, scene.period, scene.filters, through, kpis),
        f"收支结余_{name}_{scene.period.words}",
        table.num_rows,
    )
