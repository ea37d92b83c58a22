"""提醒遵从 as tables and sentences: how reminders ended, which rules are not followed, who went on, what was looked at afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fundwatch.kpi import KpiValue
from fundwatch.kpi.value import ratio
from fundwatch.screens.fields import Field
from fundwatch.ui import numbers

#: how a reminder can end, in the order of what is wished for
OUTCOMES: Mapping[str, str] = {
    "changed": "返回修改(遵从)",
    "reasoned": "继续执行,有理由",
    "unreasoned": "继续执行,未写理由",
    "unanswered": "未反馈",
}
PERCENT = pa.decimal128(9, 2)
COUNTS = (
    Field("warn_cnt", "提醒", "int", "次"), Field("changed_cnt", "返回修改", "int", "次"),
    Field("continued_cnt", "继续执行", "int", "次"), Field("unanswered_cnt", "未反馈", "int", "次"),
    Field("compliance", "遵从率", "percent", "%"),
)  # fmt: skip
RULE_FIELDS = (
    Field("rule_id", "规则编号", "code"), Field("rule_name", "规则名称"), *COUNTS, Field("institution_cnt", "涉及机构", "int", "家"),
    Field("vola_amt", "提醒金额", "amount", "元"), Field("avoided_amt", "拦截金额", "amount", "元"),
    Field("override_cnt", "未遵从已结算", "int", "次"), Field("reviewed_cnt", "已人工审核", "int", "次"),
    Field("review_rate", "人工审核率", "percent", "%"),
)  # fmt: skip
DOCTOR_FIELDS = (
    Field("fixmedins_code", "定点医药机构编号", "code"), Field("fixmedins_name", "定点医药机构名称"),
    Field("dr_code", "医师代码", "code"), *COUNTS, Field("vola_amt", "提醒金额", "amount", "元"),
)  # fmt: skip
REASON_FIELDS = (
    Field("warn_dspo_way_dscr", "继续执行的理由"), Field("warn_cnt", "提醒", "int", "次"), Field("rule_cnt", "涉及规则", "int", "条"),
    Field("institution_cnt", "涉及机构", "int", "家"), Field("vola_amt", "提醒金额", "amount", "元"),
)  # fmt: skip
OUTCOME_FIELDS = (
    Field("name", "结果"), Field("warn_cnt", "提醒", "int", "次"), Field("share", "占比", "percent", "%"),
    Field("vola_amt", "提醒金额", "amount", "元"),
)  # fmt: skip


def outcomes(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The four ways a reminder ended with their share of all; every way has a row, also with 0 reminders."""
    found = {row["outcome"]: row for row in rows}
    total = sum(row["warn_cnt"] for row in rows)
    made = [
        {
            "outcome": key,
            "name": word,
            "warn_cnt": found[key]["warn_cnt"] if key in found else 0,
            "vola_amt": found[key]["vola_amt"] if key in found else Decimal(0),
            "share": _percent(found[key]["warn_cnt"] if key in found else 0, total),
        }
        for key, word in OUTCOMES.items()
    ]
    schema = pa.schema([
        ("outcome", pa.string()), ("name", pa.string()), ("warn_cnt", pa.int64()), ("vola_amt", pa.decimal128(16, 2)),
        ("share", PERCENT),
    ])  # fmt: skip
    return pa.Table.from_pylist(made, schema=schema)


def with_compliance(rows: pa.Table) -> pa.Table:
    """Rows with their share that went back and changed."""
    return _with_share(rows, "compliance", "changed_cnt", "warn_cnt")


def rules(rows: pa.Table) -> pa.Table:
    """Rows of ``reminder_rules.sql`` with compliance and the share of overrides that a person looked at."""
    return _with_share(with_compliance(rows), "review_rate", "reviewed_cnt", "override_cnt")


def _with_share(rows: pa.Table, name: str, top: str, below: str) -> pa.Table:
    pairs = zip(rows.column(top).to_pylist(), rows.column(below).to_pylist(), strict=True)
    return rows.append_column(name, pa.array([_percent(one, all_) for one, all_ in pairs], PERCENT))


def _percent(one: int, all_: int) -> Decimal | None:
    value = ratio(Decimal(one), Decimal(all_), 100)
    return None if value is None else numbers.rounded(value, 2)


def message(compliance: KpiValue, to_review: KpiValue, reviewed: KpiValue) -> str:
    """Compliance, rules to move to review, overrides that nobody has looked at, in one sentence."""
    if compliance.value is None:
        return f"事前提醒遵从率无数值:{compliance.extra.get('reason') or '本期没有提醒'}。"
    said = f"期内提醒 {numbers.plain(compliance.denominator)} 次,遵从率 {numbers.percent(compliance.value)}"
    count = to_review.numerator
    said += f";{numbers.plain(count)} 条规则应转事中审核" if count else ";没有规则达到转事中的条件"
    if reviewed.denominator:
        rest = reviewed.denominator - reviewed.numerator
        said += f";未遵从而结算的 {numbers.plain(reviewed.denominator)} 次中"
        said += f",{numbers.plain(rest)} 次还没有人工审核" if rest else "均已人工审核"
    return f"{said}。"


def outcome_title(rows: pa.Table) -> str:
    """The finding of the bars: what became of the reminders that were not complied with."""
    found = {row["outcome"]: row for row in rows.to_pylist()}
    total = sum(row["warn_cnt"] for row in found.values())
    if not total:
        return "期内没有提醒"
    worst = max(("reasoned", "unreasoned", "unanswered"), key=lambda key: found[key]["warn_cnt"])
    if not found[worst]["warn_cnt"]:
        return "期内提醒全部返回修改"
    return f"未遵从的以“{OUTCOMES[worst]}”为多,占全部提醒 {numbers.percent(found[worst]['share'])}"
