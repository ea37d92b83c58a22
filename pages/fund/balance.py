"""收支结余: each fund by itself, what it took in and paid out, against which year, and where the year may end."""

import streamlit as st

from fundwatch.screens import fund as view
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import fund as draw
from fundwatch.ui import start_page
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.fund_sections import (
    Scene,
    benefits_section,
    checks_section,
    exports,
    months_section,
    reconciliation,
)
from fundwatch.ui.header import header
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, loaded_tables, page_query
from fundwatch.ui.states import guarded
from fundwatch.ui.table import show_list
from fundwatch.ui.words import escaped

page = start_page(__file__)

through = days_through(page, view.KPIS)
# Its own KPIs: a case of yesterday must not move a ledger that ends in June.
newest = max((day for day in through.values() if day), default=None)
states = {state.table: state for state in loaded_tables(page)}
if newest is None:
    header(page, newest=newest, kpis=view.KPIS)
    st.info("还没有载入基金数据。载入下列任何一个文件并生成新版本后,本页即有内容。", icon=":material/inbox:")
    draw.missing_sheet(view.missing([], states))
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, ("insutype",))
values = kpi_values(page, view.KPIS, period.start, period.end, filters=filters.for_kpi)
sides = page_query(page, "fund_sides", period_start=period.start, period_end=period.end).to_pylist()
found = view.funds(values, sides, filters.chosen.get("insutype", ()))
scene = Scene(page, period, filters, newest, found, states)
benefits, ledger = scene.rows("fund_benefits"), scene.rows("fund_ledger_categories")
totals, compared = reconciliation(scene)
parts = {
    "指标": (draw.figures(found, states), draw.FIGURE_FIELDS),
    "待遇类别": (benefits, draw.BENEFIT_FIELDS),
    "台账类别": (ledger, draw.LEDGER_FIELDS),
    "公布数核对": (totals, draw.CHECK_FIELDS),
}

with top:
    header(
        page,
        data_through=earliest_day(through),
        kpis=view.KPIS,
        export=lambda: exports(scene, parts, earliest_day(through)),
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
    months_section(scene)

st.subheader("待遇支出与人次", anchor=False)
with guarded("待遇支出与人次"):
    benefits_section(scene, benefits)

if ledger.num_rows:
    st.subheader("收支构成(台账)", anchor=False)
    show_list(page, ledger, draw.LEDGER_FIELDS, key="ledger", search=False)

st.subheader("公布数核对", anchor=False)
checks_section(compared)

absent = view.missing(found, states)
if absent:
    st.subheader("本页还缺的数据", anchor=False)
    draw.missing_sheet(absent)
