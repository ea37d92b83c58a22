"""The planted cases: a complaint that ends with the police, stays that were split, transfers from review."""

from __future__ import annotations

import datetime as dt

import numpy as np

from fundwatch.demo.calendar import as_date, days_after
from fundwatch.demo.casebook import Casebook, receive, settle
from fundwatch.demo.columns import Frame, pick, size
from fundwatch.demo.handlings import part
from fundwatch.demo.stories import CASE_STORY, SPLIT_STORY
from fundwatch.demo.vocabulary import CASE_HOSPITAL, COUNTY, RULES, SPLITTING
from fundwatch.demo.write import yuan

#: transferred suspicions that become cases, at most, over the whole demo
_TRANSFERS = 8


def complaint_to_transfer(book: Casebook, stories: Frame) -> None:
    """The story told from beginning to end: complaint, on-site check, finding, recovery, penalty, police."""
    bills = pick(stories, stories["story"] == CASE_STORY)
    year = book.world.plan.year
    opened = dt.date(year, 5, 20)
    if not size(bills) or opened > book.last_day:
        return
    rng = book.world.plan.stream("case", "complaint")
    place = book.world.position[CASE_HOSPITAL]
    case = book.open("举报", opened, place, "举报虚假住院案")
    complaint = receive(book, dt.date(year, 5, 12), place, "电话", "反映住院期间未在院治疗")
    complaint.update(
        accept_date=dt.date(year, 5, 13),
        case_id=case["case_id"],
        closed_date=dt.date(year, 6, 9),
        verified_flag="1",
        reply_date=dt.date(year, 6, 10),
        reward_amt=yuan(200_000),
    )
    total = int(bills["fund"].sum())
    book.event(case, opened, "立案", "检查员01", "举报件初步核实后立案")
    visit = book.inspections.add(
        place,
        dt.date(year, 5, 26),
        rng,
        insp_method="举报核查",
        clue_id=case["case_id"],
        vola_found_flag="1",
        random_flag="0",
    )
    visit["record_no"] = f"记录{visit['insp_id'][2:]}"
    book.event(case, dt.date(year, 5, 26), "现场检查", "检查员01", "夜间查房,登记在院人员不在院")
    finding = book.inspections.find(
        visit, "虚假就医", total, dt.date(year, 6, 8), True, case_id=case["case_id"]
    )
    book.event(case, dt.date(year, 6, 8), "认定", "检查员04", f"认定涉案结算 {size(bills)} 笔")
    for bill, fund in zip(bills["bill"], bills["fund"], strict=True):
        book.link(case, int(bill), int(fund), finding_id=finding["finding_id"])
    link = {
        "finding_id": finding["finding_id"],
        "case_id": case["case_id"],
        "fixmedins_code": case["fixmedins_code"],
    }
    paid = part(yuan(total), 80)
    for kind, day, more in (
        (
            "32",
            dt.date(year, 7, 1),
            {
                "amt_due": yuan(total),
                "amt_done": paid,
                "done_date": dt.date(year, 7, 24),
                "handle_stas": "部分追回",
            },
        ),
        (
            "33",
            dt.date(year, 7, 1),
            {"amt_due": part(yuan(total), 30), "amt_done": yuan(0), "handle_stas": "待缴"},
        ),
        (
            "40",
            dt.date(year, 7, 1),
            {
                "psn_object": "人员",
                "begndate": dt.date(year, 7, 6),
                "enddate": dt.date(year + 1, 1, 5),
                "handle_stas": "执行中",
            },
        ),
        ("60", dt.date(year, 7, 3), {"handle_stas": "已移交"}),
        (
            "61",
            dt.date(year, 8, 20),
            {"amt_due": yuan(total * 2), "amt_done": yuan(0), "handle_stas": "待缴"},
        ),
        ("62", dt.date(year, 9, 4), {"handle_stas": "已移送"}),
    ):
        book.handlings.add(kind, day, **link, **more)
    book.event(case, dt.date(year, 7, 1), "协议处理", "检查员04", "追回违规费用并支付违约金")
    book.event(case, dt.date(year, 7, 24), "追回", "检查员04", f"到账 {paid} 元")
    book.event(case, dt.date(year, 8, 20), "行政处罚", "检查员06", "作出罚款决定")
    book.event(case, dt.date(year, 9, 4), "移送公安", "检查员01", "涉嫌犯罪线索移送公安机关")
    case.update(med_record_cnt=size(bills), fraud_amt=yuan(total), vola_amt=yuan(0), case_stas="已移送公安")


def split_stays(book: Casebook, stories: Frame) -> None:
    """Screening found the pattern; the case is open and past its date."""
    bills = pick(stories, stories["story"] == SPLIT_STORY)
    year = book.world.plan.year
    opened = dt.date(year, 6, 29)
    if not size(bills) or opened > book.last_day:
        return
    place = book.world.position[SPLITTING]
    case = book.open("大数据筛查", opened, place, "疑似分解住院线索核查")
    seen = pick(bills, bills["paid"] < np.datetime64(opened))
    for bill, fund in zip(seen["bill"], seen["fund"], strict=True):
        book.link(case, int(bill), int(fund), rule_id="r040")
    case.update(med_record_cnt=size(seen), vola_amt=yuan(int(seen["fund"].sum())), case_stas="核查中")
    book.event(case, opened, "立案", "检查员03", "短期内同病种再入院比例偏高")
    book.event(case, dt.date(year, 7, 15), "病历调取", "检查员03", f"调取病历 {size(seen)} 份")


def transfers_from_review(book: Casebook, transfers: Frame) -> None:
    """Suspicions that review handed over: the claim, the suspicion and the rule stay linked."""
    step = max(1, size(transfers) // _TRANSFERS)
    rng = book.world.plan.stream("case", "review")
    for place in range(0, size(transfers), step):
        row = {name: values[place] for name, values in transfers.items()}
        rule = RULES[int(row["rule"])]
        opened = days_after(as_date(row["finished"]), rng, 2, 6)
        if (
            opened > book.last_day
            or len([case for case in book.cases if case["case_souc"] == "审核移交"]) >= _TRANSFERS
        ):
            continue
        case = book.open("审核移交", opened, int(row["institution"]), f"审核移交:{rule.name}")
        book.link(
            case,
            int(row["bill"]),
            int(row["confirmed"]),
            doc_suspt_id=f"Y{COUNTY}{int(row['number']):014d}",
            rule_id=rule.ours,
        )
        case.update(med_record_cnt=1, vola_amt=yuan(int(row["confirmed"])))
        book.event(case, opened, "立案", "检查员02", "审核岗移交线索")
        settle(book, case, rule.nature, yuan(int(row["confirmed"])), rng)
