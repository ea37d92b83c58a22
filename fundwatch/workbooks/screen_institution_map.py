"""机构地图: institutions with the chosen indicator, towns by density, institutions that stand close together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from fundwatch.geo import joined, read_outline
from fundwatch.kpi import Kpi
from fundwatch.kpi.declaration import COUNTY
from fundwatch.screens import clusters, counties, density, map_words
from fundwatch.screens import map as screen
from fundwatch.screens.fields import Field
from fundwatch.workbooks.ask import DIMENSIONS, Ask
from fundwatch.workbooks.parts import MOST_BARS, Book, Chart, Part, kpi_part, table

DISTANCE = "map_cluster_metres"
FUND = Field("fund_pay_sumamt", "基金支付", "amount", "元")
MEMBER_FIELDS = (
    Field("number", "聚集", "int"), Field("fixmedins_code", "机构编号"), Field("fixmedins_name", "机构名称"),
    Field("fixmedins_type", "机构类别"), Field("level_class", "机构级别"), Field("town_name", "乡镇"), Field("nearest_name", "最近的机构"),
    Field("metres", "距离", "int", "米"), FUND, Field("agreement_state", "协议状态"),
)  # fmt: skip
TOWN_FIELDS = (
    Field("town_code", "乡镇代码"), Field("town_name", "乡镇"), Field("population", "常住人口", "int", "人"),
    Field("institution_cnt", "定点机构", "int", "家"), Field("medical_cnt", "医疗机构", "int", "家"),
    Field("hospital_cnt", "定级医院", "int", "家"), Field("pharmacy_cnt", "零售药店", "int", "家"), Field("beds", "床位", "int", "张"),
)  # fmt: skip


def kpis(ask: Ask) -> list[str]:
    """The indicator that colours the map."""
    return [_chosen(ask).id]


def parts(ask: Ask) -> list[Part]:
    """The three views of the screen."""
    kpi, months = _chosen(ask), screen.whole_months(ask.period.start, ask.period.end)
    first, last = (months[0], months[-1]) if months else (None, None)
    found = _rows(ask, "map_institutions", first_month=first, last_month=last)
    one = ask.warehouse.sight.county
    several = {} if one else ask.words(COUNTY)
    county = one or str(ask.settings.get("county_admdvs", ask.today) or "")
    outline = joined(ask.home, several) if several else read_outline(ask.home, county)
    if one:
        outline = counties.outline_of(outline, one)
    view = screen.map_view(kpi, found.to_pylist(), ask.values([kpi.id], "fixmedins_code"), outline, "")
    near = clusters.clusters_of(view, int(ask.settings.get(DISTANCE, ask.period.end)))
    members = clusters.member_rows(near)
    return [
        kpi_part(ask, [kpi.id]),
        Part(
            f"机构_{kpi.label}",
            _listed(kpi, view),
            _fields(kpi),
            map_words.finding(kpi, view, ask.period.words),
        ),
        *([_counties(ask, kpi, several, found)] if several else []),
        _towns(ask),
        Part("聚集", _table(members, MEMBER_FIELDS), MEMBER_FIELDS, clusters.finding(near)),
    ]


def _counties(ask: Ask, kpi: Kpi, several: Mapping[str, str], found: pa.Table) -> Part:
    whole = next(iter(ask.values([kpi.id])), None)
    made = counties.rollup(kpi, several, ask.values([kpi.id], COUNTY), whole, found.to_pylist())
    return Part("县区", made.table, made.fields, counties.finding(made, ask.period.words))


def _chosen(ask: Ask) -> Kpi:
    known = screen.kpis_of_institutions()
    return known.get(ask.choices.get("kpi", ""), known[screen.DEFAULT_KPI])


def _rows(ask: Ask, query: str, **more: Any) -> pa.Table:
    names = [name for name in DIMENSIONS if name != "insutype" or query == "map_institutions"]
    chosen = {name: ask.filters.for_kpi.get(name, []) for name in names}
    return ask.query(query, on_date=ask.period.end, **chosen, **more)


def _fields(kpi: Kpi) -> list[Field]:
    shown = (
        Field("shown", kpi.label)
        if screen.is_yes_no(kpi)
        else Field("value", kpi.label, "amount" if kpi.unit == "元" else "quantity", kpi.unit)
    )
    return [
        Field("fixmedins_code", "机构编号"),
        Field("fixmedins_name", "机构名称"),
        Field("fixmedins_type", "机构类别"),
        Field("level_class", "机构级别"),
        Field("town_name", "乡镇"),
        Field("agreement_state", "协议状态"),
        shown,
        Field("lead", "提示"),
        FUND,
        Field("drawn", "图上位置"),
    ]


def _listed(kpi: Kpi, view: screen.View) -> pa.Table:
    return _table(screen.list_rows(view), _fields(kpi))


def _towns(ask: Ask) -> Part:
    rows = _rows(ask, "map_towns").to_pylist()
    fields, merged = list(TOWN_FIELDS), {}
    for name, measure in density.MEASURES.items():
        fields.append(Field(name, f"每万人{measure.label}", "quantity", measure.unit))
        for town in density.density(measure, rows).towns:
            merged.setdefault(town["town_code"], dict(town))[name] = town["value"]
    made = _table(list(merged.values()), fields)
    charts = (
        (Chart("bar", "town_name", ("all",), "每万人定点机构"),) if 1 < made.num_rows <= MOST_BARS else ()
    )
    return Part("乡镇密度", made, fields, "没有常住人口的乡镇没有密度。密度与险种无关。", charts)


def _table(rows: list[dict[str, Any]], fields: list[Field] | tuple[Field, ...]) -> pa.Table:
    kinds = {"int": pa.int64(), "quantity": pa.decimal128(28, 10), "amount": pa.decimal128(28, 10)}
    types = {field.name: kinds[field.kind] for field in fields if field.kind in kinds}
    return table(rows, [field.name for field in fields], types)


BOOK = Book(DIMENSIONS, kpis, parts)
