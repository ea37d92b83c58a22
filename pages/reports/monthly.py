"""月报与导出: the six-item report of a month on screen and as Word and PDF; submitted, frozen, and held against later data."""

import streamlit as st

from fundwatch.clock import china_today
from fundwatch.reports.monthly.gather import KPIS
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import start_page
from fundwatch.ui.header import header
from fundwatch.ui.monthly_report import Scene, choose_month, downloads, read_report, show_part, top
from fundwatch.ui.query import days_through, loaded_tables, newest_data

page = start_page(__file__)
kpis = (*KPIS, "filing_timeliness")
newest = newest_data(page)
if newest is None:
    header(page, kpis=kpis)
    st.info("未载入数据。请到“数据质量”载入检查、审核、自查、举报和报送台账。", icon=":material/inbox:")
    st.stop()

above = st.container()
with st.container(width=260, key="choices"):
    first = min((state.first_date for state in loaded_tables(page) if state.first_date), default=None)
    month = choose_month(newest, first)
scene = Scene(page, read_report(page, month), china_today())
with above:
    header(
        page, data_through=earliest_day(days_through(page, kpis)), newest=newest, kpis=kpis, on=month.last,
        export=lambda: downloads(scene),
    )  # fmt: skip
top(scene)
show_part(scene)
