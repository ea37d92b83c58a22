"""Presentation mode: the meeting's findings over the whole screen, one at a time; keys ← →, clock, Esc leaves.

Every text is escaped here; the browser part only shows it and turns the pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any

import streamlit as st

from fundwatch.documents import Table
from fundwatch.home import PROJECT
from fundwatch.meetings.findings import Finding
from fundwatch.ui.stage_svg import chart_svg

ASSETS = PROJECT / "fundwatch" / "ui" / "assets"
#: words in one panel from which on they are set smaller
MANY_WORDS = 150
#: a cell as short as this is not broken
TIGHT = 12
VERDICTS = frozenset({"差距", "说明", "办理情况", "逾期天数"})


def stage(found: Sequence[Finding], foot: str, key: str) -> None:
    """Draw the button that starts the presentation; the findings lie ready behind it."""
    css = (ASSETS / "stage.css").read_text(encoding="utf-8")
    _component()(key=key, data={"html": html(found, foot), "css": css, "count": len(found)})


def html(found: Sequence[Finding], foot: str) -> str:
    """All findings, each a section of its own."""
    return "".join(_slide(finding, foot, number, len(found)) for number, finding in enumerate(found, 1))


def _slide(finding: Finding, foot: str, number: int, count: int) -> str:
    kind = "cover" if finding.is_cover else "finding"
    lead = f'<p class="lead">{escape(finding.lead)}</p>' if finding.lead else ""
    return (
        f'<section class="{kind}" aria-label="第 {number} 页,共 {count} 页">'
        f'<p class="group">{escape(finding.section)}</p><h1>{escape(finding.title)}</h1>{lead}'
        f'<div class="body">{_body(finding)}</div>'
        f"<footer><span>{escape(foot)}</span><span>{number} / {count}</span></footer></section>"
    )


def _body(finding: Finding) -> str:
    points = _points(finding)
    if finding.chart is not None:
        return f'<div class="chart">{chart_svg(finding.chart, finding.open_months)}</div>{points}'
    if finding.table is not None:
        return _table(finding.table, finding.tones)
    big = f'<div class="big">{escape(finding.big)}</div>' if finding.big else ""
    return big + points


def _points(finding: Finding) -> str:
    if not finding.points:
        return ""
    size = " small" if sum(len(words) for _, words in finding.points) > MANY_WORDS else ""
    kind = "panel" if finding.chart is not None or finding.big else "list"
    rows = "".join(f"<dt>{escape(label)}</dt><dd>{escape(words)}</dd>" for label, words in finding.points)
    return f'<dl class="{kind}{size}">{rows}</dl>'


def _table(table: Table, tones: Sequence[str]) -> str:
    heads = "".join(f"<th{_side(c.is_number)}>{escape(c.header)}</th>" for c in table.columns)
    rows = []
    for place, row in enumerate(table.rows):
        tone = tones[place] if place < len(tones) else "neutral"
        cells = "".join(
            f"<td{_side(column.is_number, tone if column.header in VERDICTS else '', text)}>{escape(text)}</td>"
            for text, column in zip(row, table.columns, strict=True)
        )
        total = ' class="total"' if place >= len(table.rows) - table.total_rows else ""
        rows.append(f"<tr{total}>{cells}</tr>")
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _side(is_number: bool, tone: str = "", text: str = "") -> str:
    tight = "tight" if 0 < len(text) <= TIGHT else ""
    words = " ".join(word for word in ("number" if is_number else "", tone, tight) if word)
    return f' class="{words}"' if words else ""


@lru_cache(maxsize=1)
def _component() -> Any:
    script = (ASSETS / "stage.js").read_text(encoding="utf-8")
    style = (ASSETS / "stage_button.css").read_text(encoding="utf-8")
    return st.components.v2.component("fundwatch.stage", css=style, js=script)
