"""高风险对象: institutions by how many independent sources point at them. No score and no rank.

A source counts once, however many of its signs are out: a share beyond the 99.8 % limits of all institutions, an open drift alert, a
person's 属实, a complaint not found untrue, an open case. Each is a lead (疑点,未核实) until a person confirms it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fundwatch.screens.drift import Alert
from fundwatch.screens.fields import Field
from fundwatch.screens.peers import Peer, PeerView
from fundwatch.screens.screening import LEAD, funnel
from fundwatch.stats.funnel import Position
from fundwatch.ui import numbers

SCREENING, REMINDER, REVIEW, COST, COMPLAINT, CASE = (
    "筛查疑点",
    "事前提醒",
    "审核拒付",
    "次均费用",
    "举报投诉",
    "在办案件",
)
#: independent sources in the order they are named
SOURCES = (SCREENING, REMINDER, REVIEW, COST, COMPLAINT, CASE)
#: an indicator that drifts speaks for the source its data come from
SOURCE_OF = {
    "reminder_compliance": REMINDER, "reminder_feedback_rate": REMINDER, "override_reason_rate": REMINDER,
    "rejected_doc_rate": REVIEW, "rejection_rate": REVIEW, "avg_inpatient_fee": COST,
}  # fmt: skip
#: rules on how often and where a person buys or is treated
FREQUENT = ("r046", "r047", "r048", "r049", "r050", "r051", "r054")
#: from so many sources on an institution is combined evidence
COMBINED = 2
FIELDS = (
    Field("fixmedins_code", "定点医药机构编号", "code"), Field("fixmedins_name", "定点医药机构名称"), Field("level_class", "级别"),
    Field("signal_cnt", "指向来源", "int", "个"), Field("signals", "来源"), Field("clear_cnt", "明确违规疑点", "int", "件"),
    Field("suspect_cnt", "可疑", "int", "件"), Field("hint_cnt", "提示", "int", "件"), Field("true_cnt", "已属实", "int", "件"),
    Field("hit_share", "有疑点结算占比", "percent", "%"), Field("overridden", "提醒未遵从", "percent", "%"),
    Field("rejected", "拒付单据", "percent", "%"), Field("alert_cnt", "偏离预警", "int", "件"),
    Field("cmpl_cnt", "举报", "int", "件"), Field("case_cnt", "在办案件", "int", "件"),
    Field("amount_at_issue", "疑点金额", "amount", "元"),
)  # fmt: skip
PERCENT = pa.decimal128(9, 2)
CREDIT_FIELDS = (
    Field("person_code", "人员编号", "code"), Field("net_points", "净记分", "int", "分"), Field("standing", "是否达到关注线"),
    Field("event_cnt", "记分次数", "int", "次"), Field("institution_cnt", "涉及机构", "int", "家"),
    Field("last_event_date", "最近记分日期", "date"),
)  # fmt: skip
POINT_FIELDS = (
    Field("event_date", "记分日期", "date"), Field("fixmedins_code", "定点医药机构编号", "code"),
    Field("fixmedins_name", "定点医药机构名称"), Field("points", "记分", "int", "分"),
    Field("repair_points", "修复", "int", "分"), Field("net_points", "净记分", "int", "分"), Field("cause", "事由"),
    Field("case_id", "案件编号", "code"),
)  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """What speaks of institutions: their rows, the funnels of reminders and of review, open drift alerts."""

    rows: Sequence[Mapping[str, Any]]
    reminders: PeerView
    review: PeerView
    alerts: Iterable[Alert]

    @property
    def screening(self) -> PeerView:
        """Settlements with a hit among all in force."""
        return funnel(self.rows)

    @property
    def not_judged(self) -> list[str]:
        """Sources whose funnel has no limits, with the reason."""
        views = ((SCREENING, self.screening), (REMINDER, self.reminders), (REVIEW, self.review))
        return [f"{name}:{one.why_none}" for name, one in views if one.why_none]


def institutions(found: Evidence) -> pa.Table:
    """Institutions at which a source points, those with more sources first, then by code."""
    peers = [_by_code(view) for view in (found.screening, found.reminders, found.review)]
    drifting: dict[str, list[Alert]] = defaultdict(list)
    for alert in found.alerts:
        drifting[alert.code].append(alert)
    made = [
        _row(row, *(view.get(row["fixmedins_code"]) for view in peers), drifting[row["fixmedins_code"]])
        for row in found.rows
    ]
    made = sorted(
        (row for row in made if row["signal_cnt"]),
        key=lambda row: (-row["signal_cnt"], row["fixmedins_code"]),
    )
    return pa.Table.from_pylist(made, schema=_schema())


def _row(
    row: Mapping[str, Any],
    hit: Peer | None,
    reminder: Peer | None,
    review: Peer | None,
    drifting: Sequence[Alert],
) -> dict[str, Any]:
    signals = {
        SCREENING: row["true_cnt"] > 0 or _above(hit),
        # the KPI is the share that was followed: too little of it is the sign
        REMINDER: reminder is not None and reminder.position is Position.BELOW_998,
        REVIEW: _above(review),
        # a complaint that became an open case is that case
        COMPLAINT: row["apart_cnt"] > 0,
        CASE: row["case_cnt"] > 0,
    }
    for alert in drifting:
        signals[SOURCE_OF[alert.kpi.id]] = True
    named = [source for source in SOURCES if signals.get(source)]
    kept = {name: row[name] for name in _schema().names if name in row}
    return {
        **kept, "signal_cnt": len(named), "signals": "、".join(named), "alert_cnt": len(drifting),
        "hit_share": _share(hit), "rejected": _share(review),
        "overridden": None if reminder is None else 100 - numbers.rounded(reminder.value, 2),
    }  # fmt: skip


def _schema() -> pa.Schema:
    kinds = {"int": pa.int64(), "percent": PERCENT, "amount": pa.decimal128(18, 2)}
    return pa.schema([(field.name, kinds.get(field.kind, pa.string())) for field in FIELDS])


def _by_code(view: PeerView) -> dict[str, Peer]:
    return {peer.key: peer for peer in view.peers}


def _above(peer: Peer | None) -> bool:
    return peer is not None and peer.position is Position.ABOVE_998


def _share(peer: Peer | None) -> Decimal | None:
    return None if peer is None else numbers.rounded(peer.value, 2)


def message(rows: pa.Table, looked_at: int, not_judged: Sequence[str]) -> str:
    """How many institutions several sources point at, and what could not be judged."""
    counts = rows.column("signal_cnt").to_pylist()
    several = sum(count >= COMBINED for count in counts)
    if not counts:
        said = f"{looked_at:,} 家机构中没有来源指向任何一家"
    else:
        said = f"{looked_at:,} 家机构中,{several:,} 家有 {COMBINED} 个及以上独立来源同时指向,{len(counts) - several:,} 家有 1 个"
        said += f";均为{LEAD},不是认定"
    return f"{said};未判断:{';'.join(not_judged)}。" if not_judged else f"{said}。"


def credit(rows: pa.Table, line: int) -> pa.Table:
    """Persons with points and whether they reached the line of attention."""
    words = [f"已达 {line} 分" if one else f"不足 {line} 分" for one in rows.column("is_listed").to_pylist()]
    return rows.append_column("standing", pa.array(words, pa.string()))
