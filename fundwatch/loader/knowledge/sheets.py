"""The sheets of a workbook of knowledge points: which columns they have, which rows are data, which are footers.

Headers differ from batch to batch (药品代码, 国标代码, 项目编码 …), so a column is known by what it is called anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet

from fundwatch.loader.header import HEADER_WITHIN, normal
from fundwatch.spreadsheet import opened

Row = Sequence[Any]
#: what a column is called → what it holds
ROLES: dict[str, tuple[str, ...]] = {
    "main_code": ("主项编码", "主项代码", "主项目编码", "主项国标代码", "项目A编码"),
    "main_name": ("主项名称", "主项目名称", "项目A名称"),
    "part_code": ("从项编码", "从项代码", "从项目编码", "从项国标代码", "项目B编码"),
    "part_name": ("从项名称", "从项目名称", "项目B名称"),
    "window": ("频度", "时间窗口"),
    "code": (
        "药品代码", "药品编码", "医保药品代码", "医保药品编码", "国标代码", "国标编码", "国家代码", "国家编码", "国家医保编码",
        "国家医保代码", "项目编码", "项目代码", "医疗服务项目编码", "医疗服务项目代码", "医保编码", "医保代码", "医保目录编码",
        "编码", "代码",
    ),
    "name": ("药品通用名", "通用名", "药品名称", "项目名称", "医疗服务项目名称", "诊疗项目名称", "名称"),
    "limit_type": ("限定类型", "限制类型"),
    "value": ("限定对象", "限定值域", "限定内容", "限定值", "限制对象", "限制内容", "限定条件"),
    "count": ("限制数量", "限定数量", "限制次数", "限定次数"),
    "period": ("周期", "限制周期", "限定周期", "间隔时间"),
    "unit": ("数量单位", "单位", "限制单位"),
    "description": ("药品说明", "项目说明", "备注", "说明", "限定说明"),
    "efft_date": ("生效日期", "施行日期", "执行日期", "启用日期"),
    "invd_date": ("失效日期", "停用日期"),
    "serial": ("序号",),
}  # fmt: skip
ROLE_OF = {normal(label): role for role, labels in ROLES.items() for label in labels}
#: columns of the contract's own form: a file that has them is no workbook of the national bureau
CONTRACT_MARKS = frozenset(
    normal(label) for label in ("匹配方式", "match", "限定单位", "limit_unit", "组合类型", "pair_type")
)
TOTALS = ("合计", "小计", "总计")
#: how a sentence under the data begins
NOTES = ("备注:", "注:", "说明:")


@dataclass(frozen=True)
class Line:
    """One data row: number as a spreadsheet counts, cells by role."""

    row: int
    cells: Mapping[str, Any]

    def text(self, role: str) -> str:
        """The cell's text without blanks at its ends; '' when there is none."""
        return as_text(self.cells.get(role, ""))


@dataclass(frozen=True)
class Table:
    """A sheet that has a header: roles of its columns, data rows, and what stands around them."""

    sheet: str
    header_row: int
    roles: frozenset[str]
    lines: list[Line]
    #: text above the header and below the data
    around: list[str] = field(default_factory=list)
    #: rows below or among the data that are no points: (row, text)
    footers: list[tuple[int, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read_tables(path: Path) -> list[Table]:
    """Every sheet that has a header of knowledge points; none when the file is no workbook or none of its sheets has."""
    try:
        with opened(path) as book:
            sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
            found = [_table(sheet) for sheet in sheets]
    except (ValueError, OSError):
        return []
    return [table for table in found if table is not None]


def as_text(value: Any) -> str:
    """A cell as text: 24.0 is 24."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _table(sheet: CalamineSheet) -> Table | None:
    rows = sheet.to_python(skip_empty_area=False)
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        named = [ROLE_OF.get(normal(as_text(cell))) for cell in row]
        if {normal(as_text(cell)) for cell in row} & CONTRACT_MARKS:
            return None
        if {"code", "name"} <= set(named) or {"main_code", "part_code"} <= set(named) or _limits_only(named):
            return _read(sheet, rows, index, named)
    return None


def _limits_only(named: Sequence[str | None]) -> bool:
    return {"name", "value"} <= set(named)


def _read(sheet: CalamineSheet, rows: Sequence[Row], index: int, named: Sequence[str | None]) -> Table:
    places = {role: place for place, role in reversed(list(enumerate(named))) if role}
    filled, wide = _merged(sheet, rows)
    lines, footers = [], []
    for number, row in enumerate(rows[index + 1 :], index + 1):
        if not any(as_text(cell) for cell in row):
            continue
        cells = [filled.get((number, place), cell) for place, cell in enumerate(row)]
        written = [as_text(cell) for cell in cells]
        if _is_footer(written, places, is_wide=number in wide):
            footers.append((number + 1, " ".join(filter(None, written))))
        else:
            lines.append(
                Line(number + 1, {role: cells[place] for role, place in places.items() if place < len(cells)})
            )
    header = [as_text(cell) for cell in rows[index]]
    above = [as_text(cell) for row in rows[:index] for cell in row if as_text(cell)]
    return Table(
        sheet=sheet.name,
        header_row=index + 1,
        roles=frozenset(places),
        lines=lines,
        around=[*above, *(text for _, text in footers)],
        footers=footers,
        unknown=[cell for place, cell in enumerate(header) if cell and place not in places.values()],
    )


def _is_footer(written: Sequence[str], places: Mapping[str, int], *, is_wide: bool) -> bool:
    """合计, 备注 and other sentences under the data: they name no code, and are labelled, merged or alone outside the names."""
    codes = [places[role] for role in ("code", "main_code", "part_code") if role in places]
    if any(place < len(written) and written[place] for place in codes):
        return False
    there = [place for place, cell in enumerate(written) if cell]
    first = written[there[0]]
    labelled = first.replace(" ", "") in TOTALS or normal(first).startswith(NOTES)
    return labelled or is_wide or there == [there[0]] != [places.get("name")]


def _merged(sheet: CalamineSheet, rows: Sequence[Row]) -> tuple[dict[tuple[int, int], Any], set[int]]:
    """What the cells of a merged column hold (the value of its first), and the rows with cells merged along them."""
    filled: dict[tuple[int, int], Any] = {}
    wide: set[int] = set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if left != right:
            wide |= set(range(top, min(bottom + 1, len(rows))))
        elif top < len(rows):
            value = rows[top][left] if left < len(rows[top]) else ""
            filled |= {(row, left): value for row in range(top, min(bottom, len(rows) - 1) + 1)}
    return filled, wide
