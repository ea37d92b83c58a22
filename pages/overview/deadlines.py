"""待办预警: what is overdue, what is due this week, who answers for it, and where it leads."""

import streamlit as st

from fundwatch.clock import china_today
from fundwatch.screens.clocks import clock_of
from fundwatch.ui import start_page
from fundwatch.ui.alerts_views import alerts_of, summary
from fundwatch.ui.alerts_views import show as show_alerts
from fundwatch.ui.deadlines_views import (
    drift_alerts,
    list_taken,
    open_list,
    read,
    said,
    top_tiles,
    topics_sheet,
)
from fundwatch.ui.export import export_buttons
from fundwatch.ui.header import header
from fundwatch.ui.query import newest_data
from fundwatch.ui.states import guarded
from fundwatch.ui.words import escaped

page = start_page(__file__)
newest = newest_data(page)
with st.spinner("正在汇总各项期限…"):
    scene = read(page, clock_of(china_today(), newest))
header(
    page,
    data_through=newest,
    export=lambda: export_buttons(
        page, lambda: list_taken(scene), f"待办预警_{scene.clock.day:%Y%m%d}", scene.table.num_rows
    ),
)
said(scene)
alert_line = st.empty()
top_tiles(scene)
with guarded("待办事项"):
    topics_sheet(scene)
open_list(scene)
if newest is not None:
    with guarded("指标预警"), st.spinner("正在比对指标预警…"):
        alerts = alerts_of(page, newest)
        alert_line.caption(escaped(f"指标预警:{summary(alerts)}"))
        show_alerts(page, alerts)
with guarded("机构持续偏离预警"):
    drift_alerts(scene)
