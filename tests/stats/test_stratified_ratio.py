"""Combined ratio and collapsed strata: they meet the published estimators where those apply, and worked examples by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundwatch.stats.sampling import Stratum, ratio, stratified, stratum
from fundwatch.stats.stratified_ratio import Sums, collapsed, combined_ratio, ratio_of

FIRS_X = [12, 30, 24, 24, 18, 30, 12, 6, 36, 42]  # Scheaffer, example 6.9
FIRS_Y = [18, 42, 24, 36, 24, 36, 14, 10, 48, 54]


class TestCombinedRatio:
    def test_one_stratum_is_the_published_ratio_estimate(self):
        """5,492.31 with standard error 214.219 (Scheaffer ex. 6.9); only the factor is normal instead of t."""
        found, single = combined_ratio([Sums.of(200, FIRS_X, FIRS_Y)], 4200), ratio(FIRS_X, FIRS_Y, 200, 4200)
        assert (round(found.total.point, 2), round(found.total.standard_error, 3)) == (5492.31, 214.219)
        assert found.standard_error_sample_mean == pytest.approx(single.standard_error_sample_mean)
        interval = found.total.interval(95)
        assert interval.upper - found.total.point == pytest.approx(1.959963984540 * 214.219, abs=0.01)

    def test_worked_example_of_two_strata(self):
        # weights 5 and 2: claimed 5·30 + 2·40 = 230, rejected 5·3 + 2·8 = 31, r = 31/230
        found = combined_ratio([Sums.of(10, [10, 20], [1, 2]), Sums.of(4, [10, 30], [0, 8])], 300)
        assert found.ratio == pytest.approx(31 / 230)
        assert found.total.point == pytest.approx(300 * 31 / 230)
        # residuals y - r·x of each stratum, squared deviations from their mean, N²(1 - n/N)s²/n
        r = 31 / 230
        first, second = (1 - 10 * r) - (2 - 20 * r), (0 - 10 * r) - (8 - 30 * r)
        variance = 100 * 0.8 * (first**2 / 2) / 2 + 16 * 0.5 * (second**2 / 2) / 2
        assert found.total.standard_error == pytest.approx(variance**0.5)
        assert (found.total.universe, found.total.sample, found.total.nonzero) == (14, 4, 3)

    def test_a_stratum_examined_wholly_adds_no_error_and_one_item_of_several_gives_none(self):
        whole = combined_ratio([Sums.of(2, [10, 30], [1, 9])], 40)
        assert (whole.total.point, whole.total.standard_error) == (10.0, 0.0)
        assert combined_ratio([Sums.of(2, [10], [1])], 40).total.standard_error is None

    def test_nothing_claimed_has_no_ratio_and_pairs_must_pair_up(self):
        assert combined_ratio([Sums.of(5, [0, 0], [0, 0])], 10) is None
        for wrong in ([1], [1, 2, 3]):
            with pytest.raises(ValueError, match="do not pair up"):
                Sums.of(5, [1, 2], wrong)


class TestSums:
    @given(
        st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 90_000)), min_size=1, max_size=8),
        st.integers(0, 50),
    )
    def test_sums_give_what_single_amounts_give(self, fens, more):
        """The published estimators take single amounts; in fen as whole numbers and in yuan as decimals alike."""
        claimed, rejected = ([Decimal(pair[side]) / 100 for pair in fens] for side in (0, 1))
        universe = len(fens) + more
        sums = Sums.of(universe, *([pair[side] for pair in fens] for side in (0, 1)), 100)
        assert sums == Sums.of(universe, claimed, rejected)
        known = stratum(rejected, universe)
        assert (sums.rejected.mean, sums.rejected.nonzero) == (known.mean, known.nonzero)
        assert sums.rejected.deviation == (
            None if known.deviation is None else pytest.approx(known.deviation)
        )
        single, found = ratio(claimed, rejected, universe, 1000), ratio_of(sums, 1000)
        assert (found is None) == (single is None)
        if found is not None:
            assert (found.ratio, found.total.point) == (single.ratio, single.total.point)
            assert found.total.standard_error == (
                None
                if single.total.standard_error is None
                else pytest.approx(single.total.standard_error, abs=1e-6)
            )

    def test_published_ratio_with_student_s_factor(self):
        assert ratio_of(Sums.of(200, FIRS_X, FIRS_Y), 4200).total == ratio(FIRS_X, FIRS_Y, 200, 4200).total


class TestCollapsed:
    @given(
        st.lists(st.lists(st.integers(0, 500), min_size=2, max_size=6), min_size=1, max_size=5),
        st.integers(0, 40),
    )
    def test_without_single_items_it_is_the_stratified_estimate(self, samples, more):
        strata = [stratum(values, len(values) + more) for values in samples]
        found, known = collapsed([("a", each) for each in strata]), stratified(strata)
        assert found.point == pytest.approx(known.point)
        assert found.standard_error == pytest.approx(known.standard_error)

    def test_worked_example_of_two_single_items(self):
        """Sizes 10 and 30, found 4 and 2: totals 40 and 60 of 100; expected by size 25 and 75; variance 2 · (15² + 15²) = 900."""
        strata = [
            ("门诊", Stratum(10, 1, Decimal(4), None, 1)),
            ("门诊", Stratum(30, 1, Decimal(2), None, 1)),
        ]
        found = collapsed(strata)
        assert (found.point, found.standard_error) == (100.0, 30.0)
        assert (found.universe, found.sample, found.nonzero) == (40, 2, 2)

    def test_a_lone_single_item_has_nothing_to_be_compared_with(self):
        lone = ("住院", Stratum(10, 1, Decimal(4), None, 1))
        pair = [("门诊", Stratum(10, 1, Decimal(4), None, 1)), ("门诊", Stratum(10, 1, Decimal(4), None, 1))]
        assert (collapsed([lone, *pair]).point, collapsed([lone, *pair]).standard_error) == (120.0, None)
        assert collapsed([*pair, ("住院", Stratum(1, 1, Decimal(4), None, 1))]).standard_error == 0.0
