"""Cases, complaints and credit points: from a clue to the last payment, tied to claims, inspections and findings."""

from __future__ import annotations

import datetime as dt

import numpy as np

from fundwatch.demo.calendar import days_after, office_day
from fundwatch.demo.case_stories import complaint_to_transfer, split_stays, transfers_from_review
from fundwatch.demo.casebook import Casebook, receive, settle
from fundwatch.demo.columns import Frame
from fundwatch.demo.handlings import Handlings
from fundwatch.demo.inspections import Inspections
from fundwatch.demo.vocabulary import COUNTY
from fundwatch.demo.world import World
from fundwatch.demo.write import yuan

_CHANNELS = ("电话", "来信", "网络平台", "来访", "上级转办")
_SUBJECTS = ("反映重复收费", "反映药店串换商品刷卡", "反映收费高于公示价格", "反映诱导住院", "反映开药超量")
_SOURCES = ("稽核", "大数据筛查", "部门移送", "上级交办", "飞检", "媒体曝光")


def make_cases(
    world: World,
    inspections: Inspections,
    handlings: Handlings,
    stories: Frame | None,
    transfers: Frame | None,
) -> Casebook:
    """All cases: the two stories, transfers from review, and the year's ordinary ones; then complaints and points."""
    book = Casebook(world, inspections, handlings)
    if stories is not None:
        complaint_to_transfer(book, stories)
        split_stays(book, stories)
    if transfers is not None:
        transfers_from_review(book, transfers)
    _ordinary(book)
    _complaints(book)
    _credit_points(book)
    return book


def _ordinary(book: Casebook) -> None:
    """A case about every three weeks, of every source."""
    world = book.world
    hospitals = [i for i in world.local if world.institutions[i].hospital]
    pharmacies = [i for i in world.local if world.institutions[i].kind == "2"]
    day, number = dt.date(world.plan.years[0], 1, 20), 0
    rng = world.plan.stream("case", "ordinary")
    while day <= book.last_day:
        place = int(rng.choice(pharmacies if number % 4 == 3 else hospitals))
        nature = str(
            rng.choice(["重复收费", "超标准收费", "超限制用药", "串换" if number % 4 == 3 else "过度诊疗"])
        )
        case = book.open(_SOURCES[number % len(_SOURCES)], office_day(day), place, f"{nature}线索核查")
        amount = yuan(int(np.exp(0.8 * rng.standard_normal()) * 900_000))
        case.update(med_record_cnt=int(rng.integers(4, 60)), vola_amt=amount)
        book.event(case, case["opened_date"], "立案", f"检查员{number % 12 + 1:02d}", "线索登记")
        settle(book, case, nature, amount, rng)
        day, number = day + dt.timedelta(days=int(rng.integers(14, 29))), number + 1


def _complaints(book: Casebook) -> None:
    """About three a month; most are closed and answered in time, a fifth is true, some become a case."""
    rng = book.world.plan.stream("complaints")
    day = dt.date(book.world.plan.years[0], 1, 8)
    while day <= book.last_day:
        place = int(rng.choice(book.world.local)) if rng.random() < 0.9 else None
        row = receive(book, office_day(day), place, str(rng.choice(_CHANNELS)), str(rng.choice(_SUBJECTS)))
        accepted = days_after(row["recv_date"], rng, 0, 3)
        late = rng.random() < 0.07
        closed = days_after(accepted, rng, *((32, 45) if late else (5, 26)))
        true = rng.random() < 0.22
        if accepted <= book.last_day:
            row["accept_date"] = accepted
        if closed <= book.last_day:
            row.update(closed_date=closed, verified_flag="1" if true else "0")
            replied = days_after(closed, rng, 0, 4)
            row["reply_date"] = replied if replied <= book.last_day and rng.random() < 0.97 else None
            row["reward_amt"] = yuan(int(rng.integers(5, 40)) * 10_000) if true else None
        if true and place is not None and row.get("closed_date") and rng.random() < 0.5:
            case = book.open("举报", row["closed_date"], place, f"举报核查:{row['subject'][2:]}")
            row["case_id"] = case["case_id"]
            amount = yuan(int(rng.integers(800, 9_000)) * 100)
            case.update(med_record_cnt=int(rng.integers(2, 12)), vola_amt=amount)
            book.event(case, case["opened_date"], "立案", "检查员05", "举报查实后立案")
            settle(book, case, "管理不规范", amount, rng)
        day += dt.timedelta(days=int(rng.integers(5, 16)))


def _credit_points(book: Casebook) -> None:
    """Points on doctors of institutions with a case; one doctor reaches nine in the year, one twelve."""
    rng = book.world.plan.stream("points")
    order = {one.code: place for place, one in enumerate(book.world.institutions)}

    def add(case: dict, doctor: int, day: dt.date, points: int, repaired: int = 0) -> None:
        if day > book.last_day:
            return
        where = {"fixmedins_code": case["fixmedins_code"], "case_id": case["case_id"]}
        point = {
            "point_id": f"JF{len(book.points) + 1:04d}",
            "person_code": f"D{COUNTY}{order[case['fixmedins_code']] * 1000 + doctor:06d}",
            "event_date": day,
            "points": points,
            "cause": case["title"],
            "repair_points": repaired or None,
        }
        book.points.append({**point, **where})
        book.handlings.add("50", day, psn_object="人员", handle_stas="已记分", **where)

    for case in list(book.cases):
        if not case["fixmedins_code"].startswith("H"):
            continue
        if case["title"] == "举报虚假住院案":
            add(case, 1, dt.date(case["opened_date"].year, 7, 10), 12)
            add(case, 2, dt.date(case["opened_date"].year, 7, 10), 6)
            add(case, 2, dt.date(case["opened_date"].year, 9, 11), 4)
        elif rng.random() < 0.6:
            repaired = int(rng.random() < 0.25)
            add(
                case,
                int(rng.integers(1, 5)),
                days_after(case["opened_date"], rng, 30, 60),
                int(rng.integers(1, 4)),
                repaired,
            )
