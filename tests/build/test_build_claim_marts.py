"""Worked examples of the marts of reminders, stays, refunds and payments, and what a changed month rebuilds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from lake_home import put, run_build

from fundwatch.warehouse import open_warehouse

H1, H2 = "H99900100001", "H99810000002"


def built(home, sql):
    """What the served version answers, as tuples."""
    with open_warehouse(home) as warehouse:
        return [tuple(row.values()) for row in warehouse.query(sql).to_pylist()]


def read(home, sql):
    run_build(home)
    return built(home, sql)


def test_reminders_of_a_day_are_grouped_by_institution_rule_and_answer(home):
    reminder = {"rule_id": "R1", "rule_name": "重复收费"}
    put(
        home,
        "bffact_warn_rslt_d",
        {**reminder, "warn_rslt_id": "A", "crte_time": "2024-03-01T00:00:00", "vola_amt": "1.50"},
        {**reminder, "warn_rslt_id": "B", "crte_time": "2024-03-01T23:59:59"},
        {**reminder, "warn_rslt_id": "C", "crte_time": "2024-03-01T12:00:00", "warn_dspo_way": "2"},
        {**reminder, "warn_rslt_id": "D", "crte_time": "2024-03-02T00:00:00", "warn_dspo_way": "2"},
    )
    assert read(home, "select ym, crte_date, warn_dspo_way, warn_cnt, vola_amt from fct_reminder_day") == [
        ("2024-03", dt.date(2024, 3, 1), "0", 2, Decimal("1.50")),
        ("2024-03", dt.date(2024, 3, 1), "2", 1, Decimal("0.00")),
        ("2024-03", dt.date(2024, 3, 2), "2", 1, Decimal("0.00")),
    ]


def test_an_override_waits_for_its_settlement_and_for_a_reviewer_of_the_same_rule(home):
    put(
        home,
        "bffact_warn_rslt_d",
        {"warn_rslt_id": "A", "mdtrt_id": "M1", "rule_id": "R1", "warn_dspo_way": "1"},
        {"warn_rslt_id": "B", "mdtrt_id": "M1", "rule_id": "R2"},
        {"warn_rslt_id": "C", "mdtrt_id": "M1", "rule_id": "R1", "warn_dspo_way": "2"},
        {"warn_rslt_id": "D", "mdtrt_id": "M2", "rule_id": "R1", "warn_dspo_way": "1"},
    )
    put(home, "setl_d", {"setl_id": "S1", "mdtrt_id": "M1", "setl_time": "2024-05-02"})
    put(home, "doc_d", {"doc_id": "D1", "mdtrt_id": "M1", "dcla_time": "2024-06-01"})
    suspicion = {"doc_id": "D1", "rule_id": "R1", "checkout_time": "2024-06-01"}
    put(
        home,
        "doc_suspt_d",
        {**suspicion, "doc_suspt_id": "Y1", "chker": "初审岗01", "chktime": "2024-06-03T10:00:00"},
        {**suspicion, "doc_suspt_id": "Y2", "chker": "初审岗02", "chktime": "2024-06-02T10:00:00"},
        {**suspicion, "doc_suspt_id": "Y3", "rule_id": "R2"},
    )
    found = read(
        home, "select warn_rslt_id, is_reviewed, suspt_cnt, first_chk_date from fct_reminder_override"
    )
    assert found == [("A", 1, 2, dt.date(2024, 6, 2)), ("B", 0, 0, None)]


def test_stays_are_the_countys_own_with_an_inpatient_category_and_know_where_they_were(home):
    put(home, "fixmedins_b", {"fixmedins_code": H1, "fix_blng_admdvs": "999100"})
    stay = {"med_type": "21", "setl_time": "2024-03-31T23:59:59", "fixmedins_code": H1}
    put(
        home,
        "setl_d",
        {**stay, "setl_id": "A", "fix_blng_admdvs": "999001"},
        {**stay, "setl_id": "B", "fix_blng_admdvs": None},
        {**stay, "setl_id": "C", "fix_blng_admdvs": None, "fixmedins_code": H2},
        {**stay, "setl_id": "D", "fix_blng_admdvs": None, "insu_admdvs": None, "med_type": "52"},
        {**stay, "setl_id": "E", "insu_admdvs": "999002"},
        {**stay, "setl_id": "F", "med_type": "11"},
        {**stay, "setl_id": "G", "med_type": "x"},
        {**stay, "setl_id": "H", "vali_flag": "0"},
    )
    found = read(home, "select setl_id, setl_date, fix_blng_admdvs, is_outside from fct_inpatient_settlement")
    day = dt.date(2024, 3, 31)
    assert found == [
        ("A", day, "999001", 0), ("B", day, "999100", 1), ("C", day, "998100", 1), ("D", day, "999100", 1),
    ]  # fmt: skip


def test_a_month_of_stays_is_rebuilt_alone_and_a_changed_register_rebuilds_all(home):
    put(home, "fixmedins_b", {"fixmedins_code": H1})
    stay = {"med_type": "21", "fixmedins_code": H1, "fix_blng_admdvs": None}
    put(
        home,
        "setl_d",
        {**stay, "setl_id": "A", "setl_time": "2024-03-01"},
        {**stay, "setl_id": "B", "setl_time": "2024-04-01"},
    )
    run_build(home)
    put(home, "setl_d", {**stay, "setl_id": "B", "setl_time": "2024-04-02", "medfee_sumamt": "5.00"})
    months = "select setl_id, setl_date, medfee_sumamt, is_outside from fct_inpatient_settlement"
    assert read(home, months) == [
        ("A", dt.date(2024, 3, 1), Decimal("0.00"), 0), ("B", dt.date(2024, 4, 2), Decimal("5.00"), 0),
    ]  # fmt: skip
    put(home, "fixmedins_b", {"fixmedins_code": H1, "fix_blng_admdvs": "999002"})
    assert [row[3] for row in read(home, months)] == [1, 1]


def test_refunds_are_those_in_force_that_name_a_settlement(home):
    refund = {"setl_time": "2024-03-05", "refd_setl_flag": "1", "init_setl_id": "S1"}
    put(
        home,
        "setl_d",
        {"setl_id": "S1", "setl_time": "2024-02-01"},
        {**refund, "setl_id": "S2"},
        {**refund, "setl_id": "S3", "vali_flag": "0"},
        {**refund, "setl_id": "S4", "init_setl_id": None},
        {**refund, "setl_id": "S5", "refd_setl_flag": "0"},
    )
    assert read(home, "select setl_id, init_setl_id, refund_date from fct_refund") == [
        ("S2", "S1", dt.date(2024, 3, 5))
    ]
    assert built(home, "select setl_date, setl_cnt from fct_settlement_day") == [
        (dt.date(2024, 2, 1), 1),
        (dt.date(2024, 3, 5), 3),
    ]


@pytest.mark.parametrize(
    ("deadline", "paid", "workdays"),
    [
        (
            "2024-02-09",
            "2024-02-19",
            2,
        ),  # the Spring Festival is off until the 17th, Sunday the 18th is worked
        ("2024-02-19", "2024-02-19", 0),
        ("2024-02-20", "2024-02-19", 0),
        ("2024-02-16", "2024-02-17", 0),
        ("2024-02-02", "2024-02-04", 1),  # Saturday off, Sunday worked
        ("2024-02-09", None, None),
    ],
)
def test_working_days_from_the_day_after_the_deadline_to_the_day_of_payment(home, deadline, paid, workdays):
    put(home, "clr_pay_d", {"dcla_ddln": deadline, "pay_date": paid})
    assert read(home, "select pay_workdays, instant_flag from fct_payment") == [(workdays, "0")]


def test_the_bureaus_own_working_days_count_for_payments(home):
    put(home, "workday", {"cal_date": "2024-02-19", "workday_flag": "0", "reason": "搬迁停办"})
    put(home, "clr_pay_d", {"dcla_ddln": "2024-02-09", "pay_date": "2024-02-19"})
    assert read(home, "select pay_workdays from fct_payment") == [(1,)]
