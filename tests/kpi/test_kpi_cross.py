"""Two dimensions at once: every cell is recomputed, is its own list, and sums with its neighbours where the KPI adds up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from kpi_compare import compare_cells, total
from kpi_random import END, START, County
from kpi_world import World

from fundwatch.errors import UsageError
from fundwatch.home import Home
from fundwatch.kpi import Kpi, KpiValue, declarations, evaluate, lacking, rows, totals
from fundwatch.settings import Settings, Values
from fundwatch.warehouse import Warehouse, open_warehouse

FILTERS = {"fixmedins_type": ["1"], "level_class": ["一级", "二级", None], "insutype": ["310", "390"]}
CROSSED = [kpi for kpi in declarations().values() if len(kpi.splittable) > 1]


@pytest.fixture(scope="module")
def data() -> dict[str, list[dict[str, Any]]]:
    return County(11).rows()


@pytest.fixture(scope="module")
def county(world: World, data: dict[str, list[dict[str, Any]]]) -> World:
    return world.fill(data)


@pytest.fixture(scope="module")
def warehouse(demo_home: Home) -> Warehouse:
    return open_warehouse(demo_home)


@pytest.fixture(scope="module")
def period(warehouse: Warehouse) -> tuple[dt.date, dt.date]:
    """From the middle of a month over the new year to the newest day."""
    last = dt.date.fromisoformat(warehouse.meta["load_date"])
    return dt.date(last.year - 1, 11, 12), last


@pytest.mark.parametrize("kpi", CROSSED, ids=lambda kpi: kpi.id)
def test_every_cell_of_a_random_county_equals_the_plain_recomputation(
    county: World, data: dict[str, Any], kpi: Kpi
) -> None:
    compared = compare_cells(county, Values(), data, START, END, kpi)
    # thirty reminders of one rule, or two on-site inspections, are more than the county has
    assert compared > 0 or kpi.id in ("rules_to_review", "over_frequency")


@pytest.mark.parametrize("kpi", CROSSED, ids=lambda kpi: kpi.id)
def test_cells_of_the_demo_county_are_their_lists_and_add_up(
    demo_home: Home, warehouse: Warehouse, period: tuple[dt.date, dt.date], kpi: Kpi
) -> None:
    settings = Settings(demo_home).now()
    whole = {str(one.cell): one for one in evaluate(warehouse, settings, [kpi.id], *period)}
    for place, pair in enumerate(combinations(kpi.splittable, 2)):
        cells = evaluate(warehouse, settings, [kpi.id], *period, ",".join(pair))
        assert [(one.by, tuple(one.cell)) for one in cells] == [(",".join(pair), pair)] * len(cells)
        assert len({tuple(one.cell.values()) for one in cells}) == len(cells)
        if cells:
            # another place in each pair: the first, the middle, the last
            _assert_is_its_list(warehouse, settings, cells[(len(cells) - 1) * (place % 3) // 2])
        if all(kpi.adds_up_over(name) for name in pair):
            for side in ("numerator", "denominator", "row_cnt"):
                assert _sum(cells, side) == _sum(whole.values(), side), (pair, side)


@pytest.mark.parametrize("kpi", ["reminder_compliance", "extrapolated_rejection", "inspection_coverage"])
def test_cells_in_a_filter_are_lists_in_that_filter(county: World, kpi: str) -> None:
    declared = declarations()[kpi]
    for pair in combinations(declared.splittable, 2):
        for one in evaluate(county, Values(), [kpi], START, END, ",".join(pair), FILTERS)[:3]:
            listed = rows(county, Values(), kpi, START, END, dict(one.cell), FILTERS)
            assert (total(listed, "numerator"), listed.num_rows) == (one.numerator, one.row_cnt)


def test_a_counted_object_in_two_cells_counts_in_both_and_once_in_the_whole(county: World) -> None:
    [whole] = evaluate(county, Values(), ["handled_institutions"], START, END)
    cells = evaluate(county, Values(), ["handled_institutions"], START, END, "level_class,month")
    assert _sum(cells, "numerator") > whole.numerator
    by_level = {
        one.key: one.numerator
        for one in evaluate(county, Values(), ["handled_institutions"], START, END, "level_class")
    }
    for level, own in by_level.items():
        assert max(one.numerator for one in cells if one.cell["level_class"] == level) <= own


def test_a_cell_of_what_nobody_registered_keeps_its_other_half(county: World) -> None:
    cells = evaluate(county, Values(), ["handling_counts"], START, END, "town_code,handle_type")
    unknown = [one for one in cells if one.cell["town_code"] is None]
    assert unknown
    assert all(one.key == f",{one.cell['handle_type']}" for one in unknown)


def test_ownership_splits_every_kpi_with_institutions_and_no_other(county: World) -> None:
    able = {
        one.kpi for one in evaluate(county, Values(), None, START, END, "medins_natu,month") if one.row_cnt
    }
    assert "recovery_rate" in able
    left_out = {kpi.id for kpi in lacking(None, "medins_natu,month")}
    assert left_out == {
        kpi.id for kpi in declarations().values() if not {"medins_natu", "month"} <= set(kpi.splittable)
    }
    assert {"fund_outlay", "filing_timeliness"} <= left_out


def test_the_same_dimension_twice_is_refused(county: World) -> None:
    with pytest.raises(UsageError, match="拆分维度 month 写了两次"):
        evaluate(county, Values(), ["recovery_rate"], START, END, "month,month")


# last: it fills the county anew
def test_a_key_with_a_comma_in_it_is_still_two_parts(world: World) -> None:
    world.fill({"work_plan": [{"group_name": "办公室,财务", "due_date": "2024-03-05"}]})
    [cell] = evaluate(world, Values(), ["task_on_time_rate"], START, END, "group_name,month")
    assert dict(cell.cell) == {"group_name": "办公室,财务", "month": "2024-03"}


def _assert_is_its_list(warehouse: Warehouse, settings: Values, one: KpiValue) -> None:
    listed = totals(warehouse, settings, one.kpi, one.start, one.end, dict(one.cell))
    assert (listed.row_cnt, listed.numerator, listed.denominator) == (
        one.row_cnt,
        one.numerator,
        one.denominator,
    ), (one.by, one.key)


def _sum(numbers: Any, side: str) -> Decimal:
    return sum((Decimal(getattr(one, side) or 0) for one in numbers), Decimal(0))
