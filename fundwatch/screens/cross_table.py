"""A cross-tab as a table: which columns fit, what its totals are called, its shades, its export and where a cell leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from fundwatch.kpi import DIMENSION_LABELS
from fundwatch.screens.cross import CrossTab, Key
from fundwatch.screens.kpi_rows import CELL, UNREGISTERED
from fundwatch.ui import numbers
from fundwatch.ui.table import Field

#: more columns do not fit a screen at 1440 pixels; the others are named below and stand in the export
MOST_COLUMNS = 12
#: as many of the columns left out are named
MOST_NAMED = 15
HEAT_STEPS = 5


def columns_shown(tab: CrossTab) -> tuple[list[Key], list[Key]]:
    """The columns on screen and those left out: of months the newest stay, else those with most rows behind them."""
    if len(tab.cols) <= MOST_COLUMNS:
        return list(tab.cols), []
    if tab.choice.col == "month":
        kept = set(tab.cols[-MOST_COLUMNS:])
    else:
        weight = {
            key: sum(one.row_cnt for (_, col), one in tab.cells.items() if col == key) for key in tab.cols
        }
        kept = set(sorted(tab.cols, key=lambda key: (-weight[key], key is None, key or ""))[:MOST_COLUMNS])
    return [key for key in tab.cols if key in kept], [key for key in tab.cols if key not in kept]


def left_out_words(tab: CrossTab, left_out: Sequence[Key]) -> str:
    """只列出记录最多的 12 列,另有 3 列未列出:甲、乙、丙(导出含全部列)."""
    if not left_out:
        return ""
    which = "最近" if tab.choice.col == "month" else "记录最多"
    named = "、".join(tab.col_words(key) for key in left_out[:MOST_NAMED])
    more = "等" if len(left_out) > MOST_NAMED else ""
    return f"只列出{which}的 {MOST_COLUMNS} 列,另有 {len(left_out)} 列未列出:{named}{more}。合计含未列出的列,导出含全部列。"


def total_word(tab: CrossTab, over: str | None) -> str:
    """合计 where the cells along the dimension add up to it, 总体 where the engine counts or divides anew."""
    kpi, measure = tab.choice.kpi, tab.choice.measure
    adds = over is None or kpi.adds_up_over(over)
    return "合计" if adds and not (kpi.is_ratio and measure == "value") else "总体"


def notes(tab: CrossTab) -> list[str]:
    """What a reader must know of totals and blanks."""
    kpi, choice, said = tab.choice.kpi, tab.choice, []
    anew = [name for name in choice.dimensions if not kpi.adds_up_over(name)]
    if kpi.is_ratio and choice.measure == "value":
        said.append("总体为分子合计除以分母合计,不是各格的平均")
    elif anew:
        words = "、".join(DIMENSION_LABELS[name] for name in anew)
        said.append(f"按{words}各格不能相加,总体由系统重新计算")
    if kpi.always_by and kpi.always_by in choice.dimensions:
        said.append("各险种基金分别核算,不跨险种合计")
    if any((row, col) not in tab.cells for row in tab.rows for col in tab.cols):
        said.append(f"“{numbers.NONE}”表示该格没有记录")
    return said


@dataclass(frozen=True)
class Heat:
    """Five steps of one hue: ``cuts`` are the upper edges of the first four, ``legend`` step → lowest and highest figure in it."""

    cuts: tuple[Decimal, ...]
    legend: tuple[tuple[int, Decimal, Decimal], ...]

    def step(self, value: Decimal | None) -> int:
        """1 to 5, 0 without a value."""
        return 0 if value is None else 1 + sum(value > cut for cut in self.cuts)


def heat_of(figures: Iterable[Decimal | None]) -> Heat:
    """Steps that hold about as many cells each, so that one large cell does not make all others pale."""
    known = sorted(one for one in figures if one is not None)
    cuts = [known[-(-len(known) * part // HEAT_STEPS) - 1] for part in range(1, HEAT_STEPS)] if known else []
    made = Heat(tuple(cuts), ())
    groups: dict[int, list[Decimal]] = {}
    for one in known:
        groups.setdefault(made.step(one), []).append(one)
    return Heat(tuple(cuts), tuple((step, own[0], own[-1]) for step, own in sorted(groups.items())))


def as_table(tab: CrossTab) -> tuple[pa.Table, list[Field]]:
    """The whole cross-tab for an export: every column, totals last; figures in 元, % or counts."""
    kind, scale = _export_kind(tab)
    unit = "元" if tab.kind == "amount" else tab.unit
    keys = [*tab.rows]
    columns: dict[str, pa.Array] = {
        "label": pa.array([*map(tab.row_words, keys), total_word(tab, tab.choice.row)])
    }
    fields = [Field("label", DIMENSION_LABELS[tab.choice.row])]

    def add(name: str, label: str, figures: Sequence[Decimal | None]) -> None:
        rounded = [None if one is None else numbers.rounded(one, scale) for one in figures]
        columns[name] = pa.array(rounded, kind)
        fields.append(Field(name, label, tab.kind, unit or None))

    for place, col in enumerate(tab.cols):
        label = tab.col_words(col) if tab.choice.col else tab.choice.shown
        add(f"c{place}", label, [*(tab.cell(row, col) for row in keys), tab.col_total_figure(col)])
    if tab.has_row_total:
        add("total", total_word(tab, tab.choice.col), [*map(tab.row_total, keys), tab.grand_figure()])
    return pa.table(columns), fields


def cell_query(tab: CrossTab, row: Key, col: Key) -> dict[str, str | list[str]]:
    """The parameters with which 指标明细 shows the rows of one cell."""
    keys = {tab.choice.row: row} | ({tab.choice.col: col} if tab.choice.col else {})
    kpi = tab.choice.kpi.id
    cell = [f"{kpi}:{name}:{UNREGISTERED if key is None else key}" for name, key in keys.items()]
    return {"kpi": kpi, CELL: cell}


def _export_kind(tab: CrossTab) -> tuple[pa.DataType, int]:
    places = 0 if tab.kind == "int" else 2
    return pa.decimal128(24, places), places
