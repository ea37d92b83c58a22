"""The sheets of a workbook before they are written: a table, what it shows, its charts; and the parts most screens have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa

from fundwatch.kpi import DIMENSION_LABELS, Kpi, KpiValue, declarations
from fundwatch.screens.fields import Field
from fundwatch.screens.kpi_rows import fields_of, split_table
from fundwatch.screens.overview import insutype_of, insutype_words
from fundwatch.screens.sides import sides_of_values
from fundwatch.screens.sources import dated_table, first_day
from fundwatch.ui import numbers
from fundwatch.ui.targets import TONE_WORDS, against, target_line
from fundwatch.workbooks.ask import Ask

#: a KPI's ten decimals, or its money in 万元
EXACT = pa.decimal128(38, 14)
#: institutions and other long splits are read in the table; bars of more rows than this are no picture
MOST_BARS = 30
UNIT_OF = "_unit"


@dataclass(frozen=True)
class Chart:
    """A native chart over columns of its sheet: ``names`` along the axis, ``values`` as series (field names).

    ``dashed`` are those of ``values`` drawn as reference lines. ``unit`` stands at the axis; None: that of the first series.
    """

    kind: Literal["line", "bar", "column"]
    names: str
    values: tuple[str, ...]
    title: str
    unit: str | None = None
    dashed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One sheet. ``money``: unit of its amounts (None: 万元 unless all of a column are below 1 万元, as on screen).

    A field of kind ``value`` takes each row's unit from the column ``<name>_unit``.
    """

    name: str
    rows: pa.Table
    fields: Sequence[Field]
    note: str = ""
    charts: tuple[Chart, ...] = ()
    money: str | None = None
    #: characters of the widest column; many columns of long texts are narrower, so that they can be read on paper
    widest: int = 42


@dataclass(frozen=True)
class Book:
    """A screen's workbook: title of the screen it belongs to is that of the page table.

    ``bar``: the filters that act. ``kpis``: the indicators that 口径 explains. ``personal``: its lists may hold rows of single
    persons, so that a reason is asked for. ``needs``: choices without which there is nothing to make (``kpi``: 指标).
    ``follows``: what else than version and settings changes it: the day that clocks are read on, what persons said of hits.
    """

    bar: tuple[str, ...]
    kpis: Callable[[Ask], Sequence[str]]
    parts: Callable[[Ask], list[Part]]
    personal: bool = False
    needs: tuple[str, ...] = ()
    follows: tuple[Literal["day", "verdicts"], ...] = ()


KPI_FIELDS = (
    Field("name", "指标"), Field("value", "本期", "value"), Field("value_unit", "单位"), Field("target", "目标"),
    Field("stands", "达标情况"), Field("gap", "差距"), Field("before", "上年同期", "value"), Field("numerator", "分子", "value"),
    Field("denominator", "分母", "value"), Field("through", "数据截至", "date"), Field("note", "说明"),
)  # fmt: skip
_KPI_TYPES = {
    "value": EXACT,
    "before": EXACT,
    "numerator": EXACT,
    "denominator": EXACT,
    "through": pa.date32(),
}


def kpi_part(ask: Ask, kpis: Sequence[str], name: str = "指标") -> Part:
    """Every KPI of the screen, per insurance type where they are never added, against its target and the same days last year."""
    back = {(v.kpi, v.key): v for v in ask.values(kpis, period=ask.period.year_before())}
    rows = [_kpi_row(ask, value, back.get((value.kpi, value.key))) for value in ask.values(kpis)]
    names = [*(field.name for field in KPI_FIELDS), "before_unit", "numerator_unit", "denominator_unit"]
    note = "本期、分子、分母均取自指标引擎;比率的分子除以分母等于本期。上年同期为上一年相同的日子,没有数据的为空。"
    return Part(
        name, table(rows, names, _KPI_TYPES), KPI_FIELDS, note, money="元"
    )  # fmt: skip


def _kpi_row(ask: Ask, number: KpiValue, before: KpiValue | None) -> dict[str, Any]:
    kpi = declarations()[number.kpi]
    stands = against(kpi, number)
    fund = insutype_of(number)
    first, second = sides_of_values([number])
    unused = ask.filters.ignored_by(kpi)
    value, unit = shown(number.value, kpi.unit)
    old = before.value if before is not None and before.data_through is not None else None
    notes = [f"不能按{'、'.join(unused)}筛选,为全部" if unused else "", str(number.extra.get("reason") or "")]
    return {
        "name": f"{kpi.label}·{insutype_words(fund)}" if fund else kpi.label,
        "value": value, "value_unit": unit, "target": stands.target.removeprefix("目标 "), "stands": TONE_WORDS[stands.tone],
        "gap": stands.gap, "before": old and (old / numbers.WAN if unit == "万元" else old), "before_unit": unit,
        "numerator": number.numerator, "numerator_unit": {"amount": "元", "int": "个"}.get(first, ""),
        "denominator": number.denominator, "denominator_unit": {"amount": "元", "int": "个"}.get(second, ""),
        "through": number.data_through, "note": ";".join(note for note in notes if note),
    }  # fmt: skip


def shown(value: Decimal | None, unit: str) -> tuple[Decimal | None, str]:
    """A value in the unit that a tile shows: 万元 from 1 万元 on, exact to the fen."""
    if unit == "元" and value is not None and abs(value) >= numbers.WAN:
        return value / numbers.WAN, "万元"
    return value, numbers.beside(unit)


def months_part(ask: Ask, kpis: Sequence[str], name: str = "逐月", count: int = 12) -> Part:
    """The last whole months of each KPI with its target, a line each."""
    split = [kpi for kpi in kpis if declarations()[kpi].month_split]
    months = ask.months(count)
    values = ask.values(split, "month", months) if split else []
    lines = dict.fromkeys((v.kpi, insutype_of(v)) for v in values)
    found = {(v.kpi, insutype_of(v), str(v.key)[-7:]): v for v in values}
    rows: list[dict[str, Any]] = [{"month": dt.date.fromisoformat(f"{one}-01")} for one in months.names]
    fields, charts = [Field("month", "月份", "ym")], []
    for kpi_id, fund in lines:
        kpi, key = declarations()[kpi_id], f"{kpi_id}_{fund or ''}"
        label = f"{kpi.label}·{insutype_words(fund)}" if fund else kpi.label
        own = [found.get((kpi_id, fund, one)) for one in months.names]
        target = next((target_line(v.target) for v in reversed(own) if v and v.target), None)
        counted = _months_counted(ask, kpi)
        for row, number in zip(rows, own, strict=True):
            none = Decimal(0) if f"{row['month']:%Y-%m}" >= counted else None
            row |= {key: number.value if number else none, f"{key}_target": target}
        fields.append(Field(key, label, _kind(kpi), kpi.unit))
        if target is not None:
            fields.append(Field(f"{key}_target", f"{label}目标", _kind(kpi), kpi.unit))
        series = (key, f"{key}_target") if target is not None else (key,)
        if sum(number is not None and number.value is not None for number in own) > 1:
            charts.append(Chart("line", "month", series, label, dashed=series[1:]))
    types: dict[str, pa.DataType] = {field.name: EXACT for field in fields} | {"month": pa.date32()}
    note = "只列已结束的整月。比率没有分母、按月的表没有载入时为空;次数和金额没有发生的月份为0。累计指标为年初至当月末。"
    return Part(name, table(rows, list(types), types), fields, note, tuple(charts))


def _months_counted(ask: Ask, kpi: Kpi) -> str:
    """The month from which a month without row is 0, as on screen: of counts and amounts, unless their table is kept by month."""
    first = first_day(kpi, ask.states)
    if kpi.is_ratio or first is None or ask.states[dated_table(kpi.asof.source)].is_monthly:
        return "9999"
    return f"{first:%Y-%m}"


def split_part(ask: Ask, kpi: str, by: str, name: str = "") -> Part:
    """One KPI by a dimension in the dimension's own order, with bars where few enough."""
    declared = declarations()[kpi]
    rows, fields = split_table(declared, by, ask.values([kpi], by), ask.words(by))
    shown_as = next(field.name for field in fields if field.name != "label")
    title = name or f"{declared.label}分{DIMENSION_LABELS[by]}"
    if by == "fixmedins_code":
        fields = [Field("key", "机构编号", "code"), *fields]
    charts = (Chart("bar", "label", (shown_as,), title),) if 1 < rows.num_rows <= MOST_BARS else ()
    return Part(title, rows, fields, "按维度自身顺序排列,不排名次。" + additive_words(declared), charts)


def list_part(ask: Ask, kpi: str, name: str, note: str = "", rows: pa.Table | None = None) -> Part:
    """The list behind a KPI (or some of its rows), amounts in 元; without the two sides where only some rows are shown."""
    found = ask.listed(kpi) if rows is None else rows
    fields = fields_of(declarations()[kpi], found)
    if rows is not None:
        fields = [field for field in fields if field.name not in ("numerator", "denominator")]
    return Part(name, found, fields, note, money="元")


def additive_words(kpi: Kpi) -> str:
    """Said of a split whose parts do not add up."""
    return "" if kpi.additive else "同一对象可能出现在多个分组,各组相加不等于合计。"


def table(rows: Sequence[dict[str, Any]], names: Sequence[str], types: dict[str, pa.DataType]) -> pa.Table:
    """Records as a table with these columns; text unless ``types`` says otherwise. Quotients are cut to the type's places."""
    columns = {}
    for name in names:
        kind = types.get(name, pa.string())
        values = [row.get(name) for row in rows]
        if pa.types.is_decimal(kind):
            values = [None if value is None else numbers.rounded(value, kind.scale) for value in values]
        columns[name] = pa.array(values, kind)
    return pa.table(columns)


def records(
    fields: Sequence[Field], rows: Sequence[Any], types: dict[str, pa.DataType] | None = None
) -> pa.Table:
    """Objects with attributes named as the fields, as a table."""
    plain = [{field.name: getattr(row, field.name) for field in fields} for row in rows]
    return table(plain, [field.name for field in fields], types or {})


def _kind(kpi: Kpi) -> str:
    if kpi.unit == "元":
        return "amount"
    return "int" if kpi.unit in numbers.COUNTS else "percent"
