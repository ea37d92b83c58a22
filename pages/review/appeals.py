"""申诉与规则: which findings institutions appeal and which do not stand, by rule and reviewer; what each rule has brought."""

import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens import appeals as view
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import start_page
from fundwatch.ui.appeals_views import KPIS, RATE, SUCCESS, TABLE, Scene, rules, rules_taken, show_part
from fundwatch.ui.charts import Point, trend, trend_in_words
from fundwatch.ui.export import export_buttons
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.funnel import show_funnel
from fundwatch.ui.header import header
from fundwatch.ui.ledger import missing_table, monthly
from fundwatch.ui.nothing import stop_when_empty
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, newest_data
from fundwatch.ui.rejection_views import BAR
from fundwatch.ui.states import guarded, not_loaded
from fundwatch.ui.tile import tile_of, tiles
from fundwatch.ui.words import escaped

page = start_page(__file__)
through, newest = days_through(page, KPIS), newest_data(page)
if newest is None or missing_table(page, TABLE):
    header(page, newest=newest, kpis=KPIS)
    not_loaded(page, "未载入数据:“疑点”表没有可用的记录。请到“数据质量”载入审核单据和疑点。")
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, BAR)
values = {v.kpi: v for v in kpi_values(page, KPIS, period.start, period.end, filters=filters.for_kpi)}
scene = Scene(page, period, filters, values, earliest_day(through))
with top:
    header(
        page,
        data_through=scene.through,
        newest=newest,
        kpis=KPIS,
        export=lambda: export_buttons(
            page, lambda: rules_taken(scene), f"各规则申诉_{period.words}", rules(scene).num_rows
        ),
    )
stop_when_empty(page, "推送的疑点", RATE, period, filters)
st.markdown(escaped(view.message(values[RATE], values[SUCCESS])))
months = monthly(page, KPIS, period, filters)
tiles(page, [tile_of(declarations()[k], values[k], months[k]) for k in KPIS])

left, right = st.columns(2, gap="medium")
with left, st.container(border=True, height="stretch"), guarded("规则漏斗图"):
    found = scene.rows("appeal_rules").to_pylist()
    show_funnel(page, view.limits(found, "rule_id", "各规则申诉成功率"), "rules_funnel", opens=None)
with right, st.container(border=True, height="stretch"):
    st.subheader(view.months_title(months[SUCCESS]), anchor=False)
    points = [Point(str(m.key), m.value) for m in months[SUCCESS]]
    if points:
        st.altair_chart(trend(points, "%"), width="stretch")
        st.caption("申诉成功率,按推送月份;近月的申诉可能还没有复审。")
        with st.expander("文字说明"):
            st.write(trend_in_words(points, "%"))

show_part(scene)
