"""自查自纠 as tables and sentences: who has handed in, what is paid back, what was supervised in July."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from fundwatch.kpi import KpiValue
from fundwatch.screens.fields import Field, contract_fields
from fundwatch.ui import numbers

#: 2022医疗保障基金协议管理工作方案 三(三): self-check until 30 June, supervision in July
HAND_IN_BY = (6, 30)
FIELDS = (
    *contract_fields("self_check", ["self_check_id", "fixmedins_code"]),
    Field("fixmedins_name", "定点医药机构名称"),
    Field("level_class", "机构级别"),
    *contract_fields(
        "self_check",
        [
            "submit_date",
            "problem_type",
            "amt_found",
            "refund_due",
            "refund_done",
            "refund_date",
            "supervise_date",
        ],
    ),
    Field("rest_amt", "尚欠退回金额", "amount", "元"),
)


@dataclass(frozen=True)
class Standing:
    """Self-checks of one year on a day: handed in, with money still owed, supervised."""

    day: dt.date
    records: int
    submitted: int
    owing: int
    owed: Decimal
    supervised: int

    @property
    def hand_in_by(self) -> dt.date:
        return dt.date(self.day.year, *HAND_IN_BY)

    @property
    def supervision_begins(self) -> dt.date:
        return dt.date(self.day.year, 7, 1)

    @property
    def supervision_ends(self) -> dt.date:
        return dt.date(self.day.year, 7, 31)


def standing(rows: pa.Table, day: dt.date) -> Standing:
    """Counts over the rows of ``self_checks.sql``."""
    owed = owing(rows)
    submitted = submitted_of(rows)
    return Standing(
        day,
        rows.num_rows,
        submitted.num_rows,
        owed.num_rows,
        sum((amount for amount in owed.column("rest_amt").to_pylist()), Decimal(0)),
        submitted.num_rows - unsupervised(rows).num_rows,
    )


def submitted_of(rows: pa.Table) -> pa.Table:
    """Self-checks handed in."""
    return rows.filter(pc.is_valid(rows.column("submit_date")))


def owing(rows: pa.Table) -> pa.Table:
    """Self-checks handed in whose money is not wholly paid back, the largest rest first."""
    handed_in = submitted_of(rows)
    left = handed_in.filter(pc.greater(handed_in.column("rest_amt"), pa.scalar(Decimal(0))))
    return left.sort_by([("rest_amt", "descending"), ("self_check_id", "ascending")])


def unsupervised(rows: pa.Table) -> pa.Table:
    """Self-checks handed in that nobody has looked at on the spot."""
    handed_in = submitted_of(rows)
    return handed_in.filter(pc.is_null(handed_in.column("supervise_date")))


def message(coverage: KpiValue, state: Standing) -> str:
    """What matters of the year's self-checks, in one sentence."""
    missing = coverage.denominator - coverage.numerator if coverage.denominator is not None else None
    if coverage.value is None or missing is None:
        return f"{state.day.year}年自查自纠覆盖率无数值:{coverage.extra.get('reason') or '本期没有数据'}。"
    said = f"截至{numbers.date(state.day)},{coverage.denominator} 家协议机构中 {coverage.numerator} 家已提交自查自纠"
    if not missing:
        said += ",全部提交"
    elif state.day > state.hand_in_by:
        said += f",{missing} 家过了6月30日仍未提交"
    else:
        said += f",还有 {missing} 家,距6月30日 {(state.hand_in_by - state.day).days} 天"
    said += (
        f";{state.owing} 份自查尚欠退回 {numbers.money(state.owed)}" if state.owing else ";应退金额已全部退回"
    )
    return f"{said}。"


def months_title(months: Sequence[KpiValue], target: Decimal | None) -> str:
    """The finding of the chart: where the last whole month of the year stood."""
    last = next((month for month in reversed(months) if month.value is not None), None)
    if last is None or last.value is None:
        return "本年还没有完整的月份"
    said = f"{numbers.month(str(last.key))}底累计提交 {numbers.percent(last.value)}"
    if target is None:
        return said
    gap = target - last.value
    return f"{said},差 {numbers.plain(gap, 1)} 个百分点" if gap > 0 else f"{said},达到目标"


def level_fields() -> list[Field]:
    """Columns of the share that has handed in, by level; the table is ``coverage_by``."""
    return [
        Field("name", "级别"), Field("due", "应提交", "int", "家"), Field("checked", "已提交", "int", "家"),
        Field("rest", "未提交", "int", "家"), Field("pct", "提交率", "percent", "%"),
    ]  # fmt: skip


def levels_title(levels: Sequence[tuple[str, Decimal | None]]) -> str:
    """The finding of the bars: which level lags behind, or that none does."""
    known = [(pct, name) for name, pct in levels if pct is not None]
    if not known:
        return "分级别提交率"
    low, name = min(known)
    return "各级别均已全部提交" if low >= 100 else f"{name}提交率最低,{numbers.percent(low)}"


def supervision_words(state: Standing) -> str:
    """How far July's supervision has got; before July it says when it begins."""
    if state.day < state.supervision_begins:
        return f"督导检查安排在7月,自{numbers.date(state.supervision_begins)}开始。"
    over = state.day > state.supervision_ends
    rest = state.submitted - state.supervised
    lead = (
        "7月督导期已过" if over else f"7月督导进行中,距7月31日 {(state.supervision_ends - state.day).days} 天"
    )
    return f"{lead}:已提交的 {state.submitted} 份自查中 {state.supervised} 份有督导日期,{rest} 份没有。"
