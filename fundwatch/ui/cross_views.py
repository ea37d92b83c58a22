"""交叉分析 drawn: the choices, the table whose cells lead to their lists, its shading with legend, and what is kept under a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape

import streamlit as st

from fundwatch.kpi import DIMENSION_LABELS, KpiValue, declarations
from fundwatch.screens import cross as view
from fundwatch.screens import cross_table as table
from fundwatch.screens.cross import Choice, CrossTab
from fundwatch.ui import address
from fundwatch.ui.filters import Filters
from fundwatch.ui.lines import loaded_on
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_values, page_query
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.tile import LIST_SCREEN
from fundwatch.ui.words import escaped

#: address parameters of this screen → what ``choice_of`` calls them
NAMES = {"kpi": "kpi", "xrow": "row", "xcol": "col", "xshow": "show", "xshare": "share"}
HEAT, SHADED = "xheat", "1"
#: the KPI that a first visit shows, where it has data
BEGINS_WITH = "recovery_rate"
#: rows on one page of the table: each cell is a link
ROWS_SHOWN = 40
#: the legend's colours are those of sheet.css
HEAT_COLOURS = ("#F3F7FC", "#E0EAF6", "#C7DAEF", "#A9C6E6", "#86AEDB")


def chosen(through: Mapping[str, dt.date | None], *, by_county: bool = False) -> Choice | None:
    """What the address asks for; without a KPI the first one that has data. None for an unknown KPI, or where nothing has data.

    ``through``: KPI → data-through date.
    """
    given = {word: next(iter(address.values(name)), None) for name, word in NAMES.items()}
    if not given["kpi"]:
        given["kpi"] = next((name for name in (BEGINS_WITH, *declarations()) if through.get(name)), None)
    return view.choice_of(given, by_county=by_county)


def choose(choice: Choice | None, *, by_county: bool = False) -> None:
    """The pickers, in the caller's container; each choice goes to the address."""
    kpis = {name: kpi.label for name, kpi in declarations().items()}
    _pick("指标", "kpi", kpis, choice and choice.kpi.id)
    if choice is None:
        return
    kpi = choice.kpi
    _pick(
        "行", "xrow", {name: DIMENSION_LABELS[name] for name in kpi.splits(by_county=by_county)}, choice.row
    )
    across = {
        name or view.NO_COLUMN: DIMENSION_LABELS.get(name, "不分列")
        for name in view.columns_offered(kpi, choice.row, by_county=by_county)
    }
    _pick("列", "xcol", across, choice.col or view.NO_COLUMN)
    shown = {name: view.MEASURES[name] for name in view.measures_of(kpi)}
    _pick("显示", "xshow", shown, choice.measure)
    shares = {
        name or view.NO_COLUMN: view.SHARES[name]
        for name in view.shares_of(kpi, choice.row, choice.col, choice.measure)
    }
    if len(shares) > 1:
        _pick("占比", "xshare", shares, choice.share or view.NO_COLUMN)
    st.session_state["pick_heat"] = is_shaded()
    st.toggle(
        "底色深浅",
        key="pick_heat",
        on_change=lambda: address.put({HEAT: SHADED if st.session_state["pick_heat"] else None}),
    )


def is_shaded() -> bool:
    """Whether cells are shaded by size."""
    return SHADED in address.values(HEAT)


def read(page: Page, choice: Choice, period: Period, filters: Filters) -> CrossTab:
    """The cross-tab: the cells, and each total asked of the engine on its own."""

    def split(*dimensions: str) -> list[KpiValue]:
        return kpi_values(
            page, [choice.kpi.id], period.start, period.end, by=",".join(dimensions) or None, filters=filters.for_kpi
        )  # fmt: skip

    totals = {name: split(name) for name in choice.dimensions}
    return view.cross_tab(
        choice,
        split(*choice.dimensions),
        totals,
        split(),
        words_of(page, choice, filters),
        loaded=loaded_on(page),
    )


def words_of(page: Page, choice: Choice, filters: Filters) -> dict[str, Mapping[str, str]]:
    """Dimension → key → word, as far as the choice needs them."""
    found: dict[str, Mapping[str, str]] = dict(filters.options)
    if "fixmedins_code" in choice.dimensions:
        rows = page_query(page, "kpi_institution_names").to_pylist()
        found["fixmedins_code"] = {row["fixmedins_code"]: row["fixmedins_name"] for row in rows}
    if "rule_id" in choice.dimensions:
        rows = page_query(page, "cross_rule_names").to_pylist()
        found["rule_id"] = {row["rule_id"]: f"{row['rule_id']} {row['rule_name']}" for row in rows}
    return found


def show(page: Page, tab: CrossTab) -> None:
    """The table with its notes; a cell opens the rows behind it."""
    cols, left_out = table.columns_shown(tab)
    pages = -(-len(tab.rows) // ROWS_SHOWN)
    number = 1 if pages == 1 else st.pagination(pages, key=f"cross_page_{pages}")
    rows = tab.rows[(number - 1) * ROWS_SHOWN : number * ROWS_SHOWN]
    heat = table.heat_of(tab.cell(row, col) for row in tab.rows for col in cols) if is_shaded() else None
    columns = [Column(DIMENSION_LABELS[tab.choice.row], "name")]
    columns += [Column(tab.col_words(key) if tab.choice.col else tab.choice.shown, "number") for key in cols]
    if tab.has_row_total:
        columns.append(Column(table.total_word(tab, tab.choice.col), "number"))
    body = [_row(page, tab, row, cols, heat) for row in rows]
    unit = f",单位:{tab.unit}" if tab.unit else ""
    st.caption(escaped(f"{tab.choice.words},{tab.choice.shown}{unit}。点选一格查看其明细。"))
    opened = sheet(
        columns, [Part("", tuple(body)), Part("", (_total_row(tab, cols),))], key="cross", scrolls=True
    )
    if heat and heat.legend:
        st.html(legend(tab, heat))
    for text in (table.left_out_words(tab, left_out), ";".join(table.notes(tab))):
        if text:
            st.caption(escaped(text.rstrip("。") + "。"))
    if opened:
        row, col = (int(part) for part in opened.split("."))
        address.open_screen(
            LIST_SCREEN, page.entry.url_path, **_leave(table.cell_query(tab, tab.rows[row], tab.cols[col]))
        )


def legend(tab: CrossTab, heat: table.Heat) -> str:
    """What the shades are, each with its lowest and highest figure."""
    boxes = "".join(
        f'<span style="display:inline-flex;align-items:center;margin-right:16px;white-space:nowrap"><span style="width:15px;height:15px;'
        f'margin-right:6px;background:{HEAT_COLOURS[step - 1]};border:1px solid #DDE3E9"></span>{escape(_between(tab, low, high))}</span>'
        for step, low, high in heat.legend
    )
    unit = f"({tab.unit})" if tab.unit else ""
    return (
        f'<div style="font-size:13px;color:#5B6B7A;display:flex;flex-wrap:wrap;row-gap:4px"><span style="margin-right:12px">'
        f"底色按数值大小分档,各档格数大致相同{escape(unit)}:</span>{boxes}</div>"
    )


def definition() -> dict[str, list[str]]:
    """What is kept under a name: the choices of this screen as they stand in the address."""
    kept = (*NAMES, HEAT, *address.KEPT)
    return {name: values for name, values in address.current().items() if name in kept}


def put_definition(kept: Mapping[str, Sequence[str]]) -> None:
    """Bring back what was kept; every other choice of this screen goes."""
    nothing = dict.fromkeys((*NAMES, HEAT, *address.KEPT))
    address.put({**nothing, **{name: list(values) for name, values in kept.items() if name in nothing}})


def _between(tab: CrossTab, low: Decimal, high: Decimal) -> str:
    first, last = tab.text(low), tab.text(high)
    return first if first == last else f"{first} 至 {last}"


def _row(page: Page, tab: CrossTab, row: view.Key, cols: Sequence[view.Key], heat: table.Heat | None) -> Row:
    cells = [Cell(tab.row_words(row))]
    for col in cols:
        figure = tab.cell(row, col)
        number = tab.cells.get((row, col))
        if number is None:
            cells.append(Cell(tab.text(None), hint="没有记录", quiet=True))
            continue
        place = f"{tab.rows.index(row)}.{tab.cols.index(col)}"
        query = address.onward(
            address.current(), page.entry.url_path, _leave(table.cell_query(tab, row, col))
        )
        hint = str(number.extra.get("reason") or "") if figure is None else ""
        cells.append(
            Cell(tab.text(figure), hint=hint, heat=heat.step(figure) if heat else 0, id=place, address=(f"/{LIST_SCREEN}", query))
        )  # fmt: skip
    if tab.has_row_total:
        cells.append(Cell(tab.text(tab.row_total(row)), strong=True))
    return Row(tuple(cells))


def _total_row(tab: CrossTab, cols: Sequence[view.Key]) -> Row:
    cells = [Cell(table.total_word(tab, tab.choice.row), strong=True)]
    cells += [Cell(tab.text(tab.col_total_figure(col)), strong=True) for col in cols]
    if tab.has_row_total:
        cells.append(Cell(tab.text(tab.grand_figure()), strong=True))
    return Row(tuple(cells))


def _leave(query: Mapping[str, str | list[str]]) -> dict[str, str | list[str] | None]:
    """The next screen's own choices that may stand in the address from before."""
    return {"by": None, "only": None, **query}


def _pick(label: str, name: str, words: Mapping[str, str], value: str | None) -> None:
    key = f"pick_{name}"
    # The address is the only memory: the widget is set from it on each run and its callback writes back.
    st.session_state[key] = value
    st.selectbox(
        label,
        list(words),
        key=key,
        format_func=lambda one: words[one],
        placeholder="请选择",
        on_change=_picked,
        args=(name,),
    )


def _picked(name: str) -> None:
    value = st.session_state[f"pick_{name}"]
    address.put(
        {name: value} | ({"xrow": None, "xcol": None, "xshow": None, "xshare": None} if name == "kpi" else {})
    )
