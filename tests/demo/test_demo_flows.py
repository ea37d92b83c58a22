"""Things hang together: claims, lines, review, inspections, cases and money refer to each other and add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from read_demo import Rows, read_rows, typed

from fundwatch.contracts import contracts

Read = Callable[[str], Rows]
CLAIMS = ("setl_d", "mdtrt_d", "fee_list_d", "doc_d", "doc_suspt_d", "bffact_warn_rslt_d", "fixmedins_b")


@pytest.fixture(scope="module")
def claims(tiny: Path) -> duckdb.DuckDBPyConnection:
    return typed(tiny, *CLAIMS)


def none(data: duckdb.DuckDBPyConnection, query: str) -> bool:
    return data.execute(query).fetchall() == []


def references() -> list[tuple[str, str, str, str]]:
    return [
        (contract.table, column.name, *column.refers_to.split("."))
        for contract in contracts().values()
        for column in contract.columns
        if column.refers_to
    ]


@pytest.mark.parametrize(("table", "column", "target", "key"), references())
def test_every_reference_is_known(read: Read, table: str, column: str, target: str, key: str) -> None:
    known = {row[key] for row in read(target)}
    unknown = {row[column] for row in read(table) if row.get(column)} - known
    assert unknown == set()


def test_parts_of_a_settlement_add_up_to_the_fen(claims: duckdb.DuckDBPyConnection) -> None:
    assert none(
        claims,
        """
        select setl_id from setl_d
        where medfee_sumamt <> fulamt_ownpay_amt + overlmt_selfpay + preselfpay_amt + inscp_amt
            or medfee_sumamt <> fund_pay_sumamt + psn_pay
            or psn_pay <> acct_pay + cash_payamt
            or fund_pay_sumamt <> hifp_pay + cvlserv_pay + hifmi_pay + hifob_pay + maf_pay + othfund_pay
        """,
    )


def test_lines_add_up_to_their_settlement_to_the_fen(claims: duckdb.DuckDBPyConnection) -> None:
    assert none(
        claims,
        """
        select setl_id
        from setl_d as s
        left join fee_list_d as f using (setl_id)
        group by setl_id, s.medfee_sumamt, s.inscp_amt
        having sum(f.det_item_fee_sumamt) is distinct from s.medfee_sumamt or sum(f.inscp_amt) is distinct from s.inscp_amt
        """,
    )


def test_a_line_is_quantity_times_price(claims: duckdb.DuckDBPyConnection) -> None:
    assert none(claims, "select bkkp_sn from fee_list_d where cnt * pric <> det_item_fee_sumamt")


def test_a_refund_takes_back_its_settlement_whole(claims: duckdb.DuckDBPyConnection) -> None:
    refunds = claims.execute("select count(*) from setl_d where refd_setl_flag = '1'").fetchone()[0]
    matched = claims.execute("""
        select count(*) from setl_d as r inner join setl_d as s on s.setl_id = r.init_setl_id
        where r.refd_setl_flag = '1' and s.refd_setl_flag = '0' and r.medfee_sumamt = -s.medfee_sumamt
            and r.fund_pay_sumamt = -s.fund_pay_sumamt and r.mdtrt_id = s.mdtrt_id and r.setl_time > s.setl_time
    """).fetchone()[0]
    assert refunds == matched > 0


def test_some_visits_have_two_bills_and_some_people_come_from_elsewhere(
    claims: duckdb.DuckDBPyConnection,
) -> None:
    twice = "select mdtrt_id from setl_d where refd_setl_flag = '0' group by all having count(*) > 1"
    assert not none(claims, twice)
    assert not none(
        claims, "select 1 from setl_d where insu_admdvs <> '999001' and fix_blng_admdvs = '999001'"
    )
    assert not none(
        claims, "select 1 from setl_d where insu_admdvs = '999001' and fix_blng_admdvs <> '999001'"
    )


def test_open_stays_have_lines_and_no_settlement(claims: duckdb.DuckDBPyConnection) -> None:
    open_stays = "from mdtrt_d where inhosp_stas = '1'"
    assert claims.execute(f"select count(*) {open_stays}").fetchone()[0] > 0
    assert none(
        claims, f"select mdtrt_id {open_stays} and (endtime is not null or dscg_maindiag_code is not null)"
    )
    assert none(
        claims, "select mdtrt_id from mdtrt_d semi join setl_d using (mdtrt_id) where inhosp_stas = '1'"
    )
    assert not none(
        claims, "select 1 from fee_list_d inner join mdtrt_d using (mdtrt_id) where inhosp_stas = '1'"
    )


def test_fee_lines_lie_within_their_visit(claims: duckdb.DuckDBPyConnection) -> None:
    assert none(
        claims,
        """
        select bkkp_sn from fee_list_d inner join mdtrt_d using (mdtrt_id)
        where init_feedetl_sn is null and (fee_ocur_time < begntime or fee_ocur_time > coalesce(endtime, fee_ocur_time))
        """,
    )


def test_review_amounts_never_rise_along_the_funnel(claims: duckdb.DuckDBPyConnection) -> None:
    assert none(
        claims,
        """
        select doc_suspt_id from doc_suspt_d inner join doc_d using (doc_id)
        where checkout_suspt_amt > dcla_fund_amt or chk_vola_amt > checkout_suspt_amt or appl_amt > chk_vola_amt
            or cnfm_vola_amt > chk_vola_amt or vola_det_amt > cnfm_vola_amt or rvis_amt > vola_det_amt
        """,
    )
    flagged, first, confirmed, deducted = claims.execute("""
        select sum(checkout_suspt_amt), sum(chk_vola_amt), sum(cnfm_vola_amt), sum(vola_det_amt - rvis_amt) from doc_suspt_d
    """).fetchone()
    assert flagged > first > confirmed > deducted > 0


def test_review_steps_follow_each_other_in_time(claims: duckdb.DuckDBPyConnection) -> None:
    assert none(
        claims,
        """
        select doc_suspt_id from doc_suspt_d inner join doc_d using (doc_id)
        where checkout_time < dcla_time or doc_suspt_d.chktime < checkout_time or rchk_time < doc_suspt_d.chktime
            or push_time < rchk_time or appl_time < push_time or appl_time::date > appl_ddln
            or finl_chktime < coalesce(appl_time, push_time) or fdbk_time < finl_chktime or det_time < fdbk_time
        """,
    )


def test_a_step_has_its_post_and_a_later_step_its_earlier_ones(claims: duckdb.DuckDBPyConnection) -> None:
    assert none(
        claims,
        "select 1 from doc_suspt_d where (chktime is null) <> (chker is null) or (rchk_time is null) <> (rchker is null)",
    )
    assert none(
        claims,
        "select 1 from doc_suspt_d where (det_time is not null and fdbk_time is null) or (fdbk_time is not null and finl_chktime is null)",
    )
    assert none(
        claims,
        "select 1 from doc_suspt_d where det_flag = '1' and (vola_det_amt is null or finl_chk_vola_flag <> '1')",
    )


def test_posts_are_separate_but_for_three_planted_breaches(claims: duckdb.DuckDBPyConnection) -> None:
    breaches = claims.execute(
        "select count(*) from doc_suspt_d where chker = rchker or rchker = finl_chker or chker = finl_chker"
    ).fetchone()[0]
    assert 1 <= breaches <= 3


def test_about_five_percent_of_passed_documents_are_looked_at_again(
    claims: duckdb.DuckDBPyConnection,
) -> None:
    share = claims.execute("""
        select count(*) filter (smpl_flag = '1') / count(*) from doc_d where chk_vola_flag = '0'
    """).fetchone()[0]
    assert 0.045 <= share <= 0.055
    assert none(claims, "select 1 from doc_d where smpl_flag = '1' and chk_vola_flag is distinct from '0'")


def test_most_reminders_that_were_not_complied_with_are_looked_at_by_a_person(
    claims: duckdb.DuckDBPyConnection,
) -> None:
    due, seen = claims.execute("""
        with due as (
            select mdtrt_id, rule_id from bffact_warn_rslt_d semi join doc_d using (mdtrt_id)
            where coalesce(warn_dspo_way, '1') = '1'
        )
        select count(*), count(*) filter (exists (
            select 1 from doc_suspt_d as s inner join doc_d as d using (doc_id)
            where d.mdtrt_id = due.mdtrt_id and s.rule_id = due.rule_id and s.suspt_souc = '2'
        )) from due
    """).fetchone()
    assert due > 30
    assert 0.8 <= seen / due < 1


def test_balance_moves_by_income_less_outlay_to_the_fen(read: Read) -> None:
    moved: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in read("fund_ledger"):
        moved[row["month"], row["insutype"]] += Decimal(row["amt"]) * (
            1 if row["direction"] == "收入" else -1
        )
    for insutype in ("390", "310"):
        closing = {
            row["month"]: Decimal(row["closing_balance"])
            for row in read("fund_balance")
            if row["insutype"] == insutype
        }
        months = sorted(closing)
        assert months[0] == "2024-01"
        assert months[-1] == "2026-10"
        for before, month in pairwise(months):
            assert closing[month] - closing[before] == moved[month, insutype]


def test_benefit_totals_are_the_ledgers_outlay(read: Read) -> None:
    outlay: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in read("fund_ledger"):
        if row["direction"] == "支出":
            outlay[row["month"], row["insutype"]] += Decimal(row["amt"])
    totals = {
        (row["begndate"][:7], row["insutype"]): Decimal(row["fund_amt"])
        for row in read("benefit_stat")
        if row["category"] == "合计"
    }
    assert totals == outlay


def test_campaign_counts_are_those_of_its_inspections(read: Read) -> None:
    for campaign in read("campaign"):
        done = {
            row["fixmedins_code"]
            for row in read("inspection")
            if row["campaign_id"] == campaign["campaign_id"] and row["insp_stas"] == "完成"
        }
        assert int(campaign["checked_cnt"]) == len(done)
        assert (
            int(campaign["suspend_cnt"])
            <= int(campaign["talk_cnt"])
            <= len(done)
            <= int(campaign["target_cnt"])
        )


def test_stock_at_the_end_is_what_came_less_what_went(read: Read) -> None:
    odd = {
        row["fixmedins_code"] for row in read("invoicing")
        if int(row["opening_cnt"]) + int(row["in_cnt"]) - int(row["out_cnt"]) != int(row["closing_cnt"])
    }  # fmt: skip
    assert len(odd) == 1  # the planted pharmacy that sold more than it had


def test_people_are_post_codes(read: Read) -> None:
    words = {
        word
        for table, columns in {
            "doc_suspt_d": ("chker", "rchker", "finl_chker"),
            "inspection": ("inspectors",),
            "case_event": ("actor",),
        }.items()
        for row in read(table)
        for column in columns
        for word in row[column].split(";")
        if word
    }
    assert words
    assert all(
        word.rstrip("0123456789") in {"初审岗", "复核岗", "复审岗", "抽检岗", "检查员"} for word in words
    )


def test_a_short_demo_hangs_together_too(tmp_path: Path) -> None:
    """Two months before the stories begin: no story, no reference into nothing."""
    from fundwatch.demo import make_demo, plan_for

    make_demo(tmp_path / "short", plan_for("tiny", months=2, end="2026-01"))
    bills = {row["setl_id"] for row in read_rows(tmp_path / "short", "setl_d")}
    assert {row["setl_id"] for row in read_rows(tmp_path / "short", "doc_d")} <= bills
    assert {row["setl_id"] for row in read_rows(tmp_path / "short", "case_claim")} <= bills
