"""Numbers and the lists behind them, from one declaration, for a period, a split and filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

import pyarrow as pa

from fundwatch.errors import UsageError
from fundwatch.kpi.declaration import AsOf, Kpi, declarations, parameter_names
from fundwatch.kpi.targets import target_in_force
from fundwatch.kpi.value import BUILT_IN_EXTRAS, KpiValue, ratio
from fundwatch.kpi.window import Window
from fundwatch.kpi.writer import FILTER, list_sql, number_sql
from fundwatch.settings import Settings, Values

Filters = Mapping[str, Sequence[str | None]]
NO_ROWS = "本期没有符合口径的记录,分母为零"


class Source(Protocol):
    """What a warehouse gives: ``meta`` of the serving file and ``query``."""

    meta: Mapping[str, str]

    def query(self, sql: str, params: dict[str, Any]) -> pa.Table: ...


def evaluate(
    warehouse: Source,
    settings: Settings | Values,
    kpis: Iterable[str] | None,
    start: dt.date,
    end: dt.date,
    by: str | None = None,
    filters: Filters | None = None,
) -> list[KpiValue]:
    """The values of the KPIs (None: all), in the order asked for; one object each, or one per key of ``by``.

    ``by`` is a dimension or several joined by commas. A KPI that does not declare it is left out (see ``lacking``); one that
    is always per ``insutype`` is crossed with it. Raises UsageError for an unknown KPI or a period that ends before it begins.
    """
    chosen, window = _chosen(kpis), _window(start, end)
    asked = tuple(by.split(",")) if by else ()
    able = [kpi for kpi in chosen if set(asked) <= set(kpi.dimensions)]
    through, values = _data_through(warehouse, able), settings.now()
    found: list[KpiValue] = []
    for kpi in able:
        split = asked if kpi.always_by is None or kpi.always_by in asked else (kpi.always_by, *asked)
        found += _values(warehouse, values, kpi, window, split, filters or {}, through[kpi.asof])
    return found


def lacking(kpis: Iterable[str] | None, by: str | None) -> list[Kpi]:
    """The KPIs that do not declare the dimension and are left out of a split."""
    asked = set(by.split(",")) if by else set()
    return [kpi for kpi in _chosen(kpis) if not asked <= set(kpi.dimensions)]


def rows(
    warehouse: Source,
    settings: Settings | Values,
    kpi: str,
    start: dt.date,
    end: dt.date,
    key: Mapping[str, str | None] | None = None,
    filters: Filters | None = None,
) -> pa.Table:
    """The list behind a number: the declared columns, ``numerator`` and ``denominator``; they sum to what ``evaluate`` gives.

    ``key`` is a cell of a split, ``{dimension: value}`` (None: 未登记). Raises UsageError when the KPI has no such dimension.
    """
    declared, window = _chosen([kpi])[0], _window(start, end)
    cell = dict(key or {})
    unknown = set(cell) - {*declared.dimensions, *declared.filterable}
    if unknown:
        raise UsageError(f"指标 {kpi}({declared.label})不能按 {', '.join(sorted(unknown))} 拆分。")
    if declared.month_split == "restate" and "month" in cell:
        window = _month_window(window, str(cell.pop("month")))
    wanted = {name: list(values) for name, values in (filters or {}).items() if name in declared.filterable}
    for name, value in cell.items():
        wanted[name] = [value] if name not in wanted or value in wanted[name] else []
    sql = list_sql(declared, sorted(wanted))
    return warehouse.query(sql, _parameters(sql, declared, settings.now(), warehouse, window, False, wanted))


def _values(
    warehouse: Source, settings: Values, kpi: Kpi, window: Window, split: tuple[str, ...], filters: Filters,
    through: dt.date | None,
) -> list[KpiValue]:  # fmt: skip
    """Values of one KPI. A restated month is the KPI evaluated anew on that month's days."""
    if "month" in split and kpi.month_split == "restate":
        cells = [(month, month.month) for month in window.months()]
    else:
        cells = [(window, None)]
    rest = tuple(name for name in split if name != "month" or cells[0][1] is None)
    wanted = {name: list(values) for name, values in filters.items() if name in kpi.filterable}
    sql = number_sql(kpi, rest, sorted(wanted))
    found = []
    for cell, month in cells:
        parameters = _parameters(sql, kpi, settings, warehouse, cell, "month" in split, wanted)
        records = warehouse.query(sql, parameters).to_pylist()
        for record in records:
            if split and record["row_cnt"] == 0:
                # a restated month without any row in the list has no key
                continue
            key = {name: month if month and name == "month" else record[f"key_{name}"] for name in split}
            found.append(_value(kpi, settings, warehouse, window, cell, key, record, through))
    return sorted(found, key=lambda number: (number.key is None, number.key))


def _value(
    kpi: Kpi, settings: Values, warehouse: Source, window: Window, cell: Window, key: dict[str, str | None],
    record: dict[str, Any], through: dt.date | None,
) -> KpiValue:  # fmt: skip
    empty = record["row_cnt"] == 0
    numerator = Decimal(0) if empty else Decimal(record["numerator"])
    denominator = None if not kpi.is_ratio else Decimal(0) if empty else Decimal(record["denominator"])
    value = numerator if denominator is None else ratio(numerator, denominator, kpi.scale)
    extra: dict[str, Any] = {}
    for name, sql in kpi.extra.items():
        built_in = BUILT_IN_EXTRAS.get(sql)
        extra[name] = (
            built_in(numerator, denominator or Decimal(0), cell.end) if built_in else record[f"extra_{name}"]
        )
    reason = record["no_value"] or (NO_ROWS if value is None else None)
    if reason:
        value, extra = None, {**extra, "reason": reason}
    first_data = _date(warehouse.meta.get("first_data"))
    return KpiValue(
        kpi=kpi.id, start=window.start, end=window.end, by=",".join(key) or None, key=_joined(key), numerator=numerator,
        denominator=denominator, value=value, unit=kpi.unit,
        target=target_in_force(kpi, settings, cell.end, first_data, key), data_through=through, extra=extra,
    )  # fmt: skip


def _joined(key: Mapping[str, str | None]) -> str | None:
    """The key as printed: the value, several joined by commas; None when nothing is known of it."""
    if all(value is None for value in key.values()):
        return None
    return ",".join("" if value is None else str(value) for value in key.values())


def _parameters(
    sql: str, kpi: Kpi, settings: Values, warehouse: Source, window: Window, by_month: bool, filters: Mapping[str, list],
) -> dict[str, Any]:  # fmt: skip
    """Values for exactly the ``$names`` in the text: DuckDB refuses missing and surplus ones."""
    values: dict[str, Any] = {**window.values(by_month), "load_date": _date(warehouse.meta.get("load_date"))}
    values |= {name: settings.get(name, window.end) for name in kpi.parameters}
    for name, wanted in filters.items():
        values[FILTER + name] = [value for value in wanted if value is not None]
        values[f"{FILTER}{name}_blank"] = None in wanted
    return {name: values[name] for name in parameter_names(sql)}


def _data_through(warehouse: Source, kpis: Sequence[Kpi]) -> dict[AsOf, dt.date | None]:
    """The latest date of each KPI's date column, not after the day of loading."""
    wanted = list(dict.fromkeys(kpi.asof for kpi in kpis))
    load_date = _date(warehouse.meta.get("load_date"))
    if not wanted or load_date is None:
        return dict.fromkeys(wanted)
    selects = [
        f"(select max({asof.date}) from {asof.source} as fact where {asof.where or asof.date + ' <= $load_date'}) as d{number}"
        for number, asof in enumerate(wanted)
    ]
    sql = f"select {', '.join(selects)}"
    names = parameter_names(sql)
    record = warehouse.query(sql, {"load_date": load_date} if "load_date" in names else {}).to_pylist()[0]
    return {asof: record[f"d{number}"] for number, asof in enumerate(wanted)}


def _chosen(kpis: Iterable[str] | None) -> list[Kpi]:
    known = declarations()
    wanted = list(known) if kpis is None else list(kpis)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise UsageError(f"没有指标 {', '.join(unknown)}。可用的指标:{', '.join(known)}。")
    return [known[name] for name in wanted]


def _window(start: dt.date, end: dt.date) -> Window:
    if start > end:
        raise UsageError(f"期间起始日 {start} 晚于结束日 {end}。")
    return Window(start, end)


def _month_window(window: Window, month: str) -> Window:
    for part in window.months():
        if part.month == month:
            return part
    raise UsageError(f"月份 {month} 不在期间 {window.start} 至 {window.end} 内(写法:2024-06)。")


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(str(text)[:10]) if text else None
