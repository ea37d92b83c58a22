"""The list behind a number: whole, a part of it, its totals, or piece by piece for lists too long to hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fundwatch.contracts import code_lists
from fundwatch.errors import UsageError, UserError
from fundwatch.kpi.call import Call, Filters, Source, Streaming, chosen_kpis, month_window, window_of
from fundwatch.kpi.day_writer import day_totals_sql
from fundwatch.kpi.days import is_summed
from fundwatch.kpi.declaration import Kpi
from fundwatch.kpi.list_writer import SEARCHED, SEARCHED_CODES, Look, list_sql, totals_sql
from fundwatch.kpi.reach import refusal
from fundwatch.kpi.window import Window
from fundwatch.settings import Settings, Values

Key = Mapping[str, str | None]
EVERYTHING = Look()


@dataclass(frozen=True)
class Totals:
    """What a list adds up to; the denominator is None where the KPI has none. ``short_cnt`` rows have less in the numerator than in
    the denominator, ``counted_cnt`` stand in the numerator."""

    row_cnt: int
    numerator: Decimal
    denominator: Decimal | None
    short_cnt: int
    counted_cnt: int


def rows(  # noqa: PLR0917  (the order is the interface of docs/architecture.md)
    warehouse: Source,
    settings: Settings | Values,
    kpi: str,
    start: dt.date,
    end: dt.date,
    key: Key | None = None,
    filters: Filters | None = None,
    *,
    look: Look = EVERYTHING,
    limit: int | None = None,
    offset: int = 0,
) -> pa.Table:
    """The list behind a number: the declared columns, ``numerator``, ``denominator``; they sum to what ``evaluate`` gives.

    ``key`` is a cell of a split, ``{dimension: value}`` (None: 未登记). ``look`` keeps rows that fall short, are counted or hold a text;
    ``limit`` and ``offset`` give a part, in the list's fixed order. Raises UsageError when the KPI has no such dimension.
    """
    asked = _asked(warehouse, settings, kpi, start, end, key=key, filters=filters)
    sql = list_sql(asked.kpi, sorted(asked.wanted), look, limited=limit is not None)
    return warehouse.query(sql, asked.parameters(sql, look, {"row_limit": limit, "row_offset": offset}))


def totals(  # noqa: PLR0917  (as rows)
    warehouse: Source,
    settings: Settings | Values,
    kpi: str,
    start: dt.date,
    end: dt.date,
    key: Key | None = None,
    filters: Filters | None = None,
    *,
    look: Look = EVERYTHING,
) -> Totals:
    """Rows and sums of the list that ``rows`` gives for the same question, without the list."""
    asked = _asked(warehouse, settings, kpi, start, end, key=key, filters=filters)
    sql = asked.totals_sql(look)
    [record] = warehouse.query(sql, asked.parameters(sql, look)).to_pylist()
    denominator = Decimal(record["denominator"] or 0) if asked.kpi.is_ratio else None
    return Totals(
        row_cnt=record["row_cnt"],
        numerator=Decimal(record["numerator"] or 0),
        denominator=denominator,
        short_cnt=record["short_cnt"] if asked.kpi.is_ratio else 0,
        counted_cnt=record["counted_cnt"],
    )


def batches(  # noqa: PLR0917  (as rows)
    warehouse: Streaming,
    settings: Settings | Values,
    kpi: str,
    start: dt.date,
    end: dt.date,
    key: Key | None = None,
    filters: Filters | None = None,
) -> Iterator[pa.RecordBatch]:
    """The whole list of ``rows``, in its order, piece by piece."""
    asked = _asked(warehouse, settings, kpi, start, end, key=key, filters=filters)
    sql = list_sql(asked.kpi, sorted(asked.wanted))
    return warehouse.batches(sql, asked.parameters(sql, EVERYTHING))


@dataclass(frozen=True)
class _Asked:
    """A list as asked: a KPI, its window, what is wanted of each dimension."""

    kpi: Kpi
    call: Call
    window: Window
    wanted: Mapping[str, list[str | None]]

    def totals_sql(self, look: Look) -> str:
        """From the sums by day, where the version has them and nothing narrows the list."""
        filters = sorted(self.wanted)
        if look == EVERYTHING and is_summed(
            self.kpi, self.call.warehouse.meta, self.call.values, self.window.end
        ):
            return day_totals_sql(self.kpi, filters)
        return totals_sql(self.kpi, filters, look)

    def parameters(self, sql: str, look: Look, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
        searched: dict[str, Any] = {SEARCHED: look.text.strip()}
        for column in self.kpi.columns:
            if column.codes:
                words = code_lists()[column.codes]
                searched[SEARCHED_CODES + column.name] = [
                    code for code, word in words.items() if look.text.strip() in word
                ]
        return self.call.parameters(
            sql, self.kpi, self.window, self.wanted, more={**searched, **(more or {})}
        )


def _asked(
    warehouse: Source,
    settings: Settings | Values,
    kpi: str,
    start: dt.date,
    end: dt.date,
    *,
    key: Key | None,
    filters: Filters | None,
) -> _Asked:
    [declared] = chosen_kpis([kpi])
    call = Call(warehouse, settings.now(), window_of(start, end), filters or {})
    if reason := refusal(call, declared):
        raise UserError(f"“{declared.label}”{reason}。")
    cell, window = dict(key or {}), call.window
    unknown = set(cell) - {*declared.splittable, *declared.filterable}
    if unknown:
        raise UsageError(f"指标 {kpi}({declared.label})不能按 {', '.join(sorted(unknown))} 拆分。")
    if declared.month_split == "restate" and "month" in cell:
        window = month_window(window, str(cell.pop("month")))
    wanted = call.filters_of(declared)
    for name, value in cell.items():
        wanted[name] = [value] if name not in wanted or value in wanted[name] else []
    return _Asked(declared, call, window, wanted)
