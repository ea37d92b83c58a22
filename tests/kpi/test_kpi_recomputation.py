"""Every KPI, unsplit and by every dimension it declares, equals the slow, plain recomputation of the same contract rows."""

from __future__ import annotations

import datetime as dt

import kpi_plain
import pytest
from depth import cases
from kpi_compare import compare
from kpi_random import END, START, County
from kpi_world import World

from fundwatch.kpi import declarations
from fundwatch.settings import Values

SEEDS = cases((1, 2, 3), 1)
PERIODS = ((START, END), (dt.date(2024, 2, 1), dt.date(2024, 4, 30)))


@pytest.mark.parametrize("period", PERIODS, ids=["from the middle of a month", "whole months"])
@pytest.mark.parametrize("seed", SEEDS)
def test_every_kpi_of_a_random_county_equals_the_plain_recomputation(
    world: World, seed: int, period: tuple[dt.date, dt.date]
) -> None:
    data = County(seed).rows()
    assert compare(world.fill(data), Values(), data, *period) > 300


def test_the_recomputation_knows_every_declared_kpi() -> None:
    assert set(kpi_plain.KPIS) == set(declarations())
    restated = {kpi.id for kpi in declarations().values() if kpi.month_split == "restate"}
    assert restated == kpi_plain.RESTATED
    assert {kpi.id for kpi in declarations().values() if kpi.always_by} == kpi_plain.FUNDS
