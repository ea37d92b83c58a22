"""XmR charts: the published example, the four rules, gaps, rebasing, direction and assurance."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundwatch.stats.special_causes import Rule
from fundwatch.stats.xmr import Assurance, Variation, xmr

# NHSRplotthedots, vignettes/deviations.Rmd
PUBLISHED = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
# mean 10, moving ranges 2, limits 4.68 to 15.32, near limits 6.45 and 13.55
CALM = [9, 11] * 7

whole_numbers = st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=30)


def chart(values, better="higher", **options):
    return xmr(values, better=better, **options)


def rules_of(values, **options):
    return [point.rule for point in chart(values, **options).points]


class TestPublishedExample:
    def test_screened_limits(self):
        (segment,) = chart(PUBLISHED).segments
        assert [round(x, 2) for x in (segment.mean, segment.upper, segment.lower)] == [1.94, 4.60, -0.72]
        assert segment.upper == pytest.approx(4.60444, abs=5e-6)
        assert segment.lower == pytest.approx(-0.71556, abs=5e-6)

    def test_unscreened_limits(self):
        (segment,) = chart(PUBLISHED, screen=False).segments
        assert [round(x, 2) for x in (segment.upper, segment.lower)] == [6.95, -3.06]
        assert segment.upper == pytest.approx(6.95150, abs=5e-6)
        assert segment.lower == pytest.approx(-3.06261, abs=5e-6)

    @pytest.mark.parametrize(("jump", "average"), [("4.366", 1.3366), ("4.368", 1)])
    def test_a_range_is_left_out_from_3267_thousandths_of_the_average(self, jump, average):
        # nine ranges of 1 and the jump: 4.366 is 3.2665 times their average, 4.368 is 3.2675 times
        values = [0, 1, 0, 1, 0, *(Decimal(jump) + step for step in (0, 1, 0, 1, 0, 1))]
        assert chart(values).segments[0].average_moving_range == average

    def test_near_limits_lie_at_two_thirds(self):
        (segment,) = chart(PUBLISHED).segments
        assert segment.near_upper - segment.mean == pytest.approx((segment.upper - segment.mean) * 2 / 3)
        assert segment.mean - segment.near_lower == pytest.approx((segment.mean - segment.lower) * 2 / 3)

    def test_only_the_ten_is_special(self):
        assert rules_of(PUBLISHED) == [Rule.OUTSIDE if value == 10 else None for value in PUBLISHED]


class TestRules:
    def test_seven_rising_points_are_flagged_from_the_first_to_the_last(self):
        values = [*CALM, 7, 8, 9, 10, 11, 12, 13, 11, 9]
        found = rules_of(values)
        assert found[13:21] == [None] + [Rule.RISING] * 7
        assert found[21:] == [None, None]

    def test_six_rising_points_are_not(self):
        assert Rule.RISING not in rules_of([*CALM, 8, 9, 10, 11, 12, 13, 10, 11])

    def test_a_standstill_ends_a_trend(self):
        assert Rule.RISING not in rules_of([*CALM, 7, 8, 9, 10, 10, 11, 12, 13])

    def test_seven_falling_points(self):
        assert rules_of([*CALM, 13, 12, 11, 10, 9, 8, 7])[14:] == [Rule.FALLING] * 7

    def test_longer_runs_on_one_side_are_flagged_whole(self):
        found = rules_of([*CALM, *[12, 11] * 4], fix_after=14)  # the last calm point lies above the mean too
        assert found == [None] * 13 + [Rule.ONE_SIDE] * 9

    def test_six_on_one_side_are_not(self):
        assert rules_of([*CALM, 11, 9.5, 11, 10.8, 11.2, 10.9, 11.1, 9][7:]) == [None] * 15

    def test_two_of_three_near_the_limit_flag_only_the_two(self):
        values = [*CALM, *CALM, 14.5, 11, 14.5, 9]
        found = rules_of(values)
        assert found[28:] == [Rule.NEAR_LIMIT, None, Rule.NEAR_LIMIT, None]

    def test_one_point_near_the_limit_is_not_special(self):
        assert Rule.NEAR_LIMIT not in rules_of([*CALM, *CALM, 14.5, 11, 11, 9])

    def test_two_of_three_need_all_three_on_one_side(self):
        assert Rule.NEAR_LIMIT not in rules_of([*CALM, *CALM, 14.5, 9, 14.5, 9])

    def test_outside_names_a_point_that_meets_several_rules(self):
        found = rules_of([*CALM, *CALM, 7, 8, 9, 10, 11, 12, 30])
        assert found[-7:-1] == [Rule.RISING] * 6
        assert found[-1] is Rule.OUTSIDE

    def test_a_point_exactly_on_the_limit_is_inside(self):
        # mean 0, average moving range 2, so the upper limit is 5.32; both hold for the first 14 points
        base = [-1, 1] * 7
        assert chart([*base, Decimal("5.32")], fix_after=14).rule is None
        assert chart([*base, Decimal("5.33")], fix_after=14).rule is Rule.OUTSIDE


class TestDirection:
    @pytest.mark.parametrize(
        ("better", "high", "low"),
        [
            ("higher", Variation.IMPROVEMENT, Variation.CONCERN),
            ("lower", Variation.CONCERN, Variation.IMPROVEMENT),
            ("neither", Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW),
        ],
    )
    def test_meaning_of_a_special_point(self, better, high, low):
        assert chart([*CALM, 40], better).variation is high
        assert chart([*CALM, -40], better).variation is low

    def test_a_trend_changes_its_meaning_at_the_mean(self):
        values = [*CALM, 7, 8, 9, 10, 11, 12, 13]
        for better, before, after in (
            ("higher", Variation.CONCERN, Variation.IMPROVEMENT),
            ("lower", Variation.IMPROVEMENT, Variation.CONCERN),
        ):
            meanings = [point.variation for point in chart(values, better, fix_after=14).points[14:]]
            assert meanings == [before] * 3 + [Variation.CONCERN] + [after] * 3

    def test_the_icon_is_the_last_point_only(self):
        assert chart([*CALM, 40, 10]).variation is Variation.COMMON

    def test_an_unknown_direction_is_refused(self):
        with pytest.raises(ValueError, match="better"):
            chart(CALM, "up")


class TestAssurance:
    @pytest.mark.parametrize(
        ("target", "higher", "lower"),
        [
            (16, Assurance.FAIL, Assurance.PASS),
            (4, Assurance.PASS, Assurance.FAIL),
            (10, Assurance.HIT_AND_MISS, Assurance.HIT_AND_MISS),
            (Decimal("15.32"), Assurance.HIT_AND_MISS, Assurance.HIT_AND_MISS),
            (Decimal("15.33"), Assurance.FAIL, Assurance.PASS),
        ],
    )
    def test_target_against_limits(self, target, higher, lower):
        assert chart(CALM, "higher", target=target).assurance is higher
        assert chart(CALM, "lower", target=target).assurance is lower

    def test_none_without_target_or_direction(self):
        assert chart(CALM).assurance is Assurance.NONE
        assert chart(CALM, "neither", target=10).assurance is Assurance.NONE

    def test_the_limits_of_the_last_segment_decide(self):
        values = [*CALM, *(value + 20 for value in CALM)]
        assert chart(values, target=16, rebase={14: "新政策"}).assurance is Assurance.PASS


class TestSegments:
    def test_rebase_gives_limits_of_their_own_and_keeps_the_reason(self):
        result = chart([*CALM, *(value + 20 for value in CALM)], rebase={14: "支付方式改革"})
        assert [segment.mean for segment in result.segments] == [10, 30]
        assert [segment.reason for segment in result.segments] == [None, "支付方式改革"]
        assert all(point.rule is None for point in result.points)

    @pytest.mark.parametrize("rebase", [{0: "原因"}, {14: "原因"}, {-1: "原因"}, {3: " "}])
    def test_a_rebase_outside_the_series_or_without_reason_is_refused(self, rebase):
        with pytest.raises(ValueError, match="rebase"):
            chart(CALM, rebase=rebase)

    def test_under_twelve_points_the_limits_are_trial_limits(self):
        assert chart(CALM[:11]).trial
        assert not chart(CALM[:12]).trial
        assert chart([*CALM, 1, 2, 3], rebase={14: "原因"}).trial

    def test_fixed_limits_do_not_follow_later_points(self):
        result = chart([*CALM, 90, 91, 92], fix_after=14)
        assert result.segments[0].mean == 10
        assert [point.rule for point in result.points[14:]] == [Rule.OUTSIDE] * 3

    def test_limits_cannot_be_fixed_on_trial_limits(self):
        with pytest.raises(ValueError, match="12"):
            chart(CALM, fix_after=11)


class TestGapsAndShortSeries:
    def test_a_gap_gives_no_moving_range(self):
        # neighbours: 1-2, 11-12; the jump over the gap does not count
        (segment,) = chart([1, 2, None, 11, 12]).segments
        assert (segment.average_moving_range, segment.count) == (1, 4)

    def test_a_gap_is_no_point_and_has_no_meaning(self):
        result = chart([*CALM, None])
        assert (result.points[-1].value, result.variation, result.rule) == (None, None, None)

    def test_a_gap_ends_a_run(self):
        assert rules_of([*CALM, 12, 11, 12, 11, 12, 11], fix_after=14)[13:] == [Rule.ONE_SIDE] * 7
        assert rules_of([*CALM, 12, 11, 12, None, 11, 12, 11], fix_after=14) == [None] * 21

    def test_a_partial_month_is_no_point(self):
        result = chart([*CALM, 500], last_is_partial=True)
        assert len(result.points) == 14
        assert (result.partial, result.variation, result.segments[0].mean) == (500, Variation.COMMON, 10)

    def test_nothing_at_all(self):
        result = chart([], target=5)
        assert (result.points, result.segments, result.variation) == ((), (), None)
        assert (result.assurance, result.trial) == (Assurance.NONE, True)

    @pytest.mark.parametrize("values", [[7], [None, 7], [7, None, 7], [None, None]])
    def test_without_two_neighbouring_months_there_are_no_limits(self, values):
        result = chart(values, target=5)
        assert result.segments[0].upper is None
        assert (result.variation, result.assurance) == (None, Assurance.NONE)

    @pytest.mark.parametrize("value", [0, 5, 0.1, Decimal("33.333333")])
    def test_a_series_that_never_moves_is_common_cause(self, value):
        result = chart([value] * 20)
        assert {point.variation for point in result.points} == {Variation.COMMON}
        assert result.segments[0].upper == result.segments[0].lower == float(value)

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
    def test_a_number_that_is_none_is_refused(self, value):
        with pytest.raises(ValueError, match="finite"):
            chart([1, 2, value])


class TestProperties:
    @given(whole_numbers)
    def test_limits_enclose_the_mean(self, values):
        (segment,) = chart(values).segments
        assert segment.lower <= segment.near_lower <= segment.mean <= segment.near_upper <= segment.upper

    @given(whole_numbers)
    def test_screening_never_widens_the_limits(self, values):
        assert chart(values).segments[0].upper <= chart(values, screen=False).segments[0].upper

    @settings(max_examples=50)
    @given(whole_numbers, st.integers(-1000, 1000), st.integers(1, 50))
    def test_shift_and_scale_move_the_limits_and_leave_the_findings(self, values, shift, scale):
        before, after = chart(values), chart([scale * value + shift for value in values])
        assert [point.rule for point in before.points] == [point.rule for point in after.points]
        assert after.segments[0].upper == pytest.approx(scale * before.segments[0].upper + shift, abs=1e-6)
        assert after.segments[0].mean == pytest.approx(scale * before.segments[0].mean + shift, abs=1e-6)

    @settings(max_examples=50)
    @given(whole_numbers)
    def test_upside_down_swaps_improvement_and_concern(self, values):
        before, after = chart(values, "higher"), chart([-value for value in values], "lower")
        assert [point.variation for point in before.points] == [point.variation for point in after.points]
