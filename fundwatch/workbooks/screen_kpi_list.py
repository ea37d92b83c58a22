"""指标明细: one indicator (choice ``kpi``), its splits, its months, and its list up to a number of rows."""

from __future__ import annotations

from fundwatch.errors import UserError
from fundwatch.export.limits import xlsx_rows
from fundwatch.kpi import DIMENSION_LABELS, Kpi, declarations, totals
from fundwatch.screens.kpi_rows import splits
from fundwatch.workbooks.ask import DIMENSIONS, Ask
from fundwatch.workbooks.parts import Book, Part, kpi_part, list_part, months_part, split_part


def chosen(ask: Ask) -> Kpi:
    """The indicator; UserError where there is none of that name."""
    name = ask.choices.get("kpi", "")
    if name not in declarations():
        raise UserError(f"没有指标 {name}。")
    return declarations()[name]


def parts(ask: Ask) -> list[Part]:
    """The number, its months, every split, the list. Raises UserError where the list is too long for a workbook."""
    kpi = chosen(ask)
    count = totals(
        ask.warehouse, ask.settings, kpi.id, ask.period.start, ask.period.end, None, ask.filters.for_kpi
    ).row_cnt
    limit = xlsx_rows(ask.settings, ask.period.end)
    if count > limit:
        raise UserError(f"清单共 {count:,} 行,超过工作簿上限 {limit:,} 行,请改用 CSV 或 Parquet 导出清单。")
    return [
        kpi_part(ask, [kpi.id]),
        months_part(ask, [kpi.id]),
        *(split_part(ask, kpi.id, by, f"分{DIMENSION_LABELS[by]}") for by in splits(kpi, {})),
        list_part(ask, kpi.id, "明细清单", f"全部 {count:,} 行的分子、分母合计等于指标的分子、分母。"),
    ]


BOOK = Book(DIMENSIONS, lambda ask: [chosen(ask).id], parts, personal=True, needs=("kpi",))
