"""监管总览: one KPI table over the whole loop, those that need somebody first; a click leads to the screen or list."""

import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens.overview import grouped, headlines, message
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import address, start_page
from fundwatch.ui.board import (
    COLUMNS,
    FIELDS,
    LEGEND,
    as_table,
    headline,
    opens,
    parts_of,
    show_switch,
)
from fundwatch.ui.export import Taken, export_buttons
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.lines import overview_lines
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, newest_data
from fundwatch.ui.sheet import sheet
from fundwatch.ui.states import not_loaded
from fundwatch.ui.words import escaped

page = start_page(__file__)

through = days_through(page)
newest = newest_data(page)
if newest is None:
    header(page)
    not_loaded(page, "本版本没有载入任何指标所需的数据。请到“数据质量”查看应载入的表。")
    st.stop()

top = st.container()
said, choices = st.columns([5, 1], vertical_alignment="top")
with choices, st.popover("期间与筛选", icon=":material/tune:", width="stretch"):
    period = period_picker(newest)
    filters = filter_bar(page)
with st.spinner(f"正在计算 {period.words} 的指标…"):
    lines = overview_lines(page, period, filters, newest)
groups = grouped(lines)


def taken() -> Taken:
    """All rows of the loop, also those that are folded."""
    table = as_table(groups)
    return Taken(
        "监管总览", table, FIELDS, period, filters, earliest_day(through), tuple(declarations().values())
    )


with top:
    header(
        page,
        data_through=earliest_day(through),
        newest=newest,
        kpis=[line.kpi.id for line in headlines(lines)],
        export=lambda: export_buttons(page, taken, f"监管总览_{period.words}", len(lines)),
    )

where = f",{filters.words}" if filters.chosen else ""
said.markdown(escaped(f"{period.words}{where}:{message(lines)}"))
with st.container(horizontal=True, gap="medium", key="headlines"):
    for line in headlines(lines):
        st.markdown(headline(line), width="content")
opened = sheet(COLUMNS, parts_of(page, groups), key="loop")
show_switch(len(lines))
st.caption(LEGEND)
if opened:
    line = next(line for line in lines if line.id == opened)
    target = opens(page, line)
    if target:
        address.open_screen(target[0], page.entry.url_path, **target[1])
