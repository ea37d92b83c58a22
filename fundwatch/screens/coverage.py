"""检查覆盖 as tables and sentences: pace towards full coverage, who is unchecked, classes, methods, focus items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fundwatch.kpi import KpiValue
from fundwatch.kpi.value import pace_per_week, ratio
from fundwatch.kpi.window import last_day
from fundwatch.screens.fields import Field
from fundwatch.screens.series import weekly_pace
from fundwatch.stats.funnel import proportions
from fundwatch.stats.words import POSITION
from fundwatch.ui import numbers

#: what to look at in each class, in the words of 2022医疗保障基金协议管理工作方案 三(二)3
FOCUS: Mapping[str, tuple[str, str]] = {
    "level_2": ("二级定点医疗机构", "不合理收费、过度检查、过度治疗等"),
    "level_1": ("一级定点医疗机构", "降低标准住院、超限制使用药品等"),
    "private_psychiatric": ("民营定点医疗机构及精神病医院", "挂床住院,诊断、治疗、医嘱、收费之间是否一致"),
    "pharmacy": (
        "定点零售药店",
        "个人账户刷卡、门诊特殊疾病是否严格执行医保政策、规范执行医保服务协议情况等",
    ),
}
FOCUS_SOURCE = (
    "依据:2022医疗保障基金协议管理工作方案 三(二)3 分类核查突出重点。民营二级、一级机构在两类中各计一次。"
)
#: a share of fewer inspections than this is not compared with the others
LEAST_INSPECTIONS = 10
NATURES_NAMED = 3


@dataclass(frozen=True)
class Pace:
    """How the year's coverage stands at ``end``: institutions, checked, per week lately and needed, months of the year so far.

    ``months``: (last day, percent covered). ``weekly`` None before the first whole month, ``needed`` None on 31 December.
    """

    end: dt.date
    due: Decimal
    checked: Decimal
    weekly: Decimal | None
    needed: Decimal | None
    months: tuple[tuple[dt.date, Decimal], ...]

    @property
    def rest(self) -> Decimal:
        return self.due - self.checked

    @property
    def pct(self) -> Decimal | None:
        return ratio(self.checked, self.due, 100)

    @property
    def year_end(self) -> dt.date:
        return dt.date(self.end.year, 12, 31)

    @property
    def expected_pct(self) -> Decimal | None:
        """Coverage on 31 December when the last three months' pace goes on; at most 100."""
        if self.weekly is None or not self.due:
            return None
        more = self.weekly * (self.year_end - self.end).days / 7
        return min(ratio(self.checked + more, self.due, 100) or Decimal(0), Decimal(100))


def pace_of(number: KpiValue, by_month: Iterable[KpiValue]) -> Pace:
    """The year's pace from the KPI and its months of the same year."""
    months = [m for m in by_month if str(m.key)[:4] == str(number.end.year)]
    steps = {str(m.key): m.numerator for m in months}
    whole = [name for name in sorted(steps) if _month_end(name) <= number.end]
    needed = number.extra.get("pace_per_week")
    return Pace(
        end=number.end,
        due=number.denominator or Decimal(0),
        checked=number.numerator,
        weekly=weekly_pace(steps, whole),
        needed=None if needed is None else Decimal(needed),
        months=tuple(
            (min(_month_end(str(m.key)), number.end), m.value) for m in months if m.value is not None
        ),
    )


def pace_sentence(pace: Pace) -> str:
    """截至 2026-10-31,340 家协议机构已查 318 家(93.5%),未查 22 家;…"""
    if not pace.due:
        return f"截至 {numbers.date(pace.end)},没有在协议期内的机构。"
    said = (
        f"截至 {numbers.date(pace.end)},{numbers.plain(pace.due)} 家协议机构已查 {numbers.plain(pace.checked)} 家"
        f"({numbers.percent(pace.pct)}),未查 {numbers.plain(pace.rest)} 家"
    )
    if not pace.rest:
        return f"{said},已全覆盖。"
    if pace.needed is not None:
        said += f";12月31日前全覆盖每周需查 {numbers.plain(pace.needed, 1)} 家"
    if pace.weekly is not None:
        said += f",近三个月每周新增 {numbers.plain(pace.weekly, 1)} 家"
    return f"{said}。"


def pace_title(pace: Pace) -> str:
    """The chart's title: the finding."""
    if pace.due and not pace.rest:
        return "本年度已全覆盖"
    if pace.expected_pct is None or pace.needed is None:
        return "本年度覆盖进度"
    if pace.expected_pct >= 100:
        return "按近三个月进度,年底前可全覆盖"
    return f"按近三个月进度,年底约查到 {numbers.percent(pace.expected_pct)},不能全覆盖"


def unchecked(rows: pa.Table) -> pa.Table:
    """The rows of the coverage list that are not yet covered."""
    return rows.filter(pc.equal(rows.column("numerator"), 0))


def coverage_by(values: Sequence[KpiValue], words: Mapping[str, str], order: Sequence[str] = ()) -> pa.Table:
    """Coverage by town or level: key, name, due, checked, rest, percent, needed per week; in the dimension's order."""
    ordered = sorted(
        values,
        key=lambda v: (v.key is None, order.index(v.key) if v.key in order else len(order), v.key or ""),
    )
    due = [int(v.denominator or 0) for v in ordered]
    done = [int(v.numerator) for v in ordered]
    return pa.table({
        "key": pa.array([v.key for v in ordered], pa.string()),
        "name": pa.array([words.get(v.key or "", v.key or "未登记") for v in ordered], pa.string()),
        "due": pa.array(due, pa.int64()),
        "checked": pa.array(done, pa.int64()),
        "rest": pa.array([a - b for a, b in zip(due, done, strict=True)], pa.int64()),
        "pct": _percents(v.value for v in ordered),
        "pace": pa.array(
            [pace_per_week(v.numerator, v.denominator or Decimal(0), v.end) for v in ordered],
            pa.decimal128(10, 1),
        ),
    })  # fmt: skip


def coverage_fields(label: str) -> list[Field]:
    """Columns of ``coverage_by``."""
    return [
        Field("name", label), Field("due", "应查", "int", "家"), Field("checked", "已查", "int", "家"),
        Field("rest", "未查", "int", "家"), Field("pct", "覆盖率", "percent", "%"),
        Field("pace", "每周需查", "score", "家"),
    ]  # fmt: skip


def levels_title(levels: Sequence[tuple[str, Decimal | None]]) -> str:
    """The finding of the bars: which level lags behind, or that none does."""
    known = [(pct, name) for name, pct in levels if pct is not None]
    if not known:
        return "分级别覆盖率"
    low, name = min(known)
    if low >= 100:
        return "各级别均已全部检查"
    return f"{name}覆盖率{'最低,' if len(known) > 1 else ' '}{numbers.percent(low)}"


def methods(rows: pa.Table) -> pa.Table:
    """The rows of coverage_methods.sql with the share of each method and how often it found something.

    The share found is compared by funnel limits with all methods together, never ranked; too few inspections are not compared.
    """
    records = rows.to_pylist()
    total = Decimal(sum(record["inspection_cnt"] for record in records))
    compared = [r for r in records if r["inspection_cnt"] >= LEAST_INSPECTIONS]
    units = [(_method(r), r["found_cnt"], r["inspection_cnt"]) for r in compared]
    where = (
        {point.key: POSITION[point.position] for point in proportions(units).points} if len(units) > 1 else {}
    )
    few = f"不足{LEAST_INSPECTIONS}次,不比较"
    return (
        rows.append_column(
            "share", _percents(ratio(Decimal(r["inspection_cnt"]), total, 100) for r in records)
        )
        .append_column("found_pct", _percents(_share(r["found_cnt"], r["inspection_cnt"]) for r in records))
        .append_column("position", pa.array([where.get(_method(r), few) for r in records], pa.string()))
    )


METHOD_FIELDS = (
    Field("insp_kind", "检查性质"), Field("insp_method", "检查方式"), Field("inspection_cnt", "检查次数", "int", "次"),
    Field("share", "占比", "percent", "%"), Field("institution_cnt", "涉及机构", "int", "家"),
    Field("random_cnt", "其中双随机", "int", "次"), Field("record_cnt", "有记录单", "int", "次"),
    Field("found_cnt", "发现问题", "int", "次"), Field("found_pct", "发现问题率", "percent", "%"),
    Field("position", "与总体相比"),
)  # fmt: skip


def focus(rows: pa.Table, classes: pa.Table, findings: pa.Table) -> pa.Table:
    """Focus classes with coverage and what inspections found: from the coverage list, coverage_focus_class.sql and
    coverage_findings.sql. Only institutions of the coverage list count, so that the classes agree with the KPI."""
    members: dict[str, set[str]] = {name: set() for name in FOCUS}
    for record in classes.to_pylist():
        members[record["focus_class"]].add(record["fixmedins_code"])
    listed = {
        r["fixmedins_code"]: r["numerator"] for r in rows.select(["fixmedins_code", "numerator"]).to_pylist()
    }
    found = findings.to_pylist()
    return pa.Table.from_pylist(
        [_focus_row(name, members[name] & set(listed), listed, found) for name in FOCUS], schema=FOCUS_SCHEMA
    )


FOCUS_SCHEMA = pa.schema([
    ("focus_class", pa.string()), ("name", pa.string()), ("items", pa.string()), ("due", pa.int64()),
    ("checked", pa.int64()), ("rest", pa.int64()), ("pct", pa.decimal128(20, 10)), ("finding_cnt", pa.int64()),
    ("finding_amt", pa.decimal128(24, 2)), ("natures", pa.string()),
])  # fmt: skip
FOCUS_FIELDS = (
    Field("name", "类别"), Field("items", "重点核查"), Field("due", "应查", "int", "家"),
    Field("checked", "已查", "int", "家"), Field("rest", "未查", "int", "家"), Field("pct", "覆盖率", "percent", "%"),
    Field("finding_cnt", "期内发现问题", "int", "个"), Field("finding_amt", "涉及金额", "amount", "元"),
    Field("natures", "较多的问题"),
)  # fmt: skip


def _focus_row(
    name: str, members: set[str], listed: Mapping[str, int], findings: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    own = [record for record in findings if record["fixmedins_code"] in members]
    counts: dict[str, int] = {}
    for record in own:
        counts[record["vola_nature"]] = counts.get(record["vola_nature"], 0) + record["finding_cnt"]
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:NATURES_NAMED]
    done = sum(int(listed[code]) for code in members)
    return {
        "focus_class": name,
        "name": FOCUS[name][0],
        "items": FOCUS[name][1],
        "due": len(members),
        "checked": done,
        "rest": len(members) - done,
        "pct": ratio(Decimal(done), Decimal(len(members)), 100),
        "finding_cnt": sum(counts.values()),
        "finding_amt": sum((record["finding_amt"] for record in own), Decimal(0)),
        "natures": "、".join(f"{nature} {count}" for nature, count in most) or numbers.NONE,
    }


def _method(record: Mapping[str, Any]) -> str:
    return f"{record['insp_kind']}·{record['insp_method']}"


def _share(part: int, whole: int) -> Decimal | None:
    return ratio(Decimal(part), Decimal(whole), 100)


def _percents(values: Iterable[Decimal | None]) -> pa.Array:
    return pa.array(list(values), pa.decimal128(20, 10))


def _month_end(month: str) -> dt.date:
    return last_day(dt.date.fromisoformat(f"{month}-01"))
