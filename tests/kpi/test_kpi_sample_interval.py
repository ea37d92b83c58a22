"""The limits beside the extrapolated amount: the estimator of fundwatch.stats on the documents themselves gives the same."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import kpi_plain_review as review
import pytest
from kpi_plain_days import Item, split
from kpi_random import END, START, County
from kpi_world import World

from fundwatch.kpi import evaluate
from fundwatch.settings import Values
from fundwatch.stats.sampling import stratified, stratum

KPI = "extrapolated_rejection"


def expected(items: list[Item]) -> tuple[int, int, Decimal | None, Decimal | None]:
    """n, N and the two limits from every document of the strata that are extrapolated."""
    strata = []
    for documents in split(items, lambda item: item["stratum"]).values():
        found = [item["found"] for item in documents if item["reviewed"]]
        if len(found) >= review.LEAST_SAMPLE:
            strata.append(stratum(found, len(documents)))
    if not strata:
        return 0, 0, None, None
    estimate = stratified(strata)
    interval = estimate.interval(90)
    assert interval is not None
    limits = (Decimal(f"{interval.lower:.2f}"), Decimal(f"{interval.upper:.2f}"))
    return estimate.sample, estimate.universe, *limits


@pytest.mark.parametrize("seed", range(1, 7))
def test_limits_are_those_of_the_estimator_over_the_documents(world: World, seed: int) -> None:
    data = County(seed).rows()
    world.fill(data)
    extrapolated = 0
    for start, end in ((START, END), (dt.date(2023, 6, 1), dt.date(2024, 12, 31))):
        items = review.extrapolated_rejection(data, start, end)
        for by in (None, "insutype"):
            cells = split(items, lambda item, by=by: item[by] if by else None)
            for number in evaluate(world, Values(), [KPI], start, end, by):
                extra = number.extra
                assert (extra["n"], extra["N"], extra["lower90"], extra["upper90"]) == expected(
                    cells[number.key]
                )
                extrapolated += extra["n"] > 0
    assert extrapolated >= 2, "too few strata of ten documents to prove anything"
