"""收支结余: one fund beside the other, never added; what is published stands beside what adds up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fundwatch.contracts import code_lists, contracts
from fundwatch.kpi import KpiValue, declarations
from fundwatch.quality import TableState
from fundwatch.screens.overview import insutype_of, insutype_words
from fundwatch.screens.sources import NOT_LOADED
from fundwatch.ui import numbers

#: in the order of the tiles: two in a row, money first
TILES = (
    "fund_income", "fund_outlay", "fund_surplus", "payable_months", "benefit_amount", "benefit_person_times",
)  # fmt: skip
GROWTHS = {
    "outlay_growth": "fund_outlay",
    "benefit_growth": "benefit_amount",
    "benefit_times_growth": "benefit_person_times",
}
KPIS = (*TILES, "fund_closing_balance", "budget_execution", *GROWTHS)
#: KPI → the tables without which it has no value; a direction where the ledger's other side is not enough
NEEDS: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "fund_income": (("fund_ledger", "收入"),),
    "fund_outlay": (("fund_ledger", "支出"),),
    "fund_surplus": (("fund_ledger", "收入"), ("fund_ledger", "支出")),
    "fund_closing_balance": (("fund_balance", None),),
    "payable_months": (("fund_balance", None), ("fund_ledger", "支出")),
    "budget_execution": (("fund_budget", None), ("fund_ledger", "支出")),
    "outlay_growth": (("fund_ledger", "支出"),),
    "benefit_amount": (("benefit_stat", None),),
    "benefit_person_times": (("benefit_stat", None),),
    "benefit_growth": (("benefit_stat", None),),
    "benefit_times_growth": (("benefit_stat", None),),
}
NO_MONTHS = "期内没有整月数据"
RATIO_PREFIX = "实际报销比例:"


@dataclass(frozen=True)
class Side:
    """What the ledger holds of one insurance type and direction: months inside the period and in all."""

    period_months: int
    first_period_month: str | None
    last_period_month: str | None
    months: int


@dataclass(frozen=True)
class Fund:
    """One insurance type: its values by KPI, and the sides of its ledger by direction."""

    insutype: str
    values: Mapping[str, KpiValue]
    sides: Mapping[str, Side]

    @property
    def name(self) -> str:
        """The full name: 城乡居民基本医疗保险."""
        return code_lists()["insutype"].get(self.insutype, self.insutype)

    @property
    def short(self) -> str:
        return insutype_words(self.insutype)

    def value(self, kpi: str) -> Decimal | None:
        number = self.values.get(kpi)
        return number.value if number else None

    def base_words(self, kpi: str) -> str:
        """较2019年同期 -12.00%, or an empty string when the growth has no value."""
        number = self.values.get(kpi)
        if number is None or number.value is None:
            return ""
        return f"较{number.extra.get('base_year')}年同期 {numbers.signed(number.value, 2)}%"


@dataclass(frozen=True)
class Growth:
    """One comparison: this period's figure, the base's, the difference, percent, base year with reason or why there is none."""

    fund: str
    item: str
    now: str
    then: str
    change: str
    pct: str
    base: str


@dataclass(frozen=True)
class Missing:
    """A table (or a side of it) that this screen would read: the file that brings it, and what it would show."""

    what: str
    file: str
    brings: str


def funds(
    values: Iterable[KpiValue], sides: Iterable[Mapping[str, object]], chosen: Sequence[str] = ()
) -> list[Fund]:
    """The insurance types with any value, ledger row or choice, in order of code."""
    found: dict[str, dict[str, KpiValue]] = {}
    for number in values:
        code = insutype_of(number)
        if code:
            found.setdefault(code, {})[number.kpi] = number
    ledger: dict[str, dict[str, Side]] = {}
    for row in sides:
        ledger.setdefault(str(row["insutype"]), {})[str(row["direction"])] = _side(row)
    codes = sorted({*found, *ledger, *chosen})
    return [
        Fund(code, found.get(code, {}), ledger.get(code, {}))
        for code in codes
        if not chosen or code in chosen
    ]


def why_none(fund: Fund, kpi: str, states: Mapping[str, TableState]) -> str:
    """Why a KPI of a fund has no value, in words; empty when it has one."""
    number = fund.values.get(kpi)
    if number is not None and number.value is not None:
        return ""
    for table, direction in NEEDS[kpi]:
        if not states[table].is_loaded:
            return f"{NOT_LOADED}:“{states[table].title}”表从未载入"
        if direction and not fund.sides.get(direction, _NO_SIDE).months:
            return f"“{states[table].title}”表没有{fund.short}{direction}"
    reason = number.extra.get("reason") if number else None
    return str(reason or NO_MONTHS)


def notes(fund: Fund, kpi: str) -> list[str]:
    """What stands below a tile's value besides target and reason."""
    found: list[str] = []
    if kpi in {"fund_income", "fund_outlay"}:
        found.append(
            _coverage(
                fund.sides.get("收入" if kpi == "fund_income" else "支出", _NO_SIDE), fund.values.get(kpi)
            )
        )
    found += [fund.base_words(growth) for growth, of in GROWTHS.items() if of == kpi]
    if kpi == "fund_outlay" and (execution := fund.value("budget_execution")) is not None:
        found.append(f"序时预算执行 {numbers.percent(execution)}")
    if kpi == "payable_months" and (balance := fund.value("fund_closing_balance")) is not None:
        found.append(f"累计结余 {numbers.money(balance)}")
    if kpi == "payable_months" and (number := fund.values.get(kpi)) and number.value is not None:
        months = number.extra.get("months_used")
        if months is not None and int(months) < 12:
            found.append(f"月均支出只按 {months} 个月计算")
    return [words for words in found if words]


def message(found: Sequence[Fund]) -> list[str]:
    """One sentence per fund: outlay or published benefits, against which year and why that year, surplus, months it lasts."""
    return [sentence for fund in found if (sentence := _sentence(fund))]


def _sentence(fund: Fund) -> str:
    parts: list[str] = []
    outlay, benefits, times = (
        fund.value(kpi) for kpi in ("fund_outlay", "benefit_amount", "benefit_person_times")
    )
    grown = "outlay_growth" if outlay is not None else "benefit_growth"
    if outlay is not None:
        parts.append(_and(f"支出 {numbers.money(outlay)}", fund.base_words(grown)))
    elif benefits is not None:
        parts.append(_and(f"待遇支出 {numbers.money(benefits)}", fund.base_words(grown)))
        if times is not None:
            parts.append(_and(f"受益 {numbers.plain(times)} 人次", fund.base_words("benefit_times_growth")))
    surplus, months = fund.value("fund_surplus"), fund.value("payable_months")
    if surplus is not None:
        word = "结余" if surplus >= 0 else "赤字"
        parts.append(f"当期{word} {numbers.money(abs(surplus))}")
    if months is not None:
        parts.append(f"累计结余可支付 {numbers.plain(months, 1)} 个月")
    if not parts:
        return ""
    number = fund.values.get(grown)
    reason = number.extra.get("base_reason") if number and number.value is not None else None
    why = f"(与{number.extra['base_year']}年比较的理由:{reason})" if number and reason else ""
    return f"{fund.short}:{';'.join(parts)}{why}。"


def growths(found: Sequence[Fund], states: Mapping[str, TableState]) -> list[Growth]:
    """The comparisons of each fund that has this period's figure; without a base the reason stands in its place."""
    lines = []
    for fund in found:
        for growth, of in GROWTHS.items():
            now, number = fund.values.get(of), fund.values.get(growth)
            if now is None or now.value is None:
                continue
            known = number is not None and number.value is not None and number.denominator is not None
            lines.append(
                Growth(
                    fund.short,
                    declarations()[of].label,
                    in_wan(now.value, now.unit),
                    in_wan(number.denominator, now.unit) if known and number else numbers.NONE,
                    _change(number.numerator, now.unit) if known and number else numbers.NONE,
                    f"{numbers.signed(number.value, 2)}%"
                    if known and number and number.value is not None
                    else numbers.NONE,
                    _base(number) if known and number else why_none(fund, growth, states),
                )
            )
    return lines


def missing(found: Sequence[Fund], states: Mapping[str, TableState]) -> list[Missing]:
    """The tables or sides of the ledger that are not there, with the file that brings each and what it would show."""
    lines = []
    wanted = dict.fromkeys(need for needs in NEEDS.values() for need in needs)
    for table, direction in wanted:
        has_side = direction is None or any(fund.sides.get(direction, _NO_SIDE).months for fund in found)
        if states[table].is_loaded and has_side:
            continue
        brings = [declarations()[kpi].label for kpi, needs in NEEDS.items() if (table, direction) in needs]
        if direction == "支出":
            brings.append("年末预测")
        lines.append(
            Missing(
                f"{states[table].title}({direction})" if direction else states[table].title,
                f"{table}_*.csv 或 .xlsx,{contracts()[table].grain}",
                "、".join(brings),
            )
        )
    return lines


def ratio_name(category: str) -> str:
    """县级医院, from 实际报销比例:县级医院."""
    return category.removeprefix(RATIO_PREFIX)


def largest_share(parts: Sequence[tuple[str, Decimal | None]]) -> tuple[str, Decimal] | None:
    """The largest part and its share of the sum of the parts in percent; None when they add up to nothing."""
    known = [(name, amount) for name, amount in parts if amount is not None]
    total = sum((amount for _, amount in known), Decimal(0))
    if total <= 0:
        return None
    name, amount = max(known, key=lambda part: part[1])
    return name, amount * 100 / total


_NO_SIDE = Side(0, None, None, 0)


def _side(row: Mapping[str, object]) -> Side:
    first, last = row["first_period_month"], row["last_period_month"]
    return Side(
        int(str(row["period_month_cnt"])),
        str(first) if first else None,
        str(last) if last else None,
        int(str(row["month_cnt"])),
    )


def _coverage(side: Side, number: KpiValue | None) -> str:
    """Says so when the ledger has fewer months than the period: 仅有2021年2月数据."""
    if number is None or number.value is None or not side.period_months:
        return ""
    months = (number.end.year - number.start.year) * 12 + number.end.month - number.start.month + 1
    if side.period_months >= months:
        return ""
    if side.period_months == 1:
        return f"期内仅有{numbers.month(side.last_period_month)}数据"
    return f"期内仅有 {side.period_months} 个月数据"


def _and(text: str, more: str) -> str:
    return f"{text},{more}" if more else text


def in_wan(value: Decimal, unit: str) -> str:
    """In 万元 with two decimals whatever the size, so that both sides stand in one unit; counts as they are."""
    return f"{numbers.money_in(value, '万元')} 万元" if unit == "元" else f"{numbers.plain(value)} {unit}"


def _change(value: Decimal, unit: str) -> str:
    if unit != "元":
        return f"{numbers.signed(value)} {unit}"
    return f"{numbers.signed(value / numbers.WAN, 2)} 万元"


def _base(number: KpiValue) -> str:
    reason = number.extra.get("base_reason")
    return f"{number.extra.get('base_year')}年" + (f":{reason}" if reason else "(上年)")
