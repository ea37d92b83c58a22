"""案件台账: each case with its clock, the most urgent first; the list narrowed to what was clicked; cases by source and by state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fundwatch.contracts import code_lists
from fundwatch.kpi.value import ratio
from fundwatch.screens.clocks import OPEN, URGENCY, Clock, Standing, clock_words, standing
from fundwatch.screens.fields import Field
from fundwatch.ui import numbers

Row = Mapping[str, Any]
#: what can be summed over cases, as the ladder and the tables by source and state show it
AMOUNTS = (
    "found_amt",
    "not_due_amt",
    "due_amt",
    "done_amt",
    "balance_amt",
    "moved_amt",
    "fine_due_amt",
    "breach_due_amt",
)
#: name in the address → (word, which rows it keeps, the amount that these rows add up to)
NARROWINGS: Mapping[str, tuple[str, Callable[[Row], bool], str]] = {
    "all": ("全部案件", lambda row: True, "found_amt"),
    "overdue": ("已超期未办结", lambda row: row["standing"] == Standing.OVERDUE, "found_amt"),
    "week": ("7天内到期", lambda row: row["standing"] == Standing.WEEK, "found_amt"),
    "open": ("在办", lambda row: row["standing"] in OPEN, "found_amt"),
    "closed": ("已办结", lambda row: row["standing"] not in OPEN, "found_amt"),
    "found": ("有认定金额", lambda row: bool(row["found_amt"]), "found_amt"),
    "not_due": ("认定与应追不一致", lambda row: bool(row["not_due_amt"]), "not_due_amt"),
    "due": ("有应追回", lambda row: bool(row["due_amt"]), "due_amt"),
    "done": ("有已追回", lambda row: bool(row["done_amt"]), "done_amt"),
    "balance": ("有追回余额", lambda row: bool(row["balance_amt"]), "balance_amt"),
    "kept": (
        "未移送且有余额",
        lambda row: bool(row["balance_amt"]) and not row["is_transferred"],
        "balance_amt",
    ),
    "moved": ("已移送且有余额", lambda row: bool(row["moved_amt"]), "moved_amt"),
    "transferred": ("已移送", lambda row: bool(row["is_transferred"]), "moved_amt"),
    "fine": ("有罚款", lambda row: bool(row["fine_due_amt"]), "fine_due_amt"),
    "breach": ("有违约金", lambda row: bool(row["breach_due_amt"]), "breach_due_amt"),
}
AMOUNT_WORDS = {
    "found_amt": "认定金额", "not_due_amt": "未列入应追", "due_amt": "应追回", "done_amt": "已追回",
    "balance_amt": "追回余额", "moved_amt": "已移送案件余额", "fine_due_amt": "应缴罚款", "breach_due_amt": "应缴违约金",
}  # fmt: skip
FIELDS = (
    Field("clock", "时钟"), Field("case_id", "案件编号"), Field("title", "案由"), Field("case_souc", "案件来源"),
    Field("fixmedins_name", "定点医药机构名称"), Field("case_stas", "案件状态"), Field("opened_date", "立案日期", "date"),
    Field("due_date", "办理期限", "date"), Field("closed_date", "办结日期", "date"), Field("open_days", "历时", "int", "天"),
    Field("last_step", "最近经过"), Field("found_amt", "认定金额", "amount", "元"), Field("due_amt", "应追回", "amount", "元"),
    Field("done_amt", "已追回", "amount", "元"), Field("balance_amt", "追回余额", "amount", "元"),
    Field("not_due_amt", "未列入应追", "amount", "元"), Field("fine_due_amt", "应缴罚款", "amount", "元"),
    Field("breach_due_amt", "应缴违约金", "amount", "元"), Field("transfers", "移送处罚"),
)  # fmt: skip
MONEY = pa.decimal128(18, 2)
SCHEMA = pa.schema([
    ("clock", pa.string()), ("standing", pa.string()), ("case_id", pa.string()), ("title", pa.string()),
    ("case_souc", pa.string()), ("fixmedins_code", pa.string()), ("fixmedins_name", pa.string()), ("case_stas", pa.string()),
    ("opened_date", pa.date32()), ("due_date", pa.date32()), ("closed_date", pa.date32()), ("open_days", pa.int64()),
    ("last_step", pa.string()), ("is_transferred", pa.int64()), ("transfers", pa.string()),
    *((name, MONEY) for name in AMOUNTS),
])  # fmt: skip


def ledger(rows: Iterable[Row], clock: Clock) -> pa.Table:
    """Rows of ``cases_ledger.sql`` with their clocks: overdue ones first (the longest overdue on top), then by due day, then the
    closed ones, the newest first."""
    made = [_case(row, clock.day) for row in rows]
    made.sort(key=_order)
    return pa.Table.from_pylist(made, schema=SCHEMA)


def _case(row: Row, day: dt.date) -> dict[str, Any]:
    is_closed = row["closed_date"] is not None and row["closed_date"] <= day
    last = row["closed_date"] if is_closed else day
    step = (
        [numbers.date(row["last_event_date"]), str(row["last_event_type"])] if row["last_event_date"] else []
    )
    kinds = [
        code_lists()["handle_type"].get(code, code)
        for code in (row["transfer_types"] or "").split(",")
        if code
    ]
    return {
        **{name: row[name] for name in SCHEMA.names if name in row},
        "clock": clock_words(row["due_date"], row["closed_date"], day),
        "standing": standing(row["due_date"], row["closed_date"], day).value,
        # What was closed after the day stood open on it.
        "closed_date": row["closed_date"] if is_closed else None,
        "open_days": (last - row["opened_date"]).days,
        "last_step": " ".join(step) or None,
        "transfers": "、".join(kinds) or None,
    }


def _order(row: Row) -> tuple[int, int, str]:
    place = URGENCY[Standing(row["standing"])]
    if row["standing"] in OPEN:
        return place, (row["due_date"] or row["opened_date"]).toordinal(), row["case_id"]
    # In time and late beside each other: the newest closing first.
    return len(URGENCY), -row["closed_date"].toordinal(), row["case_id"]


@dataclass(frozen=True)
class Counts:
    """The ledger in numbers. ``longest`` is the longest overdue in days; ``opened`` and ``closed`` are those of the period."""

    total: int
    open: int
    overdue: int
    week: int
    no_date: int
    longest: int
    opened: int
    closed: int
    carried: int


def counts(table: pa.Table, first_day: dt.date, day: dt.date) -> Counts:
    """How many cases stand how on ``day``; carried over + opened − closed = open."""
    rows = table.to_pylist()
    overdue = [row for row in rows if row["standing"] == Standing.OVERDUE]
    return Counts(
        total=len(rows),
        open=sum(row["standing"] in OPEN for row in rows),
        overdue=len(overdue),
        week=sum(row["standing"] == Standing.WEEK for row in rows),
        no_date=sum(row["standing"] == Standing.NO_DATE for row in rows),
        longest=max(((day - row["due_date"]).days for row in overdue), default=0),
        opened=sum(row["opened_date"] >= first_day for row in rows),
        closed=sum(row["standing"] not in OPEN for row in rows),
        carried=sum(row["opened_date"] < first_day for row in rows),
    )


def message(found: Counts, day: dt.date) -> str:
    """The screen's sentence."""
    if not found.total:
        return f"截至 {numbers.date(day)},期内没有在办或办结的案件。"
    parts = [f"截至 {numbers.date(day)},在办案件 {found.open} 件"]
    if found.overdue:
        parts.append(f"其中已超期 {found.overdue} 件(最长超期 {found.longest} 天)")
    elif found.open and found.no_date < found.open:
        parts.append("没有超期")
    if found.week:
        parts.append(f"7天内到期 {found.week} 件")
    if found.no_date:
        parts.append(f"未登记办理期限 {found.no_date} 件")
    flow = f"期初未结 {found.carried} 件 + 期内新立 {found.opened} 件 − 期内办结 {found.closed} 件 = 在办 {found.open} 件"
    return f"{','.join(parts)}。{flow}。"


def narrowed(table: pa.Table, show: str, sources: Iterable[str] = ()) -> pa.Table:
    """The rows that a narrowing keeps, of the chosen sources (none chosen: all)."""
    keep, wanted = NARROWINGS[show][1], set(sources)
    chosen = [keep(row) and (not wanted or row["case_souc"] in wanted) for row in table.to_pylist()]
    return table.filter(pa.array(chosen, pa.bool_()))


def total(table: pa.Table, name: str) -> Decimal:
    """The sum of an amount over the rows, to the fen."""
    return sum((value for value in table.column(name).to_pylist() if value is not None), Decimal("0.00"))


GROUP_FIELDS = (
    Field("total", "案件", "int", "件"), Field("open", "在办", "int", "件"), Field("overdue", "已超期", "int", "件"),
    Field("closed", "已办结", "int", "件"), Field("found_amt", "认定金额", "amount", "元"), Field("due_amt", "应追回", "amount", "元"),
    Field("done_amt", "已追回", "amount", "元"), Field("balance_amt", "追回余额", "amount", "元"),
)  # fmt: skip


def by(table: pa.Table, column: str) -> pa.Table:
    """Cases by source or by state: counts and amounts, the group with the most open cases first."""
    groups: dict[str, list[Row]] = {}
    for row in table.to_pylist():
        groups.setdefault(row[column], []).append(row)
    made = [_group(name, rows) for name, rows in groups.items()]
    made.sort(key=lambda row: (-row["open"], -row["total"], row["name"]))
    amounts = [(name, MONEY) for name in ("found_amt", "due_amt", "done_amt", "balance_amt")]
    schema = [
        ("name", pa.string()),
        *((name, pa.int64()) for name in ("total", "open", "overdue", "closed")),
        *amounts,
    ]
    return pa.Table.from_pylist(made, schema=pa.schema(schema))


def _group(name: str, rows: list[Row]) -> dict[str, Any]:
    return {
        "name": name,
        "total": len(rows),
        "open": sum(row["standing"] in OPEN for row in rows),
        "overdue": sum(row["standing"] == Standing.OVERDUE for row in rows),
        "closed": sum(row["standing"] not in OPEN for row in rows),
        **{
            amount: _sum_of_known(row[amount] for row in rows)
            for amount in ("found_amt", "due_amt", "done_amt", "balance_amt")
        },
    }


def _sum_of_known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is registered; None where nothing is, which is not zero."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal("0.00")) if known else None


def unfilled_words(handlings: pa.Table) -> str:
    """What the register of handlings leaves open and the figures above it therefore count as nothing; empty when it leaves none."""
    rows = handlings.to_pylist()
    nowhere = sum(row["fixmedins_code"] is None for row in rows)
    unpaid = sum(row["amt_due"] is not None and row["amt_done"] is None for row in rows)
    words = [f"{nowhere} 次没有登记机构编号,不计入处理机构数"] if nowhere else []
    words += [f"{unpaid} 次有应收金额而没有登记已收金额,按未收计"] if unpaid else []
    return f"处理处罚 {len(rows):,} 次中,{';'.join(words)}。" if words else ""


QUARTER_FIELDS = (
    Field("quarter", "季度"),
    Field("due", "应审机构", "int", "家"),
    Field("done", "已审机构", "int", "家"),
    Field("rest", "未审机构", "int", "家"),
    Field("pct", "完成率", "percent", "%"),
    Field("amt_reviewed", "审核金额", "amount", "元"),
    Field("amt_vola", "违规金额", "amount", "元"),
    Field("amt_recovered", "追回金额", "amount", "元"),
)
REVIEWED = ("amt_reviewed", "amt_vola", "amt_recovered")


def by_quarter(rows: pa.Table) -> pa.Table:
    """The list of post_review_rate (one row per institution and quarter) added up by quarter, the newest first.

    Amounts are those of the reviews that are done; a list without them gives none.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows.to_pylist():
        groups.setdefault(row["quarter"], []).append(row)
    made = [_quarter(name, own) for name, own in sorted(groups.items(), reverse=True)]
    schema = [("quarter", pa.string()), *((name, pa.int64()) for name in ("due", "done", "rest"))]
    schema += [("pct", pa.decimal128(20, 10)), *((name, MONEY) for name in REVIEWED)]
    return pa.Table.from_pylist(made, schema=pa.schema(schema))


def _quarter(name: str, rows: list[Row]) -> dict[str, Any]:
    due, done = (int(sum(row[side] for row in rows)) for side in ("denominator", "numerator"))
    reviewed = [row for row in rows if row["numerator"]]
    amounts = {
        amount: sum((row[amount] for row in reviewed if row[amount] is not None), Decimal("0.00"))
        for amount in REVIEWED
        if amount in (rows[0] if rows else {})
    }
    share = ratio(Decimal(done), Decimal(due), 100)
    return {"quarter": name, "due": due, "done": done, "rest": due - done, "pct": share, **amounts}
