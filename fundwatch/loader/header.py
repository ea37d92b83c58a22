"""Finds the header row of a file and says which field each of its columns holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from fundwatch.contracts import Contract, aliases, personal_fields
from fundwatch.loader.privacy import mask
from fundwatch.loader.report import Refused

#: the header stands in one of the first rows; titles above it are skipped (precise.md, Loading)
HEADER_WITHIN = 10
WHITE = re.compile(r"\s+")


@dataclass(frozen=True)
class Header:
    """Where the data begin and what the columns are.

    ``row`` counts from 1 (the file's first row); ``width`` is its number of cells; ``position`` gives the cell (from 0) of each field.
    """

    row: int
    first_data_row: int
    width: int
    position: dict[str, int]
    unknown: list[str] = field(default_factory=list)
    personal: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def find_header(contract: Contract, rows: Sequence[Sequence[str]]) -> Header:
    """The first of ``rows`` (a file's first rows) that holds every required column.

    Raises Refused naming all missing columns at once, or both cells that stand for one field.
    """
    names = _names(contract)
    required = [column.name for column in contract.columns if column.required]
    best: list[str] = []
    for index, cells in enumerate(rows[:HEADER_WITHIN]):
        fields = [names.get(normal(cell)) for cell in cells]
        found = [name for name in fields if name]
        if set(required) <= set(found):
            return _header(contract, rows, index, fields)
        best = max(best, found, key=lambda names: len(set(names)))
    if not best:
        raise Refused(
            f"前 {HEADER_WITHIN} 行内找不到“{contract.title}”表的表头。表头应写字段名(如 {required[0]})"
            f"或中文名(如 {contract.by_name[required[0]].label})。"
        )
    missing = [f"{contract.by_name[name].label}({name})" for name in required if name not in best]
    raise Refused(f"缺少必填列:{'、'.join(missing)}。请补齐后重新载入。")


def normal(cell: str) -> str:
    """A header cell as it is compared: half-width, lower case, no white space."""
    return WHITE.sub("", unicodedata.normalize("NFKC", cell).replace("\ufeff", "")).lower()


def _names(contract: Contract) -> dict[str, str]:
    fields = {column.name for column in contract.columns}
    names = {normal(alias): name for alias, name in aliases().items() if name in fields}
    for column in contract.columns:
        names[normal(column.label)] = column.name
    return names | {name: name for name in fields}


def _header(
    contract: Contract, rows: Sequence[Sequence[str]], index: int, fields: Sequence[str | None]
) -> Header:
    cells = list(rows[index])
    while cells and not normal(cells[-1]):
        cells.pop()
    position: dict[str, int] = {}
    twice = []
    for place, name in enumerate(fields):
        if name in position:
            twice.append(
                f"“{cells[position[name]]}”和“{cells[place]}”都是{contract.by_name[name].label}({name})"
            )
        elif name:
            position[name] = place
    if twice:
        raise Refused(f"表头中有重复的列:{';'.join(twice)}。每个字段只能有一列。")
    personal_names = {normal(name) for name in personal_fields()}
    strangers = [cell for cell, name in zip(cells, fields, strict=False) if not name and normal(cell)]
    first = index + 1
    warnings = []
    # A second header row (field names above labels) is a header too, not a row that failed.
    while first < len(rows) and first < HEADER_WITHIN and _is_header(contract, rows[first]):
        warnings.append(f"第 {first + 1} 行是重复的表头,已跳过")
        first += 1
    unnamed = [f"第 {place + 1} 列(无列名)" for place, cell in enumerate(cells) if not normal(cell)]
    return Header(
        row=index + 1,
        first_data_row=first + 1,
        width=len(fields),
        position=position,
        unknown=[mask(cell.strip())[0] for cell in strangers if normal(cell) not in personal_names] + unnamed,
        personal=[cell.strip() for cell in strangers if normal(cell) in personal_names],
        warnings=warnings,
    )


def _is_header(contract: Contract, cells: Sequence[str]) -> bool:
    names = _names(contract)
    fields = {names.get(normal(cell)) for cell in cells}
    return {column.name for column in contract.columns if column.required} <= fields
