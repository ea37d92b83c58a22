"""专项与文书: campaigns and their outcomes, record sheets and notices, the six-item report, training, control, assessment."""

import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens.campaigns import campaign_message
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import start_page
from fundwatch.ui.campaigns_views import KPIS, Scene, campaigns_taken, show_part
from fundwatch.ui.export import export_buttons
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.ledger import BAR, missing_table, monthly
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, newest_data, page_query
from fundwatch.ui.states import not_loaded
from fundwatch.ui.tile import tile_of, tiles
from fundwatch.ui.words import escaped

page = start_page(__file__)
through, newest = days_through(page, KPIS), newest_data(page)
if newest is None:
    header(page, kpis=KPIS)
    not_loaded(page, "未载入数据。请到“数据质量”载入专项检查、检查和报送台账。")
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, BAR)
campaigns = page_query(page, "campaigns", first_day=period.start, last_day=period.end)
scene = Scene(page, period, filters, campaigns, earliest_day(through))
with top:
    header(
        page,
        data_through=scene.through,
        newest=newest,
        kpis=KPIS,
        export=lambda: export_buttons(
            page, lambda: campaigns_taken(scene), f"专项检查_{period.words}", campaigns.num_rows
        ),
    )
why = missing_table(page, "campaign")
st.markdown(escaped(f"{why}。" if why else campaign_message(campaigns.to_pylist(), period.end)))
values = {v.kpi: v for v in kpi_values(page, KPIS, period.start, period.end, filters=filters.for_kpi)}
months = monthly(page, KPIS, period, filters)
tiles(page, [tile_of(declarations()[k], values[k], months[k]) for k in KPIS])
show_part(scene)
