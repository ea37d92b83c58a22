"""The office's own ledgers: six-item report, training, internal control, tasks, marks, rule map, stock, payments."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal

import numpy as np

from fundwatch.contracts import code_lists
from fundwatch.demo.calendar import as_date, days_after, office_day
from fundwatch.demo.mix import POLICY_MONTH
from fundwatch.demo.vocabulary import ITEMS, RULES, posts
from fundwatch.demo.world import World
from fundwatch.demo.write import Row, yuan
from fundwatch.home import REFERENCE

_TOPICS = (
    "条例与实施细则",
    "定点协议要点",
    "门诊慢特病政策",
    "支付资格管理",
    "智能审核规则",
    "药店进销存管理",
)
_POSTS = ("初审岗", "复核岗", "复审岗", "财务岗", "待遇核定岗", "协议管理岗")
_TASKS = {
    "事前提醒组": (
        "督促未接入机构完成事前提醒接口",
        "分析提醒遵从率低的规则",
        "核对新增机构接入情况",
        "回访长期未反馈机构",
    ),
    "事中审核组": (
        "完成上月单据初审",
        "完成复审抽检",
        "清理超期未审单据",
        "汇总申诉理由并反馈规则",
        "核对扣款到账",
    ),
    "事后稽核组": ("完成季度事后审核", "开展专项检查", "督导自查自纠退回", "核查大数据线索", "跟踪案件追回"),
    "办公室": ("报送六项信息", "组织政策培训", "召开领导小组会议", "整理检查文书"),
}
_STOCKED_PHARMACIES, _STOCKED_DRUGS = 16, 8


def filings(world: World) -> list[Row]:
    """Six items a month, due on the 10th of the next; some late, one never filed."""
    rows: list[Row] = []
    rng = world.plan.stream("filings")
    months = np.arange(np.datetime64(f"{world.plan.years[0]}-01", "M"), world.plan.end)
    for place, month in enumerate(months):
        due = as_date(month + 1) + dt.timedelta(days=9)
        for number, item in enumerate(code_lists()["report_item"]):
            late = rng.random() < 0.05
            filed = (
                days_after(due, rng, 1, 6)
                if late
                else office_day(due - dt.timedelta(days=int(rng.integers(0, 6))))
            )
            missing = place == len(months) - 3 and number == 4
            rows.append(
                {
                    "month": str(month),
                    "item": item,
                    "due_date": due,
                    "filed_date": None if missing else filed,
                    "filer": f"填报岗{number + 1:02d}",
                }
            )
    return rows


def trainings(world: World) -> list[Row]:
    """Publicity, courses, tests with a pass mark, spot questions."""
    rng = world.plan.stream("training")
    rows: list[Row] = []
    day, number = dt.date(world.plan.years[0], 1, 14), 0
    kinds = list(code_lists()["training_kind"])
    while day <= as_date(world.plan.last_day):
        kind = kinds[number % len(kinds)]
        persons = int(rng.integers(20, 60) if kind in ("测试", "抽查") else rng.integers(60, 400))
        passed = int(rng.binomial(persons, 0.90)) if kind in ("测试", "抽查") else None
        rows.append(
            {
                "train_id": f"PX{day.year}-{number + 1:03d}",
                "train_date": office_day(day),
                "kind": kind,
                "persons": persons,
                "passed": passed,
                "topic": _TOPICS[number % len(_TOPICS)],
            }
        )
        day, number = day + dt.timedelta(days=int(rng.integers(9, 18))), number + 1
    return rows


def control_checks(world: World) -> list[Row]:
    rng = world.plan.stream("control")
    rows: list[Row] = []
    for number, month in enumerate(
        np.arange(np.datetime64(f"{world.plan.years[0]}-01", "M"), world.plan.end + 1)
    ):
        for post in (_POSTS[number % 6], _POSTS[(number + 3) % 6]):
            found = int(rng.poisson(0.8))
            rows.append(
                {
                    "control_id": f"NK{month}-{len(rows) + 1:03d}",
                    "check_date": office_day(as_date(month) + dt.timedelta(days=int(rng.integers(8, 27)))),
                    "post": post,
                    "risk_level": ("低", "中", "高")[min(found, 2)],
                    "found_cnt": found,
                    "fixed_cnt": int(rng.binomial(found, 0.9)),
                }
            )
    return rows


def tasks(world: World) -> list[Row]:
    """Tasks of the three groups and the office from the monthly meeting; some late, some open."""
    rng = world.plan.stream("tasks")
    rows: list[Row] = []
    last = as_date(world.plan.last_day)
    for number, month in enumerate(
        np.arange(np.datetime64(f"{world.plan.years[0]}-01", "M"), world.plan.end + 1)
    ):
        meeting = office_day(as_date(month) + dt.timedelta(days=5))
        for group, titles in _TASKS.items():
            due = office_day(meeting + dt.timedelta(days=int(rng.integers(14, 50))))
            late = rng.random() < {"事后稽核组": 0.22, "事中审核组": 0.14}.get(group, 0.08)
            done = (
                days_after(due, rng, 1, 20)
                if late
                else office_day(due - dt.timedelta(days=int(rng.integers(0, 9))))
            )
            finished = done <= last
            elapsed = (last - meeting).days * 100 // max((due - meeting).days, 1)
            rows.append(
                {
                    "task_id": f"RW{month}-{len(rows) + 1:03d}",
                    "group_name": group,
                    "title": titles[number % len(titles)],
                    "owner": posts(
                        {
                            "事前提醒组": "协议岗",
                            "事中审核组": "审核岗",
                            "事后稽核组": "检查员",
                            "办公室": "综合岗",
                        }[group],
                        3,
                    )[number % 3],
                    "begndate": meeting,
                    "due_date": due,
                    "done_date": done if finished else None,
                    "progress": 100 if finished else min(95, elapsed),
                    "meeting_id": f"HY{month}",
                }
            )
    return rows


def marks(world: World) -> list[Row]:
    """What happened: the policy change, campaigns, launches; at a sampled scale also that claims are a sample."""
    year = world.plan.year
    rows: list[Row] = [
        {
            "event_date": as_date(POLICY_MONTH),
            "title": "普通门诊统筹支付限额提高",
            "note": "门诊就诊量随之上升",
        },
        {
            "event_date": dt.date(year - 1, 9, 1),
            "title": "智能审核规则库更新",
            "note": "新增康复理疗超频次等规则",
        },
        {"event_date": dt.date(year, 3, 2), "title": "定点零售药店专项整治启动", "note": None},
        {"event_date": dt.date(year, 4, 1), "title": "条例实施细则施行", "note": "国家医保局令第7号"},
    ]
    if world.plan.scale.share < 1:
        rows.append(
            {
                "event_date": as_date(world.plan.first_day),
                "title": f"演示数据:结算明细约为 1/{round(1 / world.plan.scale.share)} 抽样",
                "note": "参保人数按同一比例缩小;基金台账、检查台账等为全县数,与结算明细不能相加对比",
            }
        )
    return rows


def rule_map(world: World) -> list[Row]:
    begin = dt.date(world.plan.years[0] - 1, 1, 1)
    return [
        {"platform_rule_id": rule.code, "rule_id": rule.ours, "efft_date": begin, "invd_date": None}
        for rule in RULES
    ]


def medical_types() -> list[Row]:
    """The default table of medical types, as it ships."""
    with (REFERENCE / "med_type.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stock(world: World) -> list[Row]:
    """Stock of some pharmacies: opening + in − out = closing; at one of them more goes out than ever came in."""
    rng = world.plan.stream("stock")
    pharmacies = [world.institutions[i].code for i in world.local if world.institutions[i].kind == "2"][
        :_STOCKED_PHARMACIES
    ]
    drugs = [item.code for item in ITEMS if "p" in item.where][:_STOCKED_DRUGS]
    rows: list[Row] = []
    for number, pharmacy in enumerate(pharmacies):
        for drug in drugs:
            held = int(rng.integers(40, 160))
            for month in world.plan.claim_months:
                came, went = int(rng.integers(60, 240)), int(rng.integers(60, 220))
                went = went if number == 5 else min(went, held + came)
                closing = max(held + came - went, 0)
                rows.append(
                    {
                        "fixmedins_code": pharmacy,
                        "month": str(month),
                        "hilist_code": drug,
                        "opening_cnt": held,
                        "in_cnt": came,
                        "out_cnt": went,
                        "closing_cnt": closing,
                    }
                )
                held = closing
    return rows


def payments(world: World, declared: dict[tuple[int, int, str], int]) -> list[Row]:
    """clr_pay_d: what was declared less what review confirmed, paid some five weeks after the deadline, instantly within one.

    ``declared`` holds the fen to pay by institution, issue (YYYYMM) and insurance type.
    """
    rng = world.plan.stream("payments")
    last = as_date(world.plan.last_day)
    rows: list[Row] = []
    for (place, issue, insutype), fen in sorted(declared.items()):
        deadline = as_date(np.datetime64(f"{issue // 100}-{issue % 100:02d}", "M") + 1) + dt.timedelta(days=9)
        instant = rng.random() < 0.10 + 0.02 * ((issue // 100 - world.plan.years[0]) * 12 + issue % 100)
        paid = days_after(deadline, rng, *((3, 9) if instant else (24, 44)))
        rows.append(
            {
                "fixmedins_code": world.institutions[place].code,
                "issue": str(issue),
                "insutype": insutype,
                "dcla_ddln": deadline,
                "pay_date": paid if paid <= last else None,
                "pay_amt": max(yuan(fen), Decimal("0.00")),
                "instant_flag": "1" if instant else "0",
            }
        )
    return rows
