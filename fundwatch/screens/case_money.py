"""The money of a case or a claim, as rungs and equations: sums and differences come from the queries, here are only words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fundwatch.ui import numbers

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Rung:
    """One rung of the money ladder: what, how much, how it was reckoned, and how it is drawn."""

    name: str
    amount: Decimal | None
    note: str
    look: str


def ladder(row: Row) -> list[Rung]:
    """认定 → 应追 → 已追 → 余额, then 违约金 and 罚款, from ``case_ladder.sql``; 余额 is 应追 less 已追 to the fen."""
    found = row["found_amt"]
    rungs = [Rung("认定金额", found, _found_note(row), "plan")]
    if row["recovery_cnt"]:
        note = f"{row['recovery_cnt']} 次追回处理"
        note += _gap(row["found_less_due_amt"], "认定") if found is not None else ""
        rungs += [
            Rung("应追回", row["due_amt"], note, "plan"),
            Rung("已追回", row["done_amt"], "到账金额", "done"),
            Rung("追回余额", row["balance_amt"], "应追回 − 已追回", "rest"),
        ]
    else:
        rungs.append(Rung("应追回", None, "没有登记与本案关联的追回处理", "plan"))
    for name, key in (("违约金", "breach"), ("罚款", "fine")):
        if row[f"{key}_due_amt"] or row[f"{key}_done_amt"]:
            note = f"已缴 {numbers.plain(row[f'{key}_done_amt'], 2)} 元,余额 {numbers.plain(row[f'{key}_balance_amt'], 2)} 元"
            rungs.append(Rung(f"应缴{name}", row[f"{key}_due_amt"], note, "plan"))
    return rungs


def _found_note(row: Row) -> str:
    if row["found_amt"] is None:
        return "案件没有登记金额"
    parts = [
        f"{name} {numbers.plain(row[key], 2)} 元"
        for name, key in (("涉嫌欺诈骗保", "fraud_amt"), ("一般违规", "vola_amt"))
        if row[key]
    ]
    if row["finding_cnt"]:
        parts.append(
            f"问题 {row['finding_cnt']} 个合计 {numbers.plain(row['finding_amt'], 2)} 元"
            + _gap(row["found_less_finding_amt"], "认定")
        )
    return ";".join(parts) or "登记为 0"


def _gap(difference: Decimal, of: str) -> str:
    if not difference:
        return f",与{of}一致"
    word = "少于" if difference > 0 else "多于"
    return f",{word}{of} {numbers.plain(abs(difference), 2)} 元"


def ladder_words(row: Row) -> str:
    """One sentence for the top of a case."""
    if row["due_amt"]:
        rest = "已全部追回" if not row["balance_amt"] else f"余额 {numbers.plain(row['balance_amt'], 2)} 元"
        return f"应追回 {numbers.plain(row['due_amt'], 2)} 元,已追回 {numbers.plain(row['done_amt'], 2)} 元,{rest}。"
    if row["found_amt"]:
        return f"认定 {numbers.plain(row['found_amt'], 2)} 元;没有登记与本案关联的追回处理。"
    return "案件没有登记金额,也没有登记与本案关联的追回处理。"


EQUATIONS = {1: "费用构成", 2: "基金构成", 3: "支付构成"}


def reconciled(parts: Iterable[Row]) -> list[tuple[str, list[Row], Decimal]]:
    """The three equations of a settlement: title, its rows (total first, blank parts left out), the difference."""
    rows = list(parts)
    found = []
    for number, title in EQUATIONS.items():
        own = [row for row in rows if row["equation"] == number]
        shown = [row for row in own if row["role"] == "total" or (row["role"] == "part" and row["amount"])]
        difference = next((row["amount"] for row in own if row["role"] == "difference"), Decimal(0))
        if own:
            found.append((title, shown, difference))
    return found
