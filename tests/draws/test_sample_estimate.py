"""From sample to issue: which strata are extrapolated, worked examples to the fen, appeals before and after."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_issue import CLINIC, HOSPITAL, ISSUE, REVIEWER, built, document, rows

from fundwatch.draws.design import Cell, Stratum
from fundwatch.draws.estimate import Standing, extrapolate
from fundwatch.draws.outcome import drawn_sample, estimates, platform_sample
from fundwatch.draws.records import extrapolation_record
from fundwatch.draws.results import Stage
from fundwatch.draws.service import Design, draw_sample
from fundwatch.draws.store import items
from fundwatch.settings import Settings
from fundwatch.stats.sample_size import Caution
from fundwatch.stats.sampling import ratio, unrestricted
from fundwatch.stats.sampling import stratum as described
from fundwatch.warehouse import open_warehouse

D = Decimal
TODAY = dt.date(2024, 12, 31)
PRECISION = D(25)
A, B, C = Cell("H1", "门诊"), Cell("H1", "门诊", True), Cell("H2", "门诊")


def fens(*amounts: int, claimed: int = 6000) -> list[tuple[int, int]]:
    return [(claimed, amount) for amount in amounts]


class TestStrata:
    def test_worked_example_n_over_sample_times_found_half_up(self):
        """7 of 100 … 10 reviewed of 203, 33.33 yuan found: 203 / 10 × 33.33 = 676.599 → 676.60."""
        found = extrapolate([Stratum(A, 203, 1_218_000, 11)], {A: fens(3333, *[0] * 9)}, 10, PRECISION)
        (one,) = found.strata
        assert (one.standing, one.reviewed, one.found_cnt, one.found, one.point) == (
            Standing.EXTRAPOLATED, 10, 1, D("33.33"), D("676.60"),
        )  # fmt: skip
        assert found.point == D("676.60")
        assert one.estimate == unrestricted(described([D("33.33"), *[D(0)] * 9], 203))
        assert one.ratio == ratio([D(60)] * 10, [D("33.33"), *[D(0)] * 9], 203, D(12180))
        # every document claims the same: the ratio estimate is the expansion
        assert one.ratio.total.point == pytest.approx(676.599)

    def test_half_a_fen_is_rounded_up(self):
        (one,) = extrapolate([Stratum(A, 15, 1, 10)], {A: fens(1, *[0] * 9)}, 10, PRECISION).strata
        assert one.point == D("0.02")

    def test_nine_are_shown_and_ten_are_extrapolated(self):
        nine = extrapolate([Stratum(A, 100, 600_000, 10)], {A: fens(*[100] * 9)}, 10, PRECISION)
        assert nine.strata[0].standing is Standing.TOO_FEW
        assert (nine.point, nine.total, nine.found_apart) == (D(0), None, D("9.00"))
        ten = extrapolate([Stratum(A, 100, 600_000, 10)], {A: fens(*[100] * 10)}, 10, PRECISION)
        assert (ten.point, ten.found, ten.found_apart) == (D("100.00"), D("10.00"), D(0))

    def test_a_stratum_reviewed_wholly_counts_as_found_however_small(self):
        found = extrapolate([Stratum(C, 3, 18_000, 3)], {C: fens(500, 0, 0)}, 10, PRECISION)
        assert (found.strata[0].standing, found.point) == (Standing.COUNTED, D("5.00"))
        assert found.total.standard_error == 0.0

    def test_the_certainty_stratum_is_never_extrapolated(self):
        partly = extrapolate([Stratum(B, 20, 1, 20)], {B: fens(*[100] * 12)}, 10, PRECISION)
        assert (partly.strata[0].standing, partly.point) == (Standing.TOO_FEW, D(0))
        wholly = extrapolate([Stratum(B, 20, 1, 20)], {B: fens(*[100] * 20)}, 10, PRECISION)
        assert (wholly.strata[0].standing, wholly.point) == (Standing.COUNTED, D("20.00"))

    def test_not_reviewed_yet_is_not_nought(self):
        found = extrapolate([Stratum(A, 100, 600_000, 5)], {}, 10, PRECISION)
        assert (found.strata[0].standing, found.strata[0].point) == (Standing.PENDING, None)
        assert (found.total, found.whole, found.minimum, found.counting) == (None, None, None, ())

    def test_total_is_the_published_stratified_estimate_and_lower_limits_are_cautioned(self):
        """RAT-STATS p. 3-11: strata of 5,200 and 3,500 with 25 each, means 99.24 and 311.40."""
        first, second = 26.3317, 39.6432
        low = [round((99.24 + side) * 100) for side in (first, -first) * 12] + [9924]
        high = [round((311.40 + side) * 100) for side in (second, -second) * 12] + [31140]
        strata = [Stratum(A, 5200, 5200 * 50_000, 25), Stratum(C, 3500, 3500 * 50_000, 25)]
        found = extrapolate(
            strata, {A: fens(*low, claimed=50_000), C: fens(*high, claimed=50_000)}, 10, PRECISION
        )
        assert found.point == pytest.approx(D(1_605_948), abs=1)
        assert found.total.standard_error == pytest.approx(38_870, abs=5)
        assert found.cautions == ()

    def test_few_findings_and_a_lower_limit_below_what_was_found_are_said(self):
        found = extrapolate([Stratum(A, 200, 1_200_000, 10)], {A: fens(10_000, *[0] * 9)}, 10, PRECISION)
        assert set(found.cautions) == {
            Caution.SMALL_SAMPLE, Caution.FEW_FINDINGS, Caution.IMPRECISE, Caution.BELOW_FOUND,
        }  # fmt: skip

    def test_minimum_sample_follows_the_spread_found(self):
        """N 200, mean 10, s 31.62 (one of ten with 100): n = s²N² / ((25 % · 10 · 200 / 1.645)² + N s²) = 137."""
        found = extrapolate([Stratum(A, 200, 1, 10)], {A: fens(10_000, *[0] * 9)}, 10, PRECISION)
        assert found.minimum == 137
        assert extrapolate([Stratum(A, 200, 1, 10)], {A: fens(*[0] * 10)}, 10, PRECISION).minimum is None

    @given(
        st.lists(
            st.tuples(st.integers(1, 30), st.integers(0, 300), st.lists(st.integers(0, 9_999), min_size=30, max_size=30)),
            min_size=1, max_size=8,
        )
    )  # fmt: skip
    def test_parts_always_add_up(self, given_strata):
        strata, reviewed = [], {}
        for number, (size, more, amounts) in enumerate(given_strata):
            cell = Cell(f"H{number}", "门诊")
            strata.append(Stratum(cell, size + more, 6000 * (size + more), size))
            reviewed[cell] = fens(*amounts[:size])
        found = extrapolate(strata, reviewed, 10, PRECISION)
        assert found.point == sum((one.point for one in found.strata if one.point is not None), D(0))
        assert found.found + found.found_apart == sum((one.found for one in found.strata), D(0))
        assert found.reviewed == sum(len(own) for own in reviewed.values())
        if found.total:
            assert found.total.point == pytest.approx(float(found.point), abs=0.005 * len(strata) + 1e-6)
            for interval in found.total.intervals:
                assert interval.lower <= found.total.point + 1e-9
            widths = [interval.upper - interval.lower for interval in found.total.intervals]
            assert widths == sorted(widths)


def drawn(home, seed=5):
    with open_warehouse(home) as warehouse:
        return draw_sample(
            home, warehouse, ISSUE, Design(D("0.05"), D(30000), 1), seed=seed, why="", by=REVIEWER
        )


def looked_at(home, draw):
    with open_warehouse(home) as warehouse:
        return drawn_sample(home, draw, warehouse)


class TestPlatformResults:
    def test_results_in_doc_d_count_for_the_drawn_documents_only(self, tmp_path):
        """First the draw, then the platform's results come in with a later load."""
        from small_issue import reload

        home = built(tmp_path / "home")
        draw = drawn(home)
        chosen = [one.doc_id for cell, one in items(home, draw.draw_id) if cell == Cell(HOSPITAL, "门诊")]
        seen = {"smpl_flag": "1", "smpl_rchker": "复审岗01", "smpl_rchk_time": "2024-06-20T09:00:00"}
        later = [
            one | seen | {"smpl_vola_amt": "12.34" if one["doc_id"] == chosen[0] else "0"}
            if one["doc_id"] in chosen or one["doc_id"] == "D0001"
            else one
            for one in rows()
        ]
        reload(home, *later)
        sample = looked_at(home, draw)
        found = estimates(sample, Settings(home), TODAY)[Stage.APPEAL]
        extrapolated = {one.stratum.cell: one for one in found.of(Standing.EXTRAPOLATED)}
        assert extrapolated[Cell(HOSPITAL, "门诊")].point == D("246.80")
        assert found.reviewed == 10
        record = extrapolation_record(sample, estimates(sample, Settings(home), TODAY))
        assert record["total"]["point"] == D("246.80")
        assert record["remarks"][0] == "抽取 15 件,已复审 10 件,还有 5 件未复审,结果是阶段性的。"

    def test_the_platform_s_own_sample_and_what_appeals_left_of_it(self, tmp_path):
        """20 of 200 drawn by the platform, 100 yuan found in each of two; one is halved, the other dropped on appeal."""
        seen = {
            "smpl_flag": "1",
            "smpl_rchker": "抽检岗01",
            "smpl_rchk_time": "2024-06-20T09:00:00",
            "smpl_vola_amt": "0",
        }
        docs = [document(n, **seen) if n <= 20 else document(n) for n in range(1, 201)]
        docs[0] = document(1, **seen | {"smpl_vola_amt": "10.00"})
        docs[1] = document(2, **seen | {"smpl_vola_amt": "10.00"})
        docs[2] = document(3, **seen | {"smpl_vola_amt": "7.00"})
        docs.append(document(300, CLINIC, **seen))
        docs.append(document(301, chk_vola_flag="1", **seen | {"smpl_vola_amt": "99.00"}))
        suspicion = {"suspt_souc": "3", "checkout_time": "2024-06-20T09:00:00", "rule_id": "R1"}
        decided = {"appl_flag": "1", "finl_chktime": "2024-07-01T09:00:00"}
        home = built(
            tmp_path / "home", *docs,
            suspicions=[
                {**suspicion, **decided, "doc_suspt_id": "1", "doc_id": "D0001", "finl_chk_vola_flag": "1", "cnfm_vola_amt": "5.00"},
                {**suspicion, **decided, "doc_suspt_id": "2", "doc_id": "D0002", "finl_chk_vola_flag": "0", "cnfm_vola_amt": "10.00"},
                {**suspicion, "doc_suspt_id": "3", "doc_id": "D0003", "appl_flag": "1"},
                {**suspicion, **decided, "doc_suspt_id": "4", "doc_id": "D0003", "finl_chk_vola_flag": "0"},
            ],
        )  # fmt: skip
        with open_warehouse(home) as warehouse:
            sample = platform_sample(warehouse, ISSUE)
        both = estimates(sample, Settings(home), TODAY)
        before, after = both[Stage.REVIEW], both[Stage.APPEAL]
        assert [(one.stratum.cell, one.stratum.size, one.reviewed) for one in before.strata] == [
            (Cell(HOSPITAL, "门诊"), 200, 20), (Cell(CLINIC, "门诊"), 1, 1),
        ]  # fmt: skip
        # 27.00 × 200 / 20 before; 5 + 0 + 7 (not decided: as reviewed) × 10 after
        assert (before.point, after.point) == (D("270.00"), D("120.00"))
        assert sample.appealed_cnt == 2
