"""检查覆盖: how far the year's inspections have got against the pace needed, who is left, how it was done."""

import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens.coverage import levels_title, pace_of, pace_sentence, pace_title
from fundwatch.screens.series import MONTHS_DRAWN, whole_months
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import address, start_page
from fundwatch.ui.charts import Bar, bars
from fundwatch.ui.coverage_views import (
    BAR,
    COVERAGE,
    by_level,
    choose_view,
    coverage_taken,
    covered,
    show_view,
)
from fundwatch.ui.export import export_buttons
from fundwatch.ui.filters import empty_state, filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.lines import loaded_on
from fundwatch.ui.pace import LEGEND, pace_chart, pace_in_words
from fundwatch.ui.period import Period, period_picker
from fundwatch.ui.query import days_through, kpi_values, newest_data
from fundwatch.ui.states import not_loaded
from fundwatch.ui.tile import tile_of, tiles
from fundwatch.ui.words import escaped

page = start_page(__file__)

KPIS = (COVERAGE, "onsite_coverage", "record_sheet_rate", "over_frequency")
through = days_through(page, KPIS)
newest = newest_data(page)
if through[COVERAGE] is None or newest is None:
    header(page, newest=newest, kpis=KPIS)
    not_loaded(page, "未载入数据:“检查”表没有可用的记录,无法计算检查覆盖。请到“数据质量”载入检查台账。")
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, BAR)
values = {v.kpi: v for v in kpi_values(page, KPIS, period.start, period.end, filters=filters.for_kpi)}
months = whole_months(period.end, newest, loaded_on(page)).last(MONTHS_DRAWN)
series = kpi_values(page, KPIS, months.start, months.end, by="month", filters=filters.for_kpi)
year = Period(period.end.replace(month=1, day=1), period.end)
of_year = kpi_values(page, [COVERAGE], year.start, year.end, by="month", filters=filters.for_kpi)
pace = pace_of(values[COVERAGE], of_year)
levels = by_level(page, period, filters)

with top:
    header(
        page,
        data_through=earliest_day(through),
        kpis=KPIS,
        parameters=("inspect_team_size",),
        export=lambda: export_buttons(
            page, lambda: coverage_taken(page, period, filters), f"协议检查覆盖_{period.words}", int(pace.due)
        ),
    )
st.markdown(escaped(pace_sentence(pace)))
if not pace.due:
    empty_state("协议机构", period.words, filters, lambda looser: covered(page, period, looser) > 0)
    st.stop()
lines = {name: [v for v in series if v.kpi == name] for name in KPIS[:-1]}
notes = {COVERAGE: f"未查 {pace.rest} 家"}
tiles(page, [tile_of(declarations()[k], values[k], lines.get(k, []), notes.get(k, "")) for k in KPIS])

left, right = st.columns([3, 2], gap="medium")
with left, st.container(border=True, height="stretch"):
    st.subheader(escaped(pace_title(pace)), anchor=False)
    st.altair_chart(pace_chart(pace), width="stretch")
    st.caption(f"{period.end.year}年协议检查覆盖率。{LEGEND}")
    with st.expander("文字说明"):
        st.write(pace_in_words(pace))
with right, st.container(border=True, height="stretch"):
    found = levels.to_pylist()
    st.subheader(escaped(levels_title([(row["name"], row["pct"]) for row in found])), anchor=False)
    rows = [Bar(r["name"], r["pct"], r["key"] or "") for r in found if r["pct"] is not None]
    clicked = st.altair_chart(
        bars(rows, "%"), width="stretch", on_select="rerun", key="levels", selection_mode="bar"
    )
    chosen = [hit["键"] for hit in clicked.selection.get("bar", [])]
    if chosen and list(filters.chosen.get("level_class", ())) != chosen[:1]:
        address.put({"level_class": chosen[0]})
        st.rerun()
    st.caption("点选一条,按该级别筛选。应查、已查、未查家数见下方“分级别”。")

show_view(page, choose_view(page), period, filters)
