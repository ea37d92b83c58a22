"""交叉分析: one KPI in the cells of two dimensions, with totals that are the engine's own numbers and never sums made here.

A total of a ratio is the ratio of the sums, one of counted objects counts each once: both come from the engine, asked without the
dimension. Funds are never added: where the engine gives no number over insurance types there is no total.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from fundwatch.kpi import DIMENSION_LABELS, Kpi, KpiValue, declarations
from fundwatch.kpi.value import ratio
from fundwatch.screens.kpi_rows import LEVELS, key_words
from fundwatch.screens.series import is_whole
from fundwatch.screens.sides import sides_of_values
from fundwatch.ui import numbers

Measure = Literal["value", "numerator", "denominator", "rows"]
Share = Literal["", "row", "col", "all"]
Key = str | None
Words = Mapping[str, Mapping[str, str]]
MEASURES: Mapping[Measure, str] = {
    "value": "数值", "numerator": "分子", "denominator": "分母", "rows": "记录数",
}  # fmt: skip
SHARES: Mapping[Share, str] = {"": "原值", "row": "占本行合计", "col": "占本列合计", "all": "占总计"}
#: a month of which the period or the data hold a part
UNFINISHED = "(不完整)"
#: how an address says that there is nothing across
NO_COLUMN = "none"


@dataclass(frozen=True)
class Choice:
    """What is asked: a KPI, one dimension down and one across (None: none), what the cells show."""

    kpi: Kpi
    row: str
    col: str | None
    measure: Measure
    share: Share

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (self.row, self.col) if self.col else (self.row,)

    @property
    def words(self) -> str:
        """级别 × 月份."""
        return " × ".join(DIMENSION_LABELS[name] for name in self.dimensions)

    @property
    def shown(self) -> str:
        """What a cell is: 分子, or 分子占本行合计."""
        name = MEASURES[self.measure] if self.measure != "value" or self.kpi.is_ratio else self.kpi.label
        return f"{name}{SHARES[self.share]}" if self.share else name


def choice_of(given: Mapping[str, str | None], *, by_county: bool = False) -> Choice | None:
    """The choice that words of an address or of a saved view make; None without a known KPI.

    ``by_county``: several counties can be told apart. What the KPI cannot do is left out: another dimension stands in its place,
    the value in place of an unknown measure.
    """
    kpi = declarations().get(given.get("kpi") or "")
    if kpi is None:
        return None
    row = next((name for name in kpi.splits(by_county=by_county) if name == given.get("row")), first_row(kpi))
    offered = columns_offered(kpi, row, by_county=by_county)
    wanted = "" if given.get("col") == NO_COLUMN else given.get("col")
    col = next((name for name in offered if name == wanted), offered[0]) or None
    measure = next((name for name in measures_of(kpi) if name == given.get("show")), "value")
    share = next((name for name in shares_of(kpi, row, col, measure) if name == given.get("share")), "")
    return Choice(kpi, row, col, measure, share)


def first_row(kpi: Kpi) -> str:
    """The dimension that a table begins with: the level, else the first one."""
    return "level_class" if "level_class" in kpi.splittable else kpi.splittable[0]


def columns_offered(kpi: Kpi, row: str, *, by_county: bool = False) -> list[str]:
    """Dimensions across, the month first; the last is "", none. A fund by month is always crossed with its insurance type."""
    rest = sorted(
        (name for name in kpi.splits(by_county=by_county) if name != row), key=lambda name: name != "month"
    )
    if kpi.always_by and row != kpi.always_by:
        return [kpi.always_by]
    return [*rest, ""]


def measures_of(kpi: Kpi) -> list[Measure]:
    """What a cell may show: of a ratio both its sides too."""
    return ["value", "numerator", "denominator", "rows"] if kpi.is_ratio else ["value", "rows"]


def shares_of(kpi: Kpi, row: str, col: str | None, measure: Measure) -> list[Share]:
    """The shares that make sense: of what adds up along the line they are shares of."""
    if kpi.is_ratio and measure == "value":
        return [""]
    along_row = col is not None and kpi.adds_up_over(col) and col != kpi.always_by
    along_col = kpi.adds_up_over(row) and row != kpi.always_by
    found: list[Share] = [""]
    found += ["row"] if along_row else []
    found += ["col"] if along_col else []
    # without columns the column is the whole
    found += ["all"] if along_row and along_col else []
    return found


@dataclass(frozen=True)
class CrossTab:
    """The numbers of a choice. ``rows`` and ``cols`` are keys in their dimension's own order (None: 未登记); a total is absent where
    the engine has no such number."""

    choice: Choice
    rows: tuple[Key, ...]
    cols: tuple[Key, ...]
    cells: Mapping[tuple[Key, Key], KpiValue]
    row_totals: Mapping[Key, KpiValue]
    col_totals: Mapping[Key, KpiValue]
    grand: KpiValue | None
    words: Words
    #: months that the period or the data cut
    unfinished: frozenset[str] = frozenset()

    def row_words(self, key: Key) -> str:
        return self._words(self.choice.row, key)

    def col_words(self, key: Key) -> str:
        return self._words(self.choice.col or "", key)

    def _words(self, dimension: str, key: Key) -> str:
        partial = UNFINISHED if dimension == "month" and key in self.unfinished else ""
        return key_words(dimension, key, self.words.get(dimension, {})) + partial

    @cached_property
    def all_numbers(self) -> list[KpiValue]:
        totals = [*self.row_totals.values(), *self.col_totals.values(), *([self.grand] if self.grand else [])]
        return [*self.cells.values(), *totals]

    @cached_property
    def has_row_total(self) -> bool:
        """Whether a column of totals stands at the right: not where there is one column only."""
        return self.choice.col is not None and bool(self.row_totals)

    @cached_property
    def kind(self) -> Literal["amount", "percent", "int", "quantity"]:
        """How figures are set: 元, %, counts, or two decimals."""
        kpi, measure = self.choice.kpi, self.choice.measure
        if self.choice.share:
            return "percent"
        if measure == "rows":
            return "int"
        if measure == "value":
            known = {"元": "amount", "%": "percent"}.get(kpi.unit)
            return known or ("int" if kpi.unit in numbers.COUNTS else "quantity")  # type: ignore[return-value]
        return sides_of_values(self.all_numbers)[measure == "denominator"]

    @cached_property
    def unit(self) -> str:
        """The one unit of all figures: 万元 or 元 by the largest, %, 家."""
        if self.choice.share:
            return "%"
        if self.kind == "amount":
            return self._money_unit()
        if self.choice.measure == "rows":
            return "行"
        return numbers.beside(self.choice.kpi.unit) if self.choice.measure == "value" else ""

    def _money_unit(self) -> str:
        """元 where all cells are below 1 万元, or one of them would be rounded away in 万元; else 万元."""
        sizes = [abs(one) for number in self.cells.values() if (one := self.figure(number))]
        small = any(not numbers.rounded(size / numbers.WAN, 2) for size in sizes)
        return "元" if small else numbers.money_unit(sizes)

    def figure(self, number: KpiValue | None) -> Decimal | None:
        """What the cell shows of a number, before any share; None without a number or a value."""
        if number is None or number.data_through is None:
            return None
        match self.choice.measure:
            case "value":
                return number.value
            case "rows":
                return Decimal(number.row_cnt)
            case "numerator":
                return number.numerator
            case _:
                return number.denominator

    def cell(self, row: Key, col: Key) -> Decimal | None:
        """The figure or share of one cell."""
        number = self.cells.get((row, col))
        whole = {"row": self.row_totals.get(row), "col": self.col_total(col), "all": self.grand}
        return self._share(number, whole.get(self.choice.share))

    def row_total(self, row: Key) -> Decimal | None:
        number = self.row_totals.get(row)
        return self._share(number, number if self.choice.share == "row" else self.grand)

    def col_total_figure(self, col: Key) -> Decimal | None:
        number = self.col_total(col)
        return self._share(number, number if self.choice.share == "col" else self.grand)

    def grand_figure(self) -> Decimal | None:
        return self._share(self.grand, self.grand)

    def col_total(self, col: Key) -> KpiValue | None:
        """The engine's number of a column; without columns the whole."""
        return self.grand if self.choice.col is None else self.col_totals.get(col)

    def _share(self, number: KpiValue | None, whole: KpiValue | None) -> Decimal | None:
        own = self.figure(number)
        if not self.choice.share or own is None:
            return own
        of = self.figure(whole)
        return None if of is None else ratio(own, of, 100)

    def text(self, value: Decimal | None) -> str:
        """A figure as set: no unit, the heading has it."""
        if self.kind == "amount":
            return numbers.money_in(value, self.unit)
        return numbers.plain(value, 0 if self.kind == "int" else 2)


def cross_tab(
    choice: Choice,
    cells: Iterable[KpiValue],
    totals: Mapping[str, Iterable[KpiValue]],
    whole: Sequence[KpiValue],
    words: Words,
    *,
    loaded: dt.date | None = None,
) -> CrossTab:
    """``cells`` split by the choice's dimensions, ``totals``: dimension → the KPI split by it alone, ``whole`` unsplit.

    Months that the period cuts, or that were not over on the day ``loaded`` (None: all were), are marked as unfinished.
    """
    row, col = choice.row, choice.col
    found = {(one.cell[row], one.cell[col] if col else None): one for one in cells}
    # a fund's split carries its insurance type: that is a cell and no total
    only = {
        name: {one.cell[name]: one for one in own if set(one.cell) == {name}} for name, own in totals.items()
    }
    grand = [one for one in whole if not one.cell]
    return CrossTab(
        choice,
        rows=tuple(
            sorted({key for key, _ in found} | set(only.get(row, {})), key=lambda key: _order(row, key))
        ),
        cols=tuple(sorted({key for _, key in found}, key=lambda key: _order(col or "", key))),
        cells=found,
        row_totals=only.get(row, {}),
        col_totals=only.get(col, {}) if col else {},
        grand=grand[0] if grand else None,
        words=words,
        unfinished=frozenset(
            str(one.cell["month"])
            for one in found.values()
            if one.cell.get("month")
            and not is_whole(str(one.cell["month"]), one.start, one.end, loaded or one.end)
        ),
    )


def _order(dimension: str, key: Key) -> tuple[bool, int, str]:
    place = LEVELS.index(key) if dimension == "level_class" and key in LEVELS else 0
    return key is None, place, key or ""
