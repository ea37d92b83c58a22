"""A list as one part of a screen: heading, its own 导出, rows that open the next level, and a word when it is empty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.access import Ability
from fundwatch.screens.sources import NOT_LOADED
from fundwatch.ui.export import Taken, export_buttons
from fundwatch.ui.filters import Filters
from fundwatch.ui.period import Period
from fundwatch.ui.shell import Page
from fundwatch.ui.states import not_loaded
from fundwatch.ui.table import OPENS, Field, show_list


@dataclass(frozen=True)
class Context:
    """What every list of a screen says about itself when it is taken away: the object, the period, how far data reach."""

    name: str
    period: Period
    filters: Filters
    data_through: dt.date | None


def not_loaded_yet(page: Page, words: str) -> None:
    """The sentence in place of a part's rows; where its table was never loaded, with the way to load it."""
    if words.startswith(NOT_LOADED):
        not_loaded(page, f"{words.rstrip('。')}。请到“数据质量”载入。")
    else:
        st.caption(words)


def part_list(
    page: Page,
    context: Context,
    title: str,
    rows: pa.Table,
    fields: Sequence[Field],
    *,
    key: str,
    empty: str,
    open_row: Callable[[dict[str, Any]], None] | None = None,
    money: str | None = None,
    hint: str = OPENS,
) -> None:
    """Draw a part's list; ``empty`` is the sentence in its place when there is no row."""
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    left.subheader(title, anchor=False)
    if not rows.num_rows:
        not_loaded_yet(page, empty)
        return
    if page.can(Ability.EXPORT):
        with (
            right,
            st.container(horizontal=True, horizontal_alignment="right"),
            st.popover("导出", icon=":material/download:"),
        ):

            def taken() -> Taken:
                return Taken(
                    f"{context.name} {title}",
                    rows,
                    fields,
                    context.period,
                    context.filters,
                    context.data_through,
                )

            export_buttons(
                page, taken, f"{context.name}_{title}", rows.num_rows, key=f"export_{key}", fields=fields
            )
    show_list(page, rows, fields, key=key, open_row=open_row, money=money, hint=hint)
