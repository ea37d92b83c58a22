"""审核拒付: from declared to deducted in documents and yuan, who is rejected, where reviews wait, whether posts are separated."""

import streamlit as st

from fundwatch.clock import china_today
from fundwatch.kpi import declarations
from fundwatch.screens import rejection as view
from fundwatch.screens.peers import funnel_of_kpi
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import start_page
from fundwatch.ui.export import export_buttons
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.funnel import show_funnel
from fundwatch.ui.header import header
from fundwatch.ui.ledger import missing_table, monthly
from fundwatch.ui.nothing import stop_when_empty
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, newest_data
from fundwatch.ui.rejection_views import (
    AROUND,
    BAR,
    HEADLINES,
    KPIS,
    TABLE,
    Scene,
    funnel_card,
    institution_names,
    institutions_taken,
    queues_card,
    show_part,
)
from fundwatch.ui.states import guarded, not_loaded
from fundwatch.ui.tile import tile_of, tiles
from fundwatch.ui.words import escaped

page = start_page(__file__)
through, newest = days_through(page, KPIS), newest_data(page)
if newest is None or missing_table(page, TABLE):
    header(page, newest=newest, kpis=HEADLINES)
    not_loaded(page, "未载入数据:“审核单据”表没有可用的记录。请到“数据质量”载入审核单据和疑点。")
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, BAR)
values = {v.kpi: v for v in kpi_values(page, KPIS, period.start, period.end, filters=filters.for_kpi)}
scene = Scene(page, period, filters, values, earliest_day(through))
by_institution = scene.split("fixmedins_code")
with top:
    header(
        page,
        data_through=scene.through,
        newest=newest,
        kpis=KPIS,
        export=lambda: export_buttons(
            page,
            lambda: institutions_taken(scene),
            f"审核拒付_{period.words}",
            sum(value.kpi == "rejection_rate" for value in by_institution),
        ),
    )
stop_when_empty(page, "申报单据", "first_review_rate", period, filters)
st.markdown(escaped(view.message(values)))
tiled = (*HEADLINES, *AROUND)
months = monthly(page, tiled, period, filters)
tiles(page, [tile_of(declarations()[k], values[k], months[k]) for k in tiled], per_row=3)

left, right = st.columns(2, gap="medium")
with left, st.container(border=True, height="stretch"), guarded("审核漏斗"):
    funnel_card(scene)
with right, st.container(border=True, height="stretch"), guarded("机构漏斗图"):
    rejected = [value for value in by_institution if value.kpi == "rejected_doc_rate"]
    names = institution_names(page)
    show_funnel(
        page,
        funnel_of_kpi(declarations()["rejected_doc_rate"], rejected, names, size_label="申报单据(件)"),
        "rejected_funnel",
    )
with st.container(border=True), guarded("六步流程时钟"):
    queues_card(scene, min(period.end, newest, china_today()))

show_part(scene)
