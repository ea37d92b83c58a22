"""CUSUM against peers: a textbook table, percentiles, resets, the alert budget."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundwatch.stats.cusum import cusum, percentiles, threshold_for

# Montgomery, Introduction to Statistical Quality Control, Table 9.1; upper sum of Table 9.2 (k 0.5, h 5)
MONTGOMERY = [
    *(9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08),
    *(9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62, 11.31, 10.52),
]
MONTGOMERY_UPPER = [
    *(0.0, 0.0, 0.0, 1.16, 2.82, 2.50, 0.04, 1.00, 0.0, 0.0, 0.0, 0.97, 0.98, 0.0, 0.0),
    *(0.0, 0.12, 0.0, 0.0, 0.34, 0.74, 0.0, 1.79, 2.79, 2.89, 3.47, 3.35, 4.47, 5.28),
]
QUIET = [48, 52] * 6


class TestTextbook:
    def test_upper_sum(self):
        steps = cusum(MONTGOMERY, target=10, sigma=1).steps
        assert [round(step.upper, 2) for step in steps[:29]] == MONTGOMERY_UPPER

    def test_it_alerts_in_period_29_and_starts_again_at_nought(self):
        result = cusum(MONTGOMERY, target=10, sigma=1)
        assert result.alerts == (28,)
        assert result.steps[28].alert == "up"
        assert result.steps[29].upper == pytest.approx(0.02)  # 10.52 - 10 - 0.5; without a reset 5.30


class TestReset:
    def test_the_first_twelve_months_only_teach(self):
        result = cusum([*QUIET, 50])
        assert [step.upper for step in result.steps[:12]] == [None] * 12
        assert (result.watched, result.alerts) == (1, ())

    def test_a_fall_alerts_downwards(self):
        assert cusum([*QUIET, 30]).steps[-1].alert == "down"

    def test_a_lasting_new_level_stops_alerting(self):
        alerts = cusum([*QUIET, *[90] * 40]).alerts
        assert alerts[0] == 12
        assert alerts[-1] < 12 + 12

    def test_an_institution_that_never_moved_does_not_alert_at_a_step_of_one_point(self):
        assert cusum([100] * 12 + [99]).alerts == ()
        assert cusum([100] * 12 + [80]).alerts == (12,)

    def test_a_month_without_value_is_left_out(self):
        result = cusum([*QUIET, None, 30])
        assert (result.steps[12].upper, result.alerts) == (None, (13,))

    @pytest.mark.parametrize("values", [[], [50], QUIET])
    def test_too_short_to_watch(self, values):
        assert cusum(values).watched == 0

    @pytest.mark.parametrize(
        "options",
        [{"target": 1}, {"sigma": 1}, {"threshold": 0}, {"baseline": 1}, {"target": 1, "sigma": 0}],
    )
    def test_senseless_settings_are_refused(self, options):
        with pytest.raises(ValueError, match=r"target|threshold"):
            cusum(QUIET, **options)

    @given(st.lists(st.integers(0, 100), min_size=13, max_size=40))
    def test_upside_down_swaps_the_directions(self, values):
        up, down = cusum(values), cusum([100 - value for value in values])
        swap = {"up": "down", "down": "up", None: None}
        assert [step.alert for step in down.steps] == [swap[step.alert] for step in up.steps]


class TestPercentiles:
    def test_mid_rank(self):
        found = percentiles({"a": [1], "b": [2], "c": [2], "d": [3], "e": [9]})
        assert found == {"a": [10], "b": [40], "c": [40], "d": [70], "e": [90]}

    def test_a_shock_that_hits_everybody_moves_nobody(self):
        before = {name: [value] for name, value in zip("abcde", (3, 1, 4, 5, 9), strict=True)}
        after = {name: [10 * value + 7] for name, (value,) in before.items()}
        assert percentiles(before) == percentiles(after)

    def test_those_without_value_and_months_with_few_peers_have_none(self):
        values = {name: [number, 1] for number, name in enumerate("abcde")}
        values["e"] = [None, 1]
        found = percentiles(values)
        assert [column[0] for column in found.values()] == [None] * 5
        assert found["e"][1] == 50

    def test_unequal_lengths_are_refused(self):
        with pytest.raises(ValueError, match="lengths"):
            percentiles({"a": [1], "b": [1, 2]})

    def test_nobody(self):
        assert percentiles({}) == {}


class TestBudget:
    HISTORY = ([*QUIET, *[70] * 6], [*QUIET, *[54, 50] * 3], [*QUIET, 30, 30, 50, 50, 50, 50])

    def test_the_threshold_keeps_the_budget_and_the_next_lower_breaks_it(self):
        budget = threshold_for(self.HISTORY, alerts_per_month=0.5)
        assert (budget.months, budget.alerts <= 3) == (6, True)

        def alerts(threshold):
            return sum(len(cusum(series, threshold=threshold).alerts) for series in self.HISTORY)

        assert alerts(budget.threshold) == budget.alerts
        assert alerts(budget.threshold - 0.25) > 3

    def test_no_alert_allowed(self):
        assert threshold_for(self.HISTORY, alerts_per_month=0).alerts == 0

    def test_nothing_to_watch(self):
        assert threshold_for([QUIET], alerts_per_month=1) is None
        assert threshold_for([], alerts_per_month=1) is None

    def test_a_negative_budget_is_refused(self):
        with pytest.raises(ValueError, match="budget"):
            threshold_for([QUIET], alerts_per_month=-1)

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.lists(st.integers(0, 100), min_size=14, max_size=20), min_size=1, max_size=3))
    def test_a_larger_budget_never_asks_for_a_higher_threshold(self, history):
        small = threshold_for(history, alerts_per_month=0.2)
        large = threshold_for(history, alerts_per_month=1)
        assert large.threshold <= small.threshold
        assert small.alerts <= 0.2 * small.months
