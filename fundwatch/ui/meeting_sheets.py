"""Sheets of 领导小组会议: all meetings, and a table of its documents on screen."""

from __future__ import annotations

from collections.abc import Sequence

from fundwatch import numbers
from fundwatch.documents import Table
from fundwatch.meetings.facts import Tone
from fundwatch.meetings.store import Meeting, State
from fundwatch.ui import address
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.stage import VERDICTS

#: the meeting looked at, in the address
MEETING = "meeting"
STATE_TONES: dict[State, Tone] = {
    State.DRAFT: "attention",
    State.CLOSED: "good",
    State.CANCELLED: "neutral",
}


def meetings_sheet(page: Page, seen: Sequence[Meeting]) -> str | None:
    """All meetings; returns the one clicked."""
    columns = (
        Column("会议日期", "name"), Column("名称", "text"), Column("状态"), Column("编号", "short", "middle"),
        Column("冻结版本", "short", "middle"), Column("统计期间", "short", "wide"), Column("说明", "text", "wide"),
    )  # fmt: skip
    rows = tuple(
        Row(
            (
                Cell(numbers.date(m.held_on)), Cell(m.title), Cell(m.state.value, tone=STATE_TONES[m.state], marked=True),
                Cell(m.meeting_id), Cell(m.version), Cell(f"{numbers.date(m.period_start)} 至 {numbers.date(m.period_end)}"),
                Cell(m.why or (f"由{m.ended_by}定稿" if m.state is State.CLOSED else f"由{m.made_by}新建")),
            ),
            m.meeting_id,
            (f"/{page.entry.url_path}", {**address.current(), MEETING: [m.meeting_id], "part": []}),
        )
        for m in seen
    )  # fmt: skip
    return sheet(columns, [Part("", rows)], key="meetings")


def table_sheet(table: Table, tones: Sequence[Tone], key: str) -> None:
    """A table of a document on screen; only columns that say how something stands are coloured."""
    last = len(table.columns) - 1
    columns = [
        Column(c.header, "number" if c.is_number else "text", "middle" if 2 <= place < last else "")
        for place, c in enumerate(table.columns)
    ]
    rows = tuple(
        Row(
            tuple(
                Cell(
                    text,
                    tone=tones[number] if number < len(tones) and column.header in VERDICTS else "neutral",
                )
                for column, text in zip(table.columns, row, strict=True)
            )
        )
        for number, row in enumerate(table.rows)
    )
    sheet(columns, [Part("", rows)], key=f"table_{key}")
