"""Filters of a screen: institution class, level, ownership, town, insurance type; kept in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from fundwatch.contracts import code_lists
from fundwatch.kpi import DIMENSION_LABELS, Kpi
from fundwatch.ui import address
from fundwatch.ui.query import page_query
from fundwatch.ui.shell import Page

#: the bar's filters in order; level classes from the highest down
DIMENSIONS = ("fixmedins_type", "level_class", "medins_natu", "town_code", "insutype")
LEVELS = ("三级", "二级", "一级", "未定级", "药店")
Options = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Filters:
    """What is chosen: dimension → codes (only those with a choice), and the words for each code."""

    chosen: Mapping[str, tuple[str, ...]]
    options: Options

    @property
    def for_kpi(self) -> dict[str, list[str]]:
        """As ``fundwatch.kpi`` takes them."""
        return {name: list(codes) for name, codes in self.chosen.items()}

    @property
    def words(self) -> str:
        """机构类别:定点零售药店;乡镇:城关镇、双浮镇 — or 全部."""
        parts = [f"{DIMENSION_LABELS[name]}:{self.words_of(name)}" for name in self.chosen]
        return ";".join(parts) or "全部"

    def words_of(self, name: str) -> str:
        """The words of one dimension's choice."""
        labels = self.options.get(name, {})
        return "、".join(labels.get(code, code) for code in self.chosen.get(name, ()))

    def without(self, name: str) -> Filters:
        """The same with one filter loosened."""
        return Filters({key: codes for key, codes in self.chosen.items() if key != name}, self.options)

    def ignored_by(self, kpi: Kpi) -> list[str]:
        """Labels of the chosen filters that a KPI has no dimension for; the screen says so."""
        return [DIMENSION_LABELS[name] for name in self.chosen if name not in kpi.filterable]


def read_filters(given: Mapping[str, Sequence[str]], options: Options) -> Filters:
    """The filters in an address; a code unknown here stays, so that the screen can say so."""
    chosen = {name: tuple(dict.fromkeys(given[name])) for name in options if given.get(name)}
    return Filters(chosen, options)


def options_of(records: Sequence[Mapping[str, str | None]]) -> dict[str, dict[str, str]]:
    """Rows of ``filter_options.sql`` (dimension, code, label) as dimension → code → word."""
    found: dict[str, dict[str, str]] = {name: {} for name in DIMENSIONS}
    for record in records:
        name, code = str(record["dimension"]), str(record["code"])
        found[name][code] = record["label"] or code_lists().get(name, {}).get(code, code)
    levels = found["level_class"]
    found["level_class"] = {level: level for level in LEVELS if level in levels}
    return found


def filter_options(page: Page) -> dict[str, dict[str, str]]:
    """What can be chosen in this version of the data."""
    return options_of(page_query(page, "filter_options").to_pylist())


def filter_bar(page: Page, dimensions: Sequence[str] = DIMENSIONS) -> Filters:
    """Draw the filters in the current container and return what is chosen. Nothing chosen means all."""
    options = {name: words for name, words in filter_options(page).items() if name in dimensions}
    filters = read_filters(address.current(), options)
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
        st.write(f"期间:{period_words};{filters.words if filters.chosen else '未设筛选'}。")
        reasons = loosening(filters, has_rows)
        for name in reasons:
            label = f"取消“{DIMENSION_LABELS[name]}:{filters.words_of(name)}”"
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
