"""Every KPI, unsplit and by every dimension it declares, equals the slow, plain recomputation of the same contract rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import kpi_plain
import pytest
from kpi_random import END, START, County
from kpi_world import World

from fundwatch.kpi import declarations, evaluate
from fundwatch.settings import Values

SEEDS = (1, 2, 3, 4)
PERIODS = ((START, END), (dt.date(2024, 2, 1), dt.date(2024, 4, 30)))
#: their denominators are printed to 10 decimals, the recomputation is exact
ROUNDED = {"payable_months", "budget_execution"}


@pytest.mark.parametrize("period", PERIODS, ids=["from the middle of a month", "whole months"])
@pytest.mark.parametrize("seed", SEEDS)
def test_every_kpi_equals_the_plain_recomputation(
    world: World, seed: int, period: tuple[dt.date, dt.date]
) -> None:
    data = County(seed).rows()
    world.fill(data)
    compared = 0
    for kpi in declarations().values():
        for by in (None, *kpi.dimensions):
            expected = kpi_plain.number(kpi.id, data, *period, by)
            found = evaluate(world, Values(), [kpi.id], *period, by)
            assert {number.key for number in found} == set(expected), (kpi.id, by)
            for number in found:
                numerator, denominator, has_value = expected[number.key]
                where = (kpi.id, by, number.key)
                assert Fraction(number.numerator) == numerator, where
                if denominator is None:
                    assert number.denominator is None, where
                    assert number.value == (number.numerator if has_value else None), where
                    continue
                assert number.denominator == nearest(denominator), where
                printed = Fraction(number.denominator) if kpi.id in ROUNDED else denominator
                wanted = nearest(numerator * (100 if kpi.unit == "%" else 1) / printed) if has_value else None
                assert number.value == wanted, where
                compared += 1
    assert compared > 250


def test_the_recomputation_knows_every_declared_kpi() -> None:
    assert set(kpi_plain.KPIS) == set(declarations())
    restated = {kpi.id for kpi in declarations().values() if kpi.month_split == "restate"}
    assert restated == kpi_plain.RESTATED
    assert {kpi.id for kpi in declarations().values() if kpi.always_by} == kpi_plain.FUNDS


def nearest(exact: Fraction) -> Decimal:
    """Half away from zero to 10 decimals, on strings of digits."""
    scaled = abs(exact) * 10**10
    whole = scaled.numerator // scaled.denominator
    if (scaled - whole) * 2 >= 1:
        whole += 1
    digits = f"{whole:011d}"
    return Decimal(f"{'-' if exact < 0 else ''}{digits[:-10]}.{digits[-10:]}")
