"""Worked examples of the marts' rules: boundary days, blanks, what is filled and what is not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from lake_home import put, run_build

from fundwatch.warehouse import open_warehouse

H1, H2, H3 = "H99900100001", "H99900100002", "H99900100003"


def read(home, sql, **values):
    """Build and read as tuples."""
    run_build(home)
    with open_warehouse(home) as warehouse:
        return [tuple(row.values()) for row in warehouse.query(sql, values or None).to_pylist()]


@pytest.mark.parametrize(
    ("kind", "level", "expected"),
    [
        ("1", "01", "三级"),
        ("1", "12", "三级"),
        ("1", "05", "二级"),
        ("1", "13", "二级"),
        ("1", "10", "一级"),
        ("1", "14", "一级"),
        ("1", "11", "未定级"),
        ("1", None, "未定级"),
        ("2", "11", "药店"),
        ("2", None, "药店"),
    ],
)
def test_level_class(home, kind, level, expected):
    put(home, "fixmedins_b", {"fixmedins_type": kind, "hosp_lv": level})
    assert read(home, "select level_class from dim_institution") == [(expected,)]


def test_institution_takes_a_blank_town_name_from_the_town_and_invalid_ones_stay(home):
    put(home, "town", {"town_code": "T1", "town_name": "城关镇"})
    put(
        home,
        "fixmedins_b",
        {"fixmedins_code": H1, "town_code": "T1"},
        {"fixmedins_code": H2, "town_code": "T1", "town_name": "旧镇", "coord_sys": "BD09"},
        {"fixmedins_code": H3, "town_code": "T9", "vali_flag": "0"},
    )
    assert read(
        home, "select town_name, coord_sys, vali_flag from dim_institution order by fixmedins_code"
    ) == [
        ("城关镇", "GCJ02", "1"),
        ("旧镇", "BD09", "1"),
        (None, "GCJ02", "0"),
    ]


@pytest.mark.parametrize(
    ("state", "state_begins", "ends"),
    [
        ("1", "2024-06-10", "2024-12-31"),
        ("2", "2024-06-10", "2024-12-31"),
        ("3", "2024-06-10", "2024-06-09"),
        ("4", "2024-06-10", "2024-06-09"),
        ("3", "2025-06-10", "2024-12-31"),
        ("3", "2025-01-01", "2024-12-31"),
        ("4", None, "2024-12-31"),
    ],
)
def test_agreement_ends_the_day_before_it_is_cancelled_and_suspension_does_not_interrupt(
    home, state, state_begins, ends
):
    put(home, "fixmedins_b", {})
    put(
        home,
        "fixmedins_cntr_reg_d",
        {
            "efft_time": "2024-01-01 08:00:00",
            "invd_time": "2024-12-31 23:59:59",
            "cntr_stas": state,
            "stas_begndate": state_begins,
        },
    )
    assert read(home, "select efft_date, end_date from fct_agreement") == [
        (dt.date(2024, 1, 1), dt.date.fromisoformat(ends))
    ]


def test_agreements_of_invalid_or_unknown_institutions_are_left_out(home):
    put(home, "fixmedins_b", {"fixmedins_code": H1}, {"fixmedins_code": H2, "vali_flag": "0"})
    rows = [{"cntr_id": code, "fixmedins_code": code} for code in (H1, H2, H3)]
    put(home, "fixmedins_cntr_reg_d", *rows)
    assert read(home, "select cntr_id from fct_agreement") == [(H1,)]


def test_inspection_knows_its_record_sheet_and_whether_a_finding_of_its_own_has_a_notice(home):
    put(
        home,
        "inspection",
        {"insp_id": "I1", "record_no": "R1", "vola_found_flag": "1"},
        {"insp_id": "I2", "random_flag": "1"},
        {"insp_id": "I3"},
    )
    put(
        home,
        "finding",
        {"finding_id": "F1", "insp_id": "I1", "amt": "10.10"},
        {"finding_id": "F2", "insp_id": "I1", "amt": "0.20", "notice_no": "N1"},
        {"finding_id": "F3", "insp_id": "I2", "amt": "5"},
        {"finding_id": "F4", "amt": "7", "notice_no": "N2"},
    )
    columns = "insp_id, has_record, has_notice, finding_cnt, finding_amt, random_flag, vola_found_flag"
    assert read(home, f"select {columns} from fct_inspection order by insp_id") == [
        ("I1", 1, 1, 2, Decimal("10.30"), "0", "1"),
        ("I2", 0, 0, 1, Decimal("5.00"), "1", "0"),
        ("I3", 0, 0, 0, Decimal("0.00"), "0", "0"),
    ]


def test_finding_knows_the_first_self_check_of_its_own_year(home):
    put(
        home,
        "self_check",
        {"self_check_id": "1", "submit_date": "2023-03-01"},
        {"self_check_id": "2", "submit_date": "2024-05-01"},
        {"self_check_id": "3", "submit_date": "2024-04-01"},
        {"self_check_id": "4", "submit_date": None},
    )
    put(
        home,
        "finding",
        {"finding_id": "F1", "found_date": "2024-06-01"},
        {"finding_id": "F2", "found_date": "2022-06-01"},
    )
    assert read(home, "select finding_id, first_submit_date from fct_finding order by 1") == [
        ("F1", dt.date(2024, 4, 1)),
        ("F2", None),
    ]


def test_a_blank_institution_is_filled_from_the_finding_then_from_the_case(home):
    put(
        home,
        "finding",
        {"finding_id": "F1", "fixmedins_code": H1, "case_id": "C1"},
        {"finding_id": "F2", "fixmedins_code": H1, "case_id": "C2"},
        {"finding_id": "F3", "fixmedins_code": H2, "case_id": "C2"},
    )
    put(
        home,
        "clue_case",
        {"case_id": "C1", "fixmedins_code": None},
        {"case_id": "C2", "fixmedins_code": None},
        {"case_id": "C3", "fixmedins_code": H3},
    )
    put(
        home,
        "handling",
        {"handle_id": "own", "fixmedins_code": H2, "finding_id": "F1"},
        {"handle_id": "by finding", "fixmedins_code": None, "finding_id": "F1", "case_id": "C3"},
        {"handle_id": "by case's finding", "fixmedins_code": None, "case_id": "C1"},
        {"handle_id": "by case", "fixmedins_code": None, "case_id": "C3"},
        {"handle_id": "two institutions", "fixmedins_code": None, "case_id": "C2"},
    )
    put(
        home,
        "complaint",
        {"cmpl_id": "1", "fixmedins_code": None, "case_id": "C1"},
        {"cmpl_id": "2", "fixmedins_code": None, "case_id": "C3"},
        {"cmpl_id": "3", "fixmedins_code": None},
    )
    assert dict(read(home, "select handle_id, fixmedins_code from fct_handling")) == {
        "own": H2,
        "by finding": H1,
        "by case's finding": H1,
        "by case": H3,
        "two institutions": None,
    }
    with open_warehouse(home) as warehouse:
        cases = warehouse.query("select case_id, fixmedins_code from fct_case order by 1").to_pydict()
        complaints = warehouse.query("select fixmedins_code from fct_complaint order by cmpl_id").to_pydict()
    assert cases["fixmedins_code"] == [H1, None, H3]
    assert complaints["fixmedins_code"] == [H1, H3, None]


def test_recovered_date_is_the_day_it_was_done_else_the_day_it_was_decided(home):
    put(
        home,
        "handling",
        {"handle_id": "1", "decided_date": "2024-01-05", "done_date": "2024-02-06", "amt_done": None},
        {"handle_id": "2", "decided_date": "2024-01-05"},
    )
    assert read(home, "select recovered_date, amt_done from fct_handling order by handle_id") == [
        (dt.date(2024, 2, 6), None),
        (dt.date(2024, 1, 5), None),
    ]


def test_missing_reports_are_made_from_the_first_filed_month_on(home):
    put(
        home,
        "report_filing",
        {"month": "2023-11", "item": "日常稽核", "due_date": "2023-12-10", "filed_date": None},
        {"month": "2023-12", "item": "日常稽核", "due_date": "2024-01-12", "filed_date": "2024-01-05"},
        {"month": "2024-01", "item": "专项检查", "due_date": "2024-02-10", "filed_date": "2024-02-11"},
    )
    rows = read(
        home, "select month, item, due_date, is_recorded from fct_report_filing where month <= '2024-01'"
    )
    assert [row for row in rows if row[0] == "2023-11"] == [("2023-11", "日常稽核", dt.date(2023, 12, 10), 1)]
    december = [row for row in rows if row[0] == "2023-12"]
    assert len(december) == 6
    assert {row[2] for row in december if row[3] == 0} == {dt.date(2024, 1, 10)}
    assert [row for row in december if row[3] == 1] == [("2023-12", "日常稽核", dt.date(2024, 1, 12), 1)]


def test_made_reports_reach_120_months_beyond_the_last_recorded_one(home):
    put(home, "report_filing", {"month": "2024-11", "due_date": "2024-12-10", "filed_date": "2024-12-01"})
    assert read(home, "select count(*), max(month), max(due_date) from fct_report_filing") == [
        (121 * 6, "2034-11", dt.date(2034, 12, 10))
    ]


def test_nothing_is_made_where_nothing_was_ever_filed(home):
    put(home, "report_filing", {"filed_date": None})
    assert read(home, "select count(*) from fct_report_filing") == [(1,)]


def test_benefit_total_row_counts_per_measure_and_else_its_parts(home):
    part = {"begndate": "2021-01-01", "enddate": "2021-04-30", "insutype": "310"}
    put(
        home,
        "benefit_stat",
        {**part, "category": "住院", "fund_amt": "1.00", "person_times": 2},
        {**part, "category": "小计:基本", "fund_amt": "1.00", "person_times": 2},
        {**part, "category": "实际报销比例:综合", "reimb_ratio_pct": "59.54"},
        {**part, "category": "合计", "fund_amt": "1.01", "person_times": None},
        {**part, "insutype": "390", "category": "住院", "fund_amt": "3.00", "person_times": 4},
    )
    rows = read(
        home,
        "select insutype, category, role, is_amt_counted, is_times_counted from fct_benefit order by 1, 2",
    )
    assert sorted(rows) == sorted(
        [
            ("310", "住院", "部分", 0, 1),
            ("310", "小计:基本", "小计", 0, 0),
            ("310", "实际报销比例:综合", "比例", 0, 0),
            ("310", "合计", "合计", 1, 0),
            ("390", "住院", "部分", 1, 1),
        ]
    )


def test_med_type_of_the_bureau_replaces_the_shipped_list_whole(home):
    assert read(home, "select inpatient from dim_med_type where med_type = '21'") == [("1",)]
    put(home, "med_type", {"med_type": "21", "med_type_name": "住院", "inpatient": "1"})
    assert read(home, "select med_type, inpatient from dim_med_type") == [("21", "1")]


def test_settlement_month_nets_refunds_and_leaves_invalid_rows_out(home):
    put(
        home,
        "setl_d",
        {"setl_id": "1", "setl_time": "2024-05-31 23:59:59", "fund_pay_sumamt": "100.10"},
        {"setl_id": "2", "setl_time": "2024-05-02", "fund_pay_sumamt": "-40.10", "refd_setl_flag": "1"},
        {"setl_id": "3", "setl_time": "2024-05-02", "fund_pay_sumamt": "9.99", "vali_flag": "0"},
        {"setl_id": "4", "setl_time": "2024-06-01", "fund_pay_sumamt": "1", "insu_admdvs": "999002"},
        {"setl_id": "5", "setl_time": "2024-06-01", "fund_pay_sumamt": "2", "insu_admdvs": None},
    )
    columns = "ym, is_local, setl_cnt, refd_cnt, fund_pay_sumamt, acct_pay"
    assert read(home, f"select {columns} from fct_settlement_month order by ym, is_local") == [
        ("2024-05", 1, 0, 1, Decimal("60.00"), Decimal("0.00")),
        ("2024-06", 0, 1, 0, Decimal("1.00"), Decimal("0.00")),
        ("2024-06", 1, 1, 0, Decimal("2.00"), Decimal("0.00")),
    ]


def test_suspicion_steps_count_only_what_each_step_confirmed(home):
    put(home, "doc_d", {"doc_id": "D1", "fixmedins_code": H1, "dcla_time": "2024-04-01"})
    flagged = {"rule_id": "R1", "checkout_time": "2024-05-01", "doc_id": "D1"}
    put(
        home,
        "doc_suspt_d",
        {**flagged, "doc_suspt_id": "1", "checkout_suspt_amt": "10"},
        {
            **flagged,
            "doc_suspt_id": "2",
            "checkout_suspt_amt": "20",
            "chk_vola_flag": "1",
            "chk_vola_amt": "15",
            "finl_chk_vola_flag": "1",
            "cnfm_vola_amt": "12",
            "det_flag": "1",
            "vola_det_amt": "12",
            "rvis_amt": "2",
        },
        {**flagged, "doc_suspt_id": "3", "doc_id": "unknown", "checkout_suspt_amt": "1", "rvis_amt": "9"},
    )
    columns = "fixmedins_code, flagged_cnt, flagged_amt, first_review_amt, confirmed_amt, deducted_amt"
    assert read(home, f"select {columns} from fct_suspicion_month order by 1 nulls last") == [
        (H1, 2, Decimal("30.00"), Decimal("15.00"), Decimal("12.00"), Decimal("10.00")),
        (None, 1, Decimal("1.00"), Decimal("0.00"), Decimal("0.00"), Decimal("0.00")),
    ]


def test_reminders_without_an_answer_are_counted_as_such(home):
    put(
        home,
        "bffact_warn_rslt_d",
        {"warn_rslt_id": "1", "vola_amt": "5", "warn_dspo_way": "2"},
        {"warn_rslt_id": "2", "vola_amt": None, "warn_dspo_way": None},
    )
    assert read(home, "select warn_dspo_way, warn_cnt, vola_amt from fct_reminder_month order by 1") == [
        ("0", 1, Decimal("0.00")),
        ("2", 1, Decimal("5.00")),
    ]


def test_months_quarters_and_years_get_their_days(home):
    put(home, "fund_balance", {"month": "2024-02", "closing_balance": "1"})
    put(home, "post_review", {"quarter": "2024Q4"})
    put(home, "assessment", {"year": 2024})
    assert read(home, "select month_begn, month_end from fct_fund_balance") == [
        (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    ]
    with open_warehouse(home) as warehouse:
        quarter = warehouse.query("select quarter_begn, quarter_end from fct_post_review").to_pylist()[0]
        year = warehouse.query("select year_end from fct_assessment").to_pylist()[0]
    assert tuple(quarter.values()) == (dt.date(2024, 10, 1), dt.date(2024, 12, 31))
    assert year["year_end"] == dt.date(2024, 12, 31)


def test_a_home_without_data_builds_empty_marts_and_only_the_shipped_lists(home):
    run_build(home)
    with open_warehouse(home) as warehouse:
        rows = warehouse.query("select model, row_count from _meta_models where row_count > 0").to_pydict()
    assert rows["model"] == ["dim_med_type", "dim_workday"]


def test_rows_taken_back_are_out_and_the_shipped_categories_come_back_with_the_last_of_them(home):
    put(
        home,
        "event_mark",
        {"event_date": "2024-03-01", "title": "上线"},
        {"event_date": "2024-03-01", "title": "误记", "vali_flag": "0"},
    )
    put(
        home,
        "base_year",
        {"year": 2024, "insutype": "310", "base_year": 2022, "vali_flag": "0"},
        {"year": 2025, "insutype": "310", "base_year": 2023},
    )
    put(
        home,
        "med_type",
        {"med_type": "11", "med_type_name": "门诊", "outpatient": "1"},
        {"med_type": "21", "vali_flag": "0"},
    )
    assert read(home, "select title from fct_event_mark") == [("上线",)]
    assert read(home, "select year, base_year from fct_base_year") == [(2025, 2023)]
    assert read(home, "select med_type, outpatient from dim_med_type") == [("11", "1")]
    put(home, "med_type", {"med_type": "11", "vali_flag": "0"})
    shipped = read(home, "select count(*), max(inpatient) from dim_med_type")
    assert shipped[0][0] > 30
    assert shipped[0][1] == "1"
