"""Blocks as a workbook that prints on A4: figures without formulas, Chinese headings, room for signatures."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from fundwatch.draws.calculation import Block
from fundwatch.export.files import Exported, neutral

FORMATS = {"int": "#,##0", "amount": "#,##0.00", "percent": "0.00", "text": "@"}
WIDTHS = {"int": 11, "amount": 15, "percent": 10, "text": 16}
#: paper size 9 of the file format
A4 = 9


def workbook(title: str, sheets: Mapping[str, Sequence[Block]], foot: Sequence[str], rows: int) -> Exported:
    """A workbook of named sheets; the first carries the title and at its foot the lines to sign. ``rows`` is for the log."""
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        formats = _formats(book)
        for number, (name, blocks) in enumerate(sheets.items()):
            sheet = book.add_worksheet(name)
            sheet.set_paper(A4)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.set_margins(0.5, 0.5, 0.6, 0.6)
            sheet.set_footer("&C第 &P 页,共 &N 页")
            line = 0
            if not number:
                sheet.write_string(0, 0, neutral(title), formats["title"])
                line = 2
            for block in blocks:
                line = _write(sheet, line, block, formats)
            if not number:
                for place, word in enumerate(foot):
                    sheet.write_string(line + 1 + place, 0, neutral(word), formats["plain"])
            _widths(sheet, blocks)
            if len(blocks) == 1:
                sheet.freeze_panes(2, 0)
                sheet.repeat_rows(1)
    content = target.getvalue()
    return Exported(content, rows, hashlib.sha256(content).hexdigest())


def _formats(book: Any) -> dict[str, Any]:
    line = {"border": 1, "border_color": "#DDE3E9", "valign": "top"}
    made = {kind: book.add_format({**line, "num_format": text}) for kind, text in FORMATS.items()}
    made["text"].set_text_wrap()
    made["head"] = book.add_format({**line, "bold": True, "bg_color": "#F6F8FA", "text_wrap": True})
    made["heading"] = book.add_format({"bold": True, "font_size": 12})
    made["title"] = book.add_format({"bold": True, "font_size": 16})
    made["plain"] = book.add_format({})
    return made


def _write(sheet: Any, line: int, block: Block, formats: Mapping[str, Any]) -> int:
    """Write a block and return the line where the next one begins."""
    sheet.write_string(line, 0, block.heading, formats["heading"])
    for place, (label, _) in enumerate(block.columns):
        sheet.write_string(line + 1, place, neutral(label), formats["head"])
    for number, row in enumerate(block.rows, line + 2):
        for place, ((_, kind), value) in enumerate(zip(block.columns, row, strict=True)):
            if value is None:
                sheet.write_blank(number, place, None, formats[kind])
            elif isinstance(value, Decimal | int):
                sheet.write_number(number, place, value, formats[kind])
            elif len(block.columns) == 2 and place == 1:
                # A sentence runs over the columns that the tables below need.
                sheet.merge_range(number, 1, number, 6, neutral(value), formats["text"])
                sheet.set_row(number, 15 * (1 + len(value) // 55))
            elif len(block.columns) == 1:
                sheet.merge_range(number, 0, number, 6, neutral(value), formats["text"])
            else:
                sheet.write_string(number, place, neutral(value), formats["text"])
    return line + len(block.rows) + 3


def _widths(sheet: Any, blocks: Sequence[Block]) -> None:
    widths: dict[int, int] = {}
    for block in blocks:
        for place, (label, kind) in enumerate(block.columns):
            widths[place] = max(widths.get(place, 0), WIDTHS[kind], 2 * len(label))
    for place, width in widths.items():
        sheet.set_column(place, place, min(width, 26) if place else 26)
