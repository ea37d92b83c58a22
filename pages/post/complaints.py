"""举报投诉: every complaint followed to its answer, the overdue ones first."""

import streamlit as st

from fundwatch.clock import china_today
from fundwatch.screens.clocks import clock_of
from fundwatch.screens.complaints import message
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import start_page
from fundwatch.ui.complaints_views import (
    KPIS,
    channels_card,
    list_taken,
    months_card,
    read,
    show_part,
    top_tiles,
)
from fundwatch.ui.export import export_buttons
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.ledger import BAR, missing_table
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, newest_data
from fundwatch.ui.states import guarded, not_loaded
from fundwatch.ui.words import escaped

page = start_page(__file__)
through, newest = earliest_day(days_through(page, KPIS)), newest_data(page)
why = missing_table(page, "complaint")
if why or newest is None:
    header(page, newest=newest, kpis=KPIS)
    not_loaded(page, f"{why or '本版本没有数据'},无法跟踪举报投诉。请到“数据质量”载入举报投诉台账。")
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, BAR)
scene = read(page, period, filters, clock_of(china_today(), newest, period.end), through)

with top:
    header(
        page,
        data_through=through,
        newest=newest,
        kpis=KPIS,
        export=lambda: export_buttons(
            page, lambda: list_taken(scene), f"举报投诉台账_{period.words}", scene.complaints.num_rows
        ),
    )
st.markdown(escaped(message(scene.counts, scene.clock.day)))
st.caption(escaped(scene.clock.words))
top_tiles(scene)
left, right = st.columns([3, 2], gap="medium")
with left, st.container(border=True, height="stretch"), guarded("分渠道"):
    channels_card(scene)
with right, st.container(border=True, height="stretch"), guarded("分月"):
    months_card(scene)
show_part(scene)
