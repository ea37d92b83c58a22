"""A document on screen and to take away: the same words as in its files; each file is made on the click and recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from fundwatch.access import Ability
from fundwatch.documents.charts import spec
from fundwatch.documents.model import Block, Chart, Document, Paragraph, Table, numbered
from fundwatch.errors import UserError
from fundwatch.state.audit import record
from fundwatch.state.db import engine
from fundwatch.ui.charts import AXIS_ROOM, FONT
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.signin import session_check
from fundwatch.ui.words import escaped

#: ending → MIME type and what the button says
KINDS = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "下载 Word"),
    "pdf": ("application/pdf", "下载 PDF"),
}
#: columns that fit a phone; the files have all of them
PHONE_COLUMNS = 4
#: part of a month's room that its column takes; 22 of 40 pixels as on paper
COLUMN_BAND = 0.55
HEADINGS = {1: "###", 2: "####", 3: "#####", 4: "######"}


def show_document(document: Document, key: str) -> None:
    """Draw the whole document, charts live and tables as sheets."""
    st.subheader(escaped(document.title), anchor=False)
    st.caption(escaped(document.subtitle))
    place = 0
    for block in document.lead:
        place = _show(block, key, place)
    for level, number, section in numbered(document.sections):
        st.markdown(f"{HEADINGS[level]} {escaped(f'{number}{section.title}')}")
        for block in section.blocks:
            place = _show(block, key, place)
    for line in document.slots.values():
        st.caption(escaped(line))


def document_buttons(
    page: Page, name: str, make: Mapping[str, Callable[[], bytes]], detail: Mapping[str, Any], key: str
) -> None:
    """A download button per file; ``make`` gives its bytes on the click, ``detail`` goes to the log with format and hash."""
    if not page.can(Ability.EXPORT):
        st.caption("当前角色不能导出。")
        return
    for ending, maker in make.items():
        mime, label = KINDS[ending]
        st.download_button(
            label,
            data=_logged(page, name, ending, maker, detail),
            file_name=f"{name}.{ending}",
            mime=mime,
            key=f"{key}_{ending}",
            icon=":material/download:",
            on_click="ignore",
        )


def taken(page: Page, name: str, ending: str, make: Callable[[], bytes], detail: Mapping[str, Any]) -> bytes:
    """The file, and a line in the log with format, hash and screen."""
    content = make()
    logged = {
        **detail,
        "format": ending,
        "sha256": hashlib.sha256(content).hexdigest(),
        "screen": page.entry.url_path,
    }
    record(engine(page.home), page.user.username, "导出", name, logged)
    return content


def _logged(
    page: Page, name: str, ending: str, make: Callable[[], bytes], detail: Mapping[str, Any]
) -> Callable[[], bytes]:
    still_allowed = session_check(page.home)

    def made() -> bytes:
        # The button may stand on an open screen long after the session ended.
        if not still_allowed():
            raise UserError("登录已过期,请重新登录后导出。")
        return taken(page, name, ending, make, detail)

    return made


def _show(block: Block, key: str, place: int) -> int:
    match block:
        case Paragraph():
            (st.caption if block.small else st.markdown)(escaped(block.text))
        case Table():
            _table(block, f"{key}_{place}")
        case Chart():
            shown = on_screen(spec(block, FONT))
            st.vega_lite_chart(shown, width="stretch", key=f"{key}_{place}", theme=None)
            st.caption(escaped(block.title))
    return place + 1


def on_screen(shown: dict[str, Any]) -> dict[str, Any]:
    """A document's chart as wide as its place: on a phone a year of columns keeps its gaps and months leave names out."""
    shown["width"] = "container"
    shown["height"] += AXIS_ROOM
    for layer in shown["layer"]:
        across, mark = layer["encoding"]["x"], layer["mark"]
        if across["type"] == "nominal":
            across.setdefault("axis", {})["labelOverlap"] = True
            if mark["type"] == "bar" and mark.pop("size", None):
                mark["width"] = {"band": COLUMN_BAND}
    return shown


def _table(table: Table, key: str) -> None:
    unit = f"({table.unit})" if table.unit else ""
    st.markdown(f"**{escaped(table.title)}**{escaped(unit)}")
    columns = [
        Column(
            column.header,
            "number" if column.is_number else "text",
            "middle" if place >= PHONE_COLUMNS else "",
        )
        for place, column in enumerate(table.columns)
    ]
    rows = tuple(
        Row(tuple(Cell(text, strong=number >= len(table.rows) - table.total_rows) for text in row))
        for number, row in enumerate(table.rows)
    )
    sheet(columns, [Part("", rows)], key=f"table_{key}")
    if table.note:
        st.caption(escaped(table.note))
