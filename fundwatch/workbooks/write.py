"""Parts as an XLSX: a contents sheet, a sheet per part with native charts, all set up for A4 paper."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from fundwatch.documents.model import printable
from fundwatch.export.text import neutral
from fundwatch.screens.fields import header
from fundwatch.workbooks.cells import column_names, columns_of, known, lines_of, unit_of, width_of
from fundwatch.workbooks.parts import Chart, Part

#: paper size 9 of the file format
A4 = 9
CONTENTS, UNNAMED, NAME_LENGTH = "目录", "表", 31
#: a footer of more than 255 characters is left out whole; page numbers and signs of its language take 17
FOOTER_LENGTH = 236
#: title, words, note, header; rows of a sheet counted from 0
TITLE, WORDS, NOTE, HEADER = range(4)
#: charts stand to the right of a table narrower than this (characters), else below it
BESIDE = 96
CHART_WIDTH, CHART_HEIGHT, ROW_HEIGHT = 620, 300, 20
#: points of one line of text; widths of the contents' columns
LINE_HEIGHT = 15
CONTENTS_WIDTHS = (10, 26, 8, 6, 52)
BLUE, GREY, LINE, HEAD = "#1F5FA8", "#7A8794", "#DDE3E9", "#EEF2F6"
SERIES = ("#1F5FA8", "#D98E2B", "#4E9F8A", "#8A6BB1", "#C25B6B", "#7A8794")
FONT = "Microsoft YaHei"


@dataclass(frozen=True)
class Cover:
    """What stands on every sheet and on the contents: title, lines (label, words), footer, time of making (Asia/Shanghai)."""

    title: str
    words: str
    lines: Sequence[tuple[str, str]]
    footer: str
    at: dt.datetime


def workbook(cover: Cover, parts: Sequence[Part]) -> bytes:
    """The file; the same parts and cover give the same bytes."""
    target = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": printable(cover.title), "created": cover.at.replace(tzinfo=None)})
        writer = _Writer(book, cover)
        names = sheet_names(parts)
        writer.contents(parts, names)
        for part, name in zip(parts, names, strict=True):
            writer.sheet(part, name)
    return target.getvalue()


def sheet_names(parts: Sequence[Part]) -> list[str]:
    """Names as the file format allows them: 31 characters, none of []:*?/\\, each once."""
    found: list[str] = []
    for part in parts:
        name = printable(re.sub(r"[\[\]:*?/\\'\s]", "·", part.name))[:NAME_LENGTH] or UNNAMED
        number = 2
        while name in (*found, CONTENTS):
            name = f"{name[: NAME_LENGTH - 2]}{number}"
            number += 1
        found.append(name)
    return found


class _Writer:
    def __init__(self, book: Any, cover: Cover) -> None:
        self.book, self.cover = book, cover
        self._formats: dict[tuple[str, ...], Any] = {}
        plain = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
        self.title = book.add_format({**plain, "font_size": 15, "bold": True})
        self.quiet = book.add_format({**plain, "font_color": "#5B6B7A"})
        self.wrapped = book.add_format({**plain, "text_wrap": True, "valign": "top"})
        self.label = book.add_format({**plain, "bold": True, "valign": "top"})
        self.link = book.add_format({
            **plain, "font_color": BLUE, "underline": 1, "border": 1, "border_color": LINE, "valign": "top", "indent": 1,
        })  # fmt: skip
        self.head = book.add_format({
            **plain, "bold": True, "bg_color": HEAD, "border": 1, "border_color": LINE, "text_wrap": True, "align": "center",
        })  # fmt: skip
        self.plain = plain

    def contents(self, parts: Sequence[Part], names: Sequence[str]) -> None:
        """What the file is, who made it of what, and a link to each sheet."""
        sheet = self.book.add_worksheet(CONTENTS)
        self._paper(sheet, landscape=False)
        sheet.hide_gridlines(2)
        for place, width in enumerate(CONTENTS_WIDTHS):
            sheet.set_column(place, place, width)
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, neutral(self.cover.title), self.title)
        line = 1
        for label, words in self.cover.lines:
            sheet.write_string(line, 0, label, self.label)
            sheet.merge_range(line, 1, line, 4, "", self.wrapped)
            sheet.write_string(line, 1, neutral(words), self.wrapped)
            sheet.set_row(line, LINE_HEIGHT * lines_of(words, sum(CONTENTS_WIDTHS[1:])))
            line += 1
        line += 1
        for place, label in enumerate(("序号", "工作表", "行数", "图", "说明")):
            sheet.write_string(line, place, label, self.head)
        number_format, text_format = self._format("#,##0"), self._format("@", wrap=True)
        for number, (part, name) in enumerate(zip(parts, names, strict=True), 1):
            row = line + number
            sheet.write_number(row, 0, number, number_format)
            sheet.write_url(row, 1, f"internal:'{name}'!A1", self.link, string=neutral(name))
            sheet.write_number(row, 2, part.rows.num_rows, number_format)
            sheet.write_number(row, 3, len(drawn(part)), number_format)
            sheet.write_string(row, 4, neutral(part.note), text_format)
            sheet.set_row(row, LINE_HEIGHT * lines_of(part.note, CONTENTS_WIDTHS[-1]))
        sheet.freeze_panes(line + 1, 0)
        sheet.repeat_rows(line)

    def sheet(self, part: Part, name: str) -> None:
        """One part: heading, period and filters, note, frozen header, rows, charts."""
        sheet = self.book.add_worksheet(name)
        self._paper(sheet, landscape=True)
        cells = columns_of(part)
        sheet.set_row(TITLE, 24)
        sheet.write_string(TITLE, 0, neutral(part.name), self.title)
        sheet.write_string(WORDS, 0, neutral(self.cover.words), self.quiet)
        sheet.write_string(
            NOTE, 0, neutral(part.note if part.rows.num_rows else f"期内没有记录。{part.note}"), self.quiet
        )
        width, lines = 0.0, [1] * part.rows.num_rows
        for place, (field, column) in enumerate(zip(part.fields, cells, strict=True)):
            unit = unit_of(part, field)
            text = header(field, {field.name: unit} if unit else None)
            sheet.write_string(HEADER, place, neutral(text), self.head)
            own = width_of(text, column, part.widest)
            width += own
            sheet.set_column(place, place, own)
            for number, (value, form) in enumerate(column):
                self._cell(sheet, HEADER + 1 + number, place, value, form)
                if isinstance(value, str):
                    lines[number] = max(lines[number], lines_of(value, own))
        for number, count in enumerate(lines):
            if count > 1:
                # programs differ in whether they fit a row's height on opening
                sheet.set_row(HEADER + 1 + number, LINE_HEIGHT * count)
        sheet.set_row(HEADER, 32)
        sheet.freeze_panes(HEADER + 1, min(1, len(part.fields) - 1))
        sheet.repeat_rows(HEADER)
        if part.rows.num_rows:
            sheet.autofilter(HEADER, 0, HEADER + part.rows.num_rows, len(part.fields) - 1)
        self._charts(sheet, part, name, width)

    def _cell(self, sheet: Any, row: int, column: int, value: Any, form: str) -> None:
        match value:
            case None:
                sheet.write_blank(row, column, None, self._format(form))
            case str():
                sheet.write_string(row, column, value, self._format("@", wrap=True))
            case dt.date():
                sheet.write_datetime(row, column, value, self._format(form))
            case _:
                sheet.write_number(row, column, value, self._format(form))

    def _format(self, form: str, wrap: bool = False) -> Any:
        key = (form, str(wrap))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({
                **self.plain, "num_format": form, "border": 1, "border_color": LINE, "text_wrap": wrap, "valign": "top",
                **({"align": "left", "indent": 1} if form == "@" else {}),
            })  # fmt: skip
        return self._formats[key]

    def _charts(self, sheet: Any, part: Part, name: str, width: float) -> None:
        beside = width < BESIDE
        for number, chart in enumerate(drawn(part)):
            made = self._chart(part, chart, name)
            tall = max(CHART_HEIGHT, 26 * part.rows.num_rows + 90) if chart.kind == "bar" else CHART_HEIGHT
            made.set_size({"width": CHART_WIDTH, "height": tall})
            if beside:
                sheet.insert_chart(HEADER + number * (1 + tall // ROW_HEIGHT), len(part.fields) + 1, made)
            else:
                row = HEADER + 2 + part.rows.num_rows + (number // 2) * (1 + tall // ROW_HEIGHT)
                sheet.insert_chart(row, 0, made, {"x_offset": (number % 2) * (CHART_WIDTH + 12)})

    def _chart(self, part: Part, chart: Chart, name: str) -> Any:
        made = self.book.add_chart({"type": chart.kind})
        places = column_names(part)
        first, last = HEADER + 1, HEADER + part.rows.num_rows
        fields = {field.name: field for field in part.fields}
        for number, value in enumerate(chart.values):
            place = places[value]
            series = {
                "name": [name, HEADER, place],
                "categories": [name, first, places[chart.names], last, places[chart.names]],
                "values": [name, first, place, last, place],
            }
            made.add_series(series | _looks(chart, value, number))
        unit = chart.unit or unit_of(part, fields[chart.values[0]]) or ""
        font = {"name": FONT, "size": 9}
        made.set_title(
            {"name": chart.title, "name_font": {"name": FONT, "size": 11, "bold": True}, "overlay": False}
        )
        made.set_legend({"none": True} if len(chart.values) == 1 else {"position": "top", "font": font})
        along = {"num_font": font, "line": {"color": LINE}}
        grid = {"visible": True, "line": {"color": LINE}}
        across = {
            "name": unit, "name_font": {**font, "bold": False}, "num_font": font, "major_gridlines": grid,
            "num_format": "#,##0.##" if chart.kind == "line" else "#,##0", "line": {"none": True},
        }  # fmt: skip
        if chart.kind == "line":
            along["num_format"] = 'yy"年"m"月"'
            made.show_blanks_as("gap")
        if chart.kind == "bar":
            # the library swaps the two for bars: names stand on its y axis, the first one on top
            along["reverse"] = True
            across |= {"label_position": "low", **({"min": 0} if _all_positive(part, chart) else {})}
            made.set_y_axis(along)
            made.set_x_axis(across)
        else:
            made.set_x_axis(along)
            made.set_y_axis(across)
        return made

    def _paper(self, sheet: Any, *, landscape: bool) -> None:
        sheet.set_paper(A4)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.7)
        sheet.set_footer(f"&L&8{_footer(self.cover.footer)}&R&8第&P页 共&N页")


def drawn(part: Part) -> tuple[Chart, ...]:
    """The charts that have anything to draw."""
    if not part.rows.num_rows:
        return ()
    return tuple(c for c in part.charts if any(known(part.rows.column(value)) for value in c.values))


def _footer(text: str) -> str:
    # & begins a code of the footer's own language
    kept = printable(text).replace("&", "&&")[:FOOTER_LENGTH]
    # half a doubled sign at the end would begin a code
    return kept[:-1] if (len(kept) - len(kept.rstrip("&"))) % 2 else kept


def _looks(chart: Chart, value: str, number: int) -> dict[str, Any]:
    colour = SERIES[number % len(SERIES)]
    if value in chart.dashed:
        return {"line": {"color": GREY, "width": 1.25, "dash_type": "dash"}}
    if chart.kind == "line":
        return {
            "line": {"color": colour, "width": 2},
            "marker": {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"color": colour}},
        }
    return {
        "fill": {"color": colour},
        "gap": 60,
        "data_labels": {"value": True, "font": {"name": FONT, "size": 9}},
    }


def _all_positive(part: Part, chart: Chart) -> bool:
    values = [v for name in chart.values for v in part.rows.column(name).to_pylist() if v is not None]
    return all(value >= 0 for value in values)
