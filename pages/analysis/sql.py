"""自助查询: an analyst's own select over the aggregated tables, guarded and limited, with chart and export."""

import streamlit as st

from fundwatch.ui import sql_views as draw
from fundwatch.ui import start_page
from fundwatch.ui.header import header
from fundwatch.ui.query import newest_data
from fundwatch.ui.states import guarded

page = start_page(__file__)
header(page, data_through=newest_data(page))
left, right = st.columns([3, 2], gap="medium")
with left:
    with guarded("已存查询"):
        draw.kept(page)
    with guarded("查询"):
        draw.editor(page)
    with guarded("查询结果"):
        draw.outcome(page)
with right, st.container(border=True), guarded("数据表"):
    draw.browser()
