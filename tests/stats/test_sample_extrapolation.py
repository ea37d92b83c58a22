"""Extrapolation: worked examples of the RAT-STATS Companion Manual (2010), and what samples cannot give."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fundwatch.stats.attribute import (
    Tally,
    count_in_error,
    highest_count,
    lowest_count,
    minimum_sum,
    stratified_count,
)
from fundwatch.stats.sample_size import Caution, Expectation, cautions, expectation, sample_size
from fundwatch.stats.sampling import Stratum, intervals, ratio, stratified, stratum, unrestricted

# p. 3-2 to 3-7. The 50 single values are not at hand; the estimator needs only mean and deviation, printed.
DIFFERENCE = Stratum(universe=10_000, sample=50, mean=70.60, deviation=48.2519)
STRATA = [Stratum(5200, 25, 99.24, 26.3317), Stratum(3500, 25, 311.40, 39.6432)]  # p. 3-11 to 3-15
PRINTED_DIFFERENCE = [(80, 617_575, 794_425), (90, 591_881, 820_119), (95, 569_213, 842_787)]
PRINTED_STRATIFIED = [
    (80, 1_556_134, 1_655_762),
    (90, 1_542_012, 1_669_884),
    (95, 1_529_764, 1_682_132),
]
FIRS_X = [12, 30, 24, 24, 18, 30, 12, 6, 36, 42]  # Scheaffer, example 6.9: counted on the photograph
FIRS_Y = [18, 42, 24, 36, 24, 36, 14, 10, 48, 54]  # and on the ground


def printed(estimate):
    return [(each.level, round(each.lower), round(each.upper)) for each in estimate.intervals]


class TestUnrestricted:
    def test_manual_difference(self):
        found = unrestricted(DIFFERENCE)
        assert (round(found.point), round(found.standard_error)) == (706_000, 68_068)
        assert printed(found) == PRINTED_DIFFERENCE

    def test_manual_factors(self):
        factors = [each.factor for each in unrestricted(DIFFERENCE).intervals]
        assert factors == pytest.approx([1.299068784748, 1.676550892617, 2.009575237129], abs=5e-13)

    def test_the_same_from_single_values_of_that_mean_and_deviation(self):
        step = 48.2519 * (49 / 50) ** 0.5
        found = unrestricted(stratum([70.60 + step, 70.60 - step] * 25, 10_000))
        assert (found.sample, found.nonzero) == (50, 50)
        assert printed(found) == PRINTED_DIFFERENCE

    def test_manual_examined_amounts(self):
        # only estimate and standard error are printed: a rounded standard error moves the limits by up to 1.3
        factor = unrestricted(DIFFERENCE).interval(90).factor
        (interval,) = intervals(4_960_000, 418_823, {90: factor})
        assert [interval.lower, interval.upper] == pytest.approx([4_257_823, 5_662_177], abs=1.34)

    def test_decimal_amounts_add_up_exactly(self):
        found = unrestricted(stratum([Decimal("0.10"), Decimal("0.20"), Decimal("0.30")], 3))
        assert (found.point, found.standard_error) == (0.6, 0)

    def test_everything_examined_leaves_no_error(self):
        found = unrestricted(stratum([1, 2, 6], 3))
        assert [(each.lower, each.upper) for each in found.intervals] == [(9, 9)] * 3

    def test_one_item_gives_an_estimate_without_interval(self):
        found = unrestricted(stratum([5], 10))
        assert (found.point, found.standard_error, found.intervals) == (50, None, ())

    def test_nothing_found_has_no_precision_in_percent(self):
        found = unrestricted(stratum([0] * 10, 100))
        assert (found.point, found.nonzero, found.interval(90).precision_pct) == (0, 0, None)

    @pytest.mark.parametrize(("values", "universe"), [([], 10), ([1, 2, 3], 2)])
    def test_impossible_samples_are_refused(self, values, universe):
        with pytest.raises(ValueError, match="impossible"):
            stratum(values, universe)

    @given(st.lists(st.integers(0, 10_000), min_size=2, max_size=20), st.integers(21, 1000))
    def test_more_confidence_is_wider_and_encloses_the_estimate(self, values, universe):
        found = unrestricted(stratum(values, universe))
        low, middle, high = found.intervals
        assert (
            high.lower <= middle.lower <= low.lower <= found.point <= low.upper <= middle.upper <= high.upper
        )


class TestStratified:
    def test_manual_example(self):
        found = stratified(STRATA)
        assert (round(found.point), round(found.standard_error)) == (1_605_948, 38_870)
        for (level, lower, upper), expected in zip(printed(found), PRINTED_STRATIFIED, strict=True):
            # deviations are printed with four digits, which can move a limit by 0.15 and so its last digit
            assert (level, lower, upper) == pytest.approx(expected, abs=1)

    def test_normal_factors(self):
        factors = [each.factor for each in stratified(STRATA).intervals]
        assert factors == pytest.approx([1.281551565545, 1.644853626951, 1.959963984540], abs=5e-13)

    def test_a_stratum_examined_in_full_adds_its_sum_and_no_error(self):
        full = stratum([1000, 2000], 2)
        found = stratified([*STRATA, full])
        assert found.point == pytest.approx(1_605_948 + 3000)
        assert found.standard_error == pytest.approx(stratified(STRATA).standard_error)

    def test_one_item_of_several_in_a_stratum_spoils_the_interval(self):
        assert stratified([*STRATA, stratum([5], 10)]).intervals == ()

    def test_no_stratum_is_refused(self):
        with pytest.raises(ValueError, match="stratum"):
            stratified([])


class TestRatio:
    def test_dead_firs(self):
        found = ratio(FIRS_X, FIRS_Y, 200, 4200)
        assert round(found.ratio, 6) == 1.307692
        assert round(found.total.point, 2) == 5492.31
        assert round(found.total.standard_error, 3) == 214.219
        assert round(2 * found.total.standard_error, 3) == 428.438
        assert round(found.standard_error_sample_mean, 3) == 192.248

    def test_plain_expansion_of_the_firs_is_far_less_sure(self):
        found = unrestricted(stratum(FIRS_Y, 200))
        assert (round(found.point), round(found.standard_error)) == (6120, 915)

    def test_nothing_claimed_in_the_sample(self):
        assert ratio([0, 0], [0, 0], 10, 500) is None

    def test_one_pair_gives_no_interval(self):
        found = ratio([10], [5], 10, 100)
        assert (found.total.point, found.total.intervals, found.standard_error_sample_mean) == (50, (), None)

    def test_unpaired_amounts_are_refused(self):
        with pytest.raises(ValueError, match="pair"):
            ratio([1, 2], [1], 10, 100)


class TestAttribute:
    def test_manual_example(self):
        found = count_in_error(Tally(10_000, 400, 82))
        assert found.point == 2050
        assert printed(found)[1:] == [(90, 1729, 2403), (95, 1673, 2470)]

    @pytest.mark.parametrize(("found", "expected"), [(0, 0), (10, 100)])
    def test_none_or_all_in_error(self, found, expected):
        interval = count_in_error(Tally(100, 10, found)).interval(90)
        assert expected in (interval.lower, interval.upper)

    def test_a_probability_equal_to_the_tail_is_not_enough(self):
        # P(2 of 2 | 3 of 4) and P(0 of 2 | 1 of 4) are 0.5
        assert lowest_count(Tally(4, 2, 2), 0.5) == 4
        assert highest_count(Tally(4, 2, 0), 0.5) == 0

    def test_everything_examined_is_known(self):
        found = count_in_error(Tally(10, 10, 4))
        assert [(each.lower, each.upper) for each in found.intervals] == [(4, 4)] * 3

    def test_stratified_by_hand(self):
        # N 100, n 11, x 5 and N 50, n 50 (all), x 7
        found = stratified_count([Tally(100, 11, 5), Tally(50, 50, 7)])
        assert found.point == pytest.approx(100 * 5 / 11 + 7)
        assert found.standard_error == pytest.approx(100 * (0.89 * (5 / 11) * (6 / 11) / 10) ** 0.5)

    def test_impossible_counts_are_refused(self):
        with pytest.raises(ValueError, match="impossible"):
            Tally(10, 5, 6)

    @given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
    def test_limits_enclose_what_is_possible(self, universe, sample, found):
        sample = max(1, min(sample, universe))
        tally = Tally(universe, sample, min(found, sample))
        low, high = lowest_count(tally, 0.05), highest_count(tally, 0.05)
        assert tally.found <= low <= high <= universe - (sample - tally.found)


class TestMinimumSum:
    def test_least_items_by_plain_search(self):
        # R package claimr, Ne_low(1000, 30, 15, alpha = 0.05): smallest K with P(15 or more) >= 0.05
        plain = next(k for k in range(15, 1001) if stats.hypergeom.sf(14, 1000, k, 30) >= 0.05)
        found = minimum_sum([Decimal(100)] * 15, [Decimal(1)] * 970, 30, confidence_pct=95)
        assert found.items == plain
        assert found.amount == 1500 + plain - 15

    def test_the_smallest_amounts_not_drawn_are_added(self):
        # all 2 drawn of 4 are in error; at 50 % confidence 3 of the 4 must be: P(2 of 2 | 3 of 4) = 0.5
        found = minimum_sum([Decimal("10.50")] * 2, [Decimal("7.25"), Decimal("3.10")], 2, confidence_pct=50)
        assert (found.items, found.amount) == (3, Decimal("24.10"))

    def test_nothing_found_claims_nothing(self):
        assert minimum_sum([], [Decimal(5)] * 9, 3).amount == 0

    def test_negative_amounts_are_refused(self):
        with pytest.raises(ValueError, match="negative"):
            minimum_sum([Decimal(-1)], [Decimal(5)], 1)


class TestSampleSize:
    EXPECTED = expectation(10_000, 3_000_000, 125, 0.15)  # p. 4-9

    def test_manual_expectation(self):
        assert (round(self.EXPECTED.mean, 2), round(self.EXPECTED.deviation, 2)) == (45.00, 117.55)

    @pytest.mark.parametrize(("level", "items"), [(80, 3095), (90, 4248), (95, 5119), (99, 6443)])
    def test_manual_row_of_five_percent(self, level, items):
        assert sample_size(10_000, self.EXPECTED, 5, level) == items

    def test_287_items_are_the_answer_for_25_percent_at_90(self):
        assert sample_size(10_000, self.EXPECTED, 25, 90) == 287

    def test_nothing_expected_has_no_size(self):
        with pytest.raises(ValueError, match="sample size"):
            sample_size(100, Expectation(0, 1), 5, 90)

    def test_an_impossible_error_rate_is_refused(self):
        with pytest.raises(ValueError, match="error rate"):
            expectation(100, 1000, 5, 0)

    @given(st.integers(1, 50), st.integers(50, 99), st.integers(2, 5000))
    def test_never_more_than_the_universe(self, precision, level, universe):
        size = sample_size(universe, Expectation(45, 117.55), precision, level)
        assert 0 <= size <= universe


class TestCautions:
    def test_a_sound_sample_has_none(self):
        sample = Stratum(10_000, 50, 70.60, 20.0, nonzero=50)
        assert cautions(unrestricted(sample), 90, Decimal(3530)) == ()

    def test_a_poor_one_has_them_all(self):
        found = unrestricted(stratum([0] * 10 + [500], 12))
        assert cautions(found, 90, Decimal(500)) == (
            Caution.SMALL_SAMPLE,
            Caution.FEW_FINDINGS,
            Caution.IMPRECISE,
            Caution.BELOW_FOUND,
        )

    def test_without_interval_that_is_said(self):
        assert Caution.NO_INTERVAL in cautions(unrestricted(stratum([5], 10)), 90, Decimal(5))
