"""疑点筛查: what the screening rules found in the claims, by rule, institution, doctor, person and month, down to the claim."""

import datetime as dt

import streamlit as st

from fundwatch.screens.screening import message, runs
from fundwatch.ui import start_page
from fundwatch.ui.export import export_buttons
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.ledger import BAR, missing_table
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import loaded_tables, newest_data
from fundwatch.ui.screening_views import (
    Scene,
    chips,
    choose,
    headline,
    rules_taken,
    show_part,
    standing_words,
)
from fundwatch.ui.states import not_loaded
from fundwatch.ui.words import escaped

page = start_page(__file__)
through: dt.date | None = next(state.data_through for state in loaded_tables(page) if state.table == "setl_d")
newest = newest_data(page)
if newest is None or through is None:
    header(page, newest=newest, kpis=("rule_hit_amount",))
    not_loaded(
        page, f"{missing_table(page, 'setl_d')},筛查规则没有可看的结算。请到“数据质量”载入结算和费用明细。"
    )
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, BAR)
with st.container(horizontal=True, vertical_alignment="bottom", key="screening_choices"):
    choice = choose(page)
chips(choice)
scene = Scene(page, period, filters, choice, through, standing_words(page))
with top:
    header(
        page,
        data_through=through,
        newest=newest,
        kpis=("rule_hit_amount",),
        export=lambda: export_buttons(
            page, lambda: rules_taken(scene), f"疑点筛查_{period.words}", scene.rules.num_rows
        ),
    )
totals, run = scene.rows("totals").to_pylist()[0], runs(scene.rules)
st.markdown(escaped(message(totals, run)))
headline(scene, totals, run)
show_part(scene)
