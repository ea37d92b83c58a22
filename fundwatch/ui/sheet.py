"""A table as in an official document: groups of rows, marks with words, small month lines; a click opens the next level.

For tables that are read as a whole (st.dataframe draws on a canvas: it neither prints nor holds groups, colours with words and
lines with limits). Every text is escaped here; the browser part only puts it there and reports the row clicked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, Literal
from urllib.parse import urlencode

import pyarrow as pa
import streamlit as st

from fundwatch.home import PROJECT
from fundwatch.ui import numbers
from fundwatch.ui.spark import Spark, svg
from fundwatch.ui.table import Field, header, money_unit
from fundwatch.ui.targets import TONE_WORDS, Tone

#: kinds of columns set as numbers, with their decimals
NUMBERS = {"int": 0, "amount": 2, "percent": 2, "score": 1}
ASSETS = PROJECT / "fundwatch" / "ui" / "assets"
#: signs of plain fonts, so that no icon font is needed; always beside a word
MARKS: Mapping[Tone, str] = {"good": "✓", "bad": "●", "attention": "◷", "neutral": ""}


@dataclass(frozen=True)
class Column:
    """A column: header, how it is set (``line`` is cut at the column's end, ``text`` wraps), and on which widths it is left
    out (``wide``: below 1100 px, ``middle``: on a phone)."""

    label: str
    kind: Literal["name", "number", "short", "line", "text", "spark"] = "short"
    only: Literal["", "middle", "wide"] = ""


@dataclass(frozen=True)
class Cell:
    """One cell: text, hint on hover, tone (drawn as colour with mark), or a month line with its words.

    ``sign`` is an SVG of ``fundwatch.ui.signs``, never text from data; ``quiet`` sets the text in grey. ``heat`` shades the cell, 1 to
    5. ``id`` and ``address`` are as in a row, for a table whose cells lead on.
    """

    text: str = ""
    hint: str = ""
    tone: Tone = "neutral"
    strong: bool = False
    marked: bool = False
    spark: Spark | None = None
    sign: str = ""
    quiet: bool = False
    heat: int = 0
    id: str = ""
    address: tuple[str, Mapping[str, Sequence[str]]] | None = None


@dataclass(frozen=True)
class Row:
    """One row. ``id`` is what a click gives back (empty: not clickable), ``address`` where the link leads in a new tab."""

    cells: tuple[Cell, ...]
    id: str = ""
    address: tuple[str, Mapping[str, Sequence[str]]] | None = None


@dataclass(frozen=True)
class Part:
    """Rows beside one heading, which stands in the first column over all of them; ``hint`` explains it on hover.

    Rows from ``shown`` on are folded (None: none are) behind ``folded``, a word that opens and closes them in the browser;
    ``is_open`` begins with them open. Printed, all rows stand there.
    """

    heading: str
    rows: tuple[Row, ...]
    hint: str = ""
    shown: int | None = None
    folded: str = ""
    is_open: bool = False


def sheet(columns: Sequence[Column], parts: Sequence[Part], key: str, *, scrolls: bool = False) -> str | None:
    """Draw the table and return the ``id`` of the row or cell just clicked, else None. Unknown ids from the browser are refused.

    A table that ``scrolls`` keeps its first column in sight where it is wider than the screen.
    """
    text = html(columns, parts)
    # What is wider than its place (a phone, half a screen) moves inside its own box, never the whole page.
    made = f'<div class="{"scroll" if scrolls else "across"}">{text}</div>'
    result: Any = _component()(key=key, data={"html": made}, on_opened_change=_nothing)
    rows = [row for part in parts for row in part.rows]
    known = {one.id for row in rows for one in (row, *row.cells) if one.id}
    return result.opened if result.opened in known else None


def as_parts(rows: pa.Table, fields: Sequence[Field]) -> tuple[list[Column], list[Part]]:
    """A short list as a sheet: text wraps, numbers in one unit per column, "—" for no value."""
    units = {field.name: money_unit(rows, field) for field in fields if field.kind == "amount"}
    columns = [
        Column(header(field, units), "number" if field.kind in NUMBERS else "text") for field in fields
    ]
    body = tuple(
        Row(tuple(Cell(_said(record[field.name], field, units)) for field in fields))
        for record in rows.to_pylist()
    )
    return columns, [Part("", body)]


def _said(value: Any, field: Field, units: Mapping[str, str]) -> str:
    if value is None:
        return numbers.NONE
    if field.kind == "amount":
        return numbers.money_in(value, units[field.name])
    return numbers.plain(value, NUMBERS[field.kind]) if field.kind in NUMBERS else str(value)


def html(columns: Sequence[Column], parts: Sequence[Part]) -> str:
    """The table's text."""
    heads = "".join(
        f'<th scope="col" class="{_classes(column)}">{escape(column.label)}</th>' for column in columns
    )
    corner = '<th scope="col" class="part"></th>' if any(part.heading for part in parts) else ""
    bodies = "".join(
        f"<tbody{' class=open' if part.is_open else ''}>{''.join(_rows(columns, part))}</tbody>"
        for part in parts
    )
    return f'<table class="sheet"><thead><tr>{corner}{heads}</tr></thead>{bodies}</table>'


def _rows(columns: Sequence[Column], part: Part) -> list[str]:
    first_folded = len(part.rows) if part.shown is None else part.shown
    rows = [
        _row(
            columns,
            row,
            place="rest" if place >= first_folded else "end" if place == first_folded - 1 else "",
        )
        for place, row in enumerate(part.rows)
    ]
    if part.heading and rows:
        hint = f' title="{escape(part.hint)}"' if part.hint else ""
        more = ""
        if part.folded:
            expanded = "true" if part.is_open else "false"
            more = f'<button type="button" class="more" aria-expanded="{expanded}">{escape(part.folded)}</button>'
        head = (
            f'<th scope="rowgroup" class="part" rowspan="{len(rows)}"{hint}>{escape(part.heading)}{more}</th>'
        )
        rows[0] = rows[0].replace(">", f">{head}", 1)
    return rows


def _row(columns: Sequence[Column], row: Row, place: str = "") -> str:
    """``place``: rest (folded) or end (the last one before those folded)."""
    cells = "".join(_cell(column, cell, row) for column, cell in zip(columns, row.cells, strict=True))
    opens = f' data-open="{escape(row.id)}"' if row.id else ""
    where = f' class="{place}"' if place else ""
    return f"<tr{opens}{where}>{cells}</tr>"


def _cell(column: Column, cell: Cell, row: Row) -> str:
    if cell.spark is not None:
        return f'<td class="{_classes(column)}">{svg(cell.spark, escape(cell.hint))}</td>'
    text = escape(cell.text)
    if leads_to := cell.address or (row.address if column.kind == "name" else None):
        path, query = leads_to
        text = f'<a href="{escape(path)}?{escape(urlencode(query, doseq=True))}">{text}</a>'
    if cell.marked and TONE_WORDS[cell.tone]:
        text = f'<span class="mark" aria-hidden="true">{MARKS[cell.tone]}</span>{text}'
    text = cell.sign + text
    hint = f' title="{escape(cell.hint)}"' if cell.hint else ""
    classes = " ".join(
        word
        for word in (
            _classes(column),
            "strong" if cell.strong else "",
            "quiet" if cell.quiet else "",
            f"heat{cell.heat}" if cell.heat else "",
            "" if cell.tone == "neutral" else cell.tone,
        )
        if word
    )
    opens = f' data-open="{escape(cell.id)}"' if cell.id else ""
    return f'<td class="{classes}"{hint}{opens}>{text}</td>'


def _classes(column: Column) -> str:
    return " ".join(word for word in (column.kind, column.only) if word)


@lru_cache(maxsize=1)
def _component() -> Any:
    css, js = ((ASSETS / name).read_text(encoding="utf-8") for name in ("sheet.css", "sheet.js"))
    return st.components.v2.component("fundwatch.sheet", css=css, js=js)


def _nothing() -> None:
    """The trigger needs a callback; the click is handled where the table is drawn."""
