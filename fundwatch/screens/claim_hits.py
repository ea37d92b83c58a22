"""The stored hits on one claim: which lines made them, on what evidence, and what a person said of each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from fundwatch.rules.explain import explain
from fundwatch.rules.header import METHODS, EvidenceLabels, RuleHeader
from fundwatch.rules.library import headers
from fundwatch.screens.fields import Field
from fundwatch.screens.screening import LEAD, UNVERIFIED, with_evidence
from fundwatch.state.verdicts import EXCLUDED, TRUE, Hit, Verdict
from fundwatch.ui import numbers

Row = Mapping[str, Any]
FEE_LINE = "fee_list_d"
CHANGED = "规则已变"
#: columns of a fee line shown beside the evidence
BESIDE = ("fee_ocur_time", "hilist_name", "cnt", "pric", "det_item_fee_sumamt")
KINDS = {
    "fee_list_d": "费用明细", "setl_d": "整笔结算", "bffact_warn_rslt_d": "事前提醒", "setl_list_diag_d": "诊断",
    "setl_list_oprn_d": "手术操作",
}  # fmt: skip
MARK = Field("hit_rules", LEAD)


@dataclass(frozen=True)
class Found:
    """One hit with what was said of it, newest last."""

    row: Row
    history: Sequence[Verdict]

    @property
    def hit(self) -> Hit:
        """As a verdict is given on it."""
        return Hit(*(str(self.row[name]) for name in ("rule_id", "setl_id", "version", "params_hash")))

    @property
    def standing(self) -> Verdict | None:
        """What holds now; None when nothing was said or it was taken back."""
        last = self.history[-1] if self.history else None
        return last if last and last.verdict in (TRUE, EXCLUDED) else None

    @property
    def word(self) -> str:
        """未核实, 属实, 排除; with 规则已变 where the rule or its parameters are others than those judged."""
        if self.standing is None:
            return UNVERIFIED
        return (
            self.standing.verdict if self.standing.fits(self.hit) else f"{self.standing.verdict}({CHANGED})"
        )

    @property
    def words(self) -> str:
        """r027 超标准收费(明确违规,4,927.29 元,未核实)."""
        amount = self.row["amount_at_issue"]
        money = "不计金额" if amount is None else f"{numbers.plain(amount, 2)} 元"
        return f"{self.row['rule_id']} {self.row['title']}({self.row['level']},{money},{self.word})"


def finding(found: Sequence[Found]) -> str:
    """本笔结算有筛查疑点 2 件:未核实 1 件、属实 1 件."""
    if not found:
        return "本笔结算没有筛查疑点。"
    words = [one.standing.verdict if one.standing else UNVERIFIED for one in found]
    parts = [f"{word} {words.count(word)} 件" for word in (UNVERIFIED, TRUE, EXCLUDED) if word in words]
    return f"本笔结算有筛查疑点 {len(found)} 件:{'、'.join(parts)}。疑点是线索,不是违规认定。"


def marked(fees: pa.Table, lines: Sequence[Row]) -> pa.Table:
    """Fee lines with ``hit_rules``, the rules whose hits they made; those come first, else the order stays."""
    rules: dict[str, list[str]] = {}
    for line in lines:
        if line["line_of"] == FEE_LINE and line["line_id"]:
            rules.setdefault(line["line_id"], []).append(_title(line["rule_id"]))
    said = ["、".join(rules[key]) if key in rules else None for key in fees.column("bkkp_sn").to_pylist()]
    made = fees.append_column("hit_rules", pa.array(said, pa.string()))
    order = sorted(range(len(said)), key=lambda place: said[place] is None)
    return made.take(pa.array(order, pa.int64()))


def line_rows(lines: pa.Table, fees: pa.Table, rule_id: str) -> pa.Table:
    """The lines of one rule's hit: kind, number, what the fee line says, amount at issue, evidence in words."""
    own = lines.filter(pa.compute.equal(lines.column("rule_id"), rule_id))
    by_id = {row["bkkp_sn"]: row for row in fees.select(["bkkp_sn", *BESIDE]).to_pylist()}
    kinds = [KINDS.get(kind, kind) for kind in own.column("line_of").to_pylist()]
    own = own.append_column("kind", pa.array(kinds, pa.string()))
    for name in BESIDE:
        values = [(by_id.get(key) or {}).get(name) for key in own.column("line_id").to_pylist()]
        own = own.append_column(name, pa.array(values, fees.schema.field(name).type))
    return with_evidence(own)


def line_fields(rule_id: str, beside: Sequence[Field]) -> list[Field]:
    """Columns of ``line_rows`` under the rule's own words for its evidence."""
    header = _header(rule_id)
    labels = header.evidence if header else EvidenceLabels(found="查到", limit="对照")
    is_fee = header is None or header.lines == FEE_LINE
    related = [Field("related_id", labels.related, "code")] if labels.related else []
    return [
        Field("kind", "依据"), *(beside if is_fee else ()), Field("found", labels.found), Field("limit", labels.limit), *related,
        Field("line_amt", "疑点金额", "amount", "元"), Field("line_id", "编号", "code"),
    ]  # fmt: skip


def rule_words(row: Row) -> list[str]:
    """What the rule is, how its amount is made, the parameters of the month, and what lawful care looks the same."""
    header = _header(row["rule_id"])
    if header is None:
        return ["规则库中已没有这条规则。"]
    said = explain(row["rule_id"])
    basis = said["basis"] or "依据未核实,不引用条款"
    words = [f"{row['class']} · 依据:{basis}", f"金额:{METHODS[header.amount_method]}"]
    values = json.loads(row["params"]) if row["params"] else {}
    named = [
        f"{header.params[name].label} {value} {header.params[name].unit}"
        for name, value in values.items()
        if name in header.params
    ]
    if named:
        words.append(f"当月参数:{';'.join(named)}")
    return [*words, f"合规而相似的情形:{header.not_a_violation}"]


def _header(rule_id: str) -> RuleHeader | None:
    rule = headers().get(rule_id)
    return rule.header if rule else None


def _title(rule_id: str) -> str:
    header = _header(rule_id)
    return f"{rule_id} {header.title}" if header else rule_id
