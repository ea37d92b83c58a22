"""Exact values, targets in force, how a value stands, data-through dates, periods."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from kpi_world import World

from fundwatch.errors import UsageError
from fundwatch.kpi import KpiValue, data_through, declarations, evaluate, lacking, standing
from fundwatch.kpi.targets import meets
from fundwatch.kpi.value import pace_per_week, ratio
from fundwatch.kpi.window import Window
from fundwatch.settings import Change, Values

JUNE = (dt.date(2024, 1, 1), dt.date(2024, 6, 30))


@pytest.mark.parametrize(
    ("numerator", "denominator", "scale", "value"),
    [
        ("2", "3", 100, "66.6666666667"),
        ("1", "3", 100, "33.3333333333"),
        ("-2", "3", 100, "-66.6666666667"),
        ("1", "8", 1, "0.125"),
        ("0.00000000005", "1", 1, "0.0000000001"),
        ("-0.00000000005", "1", 1, "-0.0000000001"),
        ("0.00000000004999", "1", 1, "0"),
        ("9007199254740993.01", "1", 1, "9007199254740993.01"),
    ],
)
def test_a_ratio_is_rounded_half_away_from_zero_to_ten_decimals(
    numerator: str, denominator: str, scale: int, value: str
) -> None:
    assert ratio(Decimal(numerator), Decimal(denominator), scale) == Decimal(value)


def test_a_ratio_without_denominator_is_no_value() -> None:
    assert ratio(Decimal(5), Decimal(0), 100) is None


@pytest.mark.parametrize(
    ("done", "end", "pace"),
    [
        (0, dt.date(2024, 12, 24), "10.0"),
        (0, dt.date(2024, 12, 23), "8.8"),
        (9, dt.date(2024, 1, 1), "0.1"),
        (10, dt.date(2024, 6, 30), "0.0"),
        (0, dt.date(2024, 12, 31), None),
    ],
)
def test_pace_is_what_is_left_times_seven_over_the_days_left_rounded_up(
    done: int, end: dt.date, pace: str | None
) -> None:
    assert pace_per_week(Decimal(done), Decimal(10), end) == (None if pace is None else Decimal(pace))


@pytest.mark.parametrize(
    ("value", "target", "better", "met"),
    [
        ("100", "100", "higher", True), ("99.99", "100", "higher", False),
        ("0", "0", "lower", True), ("1", "0", "lower", False),
        ("20", "<=20", "lower", True), ("20.01", "<=20", "lower", False),
        ("80", ">=80", "higher", True), ("79.99", ">=80", "higher", False),
        ("6", "6-9", "neither", True), ("9", "6-9", "neither", True),
        ("5.99", "6-9", "neither", False), ("9.01", "6-9", "neither", False),
    ],
)  # fmt: skip
def test_targets_are_numbers_bounds_or_ranges(value: str, target: str, better: str, met: bool) -> None:
    assert meets(Decimal(value), target, better) is met


def number_of(kpi: str, value: str, end: dt.date = JUNE[1], target: str | None = "100") -> KpiValue:
    """A value of the KPI with this target."""
    return KpiValue(
        kpi, JUNE[0], end, None, None, Decimal(0), Decimal(1), Decimal(value), "%", target, None
    )  # fmt: skip


def test_standing_is_good_or_bad_only_where_it_can_be_known() -> None:
    kpis = declarations()
    assert standing(kpis["recovery_rate"], number_of("recovery_rate", "100")) == "good"
    assert standing(kpis["recovery_rate"], number_of("recovery_rate", "88.8")) == "bad"
    assert standing(kpis["recovery_rate"], number_of("recovery_rate", "88.8", target=None)) is None
    assert standing(kpis["problem_found_rate"], number_of("problem_found_rate", "88.8")) is None
    empty = dataclasses.replace(number_of("recovery_rate", "1"), value=None)
    assert standing(kpis["recovery_rate"], empty) is None


def test_a_target_for_the_end_of_the_year_is_not_missed_before() -> None:
    kpi = declarations()["inspection_coverage"]
    assert standing(kpi, number_of(kpi.id, "60", dt.date(2024, 12, 30))) is None
    assert standing(kpi, number_of(kpi.id, "60", dt.date(2024, 12, 31))) == "bad"
    assert standing(kpi, number_of(kpi.id, "100", dt.date(2024, 3, 1))) == "good"


def test_a_reference_line_of_unverified_source_colours_nothing() -> None:
    kpi = declarations()["payable_months"].model_copy(update={"better": "higher"})
    assert kpi.targets[0].source_status == "未核实"
    assert standing(kpi, number_of(kpi.id, "2", target="6-9")) is None


def test_a_target_of_the_home_holds_from_its_day_and_can_take_the_target_away(world: World) -> None:
    world.fill({"handling": [{"decided_date": "2024-03-01", "amt_due": 10, "amt_done": 9}]})
    now = dt.datetime(2026, 1, 1)
    values = Values(
        [
            Change("target.recovery_rate", ">=90", dt.date(2024, 6, 1), "年度计划", "命令行", now),
            Change("target.recovery_rate", "无", dt.date(2025, 1, 1), "取消", "命令行", now),
        ]
    )
    found = {}
    for end in ("2024-05-31", "2024-06-01", "2025-01-01"):
        [number] = evaluate(world, values, ["recovery_rate"], JUNE[0], dt.date.fromisoformat(end))
        found[end] = number.target
    assert found == {"2024-05-31": "100", "2024-06-01": ">=90", "2025-01-01": None}


def test_targets_that_start_with_the_homes_data_are_null_before(world: World) -> None:
    world.fill({}, first_data="2024-02-01")
    [before] = evaluate(world, Values(), ["recovery_rate"], dt.date(2024, 1, 1), dt.date(2024, 1, 31))
    [after] = evaluate(world, Values(), ["recovery_rate"], dt.date(2024, 1, 1), dt.date(2024, 2, 1))
    assert (before.target, after.target) == (None, "100")


def test_a_parameter_in_force_on_the_last_day_counts_for_the_whole_period(world: World) -> None:
    visit = {"fixmedins_code": "H1", "insp_kind": "行政检查"}
    world.fill({"inspection": [{**visit, "insp_date": "2024-01-05"}, {**visit, "insp_date": "2024-01-06"}]})
    raised = Values(
        [Change("over_frequency_limit", "2", dt.date(2024, 7, 1), "", "命令行", dt.datetime(2026, 1, 1))]
    )
    [before] = evaluate(world, raised, ["over_frequency"], *JUNE)
    [after] = evaluate(world, raised, ["over_frequency"], JUNE[0], dt.date(2024, 7, 1))
    assert (before.numerator, after.numerator) == (1, 0)


def test_data_through_is_the_latest_date_not_after_the_day_of_loading(world: World) -> None:
    world.fill(
        {
            "inspection": [
                {"fixmedins_code": "H1", "insp_date": day}
                for day in ("2024-06-01", "2024-06-10", "2024-06-11")
            ],
            "fund_ledger": [{"month": "2024-05"}, {"month": "2024-06"}],
            "assessment": [{"fixmedins_code": "H1", "year": 2024}],
            "report_filing": [{"month": "2024-01", "due_date": "2024-02-10", "filed_date": "2024-02-01"}],
        },
        load_date="2024-06-10",
    )
    wanted = {
        "inspection_coverage": dt.date(2024, 6, 10),
        "fund_outlay": dt.date(2024, 6, 30),  # a monthly table: the last day of the newest month
        "assessment_coverage": dt.date(2024, 6, 10),
        "filing_timeliness": dt.date(
            2024, 2, 10
        ),  # recorded rows only, not the ones made for missing reports
        "recovery_rate": None,
    }
    assert data_through(world, Values(), list(wanted)) == wanted
    found = evaluate(world, Values(), list(wanted), *JUNE)
    assert {number.kpi: number.data_through for number in found} == wanted


def test_a_kpi_without_the_dimension_is_left_out_and_named(world: World) -> None:
    world.fill({})
    found = evaluate(world, Values(), ["fund_outlay", "task_on_time_rate"], *JUNE, "fixmedins_code")
    assert found == []
    assert [kpi.id for kpi in lacking(["fund_outlay", "recovery_rate"], "fixmedins_code")] == ["fund_outlay"]


def test_unknown_kpis_and_turned_periods_are_usage_errors(world: World) -> None:
    with pytest.raises(UsageError, match="没有指标 nothing"):
        evaluate(world, Values(), ["nothing"], *JUNE)
    with pytest.raises(UsageError, match="晚于结束日"):
        evaluate(world, Values(), None, JUNE[1], JUNE[0])


def test_a_period_knows_its_months() -> None:
    window = Window(dt.date(2023, 12, 31), dt.date(2024, 2, 29))
    assert [(part.start.isoformat(), part.end.isoformat()) for part in window.months()] == [
        ("2023-12-31", "2023-12-31"), ("2024-01-01", "2024-01-31"), ("2024-02-01", "2024-02-29"),
    ]  # fmt: skip
    assert (window.whole_months, window.year_months, window.year) == (2, 2, 2024)
    assert Window(dt.date(2024, 1, 1), dt.date(2024, 2, 28)).whole_months == 1
    assert Window(dt.date(2024, 1, 1), dt.date(2024, 2, 28)).year_months == 1
    assert Window(dt.date(2024, 1, 2), dt.date(2024, 1, 31)).whole_months == 0
    assert window.h1_end == dt.date(2024, 2, 29)
    assert Window(dt.date(2024, 1, 1), dt.date(2024, 7, 1)).h1_end == dt.date(2024, 6, 30)
