"""Monthly series of a KPI: whole months only, with limits where limits mean something.

An XmR chart judges months that stand beside each other. Cumulated KPIs (年初至期末) and stocks are drawn but not judged, nor are
ratios with a handful of cases a month. Source: reference/statistics §3.1, caveat.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fundwatch.kpi import Kpi, KpiValue
from fundwatch.kpi.targets import meets
from fundwatch.kpi.window import last_day
from fundwatch.screens.rebase import positions
from fundwatch.stats.words import assurance_words, variation_words
from fundwatch.stats.xmr import Variation, Xmr, xmr
from fundwatch.ui.targets import target_line

MONTHS_DRAWN = 12
#: more history than this says nothing about how the work runs now
MONTHS_JUDGED = 36
#: a monthly ratio of fewer cases than this jumps by chance alone
LEAST_CASES = 5
CUMULATED = "累计指标,不作波动判断"
STOCK = "时点指标,不作波动判断"
FEW_CASES = f"月均不足{LEAST_CASES}件,不作波动判断"
NO_MONTHS = "没有月度数据"
#: days until the rows of a day are usually dealt with, for KPIs whose numerator comes later than the row's own date: a month that
#: ended less long ago is still filling up and would look like a fall each time
RIPENS: Mapping[str, int] = {
    "self_check_refund_rate": 30, "override_review_rate": 30, "first_review_rate": 30, "recheck_rate": 30, "rejection_rate": 60,
    "rejected_doc_rate": 60, "confirmed_amount": 60, "deducted_amount": 60, "appeal_rate": 30, "appeal_success_rate": 60,
    "recovery_rate": 30, "case_closed_rate": 60, "complaint_reply_rate": 30,
}  # fmt: skip
STOCKS = frozenset({"fund_closing_balance", "payable_months"})


@dataclass(frozen=True)
class Series:
    """Values of whole months, oldest first, None for a month without value; ``chart`` None where limits mean nothing.

    ``unripe`` are whole months after them whose rows may still be dealt with: drawn hollow, never judged.
    """

    months: tuple[str, ...]
    values: tuple[Decimal | None, ...]
    chart: Xmr | None
    why_not_judged: str
    unripe: tuple[tuple[str, Decimal | None], ...] = ()

    @property
    def drawn(self) -> tuple[Decimal | None, ...]:
        """The last twelve months, unripe ones among them."""
        return (*self.values, *(value for _, value in self.unripe))[-MONTHS_DRAWN:]

    @property
    def drawn_months(self) -> tuple[str, ...]:
        """Their names."""
        return (*self.months, *(month for month, _ in self.unripe))[-MONTHS_DRAWN:]

    @property
    def variation(self) -> str:
        """The 变化 column."""
        return variation_words(self.chart) if self.chart else self.why_not_judged

    @property
    def assurance(self) -> str:
        """The 达标把握 column."""
        return assurance_words(self.chart) if self.chart else "—"

    @property
    def last(self) -> Variation | None:
        return self.chart.variation if self.chart else None

    @property
    def last_is_above(self) -> bool:
        """Whether the last month lies above the mean of its segment."""
        if not self.chart or not self.chart.points:
            return False
        value, mean = self.chart.points[-1].value, self.chart.segments[-1].mean
        return value is not None and mean is not None and value > mean


@dataclass(frozen=True)
class Months:
    """The whole months that series are made of: ``start`` and ``end`` are the first and last day of them all."""

    start: dt.date
    end: dt.date

    @property
    def names(self) -> tuple[str, ...]:
        found, day = [], self.start
        while day <= self.end:
            found.append(f"{day:%Y-%m}")
            day = last_day(day) + dt.timedelta(days=1)
        return tuple(found)

    def last(self, count: int) -> Months:
        """The last ``count`` of them."""
        return Months(_months_before(self.end, count - 1), self.end)


def whole_months(end: dt.date, newest: dt.date, loaded: dt.date) -> Months:
    """The whole months up to ``end``: none that the period cuts, none that had not ended on the day of loading.

    A period that ends with the newest day of the data ends with that day's month, when the month was over on the day of
    loading: an inspection ledger without entry on the 31st is not an unfinished month.
    """
    last = min(end, newest)
    is_over = last_day(last) <= loaded and (last == newest or last == last_day(last))
    closing = last_day(last) if is_over else last.replace(day=1) - dt.timedelta(days=1)
    return Months(_months_before(closing, MONTHS_JUDGED - 1), closing)


def is_whole(month: str, start: dt.date, end: dt.date, loaded: dt.date) -> bool:
    """Whether a month (YYYY-MM) of a split lies wholly in the period asked and was over on the day of loading."""
    first = dt.date.fromisoformat(f"{month}-01")
    return start <= first and last_day(first) <= min(end, loaded)


def series_of(
    kpi: Kpi,
    numbers: Iterable[KpiValue],
    months: Months,
    *,
    first: dt.date | None,
    target: str | None,
    monthly: bool = False,
    rebase: Mapping[str, str] | None = None,
    known_to: dt.date | None = None,
) -> Series:
    """The series of one KPI (and one insurance type) from values split by month.

    Months before ``first``, the first day of the KPI's data, are left out. In counts and amounts a month without row is 0, but has
    no value in ratios, and where the KPI's table is kept by month (``monthly``): there it is a month not loaded. ``rebase``: month → reason
    for which limits begin anew there; ``known_to``: the newest day of the data, for KPIs that ripen (None: all are ripe).
    """
    by_month = {str(number.key)[-7:]: number for number in numbers}
    names = [name for name in months.names if first is None or name >= f"{first:%Y-%m}"]
    if first is None:
        names = [name for name in names if name >= min(by_month, default="9999")]
    values = tuple(_value(kpi, by_month.get(name), monthly) for name in names)
    if not by_month:
        return Series((), (), None, NO_MONTHS)
    ripe = sum(is_ripe(kpi, name, known_to) for name in names)
    unripe = tuple(zip(names[ripe:], values[ripe:], strict=True))
    names, values = names[:ripe], values[:ripe]
    why = _why_not_judged(kpi, list(by_month.values()), len(names) + len(unripe))
    line = target_line(target)
    chart = (
        None
        if why
        else xmr(list(values), better=kpi.better, target=line, rebase=positions(tuple(names), rebase or {}))
    )
    return Series(tuple(names), values, chart, why, unripe)


def on_course(kpi: Kpi, number: KpiValue, series: Series, steps: Mapping[str, Decimal]) -> str:
    """For a KPI to be full by a day of the year: whether the pace of the last three months is enough.

    ``steps``: month → numerator at its end. Empty for KPIs without ``pace_per_week``.
    """
    needed = number.extra.get("pace_per_week")
    if needed is None or number.value is None or number.target is None:
        return ""
    if meets(number.value, number.target, kpi.better):
        return "已达到"
    pace = weekly_pace(steps, series.months)
    if pace is None:
        return ""
    return "进度可达成" if pace >= Decimal(needed) else "进度不足"


def weekly_pace(steps: Mapping[str, Decimal], months: Sequence[str], over: int = 3) -> Decimal | None:
    """Growth of a numerator cumulated over the year, per week, over the last ``over`` whole months of one year."""
    year = [month for month in months if months and month[:4] == months[-1][:4] and month in steps]
    if not year:
        return None
    window = year[-over:]
    before = steps[year[-over - 1]] if len(year) > over else Decimal(0)
    first = dt.date.fromisoformat(f"{window[0]}-01")
    days = (last_day(dt.date.fromisoformat(f"{window[-1]}-01")) - first).days + 1
    return (steps[window[-1]] - before) * 7 / days


def is_ripe(kpi: Kpi, month: str, known_to: dt.date | None) -> bool:
    """Whether the rows of a month have had the time they usually need."""
    days = RIPENS.get(kpi.id)
    if not days or known_to is None:
        return True
    return last_day(dt.date.fromisoformat(f"{month}-01")) + dt.timedelta(days=days) <= known_to


def _value(kpi: Kpi, number: KpiValue | None, monthly: bool) -> Decimal | None:
    if number is not None:
        return number.value
    return None if kpi.is_ratio or monthly else Decimal(0)


def _why_not_judged(kpi: Kpi, numbers: Sequence[KpiValue], months: int) -> str:
    if kpi.month_split == "restate":
        return STOCK if kpi.id in STOCKS else CUMULATED
    cases = [number.denominator for number in numbers if number.denominator is not None]
    if kpi.unit == "%" and cases and kpi.listing.denominator == "1" and sum(cases) < LEAST_CASES * months:
        return FEW_CASES
    return ""


def _months_before(day: dt.date, count: int) -> dt.date:
    index = day.year * 12 + day.month - 1 - count
    return dt.date(index // 12, index % 12 + 1, 1)
