"""机构地图: every institution on the county's outline, sized by fund paid, coloured by a KPI; density by town."""

import pyarrow as pa
import streamlit as st

from fundwatch.clock import china_today
from fundwatch.screens import map as screen
from fundwatch.screens import map_words
from fundwatch.ui import address, map_view, start_page
from fundwatch.ui.choice import choose
from fundwatch.ui.export import Taken, export_buttons
from fundwatch.ui.filters import DIMENSIONS, Filters, empty_state, filter_bar
from fundwatch.ui.header import header
from fundwatch.ui.period import period_picker
from fundwatch.ui.query import days_through, kpi_values, newest_data, page_query
from fundwatch.ui.words import escaped

page = start_page(__file__)

known = screen.kpis_of_institutions()
kpi = known.get(next(iter(address.values("kpi")), ""), known[screen.DEFAULT_KPI])
by_town = address.values("view") == ["density"]
top = st.container()
with st.container(horizontal=True, key="filters"):
    period = period_picker(newest_data(page) or china_today())
    filters = filter_bar(page)

months = screen.whole_months(period.start, period.end)


def rows_of(query: str, chosen: Filters, **more: object) -> pa.Table:
    """A query of this screen under a choice of filters."""
    names = [name for name in DIMENSIONS if name != "insutype" or query == "map_institutions"]
    asked = {name: chosen.for_kpi.get(name, []) for name in names}
    return page_query(page, query, on_date=period.end, **asked, **more)


def institutions(chosen: Filters) -> pa.Table:
    first, last = (months[0], months[-1]) if months else (None, None)
    return rows_of("map_institutions", chosen, first_month=first, last_month=last)


found = institutions(filters)
outline = map_view.county_outline(page)
values = kpi_values(page, [kpi.id], period.start, period.end, by="fixmedins_code", filters=filters.for_kpi)
view = screen.map_view(kpi, found.to_pylist(), values, outline)
listed = map_view.listed(view, kpi)
towns = rows_of("map_towns", filters)
rows, fields = (towns, map_view.TOWN_FIELDS) if by_town else (listed, map_view.fields(kpi, view))
name = f"机构地图_{'乡镇密度' if by_town else kpi.label}_{period.end}"
through = days_through(page, [kpi.id])[kpi.id]


def taken() -> Taken:
    return Taken(name, rows, fields, period, filters, through, () if by_town else (kpi,))


with top:
    header(
        page,
        data_through=through,
        kpis=[kpi.id],
        export=(lambda: export_buttons(page, taken, name, rows.num_rows)) if rows.num_rows else None,
    )

if not found.num_rows:
    map_view.nothing(page)
    if filters.chosen:
        empty_state("机构", period.words, filters, lambda chosen: institutions(chosen).num_rows > 0)
    st.stop()

sentence = (
    map_words.density_finding(towns.to_pylist()) if by_town else map_words.finding(kpi, view, period.words)
)
st.markdown(f"**{escaped(sentence)}**")
if ignored := filters.ignored_by(kpi):
    st.caption(escaped(f"“{kpi.label}”不能按{'、'.join(ignored)}筛选,颜色按全部计算;圆面积按筛选计算。"))
left, right = st.columns([7, 3])
key = (page.warehouse.version, page.settings.version, kpi.id, period, filters.words, by_town)
with left:
    if by_town:
        map_view.draw_towns(page, outline, towns.to_pylist(), key, sentence)
    else:
        map_view.draw_institutions(page, view, outline, key, sentence)
with right:
    choose("view", "视图", {"": "机构分布", "density": "每万人口密度"}, "density" if by_town else "")
    if not by_town:
        choose("kpi", "指标(颜色)", {name: one.label for name, one in known.items()}, kpi.id)
    if by_town:
        map_view.town_legend(towns.to_pylist(), period)
    else:
        insurance = filters.words_of("insutype") or "全部险种"
        map_view.institution_legend(kpi, view, months, insurance, outline)
if by_town:
    map_view.town_list(page, towns)
else:
    map_view.institution_list(page, listed, kpi, view)
