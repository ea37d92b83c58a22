"""The pieces of 指标明细: chips of the cell, definition with parameters, split, and where rows lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from fundwatch.access import entry_at
from fundwatch.kpi import DIMENSION_LABELS, Kpi, KpiValue, declarations
from fundwatch.screens.beside import beside_words
from fundwatch.screens.kpi_rows import (
    CELL,
    IDENTITIES,
    Cell,
    can_be_counted,
    cell_words,
    counted,
    destination,
    has_shortfall,
    short_of,
    split_table,
    splits,
)
from fundwatch.screens.overview import insutype_of, insutype_words
from fundwatch.screens.series import is_whole
from fundwatch.screens.sides import side_words, sides_of_values
from fundwatch.ui import address, charts, numbers
from fundwatch.ui.filters import Filters
from fundwatch.ui.header import define
from fundwatch.ui.lines import loaded_on
from fundwatch.ui.long_list import Listed, LongList
from fundwatch.ui.period import Period
from fundwatch.ui.query import page_query
from fundwatch.ui.sentence import finding
from fundwatch.ui.shell import Page
from fundwatch.ui.table import show_list
from fundwatch.ui.words import escaped

BY, KPI = "by", "kpi"
#: more bars than this are read in the table
MOST_BARS = 12


def chosen_kpi() -> Kpi | None:
    """The KPI that the address names, or None."""
    return declarations().get(next(iter(address.values(KPI)), ""))


def choose_kpi(kpi: Kpi | None) -> None:
    """The picker of all KPIs; choosing another one leaves the cell of the former."""
    names = list(declarations())
    st.session_state["kpi_choice"] = kpi.id if kpi else None
    st.selectbox(
        "指标",
        names,
        key="kpi_choice",
        format_func=lambda name: declarations()[name].label,
        placeholder="请选择指标",
        on_change=_kpi_chosen,
    )


def words_of(page: Page, filters: Filters) -> dict[str, Mapping[str, str]]:
    """Dimension → key → word: towns and levels as in the filter bar, institutions by name."""
    names = page_query(page, "kpi_institution_names").to_pylist()
    return {
        **filters.options,
        "fixmedins_code": {row["fixmedins_code"]: row["fixmedins_name"] for row in names},
    }


def say(kpi: Kpi, values: Sequence[KpiValue], period: Period, cell: str) -> None:
    """The number in a sentence, of each insurance type where they are never added; or why there is none."""
    if not values:
        st.info(f"{escaped(period.words + cell)}:{kpi.label}没有数据。", icon=":material/inbox:")
    for number in values:
        fund = insutype_of(number)
        lead = f"{period.words}{cell}{'·' + insutype_words(fund) if fund else ''}:"
        st.markdown(escaped(lead + finding(kpi, number)))
        if words := beside_words(number):
            st.caption(escaped(words))
        if number.value is not None and number.denominator is not None:
            first, second = sides_of_values([number])
            above, below = side_words(number.numerator, first), side_words(number.denominator, second)
            st.caption(escaped(f"分子 {above},分母 {below}"))


def chips(cell: Cell, words: Mapping[str, Mapping[str, str]]) -> None:
    """What the list is cut down to; a click takes one away."""
    if not cell:
        return
    with st.container(horizontal=True, gap="small", key="cell"):
        for name, text in cell_words(cell, words).items():
            st.button(
                escaped(text),
                key=f"cell_{name}",
                icon=":material/close:",
                help="取消这一条件",
                on_click=_take_away,
                args=(name,),
            )


def _take_away(name: str) -> None:
    """Leave one dimension of the cell, wherever in the address it stands."""
    rest = [text for text in address.values(CELL) if text.split(":", 2)[1:2] != [name]]
    address.put({name: None, CELL: rest})


def definition(page: Page, kpi: Kpi, on: dt.date) -> None:
    """The definition with the parameters that made the number."""
    with st.expander("口径与参数", icon=":material/menu_book:"):
        define(kpi, page.settings.now(), on)


def choose_split(kpi: Kpi, cell: Cell, *, by_county: bool = False) -> str | None:
    """The split chooser; the choice stands in the address as ``by``."""
    offered = splits(kpi, cell, by_county=by_county)
    if not offered:
        return None
    wanted = next(iter(address.values(BY)), None)
    st.session_state["split_choice"] = wanted if wanted in offered else None
    st.segmented_control(
        "按以下维度拆分",
        offered,
        key="split_choice",
        format_func=lambda name: DIMENSION_LABELS[name],
        on_change=_split_chosen,
    )
    return st.session_state["split_choice"]


def choose_short(kpi: Kpi, rows: Listed) -> Listed:
    """The switch to the rows that make or break a ratio, and the rows to show: those that keep it down (address:
    ``only=short``) where more is better, else those in its numerator (``only=counted``)."""
    if not rows.num_rows:
        return rows
    if has_shortfall(kpi):
        word, said = "short", "未计入或未足额计入分子"
        part = rows.narrowed("short") if isinstance(rows, LongList) else short_of(rows)
    elif can_be_counted(kpi):
        word, said = "counted", "计入分子"
        part = rows.narrowed("counted") if isinstance(rows, LongList) else counted(rows)
    else:
        return rows
    st.session_state["only_choice"] = word in address.values("only")
    st.toggle(
        f"只看{said}的 {part.num_rows:,} 行",
        key="only_choice",
        on_change=lambda: address.put({"only": word if st.session_state["only_choice"] else None}),
    )
    return part if st.session_state["only_choice"] else rows


def show_split(page: Page, kpi: Kpi, by: str, values: Sequence[KpiValue], words: Mapping[str, str]) -> None:
    """A split as a table, with a month line or bars where few enough; a row cuts the list below down to it."""
    table, fields = split_table(kpi, by, values, words)
    if not table.num_rows:
        st.caption("这一拆分没有数据。")
        return
    if not kpi.additive:
        st.caption("同一对象可能出现在多个分组,各组相加不等于合计。")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_list(page, table, fields, key=f"split_{by}", open_row=lambda row: cut_down(by, row["key"]))
    with right:
        _chart(kpi, by, values, words, loaded_on(page))


def cut_down(by: str, key: str) -> None:
    """Show the list of one row of the split."""
    fund, _, rest = key.rpartition(",")
    address.put({by: rest, BY: None, **({"insutype": fund} if fund else {})})
    st.rerun()


def opener(page: Page, row_names: Sequence[str]) -> Callable[[dict[str, Any]], None] | None:
    """What a click on a row of the list does; None where no row can lead anywhere for this person."""
    sample = destination(dict.fromkeys(row_names, "1"))
    if sample is None or not _may_open(page, sample[0]):
        institution = "fixmedins_code" in row_names and _may_open(page, "institution")
        if not institution:
            return None

    def open_row(row: dict[str, Any]) -> None:
        target = destination(row)
        if target is not None and not _may_open(page, target[0]) and row.get("fixmedins_code"):
            target = ("institution", {"code": str(row["fixmedins_code"])})
        if target is None or not _may_open(page, target[0]):
            st.info("这一行没有可打开的机构或个案。", icon=":material/info:")
            return
        address.open_screen(target[0], page.entry.url_path, **{**dict.fromkeys(IDENTITIES), **target[1]})

    return open_row


def _may_open(page: Page, url_path: str) -> bool:
    entry = entry_at(url_path)
    return entry is not None and entry.open_to(page.roles)


def _chart(kpi: Kpi, by: str, values: Sequence[KpiValue], words: Mapping[str, str], loaded: dt.date) -> None:
    unit = numbers.list_unit(kpi.unit)
    known = [number for number in values if number.value is not None]
    if (kpi.always_by and kpi.always_by != by) or len(known) < 2:
        return
    scaled = {number.key: _drawn(kpi, number) for number in known}
    if by == "month":
        points = [
            charts.Point(
                str(number.key),
                scaled[number.key],
                whole=is_whole(str(number.key)[-7:], number.start, number.end, loaded),
            )
            for number in known
        ]
        st.altair_chart(charts.trend(points, unit, decimals=min(kpi.decimals, 1)), width="stretch")
    elif len(known) <= MOST_BARS:
        rows = [
            charts.Bar(
                words.get(number.key or "", number.key or "未登记"), scaled[number.key], number.key or ""
            )
            for number in known
        ]
        st.altair_chart(charts.bars(rows, unit, decimals=_decimals(kpi, rows)), width="stretch")


def _decimals(kpi: Kpi, rows: Sequence[charts.Bar]) -> int:
    """One decimal on bars as on tiles; two where all are below 10, so that 0.95 and 0.82 stay two numbers beside their list."""
    small = all(row.value is not None and abs(row.value) < 10 for row in rows)
    return min(kpi.decimals, 2 if small else 1)


def _drawn(kpi: Kpi, number: KpiValue) -> Decimal | None:
    """The value in the unit of the axis."""
    return number.value / numbers.WAN if kpi.unit == "元" and number.value is not None else number.value


def _kpi_chosen() -> None:
    former = chosen_kpi()
    gone = dict.fromkeys(former.dimensions) if former else {}
    kept = {
        name: None for name in gone if name not in ("fixmedins_type", "level_class", "town_code", "insutype")
    }
    address.put({**kept, CELL: None, BY: None, KPI: st.session_state["kpi_choice"]})


def _split_chosen() -> None:
    address.put({BY: st.session_state["split_choice"]})
