"""Comparisons that several tests make: engine against plain recomputation, list against number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

import kpi_plain
import pyarrow as pa

from fundwatch.kpi import Kpi, KpiValue, declarations, evaluate, rows
from fundwatch.kpi.evaluate import Source
from fundwatch.settings import Settings, Values

Filters = Mapping[str, Sequence[str | None]]
#: decimals that these are printed to, while the recomputation is exact
ROUNDED = {"payable_months": 10, "budget_execution": 10, "admission_rate": 14}


def compare(
    warehouse: Source, settings: Settings | Values, data: kpi_plain.Data, start: dt.date, end: dt.date
) -> int:
    """Assert that every KPI, unsplit and by every dimension, equals the recomputation; return how many numbers."""
    compared = 0
    for kpi in declarations().values():
        for by in (None, *kpi.dimensions):
            expected = kpi_plain.number(kpi.id, data, start, end, by)
            found = evaluate(warehouse, settings, [kpi.id], start, end, by)
            assert {number.key for number in found} == set(expected), (kpi.id, by)
            for number in found:
                _assert_same(kpi, number, expected[number.key])
            compared += len(found)
    return compared


def compare_cells(
    warehouse: Source,
    settings: Settings | Values,
    data: kpi_plain.Data,
    start: dt.date,
    end: dt.date,
    kpi: Kpi,
) -> int:
    """Assert that the KPI crossed by every pair of what it can be split by equals the recomputation; return how many cells."""
    compared = 0
    for pair in combinations(kpi.splittable, 2):
        expected = kpi_plain.cells(kpi.id, data, start, end, pair)
        found = evaluate(warehouse, settings, [kpi.id], start, end, ",".join(pair))
        assert {tuple(number.cell[name] for name in pair) for number in found} == set(expected), (
            kpi.id,
            pair,
        )
        for number in found:
            _assert_same(kpi, number, expected[tuple(number.cell[name] for name in pair)])
        compared += len(found)
    return compared


def _assert_same(kpi: Kpi, number: KpiValue, expected: tuple[Fraction, Fraction | None, bool]) -> None:
    numerator, denominator, has_value = expected
    where = (kpi.id, number.by, number.key)
    if kpi.id in ROUNDED:
        numerator = Fraction(nearest(numerator, ROUNDED[kpi.id]))
    assert Fraction(number.numerator) == numerator, where
    if denominator is None:
        assert number.denominator is None, where
        assert number.value == (number.numerator if has_value else None), where
        return
    assert number.denominator == nearest(denominator, ROUNDED.get(kpi.id, 10)), where
    printed = Fraction(number.denominator) if kpi.id in ROUNDED else denominator
    scale = 100 if kpi.unit == "%" else 1
    assert number.value == (nearest(numerator * scale / printed) if has_value else None), where


def list_totals(
    warehouse: Source,
    settings: Settings | Values,
    kpi: Kpi,
    period: tuple[dt.date, dt.date],
    by: str | None,
    filters: Filters | None = None,
) -> None:
    """Assert that the list of every key of a split adds up to its number."""
    for number in evaluate(warehouse, settings, [kpi.id], *period, by, filters):
        listed = rows(warehouse, settings, kpi.id, *period, cell_of(number), filters)
        totals = (total(listed, "numerator"), total(listed, "denominator"))
        assert totals == (number.numerator, number.denominator or Decimal(0)), (by, number.key)


def cell_of(number: KpiValue) -> dict[str, str | None]:
    """The dimensions and values of a key."""
    return dict(number.cell)


def total(listed: pa.Table, column: str) -> Decimal:
    return sum((Decimal(value) for value in listed[column].to_pylist() if value is not None), Decimal(0))


def nearest(exact: Fraction, places: int = 10) -> Decimal:
    """Half away from zero to ``places`` decimals, on strings of digits."""
    scaled: Any = abs(exact) * 10**places
    whole = scaled.numerator // scaled.denominator
    if (scaled - whole) * 2 >= 1:
        whole += 1
    digits = f"{whole:0{places + 1}d}"
    return Decimal(f"{'-' if exact < 0 else ''}{digits[:-places]}.{digits[-places:]}")
