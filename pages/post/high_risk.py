"""高风险对象: institutions and persons at which several independent sources point, and persons with credit points."""

import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens.high_risk import COMBINED, message
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import start_page
from fundwatch.ui.export import export_buttons
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.high_risk_views import KPIS, NOBODY, SUSPENDED, Risks, show_part, taken
from fundwatch.ui.ledger import BAR, count_tile, missing_table, monthly
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, loaded_tables, newest_data
from fundwatch.ui.screening_views import Scene, standing_words
from fundwatch.ui.states import not_loaded
from fundwatch.ui.tile import draw, tile_of
from fundwatch.ui.words import escaped

page = start_page(__file__)
settled = next(state.data_through for state in loaded_tables(page) if state.table == "setl_d")
newest = newest_data(page)
if newest is None or settled is None:
    header(page, newest=newest, kpis=KPIS)
    not_loaded(
        page,
        f"{missing_table(page, 'setl_d')},没有可以合并的线索。请到“数据质量”载入结算、提醒、审核、举报和案件数据。",
    )
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, BAR)
through = earliest_day({**days_through(page, KPIS), "setl_d": settled})
risks = Risks(Scene(page, period, filters, NOBODY, through, standing_words(page)), newest)
with top:
    header(
        page,
        data_through=through,
        newest=newest,
        kpis=KPIS,
        export=lambda: export_buttons(
            page, lambda: taken(risks), f"高风险机构_{period.words}", risks.institutions.num_rows
        ),
    )
found = risks.evidence
st.markdown(escaped(message(risks.institutions, len(found.rows), found.not_judged)))
counts = risks.institutions.column("signal_cnt").to_pylist()
[points] = kpi_values(page, [SUSPENDED], period.start, period.end, filters=filters.for_kpi)
with st.container(horizontal=True, gap="small", key="tiles_risk"):
    several = sum(count >= COMBINED for count in counts)
    count_tile("several", "多个来源指向(家)", f"{several:,}", f"{COMBINED} 个及以上独立来源", {"part": None})
    count_tile("one", "单一来源指向(家)", f"{len(counts) - several:,}", "1 个来源", {"part": None})
    draw(
        page,
        tile_of(declarations()[SUSPENDED], points, monthly(page, [SUSPENDED], period, filters)[SUSPENDED]),
    )

show_part(risks)
