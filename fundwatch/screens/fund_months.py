"""The fund month by month: income beside outlay, and where the year may end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fundwatch.kpi import KpiValue
from fundwatch.screens.overview import insutype_of
from fundwatch.stats.forecast import Forecast, year_end
from fundwatch.ui import numbers

FLOWS = ("fund_income", "fund_outlay", "fund_surplus")
NOT_WHOLE = "本年或上年的逐月数据不全,不作预测"
NO_BAND = "历史不足,不给区间"
Monthly = Mapping[str, Mapping[str, Decimal | None]]


@dataclass(frozen=True)
class Flow:
    """One month: income and outlay in 元, None where the ledger has no row of that side."""

    month: str
    income: Decimal | None
    outlay: Decimal | None


@dataclass(frozen=True)
class Outlook:
    """One line of the year-end table, in words."""

    fund: str
    item: str
    so_far: str
    year_end: str
    band80: str
    band95: str
    note: str


def monthly(values: Iterable[KpiValue], insutype: str) -> Monthly:
    """KPI → month → value of one insurance type, from values split by month."""
    found: dict[str, dict[str, Decimal | None]] = {kpi: {} for kpi in FLOWS}
    for number in values:
        if insutype_of(number) == insutype:
            found[number.kpi][str(number.key)[-7:]] = number.value
    return found


def flows(months: Sequence[str], values: Monthly) -> list[Flow]:
    """The months in order; those before the ledger's first month are left out."""
    known = sorted({*values["fund_income"], *values["fund_outlay"]})
    shown = [month for month in months if known and month >= known[0]]
    return [
        Flow(month, values["fund_income"].get(month), values["fund_outlay"].get(month)) for month in shown
    ]


def can_draw(found: Sequence[Flow]) -> bool:
    """A line needs three months of outlay."""
    return sum(flow.outlay is not None for flow in found) >= 3


def flow_title(short: str, found: Sequence[Flow]) -> str:
    """职工近 12 个月中 3 个月支出大于收入."""
    both = [flow for flow in found[-12:] if flow.income is not None and flow.outlay is not None]
    if not both:
        return f"{short}:没有收支齐全的月份"
    over = sum(
        flow.outlay > flow.income for flow in both if flow.income is not None and flow.outlay is not None
    )
    if not over:
        return f"{short}近 {len(both)} 个月收入均不低于支出"
    return f"{short}近 {len(both)} 个月中 {over} 个月支出大于收入"


def flow_words(found: Sequence[Flow]) -> str:
    """The text alternative: the last month's two figures, the highest outlay."""
    paid = [flow for flow in found if flow.outlay is not None]
    last, most = paid[-1], max(paid, key=lambda flow: flow.outlay or Decimal(0))
    income = f",收入 {numbers.money(last.income)}" if last.income is not None else ""
    return (
        f"{numbers.month(last.month)}支出 {numbers.money(last.outlay)}{income};"
        f"支出最高的月份是{numbers.month(most.month)},{numbers.money(most.outlay)}。"
    )


def outlooks(short: str, months: Sequence[str], values: Monthly) -> list[Outlook]:
    """Year end of outlay, income and surplus; a line says why there is no figure or no band."""
    words = {"fund_outlay": "支出", "fund_income": "收入", "fund_surplus": "当期结余"}
    return [_outlook(short, item, months, values[kpi]) for kpi, item in words.items() if values[kpi]]


def _outlook(short: str, item: str, months: Sequence[str], values: Mapping[str, Decimal | None]) -> Outlook:
    first = min(values)
    series = [values.get(month) for month in months if month >= first]
    last = int(months[-1][5:]) if months else 0
    found = year_end(series, last) if series else None
    if found is None:
        return Outlook(short, item, *[numbers.NONE] * 4, NOT_WHOLE)
    return Outlook(
        short,
        item,
        _about(found.year_to_date),
        _about(found.year_end),
        _band(found, 80),
        _band(found, 95),
        _how(found),
    )


def _about(value: float) -> str:
    """A whole 万元: a forecast has no fen."""
    return numbers.plain(Decimal(str(value)) / numbers.WAN)


def _band(found: Forecast, level: int) -> str:
    band = found.band(level)
    return f"{_about(band.lower)} 至 {_about(band.upper)}" if band else NO_BAND


def _how(found: Forecast) -> str:
    if not found.months:
        return "全年数据已齐"
    test = found.backtest
    error = ""
    if test is not None and test.error_pct is not None:
        error = f";回看 {test.spans} 次,平均误差 {numbers.percent(Decimal(str(test.error_pct)))}"
    return f"后 {len(found.months)} 个月按上年同月{error}"
