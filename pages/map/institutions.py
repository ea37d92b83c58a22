"""机构地图: every institution on the outline by a KPI; towns by density; institutions that stand close together; counties, of several."""

import pyarrow as pa
import streamlit as st

from fundwatch.clock import china_today
from fundwatch.kpi.declaration import COUNTY
from fundwatch.screens import clusters as close
from fundwatch.screens import counties as rolled
from fundwatch.screens import density as dense
from fundwatch.screens import map as screen
from fundwatch.screens import map_words
from fundwatch.screens.sources import missing_reason
from fundwatch.ui import address, map_counties, map_places, map_view, start_page
from fundwatch.ui.choice import choose
from fundwatch.ui.county import counties
from fundwatch.ui.export import Taken, export_buttons
from fundwatch.ui.filters import DIMENSIONS, Filters, empty_state, filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, loaded_tables, newest_data, page_query
from fundwatch.ui.words import escaped

page = start_page(__file__)

several = counties(page.warehouse)
VIEWS = {
    "": "按指标",
    **({"county": "按县区"} if several else {}),
    "density": "密度(每万人口)",
    "cluster": "聚集",
}
known = screen.kpis_of_institutions()
kpi = known.get(next(iter(address.values("kpi")), ""), known[screen.DEFAULT_KPI])
shown = next((name for name in address.values("view") if name in VIEWS), "")
measure = next((name for name in address.values("measure") if name in dense.MEASURES), "all")
top = st.container()
with st.container(horizontal=True, key="filters"):
    newest = newest_data(page)
    period = period_picker(newest or china_today())
    filters = filter_bar(page)

months = screen.whole_months(period.start, period.end)
own = int(page.settings.get(map_places.DISTANCE, period.end))
asked = next(iter(address.values("distance")), "")
limit = int(asked) if asked in map_places.distance_words(own) else own


def rows_of(query: str, chosen: Filters, **more: object) -> pa.Table:
    """A query of this screen under a choice of filters."""
    names = [name for name in DIMENSIONS if name != "insutype" or query == "map_institutions"]
    asked_for = {name: chosen.for_kpi.get(name, []) for name in names}
    return page_query(page, query, on_date=period.end, **asked_for, **more)


def institutions(chosen: Filters) -> pa.Table:
    first, last = (months[0], months[-1]) if months else (None, None)
    return rows_of("map_institutions", chosen, first_month=first, last_month=last)


found = institutions(filters)
outline = map_view.county_outline(page)
by_kpi = shown in ("", "county")
through = days_through(page, [kpi.id])[kpi.id] if by_kpi else newest
values = (
    []
    if shown
    else kpi_values(page, [kpi.id], period.start, period.end, by="fixmedins_code", filters=filters.for_kpi)
)
states = {state.table: state for state in loaded_tables(page)}
missing = "" if not by_kpi or through is not None else missing_reason(kpi, states)
view = screen.map_view(kpi, found.to_pylist(), values, outline, missing)
if shown == "county":
    asked_values = [
        kpi_values(page, [kpi.id], period.start, period.end, by=split, filters=filters.for_kpi)
        for split in (COUNTY, None)
    ]
    by_county = rolled.rollup(
        kpi, several, asked_values[0], next(iter(asked_values[1]), None), found.to_pylist()
    )
    sentence = rolled.finding(by_county, period.words)
    rows, fields, name = by_county.table, by_county.fields, f"{kpi.label}分县区"
elif shown == "density":
    towns = dense.density(dense.MEASURES[measure], rows_of("map_towns", filters).to_pylist())
    sentence = dense.finding(towns)
    rows, fields, name = (
        map_places.town_table(towns),
        map_places.town_fields(towns),
        f"每万人{towns.measure.label}",
    )
elif shown == "cluster":
    near = close.clusters_of(view, limit)
    picked = near.chosen(next(iter(address.values("cluster")), ""))
    sentence = close.finding(near)
    rows, fields, name = map_places.member_table(near), map_places.MEMBER_FIELDS, f"聚集{limit}米"
else:
    sentence = map_words.finding(kpi, view, period.words)
    rows, fields, name = map_view.listed(view, kpi), map_view.fields(kpi, view), kpi.label
file_name = f"机构地图_{name}_{period.end}"


def taken() -> Taken:
    return Taken(file_name, rows, fields, period, filters, through, (kpi,) if by_kpi else ())


with top:
    header(
        page,
        data_through=through,
        kpis=[kpi.id] if by_kpi else (),
        parameters=[map_places.DISTANCE] if shown == "cluster" else [],
        export=(lambda: export_buttons(page, taken, file_name, rows.num_rows)) if rows.num_rows else None,
    )

if not found.num_rows:
    map_view.nothing(page)
    if filters.chosen:
        empty_state("机构", period.words, filters, lambda chosen: institutions(chosen).num_rows > 0)
    st.stop()

st.markdown(f"**{escaped(sentence)}**")
ignored = ["险种"] if shown == "density" and "insutype" in filters.chosen else []
if by_kpi and (unused := filters.ignored_by(kpi)):
    st.caption(escaped(f"“{kpi.label}”不能按{'、'.join(unused)}筛选,颜色按全部计算;圆面积按筛选计算。"))
if ignored:
    st.caption("密度与险种无关,险种筛选在这里不起作用。")
left, right = st.columns([7, 3])
key = (page.warehouse.stamp, page.settings.version, kpi.id, period, filters.words, shown, measure)
insurance = escaped(filters.words_of("insutype") or "全部险种")
with left:
    if shown == "county":
        map_counties.draw(outline, by_county, key, sentence)
    elif shown == "density":
        map_places.draw_towns(page, outline, towns, key, sentence)
    elif shown == "cluster":
        map_places.draw_clusters(page, view, outline, key, sentence, found=near, chosen=picked)
    else:
        map_view.draw_institutions(page, view, outline, key, sentence)
with right:
    choose("view", "视图", VIEWS, shown)
    if shown == "density":
        choose("measure", "每万人口的", {one: it.label for one, it in dense.MEASURES.items()}, measure)
        map_places.town_legend(towns, period.end)
    elif shown == "cluster":
        map_places.choose_distance(own, limit)
        map_places.cluster_legend(view, near, months, insurance)
    else:
        choose("kpi", "指标(颜色)", screen.kpi_words(), kpi.id)
    if shown == "county":
        map_counties.legend(by_county, months, insurance)
    elif not shown:
        map_view.institution_legend(kpi, view, months, insurance, outline)
if shown == "county":
    map_counties.county_list(page, by_county)
elif shown == "density":
    map_places.town_list(page, towns)
elif shown == "cluster":
    map_places.cluster_lists(page, near, picked)
else:
    map_view.institution_list(page, rows, kpi, view)
