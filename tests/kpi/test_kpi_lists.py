"""A number and the list behind it are the same rows: for every KPI, every split and every key the list adds up to the number."""

from __future__ import annotations

import pytest
from kpi_compare import list_totals
from kpi_random import END, START, County
from kpi_world import World

from fundwatch.errors import UsageError
from fundwatch.kpi import Kpi, declarations, evaluate, rows
from fundwatch.settings import Values

FILTERS = {"fixmedins_type": ["1"], "level_class": ["一级", "二级", None], "insutype": ["310"]}


@pytest.fixture(scope="module")
def county(world: World) -> World:
    return world.fill(County(11).rows())


@pytest.mark.parametrize("kpi", declarations().values(), ids=lambda kpi: kpi.id)
@pytest.mark.parametrize("filters", [None, FILTERS], ids=["all", "filtered"])
def test_list_adds_up_to_the_number_for_every_key(county: World, kpi: Kpi, filters: dict | None) -> None:
    for by in (None, *kpi.dimensions, ",".join(kpi.dimensions[:2])):
        list_totals(county, Values(), kpi, (START, END), by, filters)


@pytest.mark.parametrize("kpi", declarations().values(), ids=lambda kpi: kpi.id)
def test_list_has_the_declared_columns_with_labels_and_no_row_twice(county: World, kpi: Kpi) -> None:
    listed = rows(county, Values(), kpi.id, START, END)
    assert listed.column_names == [*[column.name for column in kpi.columns], "numerator", "denominator"]
    assert all(column.label for column in kpi.columns)
    records = [tuple(map(str, record.values())) for record in listed.to_pylist()]
    assert len(records) == len(set(records))


@pytest.mark.parametrize(
    "kpi", [kpi for kpi in declarations().values() if kpi.additive], ids=lambda kpi: kpi.id
)
def test_additive_kpis_split_without_remainder(county: World, kpi: Kpi) -> None:
    whole = evaluate(county, Values(), [kpi.id], START, END)
    splits = [name for name in kpi.dimensions if name not in (kpi.always_by, "month")]
    splits += ["month"] if kpi.month_split == "rows" else []
    for by in splits:
        parts = evaluate(county, Values(), [kpi.id], START, END, by)
        assert sum(part.numerator for part in parts) == sum(number.numerator for number in whole), by
        assert sum(part.denominator or 0 for part in parts) == sum(
            number.denominator or 0 for number in whole
        ), by


@pytest.mark.parametrize("kpi", ["handled_institutions", "suspended_persons"])
def test_distinct_counts_are_counted_anew_in_each_cell(county: World, kpi: str) -> None:
    by = "month" if kpi == "handled_institutions" else "fixmedins_code"
    [whole] = evaluate(county, Values(), [kpi], START, END)
    assert sum(part.numerator for part in evaluate(county, Values(), [kpi], START, END, by)) > whole.numerator


def test_a_filter_the_kpi_does_not_know_is_ignored_and_said_so(county: World) -> None:
    filters = {"fixmedins_type": ["2"], "insutype": ["390"]}
    numbers = evaluate(county, Values(), ["fund_outlay", "handling_counts"], START, END, None, filters)
    assert [number.key for number in numbers] == ["390", None]
    assert declarations()["fund_outlay"].filterable == ("insutype",)
    assert "insutype" not in declarations()["handling_counts"].filterable


def test_an_empty_filter_keeps_nothing(county: World) -> None:
    [number] = evaluate(county, Values(), ["handling_counts"], START, END, None, {"town_code": []})
    assert number.numerator == 0


def test_a_cell_outside_the_filter_is_empty(county: World) -> None:
    listed = rows(
        county, Values(), "handling_counts", START, END, {"fixmedins_type": "2"}, {"fixmedins_type": ["1"]}
    )
    assert listed.num_rows == 0


def test_values_with_quotes_are_values_and_nothing_else(county: World) -> None:
    hostile = "'; drop view dim_institution; --"
    assert rows(county, Values(), "handling_counts", START, END, {"fixmedins_code": hostile}).num_rows == 0
    assert rows(county, Values(), "handling_counts", START, END).num_rows > 0


def test_a_list_refuses_a_dimension_the_kpi_lacks(county: World) -> None:
    with pytest.raises(UsageError, match="不能按 insutype 拆分"):
        rows(county, Values(), "recovery_rate", START, END, {"insutype": "310"})


def test_a_restated_month_outside_the_period_is_refused(county: World) -> None:
    with pytest.raises(UsageError, match="2024-09 不在期间"):
        rows(county, Values(), "inspection_coverage", START, END, {"month": "2024-09"})
