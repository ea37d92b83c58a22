"""What was clicked, in one sentence: worked examples."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fundwatch.screens.pointed import handling_words, reminder_words, suspicion_words


def suspicion(key: str, **changes) -> dict:
    return {
        "doc_suspt_id": key,
        "rule_name": "限性别用药",
        "checkout_suspt_amt": Decimal("120.00"),
        "finl_chktime": dt.datetime(2026, 3, 5, 9, 30),
        "finl_chk_vola_flag": "1",
        "cnfm_vola_amt": Decimal("100.00"),
        "det_flag": "1",
        "det_time": dt.datetime(2026, 4, 1, 8, 0),
        "vola_det_amt": Decimal("100.00"),
        "rvis_amt": None,
        **changes,
    }


def test_the_suspicion_clicked_is_said_alone_with_each_amount():
    rows = [suspicion("YD1"), suspicion("YD2", rvis_amt=Decimal("1234.50"))]
    assert suspicion_words(rows, "YD2") == [
        "所点疑点 YD2:限性别用药,检出 120.00 元,复审确认 100.00 元,2026-04-01 扣款 100.00 元,补差 1,234.50 元。"
    ]


def test_a_suspicion_that_was_not_deducted_says_so():
    excluded = suspicion("YD1", det_flag="0", finl_chk_vola_flag="0", det_time=None, vola_det_amt=None)
    assert suspicion_words([excluded], "YD1") == ["所点疑点 YD1:限性别用药,检出 120.00 元,复审排除,未扣款。"]
    waiting = {**excluded, "finl_chktime": None, "det_flag": None}
    assert suspicion_words([waiting], "YD1") == ["所点疑点 YD1:限性别用药,检出 120.00 元,未扣款。"]


def test_a_deduction_without_a_day_leaves_the_day_out():
    assert suspicion_words([suspicion("YD1", det_time=None)], "YD1")[0].endswith("元,扣款 100.00 元。")


def test_without_a_click_only_rejected_ones_are_named_and_the_rest_counted():
    rows = [suspicion(f"YD{number}") for number in range(5)] + [suspicion("YD9", det_flag=None)]
    words = suspicion_words(rows, "")
    assert [text.split(":")[0] for text in words] == [
        "拒付的疑点 YD0",
        "拒付的疑点 YD1",
        "拒付的疑点 YD2",
        "另有 2 条拒付的疑点,见下方“审核疑点”。",
    ]
    assert len(suspicion_words(rows[:3], "")) == 3
    assert suspicion_words([rows[-1]], "") == []


def test_an_id_of_another_claim_names_nothing_of_it():
    assert suspicion_words([suspicion("YD1", det_flag=None)], "YD7") == []
    assert reminder_words([], "TX1") == []


def test_a_reminder_is_said_with_its_answer_and_reason():
    row = {
        "warn_rslt_id": "TX1",
        "crte_time": dt.datetime(2026, 2, 3, 10, 20),
        "rule_name": "重复收费",
        "vola_amt": Decimal("35.50"),
        "warn_dspo_way": "1",
        "warn_dspo_way_dscr": "病情需要",
    }
    assert reminder_words([row, {**row, "warn_rslt_id": "TX2"}], "TX1") == [
        "所点提醒 TX1:2026-02-03 10:20 重复收费,涉及 35.50 元,继续执行:病情需要。"
    ]
    silent = {**row, "warn_dspo_way": None, "warn_dspo_way_dscr": None}
    assert reminder_words([silent], "TX1")[0].endswith("涉及 35.50 元,没有应答。")
    assert reminder_words([row], "") == []


def test_a_recovery_is_said_with_what_came_in_and_when():
    row = {
        "handle_id": "CL1",
        "handle_type": "32",
        "decided_date": dt.date(2026, 5, 1),
        "amt_due": Decimal("2000.00"),
        "amt_done": Decimal("1500.00"),
        "done_date": dt.date(2026, 6, 2),
    }
    assert handling_words([row], "CL1") == [
        "所点处理 CL1:追回,2026-05-01 决定,应收 2,000.00 元,2026-06-02 到账 1,500.00 元。"
    ]
    assert handling_words([{**row, "amt_done": Decimal("0.00"), "done_date": None}], "CL1") == [
        "所点处理 CL1:追回,2026-05-01 决定,应收 2,000.00 元。"
    ]
