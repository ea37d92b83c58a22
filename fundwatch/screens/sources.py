"""Which contract table a KPI's dates come from, and what a screen says when that table holds nothing.

The engine answers 0 of 340 when the inspection ledger was never loaded: right as arithmetic, wrong on a screen. Here such a
number loses its value and gets the reason instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from fundwatch.build.models import read_model
from fundwatch.home import QUERIES
from fundwatch.kpi import Kpi, KpiValue, declarations
from fundwatch.kpi.reach import NOT_BY_COUNTY, NOT_BY_TOWN
from fundwatch.quality import TableState

#: a number that the rows asked for cannot have keeps that reason
REFUSALS = frozenset({NOT_BY_TOWN, NOT_BY_COUNTY})
NOT_LOADED = "未载入数据"
NO_ROWS_AT_ALL = "无数据"
STAGING = "stg_"


@lru_cache(maxsize=256)
def dated_table(model: str) -> str:
    """The contract table whose rows a mart's rows are (``fct_inspection`` → ``inspection``).

    Raises LookupError for a mart that is made of several tables and does not say whose rows it has.
    """
    if model.startswith(STAGING):
        return model.removeprefix(STAGING)
    read = read_model(QUERIES / "marts" / f"{model}.sql")
    own = read.header.same_rows_as
    if own is None:
        if len(read.reads) != 1:
            raise LookupError(f"{model} is made of several tables")
        (own,) = read.reads
    return dated_table(own)


def missing_reason(kpi: Kpi, states: Mapping[str, TableState]) -> str:
    """Why a KPI has no data at all: its table was never loaded, or holds no dated row."""
    table = states[dated_table(kpi.asof.source)]
    if not table.is_loaded:
        return f"{NOT_LOADED}:“{table.title}”表从未载入"
    return f"{NO_ROWS_AT_ALL}:“{table.title}”表没有可用的记录"


def with_reasons(numbers: Iterable[KpiValue], states: Sequence[TableState]) -> list[KpiValue]:
    """The numbers, those without any data behind them with a reason instead of a value."""
    by_table = {state.table: state for state in states}
    return [
        number
        if number.data_through is not None or number.extra.get("reason") in REFUSALS
        else replace(
            number,
            value=None,
            extra={**number.extra, "reason": missing_reason(declarations()[number.kpi], by_table)},
        )
        for number in numbers
    ]


def first_day(kpi: Kpi, states: Mapping[str, TableState]) -> dt.date | None:
    """The first day with rows in the KPI's table, as far as the table is dated."""
    return states[dated_table(kpi.asof.source)].first_date


def earliest_day(through: Mapping[str, dt.date | None]) -> dt.date | None:
    """The earliest data-through date, which the screen shows; None without any data. Source: precise.md, Output."""
    return min((day for day in through.values() if day is not None), default=None)
