"""The top of every screen: way back, title, how fresh the data are, export and definitions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import streamlit as st

from fundwatch.access import PAGES, Ability, entry_at
from fundwatch.clock import OLD_AFTER_DAYS, china_today
from fundwatch.kpi import Kpi, declarations
from fundwatch.quality import Completeness, completeness
from fundwatch.screens.settings_used import parameters_of
from fundwatch.screens.settings_words import coming_targets, setting_words
from fundwatch.settings import Values
from fundwatch.ui import address, numbers
from fundwatch.ui.back import one_step_back
from fundwatch.ui.export import one_answer
from fundwatch.ui.query import loaded_tables, newest_data
from fundwatch.ui.scope import scope_line, show_county
from fundwatch.ui.shell import Page
from fundwatch.ui.used import day_of, used_here
from fundwatch.ui.words import escaped
from fundwatch.ui.workbook import has_workbook, workbook_button


def header(
    page: Page,
    *,
    title: str | None = None,
    data_through: dt.date | None = None,
    newest: dt.date | None = None,
    kpis: Sequence[str] = (),
    export: Callable[[], None] | None = None,
    dated: bool = True,
    on: dt.date | None = None,
    parameters: Sequence[str] = (),
    lists: Sequence[str] = (),
) -> None:
    """Draw the page skeleton's first lines.

    ``data_through`` is the earliest of the screen's KPIs (None: nothing dated is loaded). A screen of many
    ledgers, some kept only part of the year, also names its ``newest`` day, and is old when that one is. ``kpis`` are
    explained under 口径, with what they are made of in 本页参数 (``on``, ``parameters``, ``lists``: see ``fundwatch.ui.used``).
    ``export`` draws the download buttons (see ``fundwatch.ui.export``) and is left out for roles that may not take data away.
    ``dated`` is False on a screen that shows no data: no freshness line.
    """
    way_back(page, title)
    # A screen without data of its own tells how complete and how old the others are.
    last = newest or data_through or (newest_data(page) if page.has_data and dated else None)
    # Title and freshness take what they need and wrap only where they must (a phone, a long name).
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="page_top"
    ):
        st.title(escaped(title or page.entry.title), anchor=False, width="content")
        if page.has_data and dated:
            _freshness(page, data_through, last)
        with st.container(horizontal=True, horizontal_alignment="right", width="content", key="actions"):
            whole = dated and has_workbook(page)
            if (export is not None or whole) and page.can(Ability.EXPORT):
                with st.popover("导出", icon=":material/download:"), one_answer("page"):
                    if whole:
                        workbook_button(page)
                    if export is not None:
                        export()
            if kpis:
                with st.popover("口径", icon=":material/menu_book:"):
                    values, day = page.settings.now(), on or day_of(page)
                    for name in kpis:
                        define(declarations()[name], values, day)
            used_here(page, kpis, parameters=parameters, lists=lists, on=on)
    show_county(page)
    scope_line(page, kpis)
    one_step_back(page.entry.url_path)
    if words := old_data_words(last, china_today(), shown=data_through is not None):
        st.warning(words, icon=":material/schedule:")


def way_back(page: Page, title: str | None = None) -> None:
    """The trail of screens that led here; each is a link that keeps the choices made."""
    query = address.current()
    trail = [entry_at(name) for name in address.trail_of(query)]
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="way_back"):
        if not trail:
            st.caption(escaped(f"{page.entry.group} / {title or page.entry.title}"))
            return
        if trail[0] is not PAGES[0]:
            st.page_link(PAGES[0].path, label=PAGES[0].title, query_params=address.back_to(query, 0))
            st.caption("›", width="content")
        for position, entry in enumerate(trail):
            if entry is not None:
                st.page_link(entry.path, label=entry.title, query_params=address.back_to(query, position))
                st.caption("›", width="content")
        st.caption(escaped(title or page.entry.title), width="content")


def define(kpi: Kpi, values: Values, on: dt.date) -> None:
    """One KPI's definition: numerator, denominator, policy, owner, and the parameters in force on the day."""
    st.markdown(f"**{kpi.label}**({kpi.unit})")
    lines = [f"分子:{kpi.definition.numerator}"]
    if kpi.definition.denominator:
        lines.append(f"分母:{kpi.definition.denominator}")
    if kpi.definition.note:
        lines.append(f"说明:{kpi.definition.note}")
    lines += [f"依据:{policy.document} {policy.clause}" for policy in kpi.policy]
    lines += [f"参数:{setting_words(values, name, on)}" for name in parameters_of(kpi)]
    lines += [f"将要生效的目标:{words}" for words in coming_targets(kpi, values, on)]
    lines.append(f"责任岗位:{kpi.owner}")
    for line in lines:
        st.caption(escaped(line))


def freshness_words(
    data_through: dt.date | None, version: str, complete: Completeness, newest: dt.date | None = None
) -> str:
    """数据截至 2024-06-30 · 版本 … · 完整度 98.2%; with two ends where ledgers end on different days."""
    share = numbers.percent(complete.pct)
    if data_through is None and newest is not None:
        return f"本页指标无数据 · 版本 {version} · 完整度 {share}"
    days = numbers.date(data_through)
    if newest is not None and data_through is not None and newest > data_through:
        days = f"{days} 至 {numbers.date(newest)}"
    return f"数据截至 {days} · 版本 {version} · 完整度 {share}"


def old_data_words(data_through: dt.date | None, today: dt.date, *, shown: bool = True) -> str:
    """The band's sentence when the data are older than a week, else an empty string.

    ``shown`` is False on a screen that has no data of its own: it has no numbers to speak of.
    """
    if data_through is None or (days := (today - data_through).days) <= OLD_AFTER_DAYS:
        return ""
    meaning = "本页数字反映截止日的情况," if shown else ""
    return f"数据截至 {numbers.date(data_through)},距今已 {days:,} 天。{meaning}请及时载入新数据。"


def _freshness(page: Page, data_through: dt.date | None, newest: dt.date | None) -> None:
    complete = completeness(loaded_tables(page), newest or data_through)
    ends = (
        "各指标的数据截止日不同,此处为最早与最新。"
        if data_through and newest and newest != data_through
        else ""
    )
    missing = f"{ends}已载入 {complete.loaded} 表月,应有 {complete.expected} 表月。明细见“数据质量”。"
    st.caption(
        freshness_words(data_through, page.warehouse.version, complete, newest), help=missing, width="content"
    )
