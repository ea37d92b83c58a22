"""疑点筛查 as tables and sentences: what the stored rules found, what could not be looked for, what a person said of it.

A hit is a lead (疑点,未核实) until a person says 属实 or 排除. A rule that did not run has no number, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fundwatch.build.hit_store import NO_TABLE, RAN
from fundwatch.kpi.value import ratio
from fundwatch.screens.fields import Field
from fundwatch.screens.peers import PeerView, Unit, funnel_of
from fundwatch.state.verdicts import EXCLUDED, TRUE, Verdict
from fundwatch.ui import numbers

UNVERIFIED = "未核实"
LEAD = "疑点(未核实)"
NO_SETTLEMENTS = "期内没有结算"
#: levels of rules, the gravest first
LEVELS = ("明确违规", "可疑", "提示")
VERDICTS = (UNVERIFIED, TRUE, EXCLUDED)
ALL = "all"
#: parts that are read from sums unless one of these choices looks at single hits
SUMMED, OF_HITS = ("totals", "rules", "months"), ("verdict", "psn_no", "dr_code")
#: what the sums of hits ask for besides a period and institutions
NO_CHOICE = {"level": None, "rule_id": None, "code": None}
PERCENT = pa.decimal128(9, 2)
JUDGED = (
    Field("hit_cnt", "疑点", "int", "件"), Field("open_cnt", "未核实", "int", "件"), Field("true_cnt", "属实", "int", "件"),
    Field("excluded_cnt", "排除", "int", "件"),
)  # fmt: skip
AMOUNT = Field("amount_at_issue", "疑点金额", "amount", "元")
RULE_FIELDS = (
    Field("rule_id", "规则", "code"), Field("title", "名称"), Field("class", "类别"), Field("level", "级别"), *JUDGED, AMOUNT,
    Field("institution_cnt", "涉及机构", "int", "家"), Field("state", "运行情况"),
)  # fmt: skip
INSTITUTION_FIELDS = (
    Field("fixmedins_code", "定点医药机构编号", "code"), Field("fixmedins_name", "定点医药机构名称"), Field("level_class", "级别"),
    Field("setl_cnt", "结算", "int", "笔"), Field("hit_setl_cnt", "有疑点的结算", "int", "笔"),
    Field("share", "占比", "percent", "%"), *JUDGED, AMOUNT, Field("rule_cnt", "涉及规则", "int", "条"),
    Field("psn_cnt", "涉及参保人", "int", "人"),
)  # fmt: skip
MONTH_FIELDS = (
    Field("ym", "结算月份"), *JUDGED, AMOUNT, Field("setl_cnt", "有疑点的结算", "int", "笔"),
    Field("rule_cnt", "涉及规则", "int", "条"), Field("institution_cnt", "涉及机构", "int", "家"),
)  # fmt: skip
AROUND = (
    Field("rule_cnt", "涉及规则", "int", "条"), Field("rule_ids", "规则"), Field("setl_cnt", "有疑点的结算", "int", "笔"),
)  # fmt: skip
DOCTOR_FIELDS = (
    Field("fixmedins_code", "定点医药机构编号", "code"), Field("fixmedins_name", "定点医药机构名称"),
    Field("dr_code", "医师代码", "code"), *AROUND, Field("psn_cnt", "涉及参保人", "int", "人"), *JUDGED, AMOUNT,
    Field("last_date", "最近结算日", "date"),
)  # fmt: skip
PERSON_FIELDS = (
    Field("psn_no", "参保人(化名)", "code"), *AROUND, Field("institution_cnt", "涉及机构", "int", "家"), *JUDGED, AMOUNT,
    Field("last_date", "最近结算日", "date"),
)  # fmt: skip
HIT_FIELDS = (
    Field("hit_date", "结算日期", "date"), Field("rule_id", "规则", "code"), Field("title", "名称"), Field("level", "级别"),
    Field("verdict", "核实"), Field("amount_at_issue", "疑点金额", "amount", "元"), Field("fixmedins_name", "定点医药机构名称"),
    Field("found", "查到"), Field("limit", "对照"), Field("line_cnt", "涉及明细", "int", "条"), Field("setl_id", "结算ID", "code"),
    Field("psn_no", "参保人(化名)", "code"), Field("dr_code", "医师代码", "code"),
    Field("fixmedins_code", "定点医药机构编号", "code"),
)  # fmt: skip


def query_of(part: str, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The query that a part is made of, and its values: sums of hits where they answer it, else the hits."""
    if part in SUMMED and all(values[name] is None for name in OF_HITS):
        return f"screening_sum_{part}", {name: value for name, value in values.items() if name not in OF_HITS}
    return f"screening_{part}", dict(values)


@dataclass(frozen=True)
class Words:
    """The hits on which a person's word stands, as the queries take them."""

    true_hits: tuple[str, ...]
    excluded_hits: tuple[str, ...]


def words_of(verdicts: Iterable[Verdict]) -> Words:
    """Standing verdicts as two lists of hits."""
    given = list(verdicts)
    return Words(
        tuple(one.hit_id for one in given if one.verdict == TRUE),
        tuple(one.hit_id for one in given if one.verdict == EXCLUDED),
    )


def rules(rows: pa.Table) -> pa.Table:
    """Rows of ``screening_rules.sql`` with ``state``: how the rule ran, or what it lacks.

    Rules with hits come first, then those without, then those that did not run; each in the catalogue's order.
    """
    found = sorted(
        rows.to_pylist(), key=lambda row: (row["hit_cnt"] is None, not row["hit_cnt"], row["rule_id"])
    )
    made = pa.Table.from_pylist(found, schema=rows.schema)
    return made.append_column("state", pa.array([state(row) for row in found], pa.string()))


def state(row: Mapping[str, Any]) -> str:
    """已运行 / 未加载知识:… / 缺少表:… / 期内没有结算, and the months of the period for which a table is absent."""
    if row["status"] != RAN:
        return f"{row['status']}:{row['missing']}"
    if row["run_cnt"]:
        return f"{RAN};{row['absent_cnt']} 个月缺少表 {row['absent']}" if row["absent_cnt"] else RAN
    return f"{NO_TABLE}:{row['absent']}" if row["absent_cnt"] else NO_SETTLEMENTS


@dataclass(frozen=True)
class Runs:
    """How many rules ran in the period, and why others did not: reason → rules."""

    ran: int
    not_run: Mapping[str, int]

    @property
    def words(self) -> str:
        """54 条中 30 条已运行;未加载知识 24 条."""
        total = self.ran + sum(self.not_run.values())
        said = f"{total} 条中 {self.ran} 条已运行"
        return ";".join([said, *(f"{why} {count} 条" for why, count in self.not_run.items())])


def runs(rows: pa.Table) -> Runs:
    """Counts over the rows of ``rules``; a reason without rules is left out."""
    ran, reasons = 0, dict.fromkeys(("未加载知识", NO_TABLE, NO_SETTLEMENTS), 0)
    for row in rows.to_pylist():
        if row["hit_cnt"] is not None:
            ran += 1
        else:
            reasons[row["state"].partition(":")[0]] += 1
    return Runs(ran, {why: count for why, count in reasons.items() if count})


def message(totals: Mapping[str, Any], run: Runs) -> str:
    """Hits, money both ways, what is verified, and what could not be looked for, in one sentence."""
    if not run.ran:
        return f"筛查规则{run.words},没有筛查结果;未运行不等于没有疑点。"
    if not totals["hit_cnt"]:
        said = "期内按所选条件没有疑点"
    else:
        waiting = totals["hit_cnt"] - totals["true_cnt"] - totals["excluded_cnt"]
        said = (
            f"期内筛出{LEAD if waiting == totals['hit_cnt'] else '疑点'} {totals['hit_cnt']:,} 件,"
            f"涉及 {totals['institution_cnt']:,} 家机构、{totals['setl_cnt']:,} 笔结算"
        )
        judged = f"属实 {totals['true_cnt']:,} 件、排除 {totals['excluded_cnt']:,} 件"
        said += ";均待核实" if waiting == totals["hit_cnt"] else f";{judged},{waiting:,} 件未核实"
    rest = sum(run.not_run.values())
    return f"{said};另有 {rest} 条规则未运行,未运行不等于没有疑点。" if rest else f"{said}。"


def institutions(rows: pa.Table) -> pa.Table:
    """Rows of ``screening_institutions.sql`` that have a hit, with the share of settlements hit."""
    found = [row for row in rows.to_pylist() if row["hit_cnt"]]
    shares = [_percent(row["hit_setl_cnt"], row["setl_cnt"]) for row in found]
    return pa.Table.from_pylist(found, schema=rows.schema).append_column("share", pa.array(shares, PERCENT))


def funnel(rows: Sequence[Mapping[str, Any]], label: str = "有疑点的结算占比") -> PeerView:
    """Settlements with a hit among all in force, institution by institution; unregistered ones are left out."""
    units = [
        Unit(
            row["fixmedins_code"],
            row["fixmedins_name"] or row["fixmedins_code"],
            Decimal(row["hit_setl_cnt"]),
            Decimal(row["setl_cnt"]),
        )
        for row in rows
        if row["fixmedins_code"] and row["hit_setl_cnt"] <= row["setl_cnt"]
    ]
    return funnel_of(label, units, better="neither", size_label="结算笔数")


def with_evidence(rows: pa.Table) -> pa.Table:
    """Hits or lines with ``found`` and ``limit`` in words."""
    records = rows.to_pylist()
    for side in ("found", "limit"):
        said = [evidence(row[f"{side}_text"], row[f"{side}_num"]) for row in records]
        rows = rows.append_column(side, pa.array(said, pa.string()))
    return rows


def evidence(text: str | None, number: Decimal | None) -> str | None:
    """Number and text of one side, the number first since the column is named for it: 6.25(空腹血糖测定), 12; None without either."""
    if number is None:
        return text or None
    shown = f"{number.normalize():,f}"
    return f"{shown}({text})" if text else shown


def _percent(one: int, all_: int) -> Decimal | None:
    value = ratio(Decimal(one), Decimal(all_), 100)
    return None if value is None else numbers.rounded(value, 2)


def cut_words(part: pa.Table, most: int, measure: str) -> str:
    """How many there are (``total_cnt`` of the rows), and that only the first ``most`` are listed where there are more."""
    total = part.column("total_cnt")[0].as_py() if part.num_rows else 0
    return f"共 {total:,} {measure}" + (f",只列前 {most:,} {measure}。" if total > most else "。")


def months_title(rows: pa.Table) -> str:
    """The finding of the months: where most leads are and how many the newest month has; ``rows`` by month, oldest first."""
    months = rows.to_pylist()
    most, last = max(months, key=lambda row: row["hit_cnt"]), months[-1]
    said = f"{numbers.month(most['ym'])}疑点最多,{most['hit_cnt']:,} 件"
    return said if most is last else f"{said};{numbers.month(last['ym'])} {last['hit_cnt']:,} 件"
