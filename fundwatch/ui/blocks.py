"""Blocks of a calculation sheet on screen, and the workbook of them to take away, on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from fundwatch.access import Ability
from fundwatch.draws.calculation import Block, estimators
from fundwatch.draws.estimate import Extrapolation
from fundwatch.draws.records import money
from fundwatch.draws.workbook import workbook
from fundwatch.errors import UserError
from fundwatch.state.audit import record
from fundwatch.state.db import engine
from fundwatch.ui import numbers
from fundwatch.ui.export import XLSX_TYPE
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.signin import session_check
from fundwatch.ui.words import escaped

DECIMALS = {"int": 0, "amount": 2, "percent": 1}


def block_sheet(block: Block, key: str, *, short: bool = False) -> None:
    """Draw a block as a document's table under its heading; ``short`` leaves middle columns out on a phone."""
    st.markdown(f"**{escaped(block.heading)}**")
    columns = [
        Column(
            label,
            "text" if kind == "text" else "number",
            "middle" if short and kind == "int" and place > 2 else "",
        )
        for place, (label, kind) in enumerate(block.columns)
    ]
    rows = tuple(
        Row(tuple(Cell(_said(value, kind)) for (_, kind), value in zip(block.columns, row, strict=True)))
        for row in block.rows
    )
    sheet(columns, [Part("", rows)], key=f"block_{key}")


def interval_sheet(found: Extrapolation) -> None:
    """The estimators beside each other, each with its three intervals."""
    st.markdown("**估计与区间**")
    columns = (
        Column("置信水平"), Column("下限(元)", "number"), Column("点估计(元)", "number"), Column("上限(元)", "number"),
        Column("误差(%)", "number", "middle"),
    )  # fmt: skip
    parts = []
    for name, estimate, booked in estimators(found):
        point = numbers.plain(booked, 2)
        rows = [
            Row(tuple(Cell(text) for text in (
                f"双侧{each.level}%", numbers.plain(money(each.lower), 2), point, numbers.plain(money(each.upper), 2),
                numbers.plain(money(each.precision_pct), 1),
            )))
            for each in estimate.intervals
        ]  # fmt: skip
        rows = rows or [
            Row(tuple(Cell(text) for text in ("无法给出", numbers.NONE, point, numbers.NONE, numbers.NONE)))
        ]
        error = numbers.plain(money(estimate.standard_error), 2)
        parts.append(Part(name, tuple(rows), hint=f"标准误 {error} 元"))
    if not parts:
        st.caption("还没有可以计算的层。")
        return
    sheet(columns, parts, key="block_estimators")


def sheet_download(
    page: Page,
    title: str,
    sheets: Mapping[str, Sequence[Block]],
    *,
    foot: Sequence[str],
    name: str,
    rows: int,
) -> None:
    """One button for the workbook; made on the click and logged like every export."""
    if not page.can(Ability.EXPORT):
        st.caption("当前角色不能导出。")
        return
    with st.container(horizontal=True, key="actions_sheet"):
        st.download_button(
            "下载 Excel(可打印)", data=_maker(page, title, sheets, foot, rows), file_name=f"{name}.xlsx", mime=XLSX_TYPE,
            icon=":material/download:", on_click="ignore", key=f"sheet_{name}",
        )  # fmt: skip
        st.caption("下载会留下记录。也可用浏览器的打印功能直接打印本页,导航和按钮不打印。")


def _maker(
    page: Page, title: str, sheets: Mapping[str, Sequence[Block]], foot: Sequence[str], rows: int
) -> Callable[[], bytes]:
    still_allowed = session_check(page.home)

    def made() -> bytes:
        if not still_allowed():
            raise UserError("登录已过期,请重新登录后导出。")
        file = workbook(title, sheets, foot, rows)
        detail: dict[str, Any] = {
            "format": "xlsx", "rows": rows, "sha256": file.sha256, "version": page.warehouse.version,
            "screen": page.entry.url_path, "filters": {},
        }  # fmt: skip
        record(engine(page.home), page.user.username, "导出", title, detail)
        return file.content

    return made


def _said(value: Any, kind: str) -> str:
    if value is None:
        return numbers.NONE
    return numbers.plain(value, DECIMALS[kind]) if isinstance(value, Decimal | int) else str(value)
