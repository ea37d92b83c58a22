"""Published totals of the benefit statistics against the sums of their parts: shown with the difference, never adjusted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import yaml

from fundwatch.home import REFERENCE
from fundwatch.screens.fund import in_wan
from fundwatch.screens.overview import insutype_words
from fundwatch.screens.period import Period
from fundwatch.ui import numbers


@dataclass(frozen=True)
class Check:
    """A published total against the sum of its parts."""

    fund: str
    span: str
    item: str
    printed: str
    added: str
    difference: str
    differs: bool
    compared: bool


@lru_cache(maxsize=1)
def subtotals() -> tuple[tuple[str, str], ...]:
    """(小计, category it leaves out), from data/reference/benefit_subtotals.yaml."""
    text = (REFERENCE / "benefit_subtotals.yaml").read_text(encoding="utf-8")
    return tuple((name, category) for name, left_out in yaml.safe_load(text).items() for category in left_out)


def checks(rows: Iterable[Mapping[str, object]]) -> list[Check]:
    """Rows of ``fund_reconciliation.sql``, differences first as the query orders them."""
    return [_check(row) for row in rows]


def check_message(found: Sequence[Check]) -> str:
    """How many published totals were held against their parts, and which differ by how much."""
    compared = [check for check in found if check.compared]
    if not compared:
        return "期内没有公布的合计或小计可以核对。"
    odd = [check for check in compared if check.differs]
    if not odd:
        return f"公布的合计、小计核对 {len(compared)} 项,与各项之和全部一致。"
    named = ";".join(
        f"{check.fund}{check.item}公布 {check.printed},各项相加 {check.added},相差 {check.difference.lstrip('+-')}"
        for check in odd[:3]
    )
    more = f"等 {len(odd)} 项" if len(odd) > 3 else ""
    return f"公布的合计、小计核对 {len(compared)} 项,{len(odd)} 项与各项之和不一致:{named}{more}。照公布数使用,不作调整。"


def span_words(begin: dt.date, end: dt.date) -> str:
    """2021年1-4月 for whole months, else the two days."""
    return Period(begin, end).words


def _check(row: Mapping[str, object]) -> Check:
    unit = str(row["unit"])
    printed, added, gap = (row[name] for name in ("printed", "added", "difference"))
    compared = gap is not None
    differs = compared and Decimal(str(gap)) != 0
    return Check(
        insutype_words(str(row["insutype"])),
        span_words(row["begndate"], row["enddate"]),  # type: ignore[arg-type]
        f"{row['measure']}{row['category']}",
        in_wan(Decimal(str(printed)), unit),
        in_wan(Decimal(str(added)), unit) if compared else "构成未登记,不作核对",
        "" if not compared else (_gap(Decimal(str(gap)), unit) if differs else "一致"),
        differs,
        compared,
    )


def _gap(value: Decimal, unit: str) -> str:
    """A difference too small for 万元 is shown in 元."""
    if unit != "元":
        return f"{numbers.signed(value)} {unit}"
    in_wan = value / numbers.WAN
    if numbers.rounded(in_wan, 2):
        return f"{numbers.signed(in_wan, 2)} 万元"
    return f"{numbers.signed(value, 2)} 元"
