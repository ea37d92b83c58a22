"""审核拒付 as tables and sentences: the funnel from declared to deducted, the queues of the six steps, rejection by cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fundwatch.kpi import KpiValue
from fundwatch.kpi.value import ratio
from fundwatch.screens.fields import Field
from fundwatch.ui import numbers

#: step of the funnel → word, KPI of its amount; documents are counted by ``review_funnel.sql``
FUNNEL: Mapping[str, tuple[str, str]] = {
    "flagged": ("检出", "flagged_amount"),
    "first_review": ("初审", "first_review_amount"),
    "confirmed": ("确认", "confirmed_amount"),
    "deducted": ("扣款", "deducted_amount"),
}
AMOUNTS = tuple(kpi for _, kpi in FUNNEL.values())
#: queue of ``deadlines_review.sql`` → (word, post that answers for it), in the order of the flow
QUEUES: Mapping[str, tuple[str, str]] = {
    "first": ("初审", "初审岗"),
    "recheck": ("复核", "复核岗"),
    "push": ("推送", "复核岗"),
    "appeal": ("申诉期内", "定点机构"),
    "final": ("复审", "复审岗"),
    "feedback": ("反馈", "复审岗"),
    "deduct": ("扣款处理", "基金结算"),
}
#: upper ends of the ages of a queue, in days; the last is open
AGES = (7, 15, 30)
AGE_WORDS = ("7天内", "8至15天", "16至30天", "30天以上")
RULE_FIELDS = (
    Field("rule_id", "规则编号", "code"), Field("rule_name", "规则名称"), Field("flagged_cnt", "检出疑点", "int", "条"),
    Field("flagged_amt", "检出金额", "amount", "元"), Field("first_review_amt", "初审金额", "amount", "元"),
    Field("confirmed_cnt", "确认", "int", "条"), Field("confirmed_amt", "确认金额", "amount", "元"),
    Field("deducted_amt", "扣款金额", "amount", "元"), Field("confirmed_share", "确认占检出", "percent", "%"),
    Field("institution_cnt", "涉及机构", "int", "家"),
)  # fmt: skip
CELL_FIELDS = (
    Field("declared", "申报基金", "amount", "元"), Field("deducted", "扣款", "amount", "元"),
    Field("rate", "审核拒付率", "percent", "%"), Field("docs", "申报单据", "int", "件"),
    Field("rejected", "拒付单据", "int", "件"), Field("doc_rate", "拒付单据率", "percent", "%"),
)  # fmt: skip
PERCENT = pa.decimal128(12, 4)
MONEY = pa.decimal128(18, 2)


@dataclass(frozen=True)
class Rung:
    """One step of the funnel: documents, yuan, and the list behind the yuan (a KPI)."""

    name: str
    docs: int | None
    amount: Decimal
    kpi: str


def funnel(values: Mapping[str, KpiValue], docs: Mapping[str, Any]) -> list[Rung]:
    """Declared, then the four steps; the declared sides are those of rejection_rate and first_review_rate."""
    declared = values["rejection_rate"].denominator or Decimal(0)
    rungs = [Rung("申报", int(values["first_review_rate"].denominator or 0), declared, "rejection_rate")]
    return [
        *rungs,
        *(
            Rung(word, docs[f"{step}_cnt"], values[kpi].numerator, kpi)
            for step, (word, kpi) in FUNNEL.items()
        ),
    ]


def share_of_first(rungs: Sequence[Rung], rung: Rung) -> Decimal | None:
    """A step's yuan as a share of what was declared, in percent."""
    return ratio(rung.amount, rungs[0].amount, 100)


def in_wan(amount: Decimal) -> Decimal:
    """Yuan as 万元, for the length of a bar."""
    return amount / numbers.WAN


def message(values: Mapping[str, KpiValue]) -> str:
    """Reviewed, late, rejected and not separated, in one sentence."""
    first, rate = values["first_review_rate"], values["rejection_rate"]
    if first.value is None:
        return f"审核没有数值:{first.extra.get('reason') or '本期没有申报单据'}。"
    said = f"期内申报 {numbers.plain(first.denominator)} 件,初审率 {numbers.percent(first.value)}"
    late = values["review_overdue_rate"]
    if late.value is not None and late.numerator:
        said += f",超时 {numbers.plain(late.numerator)} 件"
    if rate.value is not None:
        said += f";扣款 {numbers.money(rate.numerator)},审核拒付率 {numbers.percent(rate.value, 2)}"
    breaches = values["duty_breaches"].numerator
    said += f";岗位未分离 {numbers.plain(breaches)} 件" if breaches else ";未发现岗位未分离"
    return f"{said}。"


def funnel_title(rungs: Sequence[Rung]) -> str:
    """The finding of the funnel: how much of what was flagged ended as a deduction."""
    flagged, deducted = rungs[1].amount, rungs[-1].amount
    if not flagged:
        return "期内没有检出疑点"
    return f"检出 {numbers.money(flagged)},扣款 {numbers.money(deducted)}({numbers.percent(ratio(deducted, flagged, 100))})"


@dataclass(frozen=True)
class Queue:
    """What waits at one step on a day: how many by age, how much money, the oldest in days."""

    key: str
    name: str
    owner: str
    by_age: tuple[int, ...]
    amount: Decimal
    oldest: int | None

    @property
    def total(self) -> int:
        return sum(self.by_age)


def queues(rows: Iterable[Mapping[str, Any]], day: dt.date) -> list[Queue]:
    """Rows of ``deadlines_review.sql`` as one queue per step; ages count from the day the step was reached."""
    kept = list(rows)
    return [_queue(key, [row for row in kept if row["step"] == key], day) for key in QUEUES]


def _queue(key: str, rows: Sequence[Mapping[str, Any]], day: dt.date) -> Queue:
    counts, oldest = [0] * len(AGE_WORDS), None
    for row in rows:
        if row["since"] is None:
            counts[0] += row["item_cnt"]
            continue
        age = (day - row["since"]).days
        counts[sum(age > end for end in AGES)] += row["item_cnt"]
        oldest = age if oldest is None else max(oldest, age)
    amount = sum((row["amt"] or Decimal(0) for row in rows), Decimal(0))
    name, owner = QUEUES[key]
    return Queue(key, name, owner, tuple(counts), amount, oldest)


def queues_title(found: Sequence[Queue]) -> str:
    """The finding of the board: where most waits."""
    waiting = [queue for queue in found if queue.total and queue.key != "appeal"]
    if not waiting:
        return "六步流程没有积压"
    longest = max(waiting, key=lambda queue: (queue.by_age[-1], queue.total))
    if longest.by_age[-1]:
        return f"{longest.name}环节 {numbers.plain(longest.by_age[-1])} 件等待超过30天"
    most = max(waiting, key=lambda queue: queue.total)
    return f"{most.name}环节等待最多,{numbers.plain(most.total)} 件"


def rules(rows: pa.Table) -> pa.Table:
    """Rows of ``review_rules.sql`` with the share of the flagged yuan that was confirmed."""
    pairs = zip(rows.column("confirmed_amt").to_pylist(), rows.column("flagged_amt").to_pylist(), strict=True)
    return rows.append_column(
        "confirmed_share", pa.array([_percent(one, all_) for one, all_ in pairs], PERCENT)
    )


def cells(values: Iterable[KpiValue], names: Mapping[str, str]) -> pa.Table:
    """rejection_rate and rejected_doc_rate of a split side by side, in order of the key: no rank."""
    found: dict[str | None, dict[str, KpiValue]] = {}
    for value in values:
        found.setdefault(value.key, {})[value.kpi] = value
    rows = [
        {
            "key": key,
            "name": names.get(key or "", key or "未登记"),
            "declared": money.denominator if (money := kpis.get("rejection_rate")) else None,
            "deducted": money.numerator if money else None,
            "rate": _rounded(money),
            "docs": int(docs.denominator or 0) if (docs := kpis.get("rejected_doc_rate")) else None,
            "rejected": int(docs.numerator) if docs else None,
            "doc_rate": _rounded(docs),
        }
        for key, kpis in sorted(found.items(), key=lambda item: (item[0] is None, item[0] or ""))
    ]
    schema = pa.schema([
        ("key", pa.string()), ("name", pa.string()), ("declared", MONEY), ("deducted", MONEY), ("rate", PERCENT),
        ("docs", pa.int64()), ("rejected", pa.int64()), ("doc_rate", PERCENT),
    ])  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


def _percent(one: Decimal, all_: Decimal) -> Decimal | None:
    value = ratio(one, all_, 100)
    return None if value is None else numbers.rounded(value, 4)


def _rounded(value: KpiValue | None) -> Decimal | None:
    return None if value is None or value.value is None else numbers.rounded(value.value, 4)
