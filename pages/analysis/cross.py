"""交叉分析: any KPI by any two of its dimensions, with the engine's own totals; each cell opens the rows behind it."""

import streamlit as st

from fundwatch.screens.cross_table import as_table
from fundwatch.ui import start_page
from fundwatch.ui.county import counties
from fundwatch.ui.cross_views import choose, chosen, definition, put_definition, read, show
from fundwatch.ui.export import Taken, export_buttons
from fundwatch.ui.filters import DIMENSIONS, empty_state, filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.kpi_list import say
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, newest_data
from fundwatch.ui.saved_views import saved_views
from fundwatch.ui.states import guarded
from fundwatch.ui.words import escaped

page = start_page(__file__)
known = days_through(page)
several = bool(counties(page.warehouse))
choice, newest = chosen(known, by_county=several), newest_data(page)
if choice is None or newest is None:
    header(page)
    choose(None)
    st.info("没有这个指标,请重新选择。" if newest else "本版本没有任何指标的数据。", icon=":material/inbox:")
    with guarded("已存视图"):
        saved_views(page, definition, put_definition, may_keep=False)
    st.stop()

kpi = choice.kpi
top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    choose(choice, by_county=several)
with st.container(horizontal=True, vertical_alignment="bottom", key="choices_filters"):
    period = period_picker(newest)
    filters = filter_bar(page, [name for name in DIMENSIONS if name in kpi.filterable])
tab = read(page, choice, period, filters)
through = known[kpi.id]


def taken() -> Taken:
    """The whole cross-tab, columns that the screen leaves out too."""
    rows, fields = as_table(tab)
    return Taken(
        f"交叉分析:{kpi.label}({choice.words},{choice.shown})",
        rows,
        fields,
        period,
        filters,
        through,
        (kpi,),
    )


with top:
    name = f"交叉分析_{kpi.label}_{period.words}"
    header(
        page,
        data_through=through,
        kpis=[kpi.id],
        export=lambda: export_buttons(page, taken, name, len(tab.rows) + 1),
        on=period.end,
    )
say(kpi, kpi_values(page, [kpi.id], period.start, period.end, filters=filters.for_kpi), period, "")

if tab.cells and through is not None:
    with guarded("交叉表"):
        show(page, tab)
elif through is not None:
    empty_state(
        escaped(kpi.label + "记录"),
        period.words,
        filters,
        lambda looser: bool(read(page, choice, period, looser).cells),
    )
with guarded("已存视图"):
    saved_views(page, definition, put_definition, may_keep=True)
