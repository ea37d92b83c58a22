"""待办预警: everything with a clock, as topics with counts and as one list; what cannot be known for lack of a table says so.

Counts of different things are never added up: a review document is not a case. So the screen counts topics, and things within one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from fundwatch.kpi import declarations
from fundwatch.screens.clocks import SOON_DAYS, WEEK_DAYS, Standing
from fundwatch.ui import numbers

Row = Mapping[str, Any]
#: the six-item report is due on this day of the next month (000 三(六))
REPORT_DAY = 10


@dataclass(frozen=True)
class Topic:
    """One kind of deadline: name, unit of its things, who answers for it, where the due day comes from, the tables without which
    nothing is known, the KPI whose list belongs to it and the screen that goes deeper with its parameters."""

    id: str
    name: str
    unit: str
    post: str
    basis: str
    tables: tuple[str, ...]
    kpi: str = ""
    screen: str = ""
    query: tuple[tuple[str, str], ...] = ()

    @property
    def owner(self) -> str:
        """The post that the KPI names, else that of the topic."""
        kpi = declarations().get(self.kpi)
        return kpi.owner if kpi else self.post


AGREEMENTS = "fixmedins_cntr_reg_d"
TOPICS = (
    Topic(
        "report", "六项信息月报", "项", "基金监管科", "次月10日前报送(2022方案 三(六))", ("report_filing",), "filing_timeliness"
    ),
    Topic("case", "线索案件", "件", "基金监管科", "案件台账的办理期限", ("clue_case",), "case_on_time_rate", "cases", (("show", "open"),)),
    Topic(
        "complaint", "举报投诉", "件", "基金监管科", "举报台账的办结期限", ("complaint",), "complaint_on_time_rate", "complaints",
        (("show", "open"),),
    ),
    Topic(
        "reply", "举报待回复", "件", "基金监管科", "已办结而没有回复;台账没有回复期限,按办结后天数列示", ("complaint",),
        "complaint_reply_rate", "complaints", (("show", "no_reply"),),
    ),
    Topic("review_first", "初审", "件", "初审岗", "申报后第{limit}个工作日", ("doc_d",), "review_overdue_rate"),
    Topic("review", "审核流转", "件", "复核岗、复审岗", "复核、推送、复审、反馈、扣款没有登记时限,按在等天数列示", ("doc_suspt_d",)),
    Topic("appeal", "申诉期限", "件", "复审岗", "推送时登记的申诉期限,到期未申诉转复审", ("doc_suspt_d",)),
    Topic("rectify", "限期整改", "件", "基金监管科", "处理台账的整改截止日", ("handling",)),
    Topic("suspension", "中止协议期满", "家", "协议管理岗", "协议登记的中止截止日", (AGREEMENTS,)),
    Topic("agreement", "协议到期", "家", "协议管理岗", "协议终止日期,且没有后续协议", (AGREEMENTS,)),
    Topic("task", "任务台账", "项", "办公室", "任务台账的完成期限", ("work_plan",), "task_on_time_rate"),
    Topic(
        "self_check", "自查自纠", "家", "协议管理岗", "6月30日前提交本年自查(2022方案 三(三))", ("self_check", AGREEMENTS),
        "self_check_coverage",
    ),
    Topic(
        "coverage", "年度检查覆盖", "家", "协议管理岗", "12月31日前全覆盖(2022方案 二)", ("inspection", AGREEMENTS),
        "inspection_coverage", "inspection-coverage",
    ),
    Topic("data", "数据更新", "表", "信息统计科", "平台明细超过7天、按月台账次月过后7天仍未更新;按今天计算", (), "", "data-quality"),
)  # fmt: skip
BY_ID = {topic.id: topic for topic in TOPICS}


def next_report_day(day: dt.date) -> dt.date:
    """The 10th on ``day`` or after it."""
    if day.day <= REPORT_DAY:
        return day.replace(day=REPORT_DAY)
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=REPORT_DAY)


@dataclass(frozen=True)
class Line:
    """One topic in numbers. ``why`` says why nothing is known (empty: it is known)."""

    topic: Topic
    counts: Mapping[Standing, int]
    first: Row | None
    why: str

    def count(self, *standings: Standing) -> int:
        return sum(self.counts.get(one, 0) for one in standings)

    @property
    def open(self) -> int:
        return sum(self.counts.values())

    @property
    def urgency(self) -> int:
        """0 overdue, 1 this week, 2 waits without a due day, 3 within 30 days, 4 later, 5 nothing open, 6 not known."""
        if self.why:
            return 6
        steps = (Standing.OVERDUE, Standing.WEEK, Standing.NO_DATE, Standing.SOON, Standing.LATER)
        return next((place for place, step in enumerate(steps) if self.count(step)), 5)

    @property
    def nearest(self) -> str:
        """甲医院 重复收费线索核查:超期 3 天."""
        if self.first is None:
            return ""
        return f"{' '.join(part for part in (self.first['who'], self.first['what']) if part)}:{self.first['clock']}"


PARTS = (
    "已超期",
    f"{WEEK_DAYS}天内到期",
    "在等,没有期限",
    f"{SOON_DAYS}天内到期",
    "以后到期",
    "没有待办",
    "无法判断",
)


def lines(table: pa.Table, why: Mapping[str, str]) -> list[Line]:
    """Every topic, the most urgent first; within one urgency by the day of its first thing. ``why``: topic → reason of not knowing."""
    counts: dict[str, dict[Standing, int]] = {}
    first: dict[str, Row] = {}
    for row in table.to_pylist():
        own = counts.setdefault(row["topic"], {})
        stands = Standing(row["standing"])
        own[stands] = own.get(stands, 0) + row["item_cnt"]
        first.setdefault(row["topic"], row)
    made = [
        Line(topic, counts.get(topic.id, {}), first.get(topic.id), why.get(topic.id, "")) for topic in TOPICS
    ]
    return sorted(made, key=lambda line: (line.urgency, _first_day(line)))


def _first_day(line: Line) -> dt.date:
    day = line.first and (line.first["due_date"] or line.first["since"])
    return day or dt.date.max


def message(found: Sequence[Line], day: dt.date) -> str:
    """The screen's sentence: what is overdue, what comes this week, what is not known."""
    late = [line for line in found if line.count(Standing.OVERDUE)]
    week = [line for line in found if line.count(Standing.WEEK)]
    parts = [
        f"截至 {numbers.date(day)},已超期 {len(late)} 类:{_named(late, Standing.OVERDUE)}"
        if late
        else f"截至 {numbers.date(day)},没有超期事项"
    ]
    if week:
        parts.append(f"{WEEK_DAYS}天内到期 {len(week)} 类:{_named(week, Standing.WEEK)}")
    unknown = [line.topic.name for line in found if line.why]
    if unknown:
        parts.append(f"{len(unknown)} 类因缺少数据无法判断")
    return ";".join(parts) + "。"


def _named(found: Sequence[Line], stands: Standing) -> str:
    return "、".join(f"{line.topic.name} {line.count(stands):,} {line.topic.unit}" for line in found)


def report_words(rows: Sequence[Row], day: dt.date, is_known: bool) -> tuple[str, str]:
    """How many days are left to the 10th, and which items of the month are missing."""
    due = next_report_day(day)
    left = (due - day).days
    lead = "今日截止" if not left else f"{left} 天"
    month = numbers.month(due.replace(day=1) - dt.timedelta(days=1))
    if not is_known:
        return lead, f"{month}六项信息应于 {numbers.date(due)} 前报送;没有报送台账,不知哪些已报"
    missing = [row["item"] for row in rows if row["due_date"] == due]
    if not missing:
        return lead, f"{month}六项信息已报齐"
    return lead, f"{month}六项信息应于 {numbers.date(due)} 前报送,未报 {len(missing)} 项:{'、'.join(missing)}"
