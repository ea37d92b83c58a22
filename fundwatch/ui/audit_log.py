"""The log on 用户与审计: looked through in the database, a page at a time, and taken away as a file that is logged too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import streamlit as st

from fundwatch.access import Ability
from fundwatch.clock import china_today
from fundwatch.export.files import Column, as_csv, as_xlsx
from fundwatch.export.limits import xlsx_rows
from fundwatch.export.log import record_export
from fundwatch.state.audit import Event
from fundwatch.state.audit_search import Wanted, count, part, values
from fundwatch.state.db import engine
from fundwatch.ui.admin import EVENT_FIELDS, seen_detail, seen_object
from fundwatch.ui.export import TYPES, allowed
from fundwatch.ui.shell import Page
from fundwatch.ui.table import show_list

NAME = "操作日志"
ALL = "全部"
PIECE = 5_000
LABELS = {"csv": "导出 CSV", "xlsx": "导出 Excel"}


@dataclass(frozen=True)
class Events:
    """The events found, read when they are shown; what stands in a cell is what this person may see."""

    page: Page
    wanted: Wanted

    @cached_property
    def num_rows(self) -> int:
        return count(engine(self.page.home), self.wanted)

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([(field.name, pa.string()) for field in EVENT_FIELDS])

    @property
    def column_names(self) -> list[str]:
        return list(self.schema.names)

    def found(self, text: str, columns: Sequence[str]) -> int:
        """The list has a search of its own."""
        return self.num_rows

    def part(self, text: str, columns: Sequence[str], first: int, count: int) -> pa.Table:
        rows = part(engine(self.page.home), self.wanted, count, first)
        return pa.Table.from_pylist([_row(self.page, one) for one in rows], schema=self.schema)

    def to_batches(self, max_chunksize: int | None = None) -> Iterator[pa.RecordBatch]:
        """All of them, for a file."""
        for first in range(0, self.num_rows, PIECE):
            yield from self.part("", (), first, PIECE).to_batches(max_chunksize)


def log_section(page: Page) -> None:
    """The choices, the list, the files."""
    found = Events(page, _choose(page))
    with st.popover("导出", icon=":material/download:"):
        _downloads(page, found)
    if found.num_rows:
        show_list(page, found, EVENT_FIELDS, key="events", search=False)
    else:
        st.info("没有符合条件的记录。", icon=":material/search_off:")


def written(page: Page, found: Events, ending: str, at: dt.datetime) -> bytes:
    """The file, and its own line in the log."""
    columns = [Column(field.name, field.label) for field in EVENT_FIELDS]
    wanted = found.wanted
    asked = {
        "user": wanted.user, "action": wanted.action, "text": wanted.text.strip(),
        "from": wanted.first.isoformat() if wanted.first else "", "to": wanted.last.isoformat() if wanted.last else "",
    }  # fmt: skip
    kept = {name: value for name, value in asked.items() if value}
    if ending == "csv":
        file = as_csv(found, columns)
    else:
        about = [
            ("内容", NAME),
            ("条件", ";".join(kept.values()) or ALL),
            ("导出人", page.user.post),
            ("导出时间", f"{at:%Y-%m-%d %H:%M:%S}"),
        ]
        file = as_xlsx(found, columns, about, xlsx_rows(page.settings, at.date()))
    detail = {"format": ending, "screen": page.entry.url_path, **kept}
    record_export(page.home, page.user.username, NAME, rows=file.rows, sha256=file.sha256, detail=detail)
    return file.content


def _choose(page: Page) -> Wanted:
    store = engine(page.home)
    with st.container(horizontal=True, vertical_alignment="bottom", key="audit_choices"):
        user = st.selectbox("账号", [ALL, *values(store, "user")], width=180, key="audit_user")
        action = st.selectbox("操作", [ALL, *values(store, "action")], width=180, key="audit_action")
        text = st.text_input("对象或详情", width=240, key="audit_text", placeholder="编号、名称、理由等")
        first = st.date_input("起始日", None, format="YYYY-MM-DD", width=150, key="audit_first")
        last = st.date_input("截止日", None, format="YYYY-MM-DD", width=150, key="audit_last")
    return Wanted(
        "" if user == ALL else str(user), "" if action == ALL else str(action), text or "", first, last
    )


def _downloads(page: Page, found: Events) -> None:
    limit = xlsx_rows(page.settings, china_today())
    for ending, label in LABELS.items():
        st.download_button(
            label,
            data=allowed(page, lambda at, ending=ending: written(page, found, ending, at)),
            file_name=f"{NAME}.{ending}",
            mime=TYPES[ending],
            key=f"audit_{ending}",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
            disabled=not page.can(Ability.MANAGE_USERS) or (ending == "xlsx" and found.num_rows > limit),
        )
    st.caption(f"按当前条件导出 {found.num_rows:,} 条。导出本身也记入日志。")


def _row(page: Page, event: Event) -> dict[str, str]:
    return {
        "at": event.at[:19].replace("T", " "),
        "user": event.user,
        "action": event.action,
        "object": seen_object(page, event),
        "detail": seen_detail(page, event),
    }
