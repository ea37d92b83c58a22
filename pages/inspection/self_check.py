"""自查自纠: who has handed in by 30 June, whether the money came back, and what later inspections found all the same."""

import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens import self_check as view
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import address, start_page
from fundwatch.ui.charts import Bar, Point, bars, trend, trend_in_words
from fundwatch.ui.export import export_buttons
from fundwatch.ui.filters import empty_state, filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.ledger import BAR, as_lists, monthly
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, newest_data
from fundwatch.ui.self_check_views import (
    COVERAGE,
    KPIS,
    Scene,
    by_level,
    coverage_rows,
    coverage_taken,
    self_checks,
    show_part,
)
from fundwatch.ui.states import not_loaded
from fundwatch.ui.targets import target_line
from fundwatch.ui.tile import tile_of, tiles
from fundwatch.ui.words import escaped

page = start_page(__file__)
through, newest = days_through(page, KPIS), newest_data(page)
if through[COVERAGE] is None or newest is None:
    header(page, newest=newest, kpis=KPIS)
    not_loaded(page, "未载入数据:“自查自纠”表没有可用的记录。请到“数据质量”载入自查台账。")
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, BAR)
values = {v.kpi: v for v in kpi_values(page, KPIS, period.start, period.end, filters=filters.for_kpi)}
records = self_checks(page, period, as_lists(filters))
scene = Scene(page, period, filters, records, view.standing(records, period.end), earliest_day(through))
with top:
    header(
        page,
        data_through=scene.through,
        newest=newest,
        kpis=KPIS,
        export=lambda: export_buttons(
            page,
            lambda: coverage_taken(scene),
            f"自查自纠覆盖_{period.words}",
            int(values[COVERAGE].denominator or 0),
        ),
    )
if not values[COVERAGE].denominator:
    empty_state(
        "协议机构", period.words, filters, lambda looser: coverage_rows(page, period, looser).num_rows > 0
    )
    st.stop()
st.markdown(escaped(view.message(values[COVERAGE], scene.state)))
months = monthly(page, KPIS, period, filters)
tiles(page, [tile_of(declarations()[k], values[k], months[k]) for k in KPIS])

left, right = st.columns([3, 2], gap="medium")
with left, st.container(border=True, height="stretch"):
    of_year = [m for m in months[COVERAGE] if str(m.key).startswith(str(period.end.year))]
    target = target_line(values[COVERAGE].target)
    st.subheader(view.months_title(of_year, target), anchor=False)
    if of_year:
        points = [Point(str(m.key), m.value) for m in of_year]
        st.altair_chart(trend(points, "%", target=target), width="stretch")
        st.caption(f"{period.end.year}年各月底累计提交率;虚线为目标,应在6月30日前达到。")
        with st.expander("文字说明"):
            st.write(trend_in_words(points, "%"))
with right, st.container(border=True, height="stretch"):
    rows = [
        Bar(r["name"], r["pct"], r["key"] or "") for r in by_level(scene).to_pylist() if r["pct"] is not None
    ]
    st.subheader(view.levels_title([(row.name, row.value) for row in rows]), anchor=False)
    clicked = st.altair_chart(
        bars(rows, "%"), width="stretch", on_select="rerun", key="levels_chart", selection_mode="bar"
    )
    chosen = [hit["键"] for hit in clicked.selection.get("bar", [])]
    if chosen and list(filters.chosen.get("level_class", ())) != chosen[:1]:
        address.put({"level_class": chosen[0]})
        st.rerun()
    st.caption("点选一条,按该级别筛选。")

show_part(scene)
