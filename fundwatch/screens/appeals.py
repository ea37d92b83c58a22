"""申诉与规则 as tables and sentences: whose findings institutions appeal, and which do not stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fundwatch.kpi import KpiValue
from fundwatch.kpi.value import ratio
from fundwatch.screens.fields import Field
from fundwatch.screens.peers import PeerView, Unit, funnel_of
from fundwatch.ui import numbers

PERCENT = pa.decimal128(12, 4)
COUNTS = (
    Field("pushed_cnt", "推送疑点", "int", "条"), Field("appealed_cnt", "申诉", "int", "条"),
    Field("appeal_rate", "申诉率", "percent", "%"), Field("decided_cnt", "已复审", "int", "条"),
    Field("won_cnt", "申诉成功", "int", "条"), Field("success_rate", "申诉成功率", "percent", "%"),
    Field("appealed_amt", "申诉涉及金额", "amount", "元"), Field("won_amt", "复审退回金额", "amount", "元"),
    Field("place", "与控制限比较"),
)  # fmt: skip
RULE_FIELDS = (Field("rule_id", "规则编号", "code"), Field("rule_name", "规则名称"), *COUNTS)
REVIEWER_FIELDS = (Field("chker", "初审岗位", "code"), *COUNTS)
UNKNOWN = "未填写"
#: what a funnel compares
COUNTED = {"rule_id": "条规则", "chker": "个岗位"}


def message(rate: KpiValue, success: KpiValue) -> str:
    """How much was appealed and how much of it did not stand, in one sentence."""
    if rate.value is None:
        return f"申诉没有数值:{rate.extra.get('reason') or '期内没有推送疑点'}。"
    said = f"期内推送疑点 {numbers.plain(rate.denominator)} 条,申诉 {numbers.plain(rate.numerator)} 条({numbers.percent(rate.value)})"
    if success.value is None:
        return f"{said},申诉的还没有复审结果。"
    open_cnt = rate.numerator - (success.denominator or Decimal(0))
    said += f",已复审 {numbers.plain(success.denominator)} 条,申诉成功率 {numbers.percent(success.value)}"
    return f"{said};{numbers.plain(open_cnt)} 条待复审。" if open_cnt > 0 else f"{said}。"


def limits(rows: Iterable[Mapping[str, Any]], key: str, label: str) -> PeerView:
    """Rules or reviewers as a funnel of appeals won; a blank key is left out."""
    units = [
        Unit(str(row[key]), str(row.get("rule_name") or row[key]), Decimal(row["won_cnt"]), Decimal(row["decided_cnt"]))
        for row in rows
        if row[key] is not None
    ]  # fmt: skip
    return funnel_of(label, units, better="lower", size_label="已复审的申诉(条)", counted=COUNTED[key])


def with_rates(rows: pa.Table, key: str, view: PeerView) -> pa.Table:
    """The rows with appeal rate, success rate, and where each stands against the limits of all together."""
    places = {peer.key: peer.words.rpartition(",")[2] for peer in view.peers}
    keys = rows.column(key).to_pylist()
    named = rows.set_column(
        rows.column_names.index(key), key, pa.array([found or UNKNOWN for found in keys], pa.string())
    )
    return (
        named.append_column("appeal_rate", _shares(rows, "appealed_cnt", "pushed_cnt"))
        .append_column("success_rate", _shares(rows, "won_cnt", "decided_cnt"))
        .append_column("place", pa.array([places.get(found) for found in keys], pa.string()))
    )


def months_title(months: Sequence[KpiValue]) -> str:
    """The finding of the line: where the last month with a value stood."""
    last = next((month for month in reversed(months) if month.value is not None), None)
    if last is None or last.value is None:
        return "申诉成功率没有月度数据"
    return f"{numbers.month(str(last.key))}推送的申诉成功率 {numbers.percent(last.value)}"


def _shares(rows: pa.Table, top: str, below: str) -> pa.Array:
    pairs = zip(rows.column(top).to_pylist(), rows.column(below).to_pylist(), strict=True)
    shares = (ratio(Decimal(one), Decimal(all_), 100) for one, all_ in pairs)
    return pa.array([None if share is None else numbers.rounded(share, 4) for share in shares], PERCENT)
