"""收支结余: each fund by itself, what it took in and paid out, against which year, and where the year may end."""

import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens import fund as view
from fundwatch.screens.fund_months import FLOWS, can_draw, flows, monthly, outlooks
from fundwatch.screens.series import whole_months
from fundwatch.screens.sources import earliest_day, newest_day
from fundwatch.ui import fund as draw
from fundwatch.ui import start_page
from fundwatch.ui.export import Taken, export_buttons
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.lines import loaded_on
from fundwatch.ui.numbers import plain
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, loaded_tables, page_query
from fundwatch.ui.states import guarded
from fundwatch.ui.table import show_list
from fundwatch.ui.words import escaped

page = start_page(__file__)

through = days_through(page, view.KPIS)
newest = newest_day(through)
states = {state.table: state for state in loaded_tables(page)}
if newest is None:
    header(page, kpis=view.KPIS)
    st.info("还没有载入基金数据。载入下列任何一个文件后,本页即有内容。", icon=":material/inbox:")
    draw.missing_sheet(view.missing([], states))
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, ("insutype",))
days = {"period_start": period.start, "period_end": period.end}
values = kpi_values(page, view.KPIS, period.start, period.end, filters=filters.for_kpi)
sides = page_query(page, "fund_sides", **days).to_pylist()
found = view.funds(values, sides, filters.chosen.get("insutype", ()))
table = draw.figures(found, states)


def taken(name: str, rows, fields) -> Taken:
    """What an export button of this screen writes."""
    kpis = tuple(declarations()[kpi] for kpi in view.KPIS)
    return Taken(name, rows, fields, period, filters, earliest_day(through), kpis)


with top:
    header(
        page,
        data_through=earliest_day(through),
        kpis=view.KPIS,
        export=lambda: export_buttons(
            page,
            lambda: taken("收支结余", table, draw.FIGURE_FIELDS),
            f"收支结余_{period.words}",
            table.num_rows,
        ),
    )
for sentence in view.message(found) or [f"{period.words}没有基金数据,请换一个期间。"]:
    st.markdown(escaped(sentence))

for pair in (found[start : start + 2] for start in range(0, len(found), 2)):
    for column, fund in zip(st.columns(2, gap="medium"), pair, strict=False):
        with column:
            st.subheader(fund.name, anchor=False)
            draw.fund_tiles(page, fund, states)

lines = view.growths(found, states)
if lines:
    st.subheader("与可比基年比较", anchor=False)
    draw.growth_sheet(lines)

st.subheader("逐月收支", anchor=False)
with guarded("逐月收支"):
    months = whole_months(period.end, newest, loaded_on(page))
    by_month = kpi_values(page, FLOWS, months.start, months.end, by="month", filters=filters.for_kpi)
    own = {fund.insutype: monthly(by_month, fund.insutype) for fund in found}
    drawn = {fund.insutype: flows(months.last(24).names, own[fund.insutype]) for fund in found}
    events = page_query(page, "fund_events", first_day=months.last(24).start, last_day=months.end).to_pylist()
    if not any(can_draw(part) for part in drawn.values()):
        st.info("没有逐月支出,不画趋势;下方收支构成列出已有的月份。", icon=":material/inbox:")
    for column, fund in zip(st.columns(max(len(found), 1), gap="medium"), found, strict=False):
        if can_draw(drawn[fund.insutype]):
            with column:
                draw.flow_chart(fund, drawn[fund.insutype], draw.event_marks(events))
    st.markdown("**全年展望**")
    ahead = [line for fund in found for line in outlooks(fund.short, months.names, own[fund.insutype])]
    draw.outlook_sheet(ahead)
    st.caption("展望按完整月份外推:余下月份取上年同月,区间来自同一做法过去的误差。它是提醒,不是计划。")

st.subheader("待遇支出与人次", anchor=False)
with guarded("待遇支出与人次"):
    benefits = page_query(page, "fund_benefits", **days)
    rows = [row for row in benefits.to_pylist() if row["insutype"] in own]
    if any(row["is_overlapping"] for row in rows):
        st.warning(
            "期内公布的统计期间互相交叉,各类别不能相加,请改选单个统计期间。", icon=":material/warning:"
        )
    elif not rows:
        st.info("期内没有完整的待遇统计。", icon=":material/inbox:")
    else:
        for fund in found:
            draw.category_bars(
                fund, [row for row in rows if row["insutype"] == fund.insutype and row["role"] == "部分"]
            )
        show_list(page, benefits, draw.BENEFIT_FIELDS, key="benefits", search=False)
    ratios = page_query(page, "fund_ratios", **days).to_pylist()
    if ratios:
        st.markdown("**公布的实际报销比例**(照原文,不由本系统计算)")
        draw.ratio_sheet([
            (view.insutype_words(row["insutype"]), view.span_words(row["begndate"], row["enddate"]),
             view.ratio_name(row["category"]), plain(row["reimb_ratio_pct"], 2))
            for row in ratios
        ])  # fmt: skip

ledger = page_query(page, "fund_ledger_categories", **days)
if ledger.num_rows:
    st.subheader("收支构成(台账)", anchor=False)
    show_list(page, ledger, draw.LEDGER_FIELDS, key="ledger", search=False)

st.subheader("公布数核对", anchor=False)
with guarded("公布数核对"):
    known = view.subtotals()
    compared = view.checks(
        page_query(
            page,
            "fund_reconciliation",
            **days,
            subtotal=[name for name, _ in known],
            left_out=[c for _, c in known],
        ).to_pylist()
    )
    st.markdown(escaped(view.check_message(compared)))
    if compared:
        draw.check_sheet(compared)

absent = view.missing(found, states)
if absent:
    st.subheader("本页还缺的数据", anchor=False)
    draw.missing_sheet(absent)
