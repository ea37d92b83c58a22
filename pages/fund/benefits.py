"""待遇与流向: what the fund pays of a stay and what a stay costs, what leaves the county, how fast institutions are paid."""

import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens import benefits as view
from fundwatch.screens.sources import earliest_day
from fundwatch.ui import start_page
from fundwatch.ui.benefits_views import BAR, Scene, levels, levels_taken, show_part
from fundwatch.ui.charts import Bar, Point, bars, trend, trend_in_words
from fundwatch.ui.export import export_buttons
from fundwatch.ui.filters import filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.ledger import missing_table, monthly
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, newest_data
from fundwatch.ui.states import not_loaded
from fundwatch.ui.tile import tile_of, tiles
from fundwatch.ui.words import escaped

page = start_page(__file__)
through, newest = days_through(page, view.KPIS), newest_data(page)
if newest is None:
    header(page, newest=newest, kpis=view.KPIS)
    not_loaded(page, "未载入数据。请到“数据质量”载入结算、参保和拨付数据。")
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    period = period_picker(newest)
    filters = filter_bar(page, BAR)
same_days = period.year_before()
asked = {"filters": filters.for_kpi}
values = {v.kpi: v for v in kpi_values(page, view.KPIS, period.start, period.end, **asked)}
before = {
    v.kpi: v for v in kpi_values(page, view.STAYS + view.FLOW[:1], same_days.start, same_days.end, **asked)
}
scene = Scene(page, period, filters, values, earliest_day(through))
by_level = levels(scene).to_pylist()
with top:
    header(
        page,
        data_through=scene.through,
        newest=newest,
        kpis=view.KPIS,
        export=lambda: export_buttons(
            page, lambda: levels_taken(scene), f"待遇分级别_{period.words}", len(by_level)
        ),
    )
why = missing_table(page, "setl_d")
st.markdown(escaped(f"{why}。已公布的比例见下方“公布的比例”。" if why else view.message(values, before)))
months = monthly(page, view.KPIS, period, filters)
tiles(page, [tile_of(declarations()[k], values[k], months[k]) for k in view.STAYS])
tiles(page, [tile_of(declarations()[k], values[k], months[k]) for k in view.FLOW])

if not why:
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(border=True, height="stretch"):
        shares = months["outside_share"]
        first, last = same_days.start, same_days.end
        earlier = kpi_values(page, ["outside_share"], *view.year_of(shares, first, last), by="month", **asked)
        last_year = view.a_year_on(earlier)
        st.subheader(view.months_title(shares, last_year), anchor=False)
        if shares:
            points = [Point(str(m.key), m.value, last_year=last_year.get(str(m.key))) for m in shares]
            st.altair_chart(trend(points, "%"), width="stretch")
            st.caption("县外就医基金占比;浅色为上年同月。")
            with st.expander("文字说明"):
                st.write(trend_in_words(points, "%"))
    with right, st.container(border=True, height="stretch"):
        st.subheader(escaped(view.levels_title(by_level)), anchor=False)
        shown = [Bar(r["name"], r["actual_reimbursement"], r["key"] or "") for r in by_level]
        st.altair_chart(bars([bar for bar in shown if bar.value is not None], "%"), width="stretch")
        st.caption("住院实际报销比例 = 基金支付 ÷ 医疗费总额。")

show_part(scene)
