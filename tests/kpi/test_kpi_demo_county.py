"""The demo county, loaded and built for real: every KPI equals the slow, plain recomputation, every list its number."""

from __future__ import annotations

import datetime as dt
from typing import Any

import kpi_plain
import pytest
from kpi_compare import compare, list_totals

from fundwatch.home import Home
from fundwatch.kpi import Kpi, declarations, evaluate
from fundwatch.settings import Settings
from fundwatch.warehouse import Warehouse, open_warehouse

Period = tuple[dt.date, dt.date]


@pytest.fixture(scope="module")
def warehouse(demo_home: Home) -> Warehouse:
    return open_warehouse(demo_home)


@pytest.fixture(scope="module")
def data(warehouse: Warehouse) -> dict[str, list[dict[str, Any]]]:
    """The contract tables the recomputation reads, as the loader left them, and the stored hits (proven in tests/build)."""
    places = {**{table: f"lake.{table}" for table in kpi_plain.TABLES}, "fct_rule_hit": "fct_rule_hit"}
    return {
        table: warehouse.query(f"select * from {place}", {}).to_pylist() for table, place in places.items()
    }


@pytest.fixture(scope="module")
def half_year(data: dict[str, list[dict[str, Any]]]) -> Period:
    """The first half of the newest year of the ledger."""
    year = int(max(row["month"] for row in data["fund_ledger"])[:4])
    return dt.date(year, 1, 1), dt.date(year, 6, 30)


def test_half_a_year_equals_the_plain_recomputation(
    demo_home: Home, warehouse: Warehouse, data: dict[str, Any], half_year: Period
) -> None:
    assert compare(warehouse, Settings(demo_home), data, *half_year) > 1000


def test_a_period_over_new_year_from_the_middle_of_a_month_equals_the_plain_recomputation(
    demo_home: Home, warehouse: Warehouse, data: dict[str, Any], half_year: Period
) -> None:
    first = half_year[0].replace(year=half_year[0].year - 1, month=11, day=12)
    assert compare(warehouse, Settings(demo_home), data, first, half_year[0].replace(month=3, day=17)) > 1000


@pytest.mark.parametrize("kpi", declarations().values(), ids=lambda kpi: kpi.id)
def test_the_demo_county_has_something_to_show_for_every_kpi(
    demo_home: Home, warehouse: Warehouse, half_year: Period, kpi: Kpi
) -> None:
    found = evaluate(warehouse, Settings(demo_home), [kpi.id], *half_year)
    assert any(number.value is not None and number.data_through is not None for number in found)


@pytest.mark.parametrize("kpi", declarations().values(), ids=lambda kpi: kpi.id)
def test_every_list_of_the_demo_county_adds_up(
    demo_home: Home, warehouse: Warehouse, half_year: Period, kpi: Kpi
) -> None:
    for by in (None, *[name for name in kpi.dimensions if name not in ("fixmedins_code", "town_code")]):
        list_totals(warehouse, Settings(demo_home), kpi, half_year, by)
