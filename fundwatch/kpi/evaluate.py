"""Numbers from one declaration, for a period, a split and filters; the lists behind them are in ``fundwatch.kpi.lists``."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fundwatch.errors import UsageError
from fundwatch.kpi.call import Call, Filters, Source, chosen_kpis, date_of, window_of
from fundwatch.kpi.day_writer import day_number_sql
from fundwatch.kpi.days import is_counted, is_summed
from fundwatch.kpi.declaration import AsOf, Kpi
from fundwatch.kpi.extras import BUILT_IN_EXTRAS, Beside
from fundwatch.kpi.reach import refusal
from fundwatch.kpi.targets import target_in_force
from fundwatch.kpi.value import KpiValue, ratio
from fundwatch.kpi.window import Window
from fundwatch.kpi.writer import counted_number_sql, number_sql
from fundwatch.settings import Settings, Values

#: fewer questions are asked one after the other
FEWEST_TOGETHER = 2
Record = dict[str, Any]
NO_ROWS = "没有符合口径的记录,分母为零"


@dataclass(frozen=True)
class Question:
    """One statement for a KPI and a window: its split, and what of that the statement groups by."""

    kpi: Kpi
    split: tuple[str, ...]
    grouped: tuple[str, ...]
    window: Window
    sql: str
    parameters: dict[str, Any]


def evaluate(  # noqa: PLR0917  (the order is the interface of docs/architecture.md)
    warehouse: Source,
    settings: Settings | Values,
    kpis: Iterable[str] | None,
    start: dt.date,
    end: dt.date,
    by: str | None = None,
    filters: Filters | None = None,
) -> list[KpiValue]:
    """The values of the KPIs (None: all), in the order asked for: one object each, or one per key of ``by``.

    ``by`` is a dimension or several joined by commas: the cells of a cross-tab. A KPI that cannot be split so is left out (see
    ``lacking``); one that is always per ``insutype`` is crossed with it. Raises UsageError for an unknown KPI, a dimension
    named twice or a period that ends before it begins.
    """
    chosen = chosen_kpis(kpis)
    call = Call(warehouse, settings.now(), window_of(start, end), filters or {})
    asked = _asked(by)
    able = [kpi for kpi in chosen if set(asked) <= set(kpi.splits(by_county=True))]
    through = _data_through(call, able)
    parts = [_questions(call, kpi, asked) for kpi in able]
    answers = iter(_answers(call.warehouse, [question for questions in parts for question in questions]))
    found: list[KpiValue] = []
    for kpi, questions in zip(able, parts, strict=True):
        newest = through[kpi.asof]
        values = [value for one in questions for value in _values(call, one, next(answers), newest)]
        found += sorted(values, key=lambda value: (value.key is None, value.key)) or _refused(
            call, kpi, asked, newest
        )
    return found


def lacking(kpis: Iterable[str] | None, by: str | None) -> list[Kpi]:
    """The KPIs that do not have the dimensions and are left out of a split."""
    asked = set(_asked(by))
    return [kpi for kpi in chosen_kpis(kpis) if not asked <= set(kpi.splits(by_county=True))]


def data_through(
    warehouse: Source, settings: Settings | Values, kpis: Iterable[str] | None = None
) -> dict[str, dt.date | None]:
    """The latest date of each KPI's date column, not after the day of loading; None without a row. Evaluates nothing."""
    chosen = chosen_kpis(kpis)
    today = date_of(warehouse.meta.get("load_date")) or dt.date.min
    found = _data_through(Call(warehouse, settings.now(), Window(today, today), {}), chosen)
    return {kpi.id: found[kpi.asof] for kpi in chosen}


def _asked(by: str | None) -> tuple[str, ...]:
    """The dimensions of a split, each once."""
    asked = tuple(by.split(",")) if by else ()
    twice = sorted({name for name in asked if asked.count(name) > 1})
    if twice:
        raise UsageError(f"拆分维度 {', '.join(twice)} 写了两次。")
    return asked


def _split_of(kpi: Kpi, asked: tuple[str, ...]) -> tuple[str, ...]:
    return (*((kpi.always_by,) if kpi.always_by and kpi.always_by not in asked else ()), *asked)


def _refused(call: Call, kpi: Kpi, asked: tuple[str, ...], through: dt.date | None) -> list[KpiValue]:
    """The one value, with the reason, of a KPI that has none for the rows asked; no value in a split, nor where it is not refused."""
    reason = refusal(call, kpi)
    if reason is None or set(asked) - {kpi.always_by}:
        return []
    key: dict[str, str | None] = dict.fromkeys(_split_of(kpi, asked))
    record = {"row_cnt": 0, "no_value": reason}
    return [_value(call, kpi, call.window, key=key, record=record, through=through)]


def _questions(call: Call, kpi: Kpi, asked: tuple[str, ...]) -> list[Question]:
    """What has to be asked for one KPI. A restated month is the KPI evaluated anew on that month's days."""
    if refusal(call, kpi):
        return []
    split = _split_of(kpi, asked)
    restated = "month" in split and kpi.month_split == "restate"
    grouped = tuple(name for name in split if not (restated and name == "month"))
    filters = call.filters_of(kpi)
    sql, by_month = _sql_of(call, kpi, grouped, sorted(filters)), "month" in split
    return [
        Question(
            kpi, split, grouped, window, sql, call.parameters(sql, kpi, window, filters, by_month=by_month)
        )
        for window in (call.window.months() if restated else [call.window])
    ]


def _answers(warehouse: Source, questions: Sequence[Question]) -> list[list[Record]]:
    """The records of each. The time of a question is mostly DuckDB's for its plan, in one thread: a processor each."""

    def answer(question: Question) -> list[Record]:
        return warehouse.query(question.sql, question.parameters).to_pylist()

    if len(questions) < FEWEST_TOGETHER:
        return [answer(question) for question in questions]
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="fundwatch-kpi") as workers:
        return list(workers.map(answer, questions))


def _values(
    call: Call, question: Question, records: Sequence[Record], through: dt.date | None
) -> list[KpiValue]:
    kpi, split, window = question.kpi, question.split, question.window
    found = []
    for record in records:
        if split and record["row_cnt"] == 0:
            # a restated month without any row in the list has no key
            continue
        key = {name: record[f"key_{name}"] if name in question.grouped else window.month for name in split}
        found.append(_value(call, kpi, window, key=key, record=record, through=through))
    return found


def _sql_of(call: Call, kpi: Kpi, grouped: Sequence[str], filters: Sequence[str]) -> str:
    """The number's text: from sums where the version has them, else from the rows."""
    if kpi.number and is_counted(kpi, call.warehouse.meta):
        return counted_number_sql(kpi, kpi.number, grouped, filters)
    summed = is_summed(kpi, call.warehouse.meta, call.values, call.window.end)
    return (day_number_sql if summed else number_sql)(kpi, grouped, filters)


def _value(
    call: Call,
    kpi: Kpi,
    window: Window,
    *,
    key: Mapping[str, str | None],
    record: Mapping[str, Any],
    through: dt.date | None,
) -> KpiValue:
    empty = record["row_cnt"] == 0
    numerator = Decimal(0) if empty else Decimal(record["numerator"])
    denominator = None if not kpi.is_ratio else Decimal(0) if empty else Decimal(record["denominator"])
    value = numerator if denominator is None else ratio(numerator, denominator, kpi.scale)
    extra: dict[str, Any] = {}
    for name, sql in kpi.extra.items():
        gathered = record.get(f"extra_{name}")
        built_in = BUILT_IN_EXTRAS.get(sql)
        beside = Beside(numerator, denominator or Decimal(0), window.end, gathered)
        extra[name] = built_in.compute(beside) if built_in else gathered
    reason = record["no_value"] or (NO_ROWS if value is None else None)
    if reason:
        value, extra = None, {**extra, "reason": reason}
    return KpiValue(
        kpi=kpi.id,
        start=call.window.start,
        end=call.window.end,
        by=",".join(key) or None,
        key=_joined(key),
        numerator=numerator,
        denominator=denominator,
        value=value,
        unit=kpi.unit,
        target=target_in_force(kpi, call.values, window.end, call.first_data, key),
        data_through=through,
        extra=extra,
        cell=dict(key),
        row_cnt=int(record["row_cnt"]),
    )


def _joined(key: Mapping[str, str | None]) -> str | None:
    """The key as printed: the value, several joined by commas; None when nothing is known of it."""
    if all(value is None for value in key.values()):
        return None
    return ",".join("" if value is None else str(value) for value in key.values())


def _data_through(call: Call, kpis: Sequence[Kpi]) -> dict[AsOf, dt.date | None]:
    """The latest date of each KPI's date column, not after the day of loading; one query for all."""
    wanted = tuple(dict.fromkeys(kpi.asof for kpi in kpis))
    if not wanted or call.load_date is None:
        return dict.fromkeys(wanted)
    return call.warehouse.once(wanted, lambda: _newest_of(call, wanted))


def _newest_of(call: Call, wanted: Sequence[AsOf]) -> dict[AsOf, dt.date | None]:
    selects = [
        f"(select max({asof.date}) from {asof.source} where {asof.where or f'{asof.date} <= $load_date'}) as d{number}"  # noqa: S608
        for number, asof in enumerate(wanted)
    ]
    sql = f"select {', '.join(selects)}"
    [record] = call.warehouse.query(sql, {"load_date": call.load_date}).to_pylist()
    return {asof: record[f"d{number}"] for number, asof in enumerate(wanted)}
