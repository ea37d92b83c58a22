"""The filter bar of a screen; what is chosen is kept in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from fundwatch.kpi import DIMENSION_LABELS
from fundwatch.kpi.declaration import COUNTY
from fundwatch.screens.filters import DIMENSIONS, LEVELS, Filters, filter_options, options_of, read_filters
from fundwatch.ui import address
from fundwatch.ui.county import with_county
from fundwatch.ui.shell import Page
from fundwatch.ui.words import escaped

__all__ = [
    "DIMENSIONS", "LEVELS", "Filters", "empty_state", "filter_bar", "filter_options", "loosening", "options_of", "read_filters",
]  # fmt: skip


def filter_bar(page: Page, dimensions: Sequence[str] = DIMENSIONS) -> Filters:
    """Draw the filters in the current container and return what is chosen. Nothing chosen means all."""
    offered = filter_options(page)
    options = {name: words for name, words in offered.items() if name in dimensions or name == COUNTY}
    filters = read_filters(with_county(page.sight.county, address.current()), options)
    for name in dimensions:
        _draw(name, options[name], filters.chosen.get(name, ()))
    return filters


def loosening(filters: Filters, has_rows: Callable[[Filters], bool]) -> list[str]:
    """The dimensions whose loosening alone brings rows back, in the order of the bar."""
    return [name for name in filters.chosen if has_rows(filters.without(name))]


def empty_state(what: str, period_words: str, filters: Filters, has_rows: Callable[[Filters], bool]) -> None:
    """Say that there is nothing, which filter is the reason, and offer to loosen it."""
    with st.container(border=True):
        st.markdown(f"**没有符合条件的{what}**")
        # a filter may come from an address that somebody else wrote
        st.write(escaped(f"期间:{period_words};{filters.words if filters.chosen else '未设筛选'}。"))
        reasons = loosening(filters, has_rows)
        for name in reasons:
            label = f"取消“{DIMENSION_LABELS[name]}:{escaped(filters.words_of(name))}”"
            st.button(label, key=f"loosen_{name}", on_click=address.put, args=({name: None},))
        if not reasons and filters.chosen:
            st.write("单独取消任何一项筛选都没有结果。")
            st.button(
                "取消全部筛选", key="loosen_all", on_click=address.put, args=(dict.fromkeys(filters.chosen),)
            )
        elif not filters.chosen:
            st.write("请换一个期间,或在“数据质量”查看相关表是否已经载入。")


def _draw(name: str, words: Mapping[str, str], chosen: Sequence[str]) -> None:
    key = f"filter_{name}"
    # The address is the only memory; see period_picker.
    st.session_state[key] = list(chosen)
    offered = [*words, *(code for code in chosen if code not in words)]
    st.multiselect(
        DIMENSION_LABELS[name],
        offered,
        key=key,
        format_func=lambda code: words.get(code, code),
        placeholder="全部" if offered else "无数据",
        disabled=not offered,
        select_all=False,
        on_change=_chosen,
        args=(name, key),
    )


def _chosen(name: str, key: str) -> None:
    address.put({name: st.session_state[key]})
