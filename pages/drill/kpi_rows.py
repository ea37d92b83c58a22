"""指标明细: the list behind any number, with its definition, splits and export; a row opens its institution or case."""

import streamlit as st

from fundwatch.errors import UserError
from fundwatch.screens.kpi_rows import adds_up, cell_of, cell_words, fields_of, of_cell, question
from fundwatch.ui import address, start_page
from fundwatch.ui.control import show_control
from fundwatch.ui.county import counties
from fundwatch.ui.export import Taken, export_buttons
from fundwatch.ui.filters import DIMENSIONS, empty_state, filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.kpi_list import (
    chips,
    choose_kpi,
    choose_short,
    choose_split,
    chosen_kpi,
    definition,
    opener,
    say,
    show_split,
    words_of,
)
from fundwatch.ui.long_list import LongList, Question, kpi_list, kpi_totals
from fundwatch.ui.monthly import control_views
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, newest_data
from fundwatch.ui.states import guarded
from fundwatch.ui.table import show_list
from fundwatch.ui.words import escaped

page = start_page(__file__)
kpi, newest = chosen_kpi(), newest_data(page)
if kpi is None or newest is None:
    header(page, dated=False)
    choose_kpi(kpi)
    st.info("请先选择指标。" if newest else "本版本没有任何指标的数据。", icon=":material/inbox:")
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    choose_kpi(kpi)
    period = period_picker(newest)
    filters = filter_bar(page, [name for name in DIMENSIONS if name in kpi.filterable])
cell = cell_of(kpi, address.current())
words = words_of(page, filters)
chosen, key = question(kpi, filters.chosen, cell)
by = ",".join(key) or None
values = of_cell(kpi_values(page, [kpi.id], period.start, period.end, by=by, filters=chosen), key)
try:
    rows = kpi_list(page, Question(kpi.id, period.start, period.end, key, chosen))
except UserError as error:
    # the number has no rows for what this person sees, or for the county that is looked at
    with top:
        header(page, title=f"{kpi.label}:明细")
    st.info(escaped(error.message), icon=":material/inbox:")
    st.stop()
shown_cell = "".join(f",{text}" for text in cell_words(cell, words).values())


def taken() -> Taken:
    """The list as it stands, without the columns this person does not see."""
    name = f"{kpi.label}明细{shown_cell}"
    return Taken(name, rows, fields_of(kpi, rows), period, filters, days_through(page)[kpi.id], (kpi,))


with top:
    header(
        page,
        title=f"{kpi.label}:明细",
        data_through=days_through(page)[kpi.id],
        export=lambda: export_buttons(
            page, taken, f"{kpi.label}明细_{period.words}", rows.num_rows, fields=fields_of(kpi, rows)
        ),
    )
chips(cell, words)
say(kpi, values, period, shown_cell)
definition(page, kpi, period.end)

views = [] if key else control_views(page, kpi, period.end, newest, chosen)
if any(view.can_draw for view in views):
    with st.expander("逐月趋势与控制限", expanded=True, icon=":material/show_chart:"), guarded("逐月趋势"):
        for number, view in enumerate(views):
            show_control(view, key=f"control_{number}")

split = choose_split(kpi, cell, by_county=bool(counties(page.warehouse)))
if split:
    parts = kpi_values(page, [kpi.id], period.start, period.end, by=",".join([*key, split]), filters=chosen)
    show_split(page, kpi, split, parts, words.get(split, {}))

st.subheader("明细清单", anchor=False)
if rows.num_rows:
    shown = choose_short(kpi, rows)
    show_list(
        page, shown, fields_of(kpi, rows), key="rows", open_row=opener(page, rows.column_names), money="元"
    )
    if adds_up(rows.totals if isinstance(rows, LongList) else rows, values):
        st.caption(f"全部 {rows.num_rows:,} 行合计等于上面的数值。")
    else:
        st.error("清单合计与上面的数值不一致,请联系维护人员核对后再使用。", icon=":material/error:")
elif days_through(page)[kpi.id] is not None:
    empty_state(
        escaped(kpi.label + "记录"),
        period.words,
        filters,
        lambda looser: (
            kpi_totals(
                page,
                Question(kpi.id, period.start, period.end, key, question(kpi, looser.chosen, cell)[0]),
            ).row_cnt
            > 0
        ),
    )
