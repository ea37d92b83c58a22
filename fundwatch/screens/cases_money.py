"""The money ladder of 案件台账: rungs for the waterfall, the ladder held against the list, and against the KPI of recoveries.

Sums and differences come from ``cases_ladder.sql`` and ``cases_bridge.sql``; the list's sums are added here only to be held against
them. Fines and contract penalties stand beside the ladder: they are not money of the fund that is to come back (decision 181).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fundwatch.kpi import KpiValue
from fundwatch.screens.cases import AMOUNT_WORDS, total
from fundwatch.ui import numbers
from fundwatch.ui.waterfall import Step

Row = Mapping[str, Any]
NOTHING = Decimal("0.00")
#: amounts that the list and the ladder both have
COMPARED = (
    "found_amt",
    "due_amt",
    "done_amt",
    "balance_amt",
    "moved_amt",
    "not_due_amt",
    "fine_due_amt",
    "breach_due_amt",
)


def steps(row: Row) -> list[Step]:
    """认定 → 未列入应追 → 应追回 → 已追回 → 追回余额 → 其中已移送 → 本局待追, then 罚款 and 违约金; ``key`` narrows the list."""
    found, due, done, balance = (row[name] for name in ("found_amt", "due_amt", "done_amt", "balance_amt"))
    gap, moved = row["not_due_amt"], row["moved_amt"]
    rungs = [Step("认定金额", NOTHING, found, found, "plan", "found", _found_note(row))]
    if gap:
        name = "未列入应追" if gap > 0 else "应追多于认定"
        rungs.append(Step(name, due, found, -gap, "rest", "not_due", "认定与应追回之差"))
    rungs += [
        Step("应追回", NOTHING, due, due, "plan", "due", _due_note(row)),
        Step("已追回", balance, due, -done, "done", "done", "到账金额"),
        Step("追回余额", NOTHING, balance, balance, "plan", "balance", "应追回 − 已追回"),
    ]
    if moved:
        rungs += [
            Step("其中已移送", row["kept_amt"], balance, -moved, "rest", "moved", _moved_note(row)),
            Step(
                "待本局追回",
                NOTHING,
                row["kept_amt"],
                row["kept_amt"],
                "plan",
                "kept",
                "追回余额 − 已移送案件余额",
            ),
        ]
    for name, key in (("罚款", "fine"), ("违约金", "breach")):
        if row[f"{key}_cnt"]:
            paid, rest = row[f"{key}_done_amt"], row[f"{key}_balance_amt"]
            note = f"另计;已缴 {_yuan(paid)},余额 {_yuan(rest)}"
            rungs.append(
                Step(f"应缴{name}", NOTHING, row[f"{key}_due_amt"], row[f"{key}_due_amt"], "plan", key, note)
            )
    return rungs


def _found_note(row: Row) -> str:
    parts = [f"涉嫌欺诈骗保 {_yuan(row['fraud_amt'])},一般违规 {_yuan(row['vola_amt'])}"]
    if row["case_cnt"] > row["found_cnt"]:
        parts.append(f"{row['case_cnt'] - row['found_cnt']} 件没有登记金额")
    if row["finding_cnt"]:
        gap = row["found_less_finding_amt"]
        said = "与认定一致" if not gap else f"{'少于' if gap > 0 else '多于'}认定 {_yuan(abs(gap))}"
        parts.append(f"问题 {row['finding_cnt']} 个合计 {_yuan(row['finding_amt'])},{said}")
    return ";".join(parts)


def _due_note(row: Row) -> str:
    without = row["case_cnt"] - row["recovery_case_cnt"]
    lead = f"{row['recovery_cnt']} 次追回处理"
    return f"{lead};{without} 件没有登记追回处理" if without else lead


def _moved_note(row: Row) -> str:
    return f"{row['moved_cnt']} 件已移送行政、公安、纪检或卫健市监,其追回余额"


def title(row: Row) -> str:
    """The chart's finding."""
    if not row["case_cnt"]:
        return "期内没有案件"
    if not row["recovery_cnt"]:
        return f"认定 {_money(row['found_amt'])},没有登记追回处理"
    if not row["balance_amt"]:
        return f"应追回 {_money(row['due_amt'])} 已全部追回"
    return (
        f"应追回 {_money(row['due_amt'])},已追回 {_money(row['done_amt'])},余额 {_money(row['balance_amt'])}"
    )


@dataclass(frozen=True)
class Held:
    """One amount of the ladder against the sum of the list."""

    name: str
    ladder: Decimal
    listed: Decimal

    @property
    def difference(self) -> Decimal:
        return self.ladder - self.listed


def held_against(row: Row, listed: pa.Table) -> list[Held]:
    """The ladder's amounts beside the sums of all rows of the list."""
    return [Held(AMOUNT_WORDS[name], row[name], total(listed, name)) for name in COMPARED]


def held_words(held: Sequence[Held], cases: int) -> str:
    """Whether ladder and list agree to the fen, or by how much they differ."""
    odd = [one for one in held if one.difference]
    if not odd:
        return f"阶梯各项与下方清单 {cases} 件案件逐项相加一致,分毫不差。"
    named = ";".join(
        f"{one.name}阶梯 {_yuan(one.ladder)}、清单 {_yuan(one.listed)},相差 {_yuan(one.difference)}"
        for one in odd
    )
    return f"阶梯与清单不一致:{named}。请联系维护人员核对后再使用。"


#: origin in cases_bridge.sql → words
ORIGINS = {
    "listed": "本页案件的追回处理", "other_case": "其他案件的追回处理", "finding_case": "问题已立案、处理未登记案号",
    "no_case": "未立案(检查等直接处理)",
}  # fmt: skip
ELSEWHERE = "本页案件、期外决定或筛选之外的追回处理"


@dataclass(frozen=True)
class BridgeLine:
    """One line of the comparison. ``strong`` are sums; ``difference`` is set where a sum is held against another number."""

    name: str
    recovery_cnt: int
    due: Decimal
    done: Decimal
    balance: Decimal
    strong: bool = False
    note: str = ""


def bridge(rows: Iterable[Row], ladder: Row, number: KpiValue | None) -> list[BridgeLine]:
    """From KPI recovery_rate (all recoveries decided in the period) to the ladder (all recoveries of the listed cases)."""
    known = list(rows)
    counted = [_bridge_line(ORIGINS[row["origin"]], row) for row in known if row["is_counted"]]
    whole = _sum("期内决定的追回合计", counted)
    sides = (
        (number.denominator, number.numerator)
        if number is not None and number.denominator is not None
        else None
    )
    lines = [*counted, _checked(whole, sides, "违规金额追回率的分母、分子")]
    own = [
        _bridge_line(ORIGINS["listed"], row)
        for row in known
        if row["is_counted"] and row["origin"] == "listed"
    ]
    other = [_bridge_line(ELSEWHERE, row) for row in known if not row["is_counted"]]
    ladder_sum = _sum("本页案件追回合计", [*own, *other])
    return [*lines, *other, _checked(ladder_sum, (ladder["due_amt"], ladder["done_amt"]), "金额阶梯")]


def _bridge_line(name: str, row: Row) -> BridgeLine:
    return BridgeLine(name, row["recovery_cnt"], row["due_amt"], row["done_amt"], row["balance_amt"])


def _sum(name: str, lines: Sequence[BridgeLine]) -> BridgeLine:
    return BridgeLine(
        name,
        sum(line.recovery_cnt for line in lines),
        sum((line.due for line in lines), NOTHING),
        sum((line.done for line in lines), NOTHING),
        sum((line.balance for line in lines), NOTHING),
        strong=True,
    )


def _checked(line: BridgeLine, sides: tuple[Decimal, Decimal] | None, what: str) -> BridgeLine:
    if sides is None:
        note = f"{what}无数值,不作比较"
    elif (line.due, line.done) == sides:
        note = f"与{what}一致"
    else:
        note = f"与{what}相差 {_yuan(line.due - sides[0])}(应追)、{_yuan(line.done - sides[1])}(已追)"
    return BridgeLine(line.name, line.recovery_cnt, line.due, line.done, line.balance, True, note)


def _yuan(value: Decimal) -> str:
    return f"{numbers.plain(value, 2)} 元"


def _money(value: Decimal) -> str:
    return str(numbers.money(value))
