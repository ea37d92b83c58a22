"""The fund month by month: income beside outlay, and where the year may end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fundwatch.kpi import KpiValue
from fundwatch.screens.overview import insutype_of
from fundwatch.stats.forecast import Comparison, Forecast, compare
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
    """One line of the year-end table: its figures in words, and as numbers (元) for the chart where there is a forecast.

    ``benchmark`` is the year end by last year's months alone, ``verdict`` which rule missed by less in the past.
    """

    fund: str
    item: str
    so_far: str
    year_end: str
    band80: str
    band95: str
    benchmark: str
    note: str
    verdict: str = ""
    forecast: Forecast | None = None
    reference: float | None = None


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
    """Year end of outlay, income and surplus; a line says why there is no figure or no band.

    One rule for the whole fund, so that surplus is income less outlay: the one that outlay, else the first line, speaks for.
    """
    words = {"fund_outlay": "支出", "fund_income": "收入", "fund_surplus": "当期结余"}
    found = {kpi: _compared(months, values[kpi]) for kpi in words if values[kpi]}
    leading = next((one for one in found.values() if one is not None), None)
    moves = leading is not None and leading.beats
    return [_outlook(short, words[kpi], found[kpi], moves) for kpi in found]


def verdict(short: str, lines: Sequence[Outlook]) -> str:
    """One sentence a fund: where outlay may end, how sure, and whether the rule beats the benchmark."""
    line = next((one for one in lines if one.forecast is not None), None)
    if line is None or line.forecast is None:
        return f"{short}:{lines[0].note}。" if lines else ""
    if not line.forecast.months:
        return f"{short}{line.item}全年 {line.year_end} 万元,全年数据已齐。"
    band = f",80% 区间 {line.band80}" if line.forecast.band(80) else f",{NO_BAND}"
    return f"{short}{line.item}预计全年 {line.year_end} 万元{band};{line.verdict}。"


def _compared(months: Sequence[str], values: Mapping[str, Decimal | None]) -> Comparison | None:
    first = min(values)
    series = [values.get(month) for month in months if month >= first]
    return compare(series, int(months[-1][5:])) if series else None


def _outlook(short: str, item: str, compared: Comparison | None, moves: bool) -> Outlook:
    if compared is None:
        return Outlook(short, item, *[numbers.NONE] * 5, NOT_WHOLE)
    found = compared.trend if moves and compared.trend is not None else compared.benchmark
    return Outlook(
        short,
        item,
        _about(found.year_to_date),
        _about(found.year_end),
        _band(found, 80),
        _band(found, 95),
        _about(compared.benchmark.year_end),
        _how(found, moves and compared.trend is not None),
        _verdict(compared),
        found,
        compared.benchmark.year_end,
    )


def _verdict(compared: Comparison) -> str:
    """Whether moving last year's months by this year's growth missed by less than last year's months alone."""
    if not compared.can_tell:
        return f"历史不足以比较两种做法(同期可回看 {compared.spans} 次),按上年同月推算"
    errors = f"回看 {compared.spans} 次,平均误差 {_about(compared.trend_error)} 万元,上年同月法 {_about(compared.benchmark_error)} 万元"
    if compared.beats:
        return f"按上年同月加今年月均增减推算,误差小于上年同月法({errors})"
    return f"加上今年增减并不比上年同月法更准,按上年同月推算({errors})"


def _about(value: float | None) -> str:
    """A whole 万元: a forecast has no fen."""
    return numbers.NONE if value is None else numbers.plain(Decimal(str(value)) / numbers.WAN)


def _band(found: Forecast, level: int) -> str:
    band = found.band(level)
    return f"{_about(band.lower)} 至 {_about(band.upper)}" if band else NO_BAND


def _how(found: Forecast, moved: bool) -> str:
    if not found.months:
        return "全年数据已齐"
    rule = "按上年同月加今年月均增减" if moved else "按上年同月"
    test = found.backtest
    error = ""
    if test is not None and test.error_pct is not None:
        error = f";回看 {test.spans} 次,平均误差 {numbers.percent(Decimal(str(test.error_pct)))}"
    return f"后 {len(found.months)} 个月{rule}{error}"
