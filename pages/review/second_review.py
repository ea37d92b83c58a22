"""复审抽检: the 5 % sample of what first review passed: drawn so that anybody can repeat it, reviewed, extrapolated."""

import streamlit as st

from fundwatch.clock import china_today
from fundwatch.draws.results import Stage
from fundwatch.draws.store import draws
from fundwatch.kpi import declarations
from fundwatch.screens.second_review import message
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import start_page
from fundwatch.ui.filters import Filters
from fundwatch.ui.header import header
from fundwatch.ui.ledger import missing_table, monthly
from fundwatch.ui.part_list import Context
from fundwatch.ui.period import Period, period_picker
from fundwatch.ui.query import days_through, kpi_values, loaded_tables, newest_data, page_query
from fundwatch.ui.sample_forms import said
from fundwatch.ui.sample_views import (
    KPIS,
    Scene,
    choose_sample,
    estimates_of,
    names_of,
    read_sample,
    show_part,
)
from fundwatch.ui.states import guarded, not_loaded
from fundwatch.ui.tile import tile_of, tiles
from fundwatch.ui.words import escaped

page = start_page(__file__)
PARAMETERS = (
    "sample_rate_pct", "sample_certainty_amount", "sample_stratum_least", "sample_extrapolate_least", "sample_precision_pct",
)  # fmt: skip
kpis = [kpi for kpi in KPIS if kpi in declarations()]
newest, missing = newest_data(page), missing_table(page, "doc_d")
if newest is None or missing:
    header(page, newest=newest, kpis=kpis)
    not_loaded(page, f"{missing},没有可以抽样的单据。请到“数据质量”载入审核单据(doc_d)。")
    st.stop()

issues = page_query(page, "sample_issues").to_pylist()
made = draws(page.home)
through = next(state.data_through for state in loaded_tables(page) if state.table == "doc_d")
top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    number = choose_sample(page, made, issues)
    period = period_picker(newest)
with top:
    header(
        page,
        data_through=earliest_day(days_through(page, kpis)) if kpis else through,
        newest=newest,
        kpis=kpis,
        parameters=PARAMETERS,
    )
    said()

sample = read_sample(page, number) if number else None
span = next((row for row in issues if sample and row["issue"] == sample.issue), None)
of_issue = Period(span["first_declared"], span["last_declared"]) if span else period
# As the command does: what is in force now counts, not at the end of the period of the tiles.
both = estimates_of(page, sample, china_today()) if sample else {}
if sample is None:
    st.markdown("还没有抽样,平台数据中也没有抽检标志。由复审岗或稽核岗在下方抽取第一次。")
else:
    st.markdown(escaped(message(sample, both[Stage.APPEAL])))
if kpis:
    with guarded("指标"):
        everything = Filters({}, {})
        values = {value.kpi: value for value in kpi_values(page, kpis, period.start, period.end)}
        lines = monthly(page, kpis, period, everything)
        tiles(page, [tile_of(declarations()[kpi], values[kpi], lines[kpi]) for kpi in kpis])
name = sample.draw.draw_id if sample and sample.draw else f"平台抽样{sample.issue}" if sample else "复审抽检"
context = Context(f"复审抽检_{name}", of_issue, Filters({}, {}), through)
with guarded("复审抽检"):
    show_part(Scene(page, context, made, issues, names_of(page), sample, both))
