"""提醒遵从: how far reminders before the charge are followed, by rule, institution and doctor, and what became of the rest."""

import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens import reminders as view
from fundwatch.screens.peers import funnel_of_kpi
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import start_page
from fundwatch.ui.charts import Bar, bars
from fundwatch.ui.export import export_buttons
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.funnel import show_funnel
from fundwatch.ui.header import header
from fundwatch.ui.ledger import BAR, missing_table, monthly
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, newest_data, page_query
from fundwatch.ui.reminders_views import (
    ANSWERS,
    AROUND,
    COMPLIANCE,
    KPIS,
    REVIEWED,
    TABLE,
    TO_REVIEW,
    Scene,
    rules,
    rules_taken,
    show_part,
)
from fundwatch.ui.states import guarded, not_loaded
from fundwatch.ui.tile import tile_of, tiles
from fundwatch.ui.words import escaped

page = start_page(__file__)
through, newest = days_through(page, KPIS), newest_data(page)
if newest is None or all(day is None for day in through.values()):
    header(page, newest=newest, kpis=KPIS)
    not_loaded(
        page,
        "未载入数据:“事前提醒”“接口接入”表没有可用的记录。请到“数据质量”载入事前提醒结果和接口接入台账。",
    )
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, BAR)
values = {v.kpi: v for v in kpi_values(page, KPIS, period.start, period.end, filters=filters.for_kpi)}
scene = Scene(page, period, filters, earliest_day(through))
with top:
    header(
        page,
        data_through=scene.through,
        newest=newest,
        kpis=KPIS,
        export=lambda: export_buttons(
            page, lambda: rules_taken(scene), f"提醒遵从_{period.words}", rules(scene).num_rows
        ),
    )
why = missing_table(page, TABLE)
said = view.message(values[COMPLIANCE], values[TO_REVIEW], values[REVIEWED])
st.markdown(escaped(f"{why}。" if why else said))
months = monthly(page, KPIS, period, filters)
tiles(page, [tile_of(declarations()[k], values[k], months[k]) for k in ANSWERS])
tiles(page, [tile_of(declarations()[k], values[k], months[k]) for k in AROUND])

if not why:
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(border=True, height="stretch"), guarded("机构漏斗图"):
        split = kpi_values(
            page, [COMPLIANCE], period.start, period.end, by="fixmedins_code", filters=filters.for_kpi
        )
        names = {
            row["fixmedins_code"]: row["fixmedins_name"]
            for row in page_query(page, "kpi_institution_names").to_pylist()
        }
        show_funnel(
            page, funnel_of_kpi(declarations()[COMPLIANCE], split, names, size_label="提醒次数"), "funnel"
        )
    with right, st.container(border=True, height="stretch"):
        ended = view.outcomes(scene.rows("reminder_outcomes").to_pylist())
        st.subheader(escaped(view.outcome_title(ended)), anchor=False)
        shown = [
            Bar(row["name"], row["share"], row["outcome"], row["outcome"] == "changed")
            for row in ended.to_pylist()
        ]
        st.altair_chart(bars([bar for bar in shown if bar.value is not None], "%"), width="stretch")
        st.caption("占期内全部提醒的比例;深色为遵从。")

show_part(scene)
