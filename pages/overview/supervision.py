"""监管总览: how far each duty has got, in numbers that open to their lists."""

import streamlit as st

from fundwatch.clock import china_today
from fundwatch.kpi import declarations
from fundwatch.ui import start_page
from fundwatch.ui.charts import Point, trend, trend_in_words
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.period import Period, month_end, period_picker
from fundwatch.ui.query import kpi_values, reach
from fundwatch.ui.sentence import change_words, finding
from fundwatch.ui.targets import target_line
from fundwatch.ui.tile import tile_of, tiles

page = start_page(__file__)

KPIS = ("inspection_coverage", "self_check_coverage", "recovered_amount", "recovery_rate")
days = reach(page, KPIS)
newest = days.newest(china_today())
header(page, data_through=days.earliest, kpis=KPIS)
with st.container(horizontal=True, key="filters"):
    period = period_picker(newest)
    filters = filter_bar(page)

chosen = filters.for_kpi
now = {value.kpi: value for value in kpi_values(page, KPIS, period.start, period.end, filters=chosen)}
last = period.year_before()
before = {value.kpi: value for value in kpi_values(page, KPIS, last.start, last.end, filters=chosen)}
year = Period(month_end(newest).replace(year=newest.year - 1), newest)
by_month = kpi_values(page, KPIS, year.start, year.end, by="month", filters=chosen)

known = declarations()
st.markdown(finding(known[KPIS[0]], now[KPIS[0]], last_year=before[KPIS[0]]))
tiles(
    page,
    [
        tile_of(
            known[name],
            now[name],
            [value for value in by_month if value.kpi == name],
            change_words(known[name], now[name], before[name], "较上年同期"),
        )
        for name in KPIS
    ],
)
coverage = [value for value in by_month if value.kpi == KPIS[0]]
points = [
    Point(value.key or "", value.value, whole=month_end(newest) == newest or value is not coverage[-1])
    for value in coverage
]
st.subheader(known[KPIS[0]].label, anchor=False)
st.altair_chart(
    trend(points, "%", target=target_line(now[KPIS[0]].target)),
    width="stretch",
    alt=trend_in_words(points, "%"),
)
