"""Cases, complaints and credit points: from a clue to the last payment, tied to claims, inspections and findings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from fundwatch.demo.calendar import as_date, days_after, in_office, office_day
from fundwatch.demo.columns import Frame, pick, size
from fundwatch.demo.handlings import Handlings, part
from fundwatch.demo.inspections import Inspections
from fundwatch.demo.stories import CASE_STORY, SPLIT_STORY
from fundwatch.demo.vocabulary import CASE_HOSPITAL, COUNTY, RULES, SPLITTING
from fundwatch.demo.world import World
from fundwatch.demo.write import Row, yuan

_CHANNELS = ("电话", "来信", "网络平台", "来访", "上级转办")
_SUBJECTS = (
    "反映住院期间未在院治疗",
    "反映重复收费",
    "反映药店串换商品刷卡",
    "反映收费高于公示价格",
    "反映诱导住院",
    "反映开药超量",
)
_SOURCES = ("稽核", "大数据筛查", "部门移送", "上级交办", "飞检", "媒体曝光")
_CASE_DAYS, _COMPLAINT_DAYS = 90, 30
#: transferred suspicions that become cases, at most, over the whole demo
_TRANSFERS = 8


@dataclass
class Casebook:
    """The ledgers that cases fill; inspections and handlings are shared with the yearly round."""

    world: World
    inspections: Inspections
    handlings: Handlings
    cases: list[dict] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    complaints: list[dict] = field(default_factory=list)
    points: list[Row] = field(default_factory=list)

    @property
    def last_day(self) -> dt.date:
        return as_date(self.world.plan.last_day)

    def open(self, source: str, day: dt.date, place: int, title: str) -> dict:
        case = {
            "case_id": f"AJ{day.year}-{len(self.cases) + 1:03d}",
            "case_souc": source,
            "fixmedins_code": self.world.institutions[place].code,
            "title": title,
            "opened_date": day,
            "due_date": day + dt.timedelta(days=_CASE_DAYS),
            "case_stas": "办理中",
        }
        self.cases.append(case)
        return case

    def event(
        self, case: dict, day: dt.date, kind: str, actor: str, text: str, rng: np.random.Generator
    ) -> None:
        if day <= self.last_day:
            number = (
                f"{case['case_id']}-{sum(row['case_id'] == case['case_id'] for row in self.events) + 1:02d}"
            )
            self.events.append(
                {
                    "event_id": number,
                    "case_id": case["case_id"],
                    "event_time": in_office(day, rng),
                    "event_type": kind,
                    "actor": actor,
                    "text": text,
                }
            )

    def link(self, case: dict, bill: int, fen: int, **more: Any) -> None:
        """One claim of the case."""
        self.links.append(
            {
                "link_id": f"GL{len(self.links) + 1:05d}",
                "setl_id": f"S{COUNTY}{bill:013d}",
                "case_id": case["case_id"],
                "amt": yuan(fen),
                **more,
            }
        )

    def close(self, case: dict, day: dt.date) -> None:
        if day <= self.last_day:
            case.update(closed_date=day, case_stas="已办结")


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
        _complaint_to_transfer(book, pick(stories, stories["story"] == CASE_STORY))
        _split_stays(book, pick(stories, stories["story"] == SPLIT_STORY))
    if transfers is not None:
        _from_review(book, transfers)
    _ordinary(book)
    _complaints(book)
    _credit_points(book)
    return book


def _complaint_to_transfer(book: Casebook, bills: Frame) -> None:
    """The story told from beginning to end: complaint, on-site check, finding, recovery, penalty, police."""
    year = book.world.plan.year
    opened = dt.date(year, 5, 20)
    if not size(bills) or opened > book.last_day:
        return
    rng = book.world.plan.stream("case", "complaint")
    place = book.world.position[CASE_HOSPITAL]
    case = book.open("举报", opened, place, "举报虚假住院案")
    complaint = _complaint(book, dt.date(year, 5, 12), place, "电话", _SUBJECTS[0])
    complaint.update(
        accept_date=dt.date(year, 5, 13),
        case_id=case["case_id"],
        closed_date=dt.date(year, 6, 9),
        verified_flag="1",
        reply_date=dt.date(year, 6, 10),
        reward_amt=yuan(200_000),
    )
    total = int(bills["fund"].sum())
    book.event(case, opened, "立案", "检查员01", "举报件初步核实后立案", rng)
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
    book.event(case, dt.date(year, 5, 26), "现场检查", "检查员01", "夜间查房,登记在院人员不在院", rng)
    finding = book.inspections.find(
        visit, "虚假就医", total, dt.date(year, 6, 8), True, case_id=case["case_id"]
    )
    book.event(case, dt.date(year, 6, 8), "认定", "检查员04", f"认定涉案结算 {size(bills)} 笔", rng)
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
            {"begndate": dt.date(year, 7, 6), "enddate": dt.date(year + 1, 1, 5), "handle_stas": "执行中"},
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
    book.event(case, dt.date(year, 7, 1), "协议处理", "检查员04", "追回违规费用并支付违约金", rng)
    book.event(case, dt.date(year, 7, 24), "追回", "检查员04", f"到账 {paid} 元", rng)
    book.event(case, dt.date(year, 8, 20), "行政处罚", "检查员06", "作出罚款决定", rng)
    book.event(case, dt.date(year, 9, 4), "移送公安", "检查员01", "涉嫌犯罪线索移送公安机关", rng)
    case.update(med_record_cnt=size(bills), fraud_amt=yuan(total), vola_amt=yuan(0), case_stas="已移送公安")


def _split_stays(book: Casebook, bills: Frame) -> None:
    """Screening found the pattern; the case is open and past its date."""
    year = book.world.plan.year
    opened = dt.date(year, 6, 29)
    if not size(bills) or opened > book.last_day:
        return
    rng = book.world.plan.stream("case", "split")
    place = book.world.position[SPLITTING]
    case = book.open("大数据筛查", opened, place, "疑似分解住院线索核查")
    seen = pick(bills, bills["paid"] < np.datetime64(opened))
    for bill, fund in zip(seen["bill"], seen["fund"], strict=True):
        book.link(case, int(bill), int(fund), rule_id="r040")
    case.update(med_record_cnt=size(seen), vola_amt=yuan(int(seen["fund"].sum())), case_stas="核查中")
    book.event(case, opened, "立案", "检查员03", "短期内同病种再入院比例偏高", rng)
    book.event(case, dt.date(year, 7, 15), "病历调取", "检查员03", f"调取病历 {size(seen)} 份", rng)


def _from_review(book: Casebook, transfers: Frame) -> None:
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
        book.event(case, opened, "立案", "检查员02", "审核岗移交线索", rng)
        _settle(book, case, rule.nature, yuan(int(row["confirmed"])), rng)


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
        book.event(case, case["opened_date"], "立案", f"检查员{number % 12 + 1:02d}", "线索登记", rng)
        _settle(book, case, nature, amount, rng)
        day, number = day + dt.timedelta(days=int(rng.integers(14, 29))), number + 1


def _settle(book: Casebook, case: dict, nature: str, amount: Decimal, rng: np.random.Generator) -> None:
    """Check on site, find, recover, close: mostly in time."""
    place = next(i for i, one in enumerate(book.world.institutions) if one.code == case["fixmedins_code"])
    checked = days_after(case["opened_date"], rng, 5, 20)
    if checked > book.last_day:
        return
    method = (
        "举报核查"
        if case["case_souc"] == "举报"
        else "病历审查"
        if book.world.institutions[place].kind == "1"
        else "现场检查"
    )
    visit = book.inspections.add(
        place, checked, rng, insp_method=method, clue_id=case["case_id"], vola_found_flag="1", random_flag="0"
    )
    book.event(
        case,
        checked,
        "现场检查" if method != "病历审查" else "病历审查",
        visit["inspectors"].split(";")[0],
        f"{method}完成",
        rng,
    )
    found = days_after(checked, rng, 1, 10)
    if found > book.last_day:
        return
    finding = book.inspections.find(
        visit, nature, int(amount * 100), found, bool(rng.random() < 0.95), case_id=case["case_id"]
    )
    decided = days_after(found, rng, 5, 20)
    link = {
        "finding_id": finding["finding_id"],
        "case_id": case["case_id"],
        "fixmedins_code": case["fixmedins_code"],
    }
    recovered = book.handlings.recover(amount, decided, link, rng)
    if recovered is None:
        return
    book.event(case, decided, "协议处理", visit["inspectors"].split(";")[1], f"应追回 {amount} 元", rng)
    if amount > 20_000 and rng.random() < 0.4:
        book.handlings.add("60", days_after(decided, rng, 1, 4), handle_stas="已移交", **link)
    if rng.random() < 0.88:
        closed = days_after(decided, rng, 10, 45)
        book.close(case, closed)
        book.event(case, closed, "办结", visit["inspectors"].split(";")[0], "整改复查通过后办结", rng)


def _complaint(book: Casebook, day: dt.date, place: int | None, channel: str, subject: str) -> dict:
    row = {
        "cmpl_id": f"JB{day.year}-{len(book.complaints) + 1:03d}",
        "recv_date": day,
        "channel": channel,
        "fixmedins_code": None if place is None else book.world.institutions[place].code,
        "subject": subject,
        "due_date": day + dt.timedelta(days=_COMPLAINT_DAYS),
    }
    book.complaints.append(row)
    return row


def _complaints(book: Casebook) -> None:
    """About three a month; most are closed and answered in time, a fifth is true, some become a case."""
    rng = book.world.plan.stream("complaints")
    day = dt.date(book.world.plan.years[0], 1, 8)
    while day <= book.last_day:
        place = int(rng.choice(book.world.local)) if rng.random() < 0.9 else None
        row = _complaint(
            book, office_day(day), place, str(rng.choice(_CHANNELS)), str(rng.choice(_SUBJECTS[1:]))
        )
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
            book.event(case, case["opened_date"], "立案", "检查员05", "举报查实后立案", rng)
            _settle(book, case, "管理不规范", amount, rng)
        day += dt.timedelta(days=int(rng.integers(5, 16)))


def _credit_points(book: Casebook) -> None:
    """Points on doctors of institutions with a case; one doctor reaches nine in the year, one twelve."""
    rng = book.world.plan.stream("points")
    order = {one.code: place for place, one in enumerate(book.world.institutions)}

    def add(case: dict, doctor: int, day: dt.date, points: int, repaired: int = 0) -> None:
        if day <= book.last_day:
            code = f"D{COUNTY}{order[case['fixmedins_code']] * 1000 + doctor:06d}"
            book.points.append(
                {
                    "point_id": f"JF{len(book.points) + 1:04d}",
                    "person_code": code,
                    "fixmedins_code": case["fixmedins_code"],
                    "event_date": day,
                    "points": points,
                    "cause": case["title"],
                    "case_id": case["case_id"],
                    "repair_points": repaired or None,
                }
            )

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
