"""规则成效: what became of each rule's hits, by rule and by version; appeals by rule and by final reviewer.

Rows come from ``rule_yield.sql``, ``rule_appeals.sql`` and ``rule_appeals_reviewers.sql``, verdicts from the app state. What cannot be
joined stays empty and says 未关联; it is never 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fundwatch.kpi.value import ratio
from fundwatch.screens.fields import Field
from fundwatch.state.verdicts import EXCLUDED, TRUE, Verdict
from fundwatch.ui import numbers

Row = Mapping[str, Any]
RAN, LINKED = "已运行", "已关联"
PERCENT = pa.decimal128(12, 4)
FIELDS = (
    Field("rule_id", "规则编号", "code"), Field("title", "规则名称"), Field("level", "程度"),
    Field("standing", "运行情况"), Field("hit_cnt", "命中", "int", "条"), Field("hit_amt", "疑点金额", "amount", "元"),
    Field("true_cnt", "核实属实", "int", "条"), Field("excluded_cnt", "核实排除", "int", "条"),
    Field("open_cnt", "未核实", "int", "条"), Field("true_share", "属实占已核实", "percent", "%"),
    Field("link", "与平台疑点"), Field("linked_cnt", "平台也检出", "int", "条"),
    Field("reviewed_cnt", "初审认定", "int", "条"), Field("appealed_cnt", "申诉", "int", "条"),
    Field("overturned_cnt", "申诉成功", "int", "条"), Field("upheld_cnt", "终审维持", "int", "条"),
    Field("upheld_amt", "维持金额", "amount", "元"), Field("deducted_amt", "扣款金额", "amount", "元"),
    Field("case_link", "与案件"), Field("case_cnt", "涉案", "int", "条"), Field("case_amt", "涉案金额", "amount", "元"),
    Field("recovered_amt", "案件追回", "amount", "元"), Field("mixed_amt", "合并追回(分不到规则)", "amount", "元"),
)  # fmt: skip
VERSION_FIELDS = (
    Field("rule_id", "规则编号", "code"), Field("title", "规则名称"), Field("version", "规则版本", "code"),
    Field("is_current", "现行版本", "flag"), Field("hit_cnt", "命中", "int", "条"),
    Field("true_cnt", "核实属实", "int", "条"), Field("excluded_cnt", "核实排除", "int", "条"),
    Field("true_share", "属实占已核实", "percent", "%"),
)  # fmt: skip
APPEAL_FIELDS = (
    Field("rule_id", "平台规则", "code"), Field("rule_name", "规则名称"), Field("our_rules", "对照本系统规则"),
    Field("pushed_cnt", "推送疑点", "int", "条"), Field("appeal_cnt", "申诉", "int", "条"),
    Field("decided_cnt", "已终审", "int", "条"), Field("waiting_cnt", "待终审", "int", "条"),
    Field("success_cnt", "申诉成功", "int", "条"), Field("success_share", "申诉成功率", "percent", "%"),
    Field("appeal_amt", "申诉金额", "amount", "元"), Field("given_up_amt", "终审核减", "amount", "元"),
)  # fmt: skip
REVIEWER_FIELDS = (
    Field("finl_chker", "终审岗位"), Field("decided_cnt", "终审申诉", "int", "条"),
    Field("success_cnt", "申诉成功", "int", "条"), Field("success_share", "申诉成功率", "percent", "%"),
    Field("rule_cnt", "涉及规则", "int", "条"), Field("appeal_amt", "申诉金额", "amount", "元"),
    Field("given_up_amt", "终审核减", "amount", "元"),
)  # fmt: skip
UNSIGNED = "未填写终审人"


@dataclass(frozen=True)
class Rung:
    """One step from hit to money: count and yuan; None where it cannot be known, ``why`` says for which reason."""

    name: str
    count: int | None
    amount: Decimal | None
    why: str | None = None


def hit_ids(verdicts: Iterable[Verdict]) -> dict[str, list[str]]:
    """The parameters ``true_ids`` and ``excluded_ids`` of ``rule_yield.sql``."""
    said = list(verdicts)
    return {
        "true_ids": [verdict.hit_id for verdict in said if verdict.verdict == TRUE],
        "excluded_ids": [verdict.hit_id for verdict in said if verdict.verdict == EXCLUDED],
    }


def by_rule(rows: pa.Table) -> pa.Table:
    """Rows of ``rule_yield.sql`` as ``FIELDS`` show them, rules with hits first, in the catalogue's order otherwise."""
    records = [_rule(row) for row in rows.to_pylist()]
    records.sort(key=lambda record: (-(record["hit_cnt"] or 0), record["rule_id"]))
    return _table(records, FIELDS)


def by_version(rows: pa.Table, verdicts: Iterable[Verdict]) -> pa.Table:
    """One row per rule and version that has hits or verdicts, the version in force first.

    Hits are stored for the version in force; of older ones the verdicts given on them remain.
    """
    current = {row["rule_id"]: row for row in rows.to_pylist()}
    said = Counter((one.rule_id, one.version, one.verdict) for one in verdicts)
    known = {(rule_id, version) for rule_id, version, _ in said}
    known |= {(rule_id, row["version"]) for rule_id, row in current.items() if row["hit_cnt"]}
    records = []
    for rule_id, version in known:
        row = current.get(rule_id)
        is_current = row is not None and row["version"] == version
        true_cnt, excluded_cnt = said[rule_id, version, TRUE], said[rule_id, version, EXCLUDED]
        records.append({
            "rule_id": rule_id, "title": row["title"] if row else None, "version": version,
            "is_current": "1" if is_current else "0", "hit_cnt": row["hit_cnt"] if row and is_current else None,
            "true_cnt": true_cnt, "excluded_cnt": excluded_cnt,
            "true_share": _percent(true_cnt, true_cnt + excluded_cnt),
        })  # fmt: skip
    records.sort(key=lambda record: (record["rule_id"], record["is_current"] == "0", record["version"]))
    return _table(records, VERSION_FIELDS)


def rungs(row: Row) -> list[Rung]:
    """From hit to money for one row of ``rule_yield.sql``."""
    not_run = None if row["hit_cnt"] is not None else _standing(row)
    unlinked = not_run or _unlinked(row["link_state"], "平台疑点(规则对照 rule_map)")
    uncased = not_run or _unlinked(row["case_state"], "案件(涉案单据 case_claim)")
    return [
        Rung("命中", row["hit_cnt"], row["hit_amt"], not_run),
        Rung("核实属实", row["true_cnt"], row["true_amt"], not_run),
        Rung("初审认定", row["reviewed_cnt"], row["review_amt"], unlinked),
        Rung("申诉后维持", row["upheld_cnt"], row["upheld_amt"], unlinked),
        Rung("扣款", row["deducted_cnt"], row["deducted_amt"], unlinked),
        Rung("案件追回", row["case_cnt"], row["recovered_amt"], uncased),
    ]


def headline(rows: pa.Table) -> str:
    """One sentence over all rules: how many ran, how many of their hits were looked into, what is not joined."""
    records = rows.to_pylist()
    ran = [row for row in records if row["hit_cnt"] is not None]
    if not ran:
        return "期内没有规则运行过"
    hits = sum(row["hit_cnt"] for row in ran)
    checked = sum(row["true_cnt"] + row["excluded_cnt"] for row in ran)
    true_cnt = sum(row["true_cnt"] for row in ran)
    text = f"{len(records)} 条规则中 {len(ran)} 条运行过,命中 {numbers.plain(hits)} 条"
    if not hits:
        return text
    if not checked:
        return f"{text},还没有人核实"
    return f"{text},已核实 {numbers.plain(checked)} 条,其中属实 {numbers.plain(true_cnt)} 条"


def not_joined(rows: pa.Table) -> str | None:
    """Which rules with hits cannot be joined with the platform's suspicions; None when all are."""
    records = [row for row in rows.to_pylist() if row["hit_cnt"]]
    states = {row["link_state"] for row in records}
    if not records or states == {LINKED}:
        return None
    if LINKED not in states:
        return "筛查命中与平台疑点未关联:没有载入审核疑点,或没有规则对照表(rule_map)"
    open_rules = [row["rule_id"] for row in records if row["link_state"] != LINKED]
    return f"{len(open_rules)} 条有命中的规则未与平台规则对照,未关联:{'、'.join(open_rules)}"


def appeals(rows: pa.Table) -> pa.Table:
    """Rows of ``rule_appeals.sql`` with the share of decided appeals that succeeded."""
    return _table([{**row, "success_share": _success(row)} for row in rows.to_pylist()], APPEAL_FIELDS)


def reviewers(rows: pa.Table) -> pa.Table:
    """Rows of ``rule_appeals_reviewers.sql`` with the share that succeeded; a decision nobody signed is named so."""
    return _table(
        [
            {**row, "finl_chker": row["finl_chker"] or UNSIGNED, "success_share": _success(row)}
            for row in rows.to_pylist()
        ],
        REVIEWER_FIELDS,
    )


def _rule(row: Row) -> dict[str, Any]:
    open_cnt = None
    if row["hit_cnt"] is not None:
        open_cnt = row["hit_cnt"] - row["true_cnt"] - row["excluded_cnt"]
    return {
        **row, "standing": _standing(row), "open_cnt": open_cnt, "link": row["link_state"],
        "case_link": row["case_state"],
        "true_share": None if open_cnt is None else _percent(row["true_cnt"], row["true_cnt"] + row["excluded_cnt"]),
    }  # fmt: skip


def _standing(row: Row) -> str:
    """How the rule stands, with what it lacks."""
    if not row["missing"]:
        return str(row["status"])
    if row["status"] == RAN:
        return f"{RAN},部分未判断:未加载 {row['missing']}"
    return f"{row['status']}:{row['missing']}"


def _unlinked(state: str, what: str) -> str | None:
    return None if state == LINKED else f"{state}:{what}"


def _success(row: Row) -> Decimal | None:
    return _percent(row["success_cnt"], row["decided_cnt"])


def _percent(one: int, all_: int) -> Decimal | None:
    value = ratio(Decimal(one), Decimal(all_), 100)
    return None if value is None else numbers.rounded(value, 4)


_KINDS = {"int": pa.int64(), "amount": pa.decimal128(18, 2), "percent": PERCENT}


def _table(records: Sequence[Row], fields: Sequence[Field]) -> pa.Table:
    schema = pa.schema([(field.name, _KINDS.get(field.kind, pa.string())) for field in fields])
    return pa.Table.from_pylist(
        [{name: row[name] for name in schema.names} for row in records], schema=schema
    )
