"""监管总览: the loop's indicators, twelve months of each."""

from __future__ import annotations

from decimal import Decimal

from fundwatch.kpi import declarations
from fundwatch.screens.fields import Field
from fundwatch.screens.filters import DIMENSIONS
from fundwatch.screens.overview import Line, grouped
from fundwatch.ui.lines import overview_lines
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.parts import EXACT, Book, Part, kpi_part, months_part, shown, table

FIELDS = (
    Field("part", "环节"), Field("owner", "牵头"), Field("name", "指标"), Field("value", "本期", "value"), Field("value_unit", "单位"),
    Field("target", "目标"), Field("gap", "差距"), Field("variation", "变化"), Field("assurance", "达标把握"), Field("change", "同比"),
    Field("sentence", "一句话"),
)  # fmt: skip


def parts(ask: Ask) -> list[Part]:
    """The table as on screen, then each indicator with both sides, then the months."""
    if ask.newest is None:
        return []
    lines = grouped(overview_lines(ask, ask.period, ask.filters, ask.newest))
    rows = [_row(group.name, group.owner, line) for group in lines for line in group.lines]
    loop = table(rows, [field.name for field in FIELDS], {"value": EXACT})
    known = list(declarations())
    return [
        Part("监管总览", loop, FIELDS, "各环节内先列未达标的指标。险种之间不相加。"),
        kpi_part(ask, known, "指标分子分母"),
        months_part(ask, known),
    ]


def _row(group: str, owner: str, line: Line) -> dict[str, str | Decimal | None]:
    value, unit = shown(line.number.value if line.number else None, line.kpi.unit)
    return {
        "part": group, "owner": owner, "name": line.name, "value": value, "value_unit": unit, "target": line.target,
        "gap": line.gap, "variation": line.variation_full, "assurance": line.assurance, "change": line.change,
        "sentence": line.sentence,
    }  # fmt: skip


BOOK = Book(DIMENSIONS, lambda _: list(declarations()), parts)
