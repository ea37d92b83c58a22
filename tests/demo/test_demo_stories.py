"""The planted stories can be found (docs/demo.md tells them)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pytest
from read_demo import typed


@pytest.fixture(scope="module")
def data(tiny: Path) -> duckdb.DuckDBPyConnection:
    return typed(
        tiny, "setl_d", "mdtrt_d", "bffact_warn_rslt_d", "fixmedins_b", "clue_case", "case_claim", "case_event", "finding", "handling",
        "inspection", "complaint", "campaign", "event_mark", "credit_point", "report_filing", "fixmedins_cntr_reg_d", "intf_onln_d",
    )  # fmt: skip


def test_one_hospital_overrides_most_of_its_reminders(data: duckdb.DuckDBPyConnection) -> None:
    reminders, overridden = data.execute("""
        select count(*), count(*) filter (warn_dspo_way = '1') from bffact_warn_rslt_d
        inner join fixmedins_b using (fixmedins_code) where fixmedins_name = '示范县云岭康复医院'
    """).fetchone()
    assert reminders > 60
    assert overridden / reminders > 0.8
    rule = data.execute("""
        select rule_id from bffact_warn_rslt_d group by all
        having count(*) >= 30 and count(*) filter (warn_dspo_way = '2') * 2 < count(*)
    """).fetchall()
    assert rule == [("PT-0070",)]


def test_split_stays_cluster_at_one_hospital(data: duckdb.DuckDBPyConnection) -> None:
    """Back in the same hospital within 15 days with the same diagnosis, by hospital."""
    found = data.execute("""
        select fixmedins_name, count(*) as pairs
        from mdtrt_d as first
        inner join mdtrt_d as again using (psn_no, fixmedins_code)
        inner join fixmedins_b using (fixmedins_code)
        where first.med_type = '21' and again.med_type = '21' and again.mdtrt_id <> first.mdtrt_id
            and again.begntime::date between first.endtime::date and first.endtime::date + 15
            and left(first.dscg_maindiag_code, 3) = left(again.dscg_maindiag_code, 3)
        group by all order by pairs desc
    """).fetchall()
    assert found[0][0] == "示范县青松医院"
    assert found[0][1] >= 20
    assert sum(pairs for _, pairs in found[1:]) < found[0][1] / 2


def test_a_campaign_has_passed_its_end_unfinished(data: duckdb.DuckDBPyConnection) -> None:
    late = data.execute(
        "select campaign_name from campaign where enddate < '2026-10-31' and checked_cnt < 0.6 * target_cnt"
    ).fetchall()
    assert late == [("康复精神及民营医院专项检查",)]


def test_outpatient_visits_step_up_in_the_month_of_the_policy_change(data: duckdb.DuckDBPyConnection) -> None:
    assert data.execute("select title from event_mark where event_date = '2026-01-01'").fetchone() == (
        "普通门诊统筹支付限额提高",
    )
    counts = Counter(
        month
        for (month,) in data.execute(
            "select strftime(setl_time, '%Y-%m') from setl_d where med_type = '11' and insutype = '390'"
        ).fetchall()
    )
    before, after = (
        counts["2025-05"] + counts["2025-06"] + counts["2025-07"],
        counts["2026-05"] + counts["2026-06"] + counts["2026-07"],
    )
    assert 1.2 <= after / before <= 1.3


def test_one_hospital_shifts_its_level(data: duckdb.DuckDBPyConnection) -> None:
    counts = data.execute("""
        select count(*) filter (setl_time < '2026-04-01') / 11, count(*) filter (setl_time >= '2026-04-01') / 7 from setl_d
        inner join fixmedins_b using (fixmedins_code) where fixmedins_name = '示范县明川眼科医院' and med_type = '21'
    """).fetchone()
    assert counts[1] > 5 * max(counts[0], 0.5)


def test_a_complaint_ends_with_the_police(data: duckdb.DuckDBPyConnection) -> None:
    case, hospital = data.execute("""
        select case_id, fixmedins_code from clue_case where case_stas = '已移送公安'
    """).fetchone()
    values = {"case": case}
    complaint = data.execute(
        "select recv_date, verified_flag from complaint where case_id = $case", values
    ).fetchone()
    visit = data.execute(
        "select insp_date, insp_method from inspection where clue_id = $case", values
    ).fetchone()
    finding = data.execute(
        "select found_date, amt, fixmedins_code from finding where case_id = $case", values
    ).fetchone()
    acts = dict(
        data.execute(
            "select handle_type, decided_date from handling where case_id = $case and handle_type <> '50'",
            values,
        ).fetchall()
    )
    assert complaint[1] == "1"
    assert visit[1] == "举报核查"
    assert complaint[0] < visit[0] < finding[0] < acts["32"] < acts["62"]
    assert {"32", "33", "40", "60", "61", "62"} <= set(acts)
    assert finding[2] == hospital
    linked = data.execute("""
        select sum(l.amt), sum(s.fund_pay_sumamt), count(distinct s.fixmedins_code)
        from case_claim as l inner join setl_d as s using (setl_id) where l.case_id = $case
    """, values).fetchone()  # fmt: skip
    assert linked == (finding[1], finding[1], 1)
    due, done = data.execute(
        "select amt_due, amt_done from handling where case_id = $case and handle_type = '32'", values
    ).fetchone()
    assert due == finding[1] > done > 0
    assert data.execute("select count(*) from case_event where case_id = $case", values).fetchone()[0] >= 6


def test_a_pharmacy_charged_while_suspended(tmp_path: Path) -> None:
    """Seen at the scale of `make run`; at the smallest one the pharmacy has hardly a claim."""
    from dataclasses import replace

    from fundwatch.demo import make_demo, plan_for
    from fundwatch.demo.plan import Scale

    plan = replace(plan_for("tiny", months=1, end="2026-05"), scale=Scale("test", 1 / 20, 0.01))
    make_demo(tmp_path / "demo", plan)
    data = typed(tmp_path / "demo", "setl_d", "fixmedins_cntr_reg_d")
    found = data.execute("""
        select count(*) from setl_d inner join fixmedins_cntr_reg_d using (fixmedins_code)
        where cntr_stas = '2' and setl_time::date between stas_begndate and stas_enddate
    """).fetchone()[0]
    assert found > 0


def test_coverage_at_the_end_of_october_leaves_some_unchecked(data: duckdb.DuckDBPyConnection) -> None:
    checked, everybody = data.execute("""
        select count(distinct i.fixmedins_code),
            (select count(distinct fixmedins_code) from fixmedins_cntr_reg_d where year(efft_time) = 2026)
        from inspection as i where insp_kind = '协议检查' and insp_stas = '完成' and year(insp_date) = 2026
    """).fetchone()
    assert 0.85 <= checked / everybody <= 0.92
    assert (
        data.execute(
            "select count(*) from inspection where insp_stas = '计划' and insp_date > '2026-10-31'"
        ).fetchone()[0]
        > 5
    )


def test_two_institutions_are_inspected_too_often(data: duckdb.DuckDBPyConnection) -> None:
    found = data.execute("""
        select fixmedins_code from inspection
        where insp_kind = '行政检查' and insp_method = '现场检查' and insp_stas = '完成' and clue_id is null and year(insp_date) = 2026
        group by all having count(*) > 1
    """).fetchall()
    assert len(found) == 2


def test_persons_with_nine_points_and_a_report_never_filed(data: duckdb.DuckDBPyConnection) -> None:
    persons = data.execute("""
        select person_code from credit_point where year(event_date) = 2026
        group by all having sum(points - coalesce(repair_points, 0)) >= 9
    """).fetchall()
    assert len(persons) == 2
    assert data.execute("select count(*) from report_filing where filed_date is null").fetchone() == (1,)
    late = data.execute("select count(*) from report_filing where filed_date > due_date").fetchone()[0]
    assert 1 <= late <= 15


def test_most_hospitals_have_the_reminder_interface(data: duckdb.DuckDBPyConnection) -> None:
    online, hospitals = data.execute("""
        select count(i.fixmedins_code), count(*) from fixmedins_b as f
        left join intf_onln_d as i on i.fixmedins_code = f.fixmedins_code and i.intf_code = '3101'
        where hosp_lv <> '11' and fix_blng_admdvs = '999001'
    """).fetchone()
    assert 0.8 <= online / hospitals < 1
