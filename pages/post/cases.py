"""案件台账: every case from opening to closing with its clock, and the money from 认定 to what is still to come back."""

import streamlit as st

from fundwatch.clock import china_today
from fundwatch.screens.cases import counts, ledger, message
from fundwatch.screens.clocks import clock_of
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import start_page
from fundwatch.ui.cases_views import (
    HEADLINES,
    KPIS,
    Scene,
    headline_tiles,
    ladder_card,
    list_taken,
    show_part,
    sources_card,
)
from fundwatch.ui.export import export_buttons
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.ledger import BAR, as_lists, missing_table
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, newest_data, page_query
from fundwatch.ui.states import guarded, not_loaded
from fundwatch.ui.words import escaped

page = start_page(__file__)
through, newest = days_through(page, KPIS), newest_data(page)
if newest is None or all(day is None for day in through.values()):
    header(page, newest=newest, kpis=HEADLINES)
    not_loaded(
        page,
        f"{missing_table(page, 'clue_case')},“处理”表也没有可用的记录。请到“数据质量”载入案件和处理台账。",
    )
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, BAR)
clock = clock_of(china_today(), newest, period.end)
asked = {"first_day": period.start, "day": clock.day, **as_lists(filters)}
cases = ledger(page_query(page, "cases_ledger", **asked).to_pylist(), clock)
money = page_query(page, "cases_ladder", **asked).to_pylist()[0]
scene = Scene(page, period, filters, clock, cases, money, asked, earliest_day(through))

with top:
    header(
        page,
        data_through=earliest_day(through),
        newest=newest,
        kpis=KPIS,
        export=lambda: export_buttons(
            page, lambda: list_taken(scene), f"案件台账_{period.words}", cases.num_rows
        ),
    )
why = missing_table(page, "clue_case")
st.markdown(escaped(f"{why}。" if why else message(counts(cases, period.start, clock.day), clock.day)))
st.caption(escaped(clock.words))
headline_tiles(scene)
left, right = st.columns([3, 2], gap="medium")
with left, st.container(border=True, height="stretch"), guarded("金额阶梯"):
    ladder_card(scene)
with right, st.container(border=True, height="stretch"), guarded("案件来源"):
    sources_card(scene)
show_part(scene)
