"""Funnels: the package's own limits, overdispersion, classification, empty denominators."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundwatch.stats.dispersion import dispersion
from fundwatch.stats.funnel import (
    Position,
    count_ratios,
    observed_expected,
    poisson_limits,
    proportion_limits,
    proportions,
)

# FunnelPlotR's test vector
OBSERVED = [100, 150, 180, 80, 120, 225]
EXPECTED = [108, 112, 165, 95, 100, 220]
VECTOR = [(name, o, e) for name, o, e in zip("abcdef", OBSERVED, EXPECTED, strict=True)]


class TestExactPoisson:
    @pytest.mark.parametrize(
        ("expected", "lower_95", "upper_95", "lower_998", "upper_998"),
        [
            (95, 0.8091, 1.2224, 0.7127, 1.3594),
            (108, 0.8203, 1.2073, 0.7288, 1.3345),
            (220, 0.8722, 1.1412, 0.8045, 1.2264),
        ],
    )
    def test_published_limits(self, expected, lower_95, upper_95, lower_998, upper_998):
        found = poisson_limits(expected)
        assert [round(found.lower_95, 4), round(found.upper_95, 4)] == [lower_95, upper_95]
        assert [round(found.lower_998, 4), round(found.upper_998, 4)] == [lower_998, upper_998]

    @pytest.mark.parametrize(
        ("expected", "lower_95", "upper_95", "lower_998", "upper_998"),
        [  # FunnelPlotR, tests/testthat/test-poisson_limits.R
            (15, 0.5596924, 1.649348, 0.3862650, 2.082907),
            (20, 0.6108260, 1.544419, 0.4479107, 1.902094),
            (30, 0.6746958, 1.427562, 0.5289724, 1.702771),
        ],
    )
    def test_limits_of_the_package_test(self, expected, lower_95, upper_95, lower_998, upper_998):
        found = poisson_limits(expected)
        assert [round(found.lower_95, 7), round(found.lower_998, 7)] == [lower_95, lower_998]
        assert [round(found.upper_95, 6), round(found.upper_998, 6)] == [upper_95, upper_998]

    def test_institutions_of_the_vector(self):
        positions = {point.key: point.position for point in observed_expected(VECTOR).points}
        assert positions.pop("b") is Position.ABOVE_998  # 150 / 112 = 1.34
        assert set(positions.values()) == {Position.INSIDE}  # e: 1.20 against 1.22

    def test_nothing_expected_has_no_value(self):
        (point,) = observed_expected([("a", 3, 0)]).points
        assert (point.value, point.limits, point.position) == (None, None, Position.NO_VALUE)


class TestOverdispersion:
    def test_value_of_the_vector(self):
        found = observed_expected(VECTOR).dispersion
        assert found.phi == pytest.approx(2.327178, abs=5e-7)
        assert found.tau2 == pytest.approx(0.00343978, abs=5e-9)

    def test_alike_institutions_are_not_overdispersed(self):
        assert dispersion([0.1, -0.1, 0.2, -0.2], [0.05] * 4).tau2 == 0

    @pytest.mark.parametrize("scores", [[], [4.0]])
    def test_one_institution_cannot_differ(self, scores):
        assert dispersion(scores, [0.1] * len(scores)).tau2 == 0

    def test_it_widens_the_limits(self):
        units = [("a", 10, 100), ("b", 40, 100), ("c", 5, 100), ("d", 60, 100)]
        wide, narrow = proportions(units), proportions(units, overdispersion=False)
        assert wide.dispersion == narrow.dispersion
        assert wide.dispersion.tau2 > 0
        for a, b in zip(wide.points, narrow.points, strict=True):
            assert a.limits.lower_95 < b.limits.lower_95
            assert a.limits.upper_95 > b.limits.upper_95


class TestProportions:
    def test_limits_by_hand(self):
        # centre 0.25 is 30 degrees; n = 100 gives a standard error of 0.05 radians
        limits = proportion_limits(0.25, 100)
        assert limits.upper_95 == pytest.approx(math.sin(math.pi / 6 + 1.959964 * 0.05) ** 2)
        assert limits.lower_998 == pytest.approx(math.sin(math.pi / 6 - 3.090232 * 0.05) ** 2)

    def test_classification(self):
        units = [
            ("很低", 100, 1000),
            ("低", 220, 1000),
            ("中", 250, 1000),
            ("高", 280, 1000),
            ("很高", 400, 1000),
        ]
        points = proportions(units, overdispersion=False).points
        assert [point.position for point in points] == [
            Position.BELOW_998,
            Position.BELOW_95,
            Position.INSIDE,
            Position.ABOVE_95,
            Position.ABOVE_998,
        ]

    def test_a_tiny_institution_has_limits_from_nothing_to_all(self):
        limits = proportion_limits(0.5, 1)
        assert (limits.lower_998, limits.upper_998) == (0, 1)

    def test_an_empty_denominator_has_no_value_and_moves_nothing(self):
        full = [("a", 3, 10), ("b", 4, 10)]
        with_empty = proportions([*full, ("c", 0, 0)])
        assert with_empty.points[2].value is None
        assert with_empty.points[2].position is Position.NO_VALUE
        assert with_empty.centre == proportions(full).centre == pytest.approx(0.35)

    def test_only_empty_denominators(self):
        result = proportions([("a", 0, 0)])
        assert (result.centre, result.points[0].position) == (None, Position.NO_VALUE)
        assert proportions([]).points == ()

    @pytest.mark.parametrize("part", [0, 10])
    def test_all_or_nothing_everywhere_is_inside(self, part):
        points = proportions([("a", part, 10), ("b", part, 10)]).points
        assert {point.position for point in points} == {Position.INSIDE}

    @pytest.mark.parametrize("unit", [("a", 5, 4), ("a", -1, 4)])
    def test_more_than_all_or_less_than_nothing_is_refused(self, unit):
        with pytest.raises(ValueError, match="no proportion"):
            proportions([unit])

    def test_two_units_of_one_key_are_refused(self):
        with pytest.raises(ValueError, match="key"):
            proportions([("a", 1, 2), ("a", 1, 3)])

    @given(st.floats(0, 1), st.integers(1, 100_000))
    def test_limits_are_in_order_and_enclose_the_centre(self, centre, size):
        found = proportion_limits(centre, size)
        ordered = [found.lower_998, found.lower_95, centre, found.upper_95, found.upper_998]
        assert all(a <= b + 1e-12 for a, b in pairwise(ordered))

    @given(st.floats(0.01, 0.99), st.integers(1, 100_000))
    def test_more_cases_never_widen_the_funnel(self, centre, size):
        small, large = proportion_limits(centre, size), proportion_limits(centre, size + 1)
        assert large.upper_998 <= small.upper_998 + 1e-12
        assert large.lower_998 >= small.lower_998 - 1e-12


class TestRatioOfCounts:
    def test_limits_by_hand(self):
        result = count_ratios([("a", 40, 20), ("b", 60, 30)], overdispersion=False)
        assert result.centre == 2
        error = math.sqrt(40 / 40.5**2 + 20 / 20.5**2)
        assert result.points[0].limits.upper_95 == pytest.approx(2 * math.exp(1.959964 * error))
        assert result.points[0].position is Position.INSIDE

    def test_no_event_anywhere_measures_nobody(self):
        result = count_ratios([("a", 0, 5), ("b", 0, 7)])
        assert [(point.value, point.limits) for point in result.points] == [(0, None), (0, None)]

    def test_an_empty_denominator_has_no_value(self):
        result = count_ratios([("a", 4, 0), ("b", 4, 2)])
        assert result.points[0].position is Position.NO_VALUE
        assert result.centre == 2

    def test_negative_counts_are_refused(self):
        with pytest.raises(ValueError, match="negative"):
            count_ratios([("a", -1, 3)])
