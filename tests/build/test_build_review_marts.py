"""Worked examples of the marts of review, of the second review and of settled quarters, and what a changed month rebuilds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from lake_home import put, run_build

from fundwatch.warehouse import open_warehouse

H1, P1 = "H99900100001", "P99900100001"


def built(home, sql):
    """What the served version answers, as tuples."""
    with open_warehouse(home) as warehouse:
        return [tuple(row.values()) for row in warehouse.query(sql).to_pylist()]


def test_a_suspicion_takes_institution_and_day_from_its_document(home):
    put(
        home,
        "doc_d",
        {"doc_id": "D1", "setl_id": "S1", "insutype": "390", "dcla_time": "2024-02-29T23:59:59"},
    )
    suspicion = {
        "checkout_time": "2024-03-01",
        "push_time": "2024-03-05T10:00:00",
        "vola_det_amt": "9.00",
        "rvis_amt": "2.50",
    }
    put(
        home,
        "doc_suspt_d",
        {**suspicion, "doc_suspt_id": "Y1", "doc_id": "D1", "det_flag": "1"},
        {**suspicion, "doc_suspt_id": "Y2", "doc_id": "D1", "det_flag": "0"},
        {**suspicion, "doc_suspt_id": "Y3", "doc_id": "nowhere", "det_flag": "1"},
    )
    run_build(home)
    columns = "doc_suspt_id, setl_id, fixmedins_code, insutype, dcla_date, push_date, deducted_amt"
    day, pushed = dt.date(2024, 2, 29), dt.date(2024, 3, 5)
    assert built(home, f"select {columns} from fct_suspicion order by 1") == [
        ("Y1", "S1", H1, "390", day, pushed, Decimal("6.50")),
        ("Y2", "S1", H1, "390", day, pushed, Decimal("0.00")),
        ("Y3", None, None, None, None, pushed, Decimal("6.50")),
    ]


def test_a_document_of_another_month_that_arrives_later_completes_the_suspicion(home):
    put(home, "doc_suspt_d", {"doc_suspt_id": "Y1", "doc_id": "D1", "checkout_time": "2024-03-01"})
    run_build(home)
    assert built(home, "select dcla_date from fct_suspicion") == [(None,)]
    put(home, "doc_d", {"doc_id": "D1", "dcla_time": "2024-02-10"})
    run_build(home)
    assert built(home, "select dcla_date from fct_suspicion") == [(dt.date(2024, 2, 10),)]


def test_the_second_review_is_counted_among_what_passed_the_first(home):
    document = {
        "issue": "202402",
        "insutype": "390",
        "med_type": "21",
        "dcla_time": "2024-03-05",
        "chktime": "2024-03-07",
    }
    drawn = {"smpl_flag": "1", "smpl_rchk_time": "2024-03-20"}
    put(
        home,
        "doc_d",
        {**document, **drawn, "doc_id": "A", "chk_vola_flag": "0", "smpl_vola_amt": "1.05"},
        {**document, **drawn, "doc_id": "B", "smpl_vola_amt": "2.00"},
        {**document, "doc_id": "C", "chk_vola_flag": "0", "smpl_flag": "1", "smpl_vola_amt": "7.00"},
        {**document, **drawn, "doc_id": "D", "chk_vola_flag": "1", "smpl_vola_amt": "9.00"},
        {**document, **drawn, "doc_id": "E", "chktime": None, "smpl_vola_amt": "4.00"},
        {**document, **drawn, "doc_id": "F", "chk_vola_flag": "0", "med_type": "11"},
    )
    run_build(home)
    columns = "care_kind, doc_cnt, rchk_cnt, found_cnt, vola_amt, vola_fen, square_fen"
    assert built(home, f"select {columns} from fct_sample_day order by 1") == [
        ("住院", 4, 3, 3, Decimal("7.05"), 705, Decimal(105**2 + 200**2 + 400**2)),
        ("门诊", 1, 1, 0, Decimal("0.00"), 0, Decimal(0)),
    ]


def test_the_state_of_documents_is_counted_by_day_issue_and_first_review(home):
    document = {"issue": "202402", "dcla_time": "2024-03-05T23:59:59", "dcla_fund_amt": "2.50"}
    looked_at = {"chktime": "2024-03-07T00:00:00", "chk_vola_flag": "0"}
    put(
        home,
        "doc_d",
        {**document, "doc_id": "A"},
        {**document, "doc_id": "B"},
        {**document, **looked_at, "doc_id": "C", "smpl_flag": "1"},
        {**document, **looked_at, "doc_id": "D", "smpl_flag": "1", "smpl_rchk_time": "2024-03-20"},
        {**document, **looked_at, "doc_id": "E", "smpl_flag": "0", "smpl_rchk_time": "2024-03-20"},
    )
    run_build(home)
    columns = "dcla_date, issue, chk_date, chk_vola_flag, is_drawn, is_reviewed, doc_cnt, dcla_fund_amt"
    day, looked = dt.date(2024, 3, 5), dt.date(2024, 3, 7)
    assert built(home, f"select {columns} from fct_doc_state_day order by chk_date nulls first, 5, 6") == [
        (day, "202402", None, None, 0, 0, 2, Decimal("5.00")),
        (day, "202402", looked, "0", 0, 1, 1, Decimal("2.50")),
        (day, "202402", looked, "0", 1, 0, 1, Decimal("2.50")),
        (day, "202402", looked, "0", 1, 1, 1, Decimal("2.50")),
    ]
    assert built(home, "select doc_id from fct_sampled_doc order by 1") == [("C",), ("D",), ("E",)]


def test_settlements_that_count_are_counted_by_day_and_institution(home):
    settlement = {"fixmedins_code": H1, "setl_time": "2024-03-31T23:59:59"}
    refund = {"refd_setl_flag": "1", "init_setl_id": "S3", "setl_time": "2024-07-09"}
    put(
        home,
        "setl_d",
        {**settlement, "setl_id": "S1"},
        {**settlement, "setl_id": "S2"},
        {**settlement, "setl_id": "S3", "setl_time": "2024-04-01T00:00:00"},
        {**settlement, "setl_id": "S4", "fixmedins_code": P1},
        {**settlement, "setl_id": "S5", "vali_flag": "0"},
        {**settlement, **refund, "setl_id": "S9"},
    )
    run_build(home)
    assert built(home, "select setl_date, fixmedins_code, setl_cnt from fct_settled_day order by 2") == [
        (dt.date(2024, 3, 31), H1, 2),
        (dt.date(2024, 3, 31), P1, 1),
    ]


def test_the_equations_of_settlements_are_summed_by_month(home):
    right = {
        "fund_pay_sumamt": "6.00",
        "hifp_pay": "6.00",
        "psn_pay": "4.00",
        "acct_pay": "1.00",
        "cash_payamt": "3.00",
    }
    put(
        home,
        "setl_d",
        {**right, "setl_id": "S1", "medfee_sumamt": "10.00"},
        {**right, "setl_id": "S2", "medfee_sumamt": "10.05"},
        {**right, "setl_id": "S3", "medfee_sumamt": "10.06", "cash_payamt": None},
        {**right, "setl_id": "S4", "medfee_sumamt": "99.00", "vali_flag": "0"},
    )
    run_build(home)
    columns = "equation, compared_cnt, odd_cnt, difference"
    assert built(home, f"select {columns} from fct_settlement_gap order by 1") == [
        ("fee", 3, 1, Decimal("0.11")),
        ("fund", 3, 0, Decimal("0.00")),
        ("person", 2, 0, Decimal("0.00")),
    ]


def test_a_quarter_counts_while_a_settlement_of_it_stands(home):
    settlement = {"fixmedins_code": H1, "setl_time": "2024-03-31T23:59:59"}
    put(
        home,
        "setl_d",
        {**settlement, "setl_id": "S1"},
        {**settlement, "setl_id": "S2", "setl_time": "2024-04-01T00:00:00"},
        {**settlement, "setl_id": "S3", "fixmedins_code": P1, "vali_flag": "0"},
    )
    put(
        home,
        "post_review",
        {"fixmedins_code": H1, "quarter": "2024Q1", "done_date": "2024-05-01", "amt_vola": "3.00"},
    )
    run_build(home)
    columns = "quarter, quarter_begn, quarter_end, setl_cnt, done_date"
    first = ("2024Q1", dt.date(2024, 1, 1), dt.date(2024, 3, 31), 1, dt.date(2024, 5, 1))
    second = ("2024Q2", dt.date(2024, 4, 1), dt.date(2024, 6, 30), 1, None)
    assert built(home, f"select {columns} from fct_settled_quarter order by 1") == [first, second]
    refund = {"setl_id": "S9", "refd_setl_flag": "1", "init_setl_id": "S1", "setl_time": "2024-07-09"}
    put(home, "setl_d", {**settlement, **refund})
    run_build(home)
    assert built(home, f"select {columns} from fct_settled_quarter order by 1") == [second]


def test_documents_of_a_day_are_counted(home):
    put(
        home,
        "doc_d",
        {"doc_id": "A", "dcla_time": "2024-03-05T00:00:00", "dcla_fund_amt": "1.50"},
        {"doc_id": "B", "dcla_time": "2024-03-05T23:59:59", "dcla_fund_amt": "2.00"},
        {"doc_id": "C", "dcla_time": "2024-03-06T00:00:00"},
    )
    run_build(home)
    assert built(home, "select dcla_date, doc_cnt, dcla_fund_amt from fct_doc_day order by 1") == [
        (dt.date(2024, 3, 5), 2, Decimal("3.50")),
        (dt.date(2024, 3, 6), 1, Decimal("0.00")),
    ]


def test_a_changed_month_of_documents_changes_its_sums_by_day_and_no_others(home):
    day = "select ym, cal_date, numerator, denominator, row_cnt from day_first_review_rate order by all"
    put(
        home,
        "doc_d",
        {"doc_id": "A", "dcla_time": "2024-03-05", "chktime": "2024-03-06"},
        {"doc_id": "B", "dcla_time": "2024-04-05"},
    )
    run_build(home)
    march = ("2024-03", dt.date(2024, 3, 5), 1, 1, 1)
    assert built(home, day) == [march, ("2024-04", dt.date(2024, 4, 5), 0, 1, 1)]
    put(home, "doc_d", {"doc_id": "B", "dcla_time": "2024-04-05", "chktime": "2024-04-09"})
    report = run_build(home)
    assert built(home, day) == [march, ("2024-04", dt.date(2024, 4, 5), 1, 1, 1)]
    assert report.modes["day_first_review_rate"] == "按月"
    # what is deducted may come from suspicions of any month
    assert report.modes["day_rejection_rate"] == "全部"
