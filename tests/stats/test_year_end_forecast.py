"""Year-end forecast: last year's months, bands from past misses, and when there is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundwatch.stats.forecast import LEAST_SPANS, compare, year_end

YEAR = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]  # adds up to 780


class TestPoint:
    def test_the_rest_of_the_year_repeats_last_year(self):
        found = year_end([*YEAR, 11, 22, 33], 3)
        assert found.year_to_date == 66
        assert found.months == (40, 50, 60, 70, 80, 90, 100, 110, 120)
        assert found.year_end == 66 + 720

    def test_after_november_one_month_is_left(self):
        assert year_end([*YEAR, *YEAR[:11]], 11).months == (120,)

    def test_after_december_it_is_the_year_itself(self):
        found = year_end(YEAR, 12)
        assert (found.year_end, found.months, found.bands, found.backtest) == (780, (), (), None)

    def test_money_adds_up_exactly(self):
        found = year_end([Decimal("0.10")] * 12 + [Decimal("0.20")] * 11, 11)
        assert found.year_end == 2.3

    def test_without_the_same_months_of_last_year_there_is_none(self):
        assert year_end(YEAR[:6], 6) is None
        assert year_end([*YEAR[:6], None, *YEAR[7:], 1, 2, 3, 4, 5, 6], 6) is None

    def test_with_a_gap_this_year_there_is_none(self):
        assert year_end([*YEAR, 1, None, 3], 3) is None

    def test_nothing_at_all(self):
        assert year_end([], 3) is None
        assert year_end([], 12) is None

    @pytest.mark.parametrize("month", [0, 13])
    def test_a_thirteenth_month_is_refused(self, month):
        with pytest.raises(ValueError, match="1 to 12"):
            year_end(YEAR, month)


class TestBands:
    def test_too_little_past_gives_the_figure_alone(self):
        # 18 months, six to come: a single past span of six months
        found = year_end([*YEAR, *YEAR[:6]], 6)
        assert found.bands == ()
        assert found.backtest.spans == 1

    def test_four_past_spans_allow_80_percent(self):
        # 15 months to March 2025... nine to come need 24 months; here one to come: misses of Jan to Nov
        values = [*YEAR, *(value + miss for value, miss in zip(YEAR, (1, -2, 3, -4), strict=False))]
        found = year_end([*values, *YEAR[4:11]], 11)
        # eleven misses 0 0 0 0 0 0 0 1 2 3 4; the 80 % one is the tenth smallest (0.8 x 12 = 9.6)
        assert (found.band(80).lower, found.band(80).upper) == (found.year_end - 3, found.year_end + 3)
        assert found.band(95) is None

    def test_95_percent_needs_nineteen_spans(self):
        # one month to come: 12 + 18 spans at 30 months, December would be month 31
        assert year_end([*YEAR, *YEAR, *YEAR[:11]], 11).band(95) is not None
        assert year_end([*YEAR, *YEAR[:11]], 11).band(95) is None

    def test_spans_are_as_long_as_what_is_to_come(self):
        # every month 5 above last year: two months to come are missed by 10
        second, third = [value + 5 for value in YEAR], [value + 10 for value in YEAR]
        found = year_end([*YEAR, *second, *third[:10]], 10)
        assert found.backtest.spans == 21
        assert found.backtest.mean_absolute_error == 10
        assert (found.band(95).lower, found.band(95).upper) == (found.year_end - 10, found.year_end + 10)

    def test_error_in_percent_of_the_actual_sums(self):
        found = year_end([100] * 12 + [125] * 11, 11)
        assert found.backtest.error_pct == 20

    def test_no_percent_of_nothing(self):
        assert year_end([0] * 23, 11).backtest.error_pct is None

    def test_a_year_like_the_last_has_bands_without_width(self):
        found = year_end([*YEAR * 3, *YEAR[:9]], 9)
        assert found.band(80).lower == found.band(95).upper == found.year_end == 780

    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.integers(-100, 100), min_size=12, max_size=48), st.integers(1, 12))
    def test_bands_enclose_the_forecast_and_grow_with_the_level(self, values, month):
        found = year_end(values, month)
        assert found is not None
        widths = [(band.upper - band.lower) for band in found.bands]
        assert widths == sorted(widths)
        assert all(band.lower <= found.year_end <= band.upper for band in found.bands)


class TestTrend:
    def test_each_month_is_last_years_moved_by_the_months_so_far(self):
        # January to March lie 10, 20 and 30 above last year: 20 a month on average
        found = year_end([*YEAR, 20, 40, 60], 3, trend=True)
        assert found.year_to_date == 120
        assert found.months == tuple(value + 20 for value in YEAR[3:])
        assert found.year_end == 120 + 720 + 9 * 20

    def test_a_year_that_rose_evenly_is_met_exactly(self):
        years = [
            *YEAR,
            *(value + 5 for value in YEAR),
            *(value + 10 for value in YEAR),
            *(value + 15 for value in YEAR[:9]),
        ]
        found = compare(years, 9)
        assert found.trend_error == 0
        assert found.benchmark_error == 15
        assert found.beats
        assert found.chosen is found.trend
        assert (found.chosen.band(80).lower, found.chosen.band(80).upper) == (960, 960)

    def test_where_nothing_grows_the_benchmark_stays(self):
        # each year's spring is high by chance and says nothing about its autumn
        years = [
            *YEAR,
            *(value + 30 * (month < 6) for month, value in enumerate(YEAR)),
            *YEAR,
            *(value + 30 for value in YEAR[:6]),
        ]
        found = compare(years, 6)
        assert found.can_tell
        assert not found.beats
        assert found.chosen is found.benchmark
        assert found.trend.year_end > found.benchmark.year_end

    def test_surplus_is_forecast_as_income_less_outlay(self):
        income = [value * 3 for value in YEAR] + [40, 70, 100]
        outlay = [*YEAR, 20, 30, 45]
        both = [a - b for a, b in zip(income, outlay, strict=True)]
        ends = [year_end(series, 3, trend=True).year_end for series in (income, outlay, both)]
        assert ends[2] == pytest.approx(ends[0] - ends[1])

    def test_too_short_a_past_cannot_tell(self):
        found = compare([*YEAR, *YEAR[:6]], 6)
        assert found.trend is not None
        assert found.spans < LEAST_SPANS
        assert not found.can_tell
        assert found.chosen is found.benchmark

    def test_without_a_benchmark_there_is_nothing(self):
        assert compare(YEAR[:6], 6) is None

    def test_after_december_both_are_the_year(self):
        found = compare([*YEAR, *YEAR], 12)
        assert found.chosen.year_end == 780
        assert found.spans == 0

    def test_errors_are_taken_over_the_same_spans(self):
        years = [*YEAR] * 4
        found = compare([*years, *YEAR[:6]], 6)
        # starts from month 18 to 48: the trend needs six months of two years before its start
        assert found.spans == 31
        assert found.benchmark.backtest.spans == 37
