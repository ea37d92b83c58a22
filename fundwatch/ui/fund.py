"""收支结余 drawn: tiles of each fund side by side, months, categories, comparisons."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.quality import TableState
from fundwatch.screens.fund import TILES, Fund, Growth, Missing, largest_share, notes, why_none
from fundwatch.screens.fund_checks import Check
from fundwatch.screens.fund_fields import BENEFIT_FIELDS, CHECK_FIELDS, FIGURE_FIELDS, LEDGER_FIELDS
from fundwatch.screens.fund_months import Flow, Outlook, flow_title, flow_words
from fundwatch.ui import numbers
from fundwatch.ui.charts import ACCENT, FONT, SECONDARY, SERIES, TREND_HEIGHT, Bar, Mark, bars
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.targets import against
from fundwatch.ui.tile import Tile, tile_of, tiles
from fundwatch.ui.words import escaped

#: more bars than this are for the table below
BARS_DRAWN = 10
__all__ = ["BENEFIT_FIELDS", "CHECK_FIELDS", "FIGURE_FIELDS", "LEDGER_FIELDS"]
NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
INCOME, OUTLAY = SERIES[1], ACCENT


def fund_tiles(page: Page, fund: Fund, states: Mapping[str, TableState]) -> None:
    """The six tiles of one fund, two in a row."""
    tiles(page, [_tile(fund, kpi, states) for kpi in TILES], per_row=2)


def _tile(fund: Fund, kpi_id: str, states: Mapping[str, TableState]) -> Tile:
    kpi, number = declarations()[kpi_id], fund.values.get(kpi_id)
    why = why_none(fund, kpi_id, states)
    beside = " · ".join(notes(fund, kpi_id))
    cell = {"insutype": fund.insutype}
    if number is None:
        shown = numbers.Shown(numbers.NONE, kpi.unit)
        return Tile(kpi_id, kpi.label, shown, "", "neutral", beside, (), why, cell)
    drawn = tile_of(kpi, number, change=beside)
    if drawn.tone == "neutral":
        # A reference line of unknown source is shown and judges nothing, in words neither.
        drawn = dataclasses.replace(drawn, against=against(kpi, number).target)
    return dataclasses.replace(drawn, why_none=why, cell=cell)


def flow_chart(fund: Fund, flows: Sequence[Flow], marks: Sequence[Mark]) -> None:
    """Income and outlay by month, with words at the line ends and events as thin verticals."""
    st.markdown(f"**{escaped(flow_title(fund.short, flows))}**")
    st.altair_chart(_lines(flows, marks), width="stretch", key=f"flow_{fund.insutype}")
    st.caption(escaped(" ".join([flow_words(flows), event_words(marks)])))


def _lines(flows: Sequence[Flow], marks: Sequence[Mark]) -> alt.LayerChart:
    records = [
        {"月份": pd.Timestamp(f"{flow.month}-01"), "项目": name, "万元": float(value / numbers.WAN),
         "月": numbers.month(flow.month), "提示": numbers.money_in(value, "万元")}
        for flow in flows for name, value in (("支出", flow.outlay), ("收入", flow.income)) if value is not None
    ]  # fmt: skip
    frame = pd.DataFrame(records)
    colour = alt.Color(
        "项目:N", scale=alt.Scale(domain=["支出", "收入"], range=[OUTLAY, INCOME]), legend=None
    )
    across = alt.X(
        "月份:T",
        axis=alt.Axis(format="%y年%-m月", title=None, grid=False, tickCount="month", labelOverlap=True),
    )
    up = alt.Y("万元:Q", title="万元", scale=alt.Scale(zero=True), axis=alt.Axis(format=",.0f", tickCount=5))
    tooltip = [alt.Tooltip("月:N", title="月份"), alt.Tooltip("项目:N"), alt.Tooltip("提示:N", title="万元")]
    base = alt.Chart(frame).encode(x=across, y=up, color=colour)
    last = frame.loc[frame.groupby("项目")["月份"].idxmax()]
    ends = alt.Chart(last).mark_text(align="left", dx=7, font=FONT, fontSize=12)
    layers: list[alt.Chart] = [
        base.mark_line(strokeWidth=2),
        base.mark_point(size=28, filled=True, opacity=1).encode(tooltip=tooltip),
        ends.encode(x=across, y=up, color=colour, text="项目:N"),
    ]
    if marks:
        layers += _events(marks)
    return alt.layer(*layers).properties(
        height=TREND_HEIGHT, padding={"right": 36, "left": 5, "top": 16, "bottom": 5}
    )


def _events(marks: Sequence[Mark]) -> list[alt.Chart]:
    # The words of several events would lie over each other: the lines carry numbers, the words stand below.
    numbered = zip(NUMBERS, marks, strict=False)
    frame = pd.DataFrame(
        [{"月份": pd.Timestamp(mark.day), "号": sign, "字": mark.word} for sign, mark in numbered]
    )
    chart = alt.Chart(frame).encode(x="月份:T", tooltip=[alt.Tooltip("字:N", title="事件")])
    rule = chart.mark_rule(color=SECONDARY, strokeWidth=1)
    text = chart.mark_text(
        align="center", dy=-8, baseline="middle", font=FONT, fontSize=13, color=SECONDARY
    ).encode(y=alt.value(0), text="号:N")
    return [rule, text]


def category_bars(fund: Fund, parts: Sequence[Mapping[str, object]]) -> None:
    """Amount and person-times by category, sorted; the finding is who takes most."""
    left, right = st.columns(2)
    for column, name, unit, word in (
        (left, "fund_amt", "万元", "待遇支出"), (right, "person_times", "人次", "人次"),
    ):  # fmt: skip
        known = [(str(row["category"]), _decimal(row[name])) for row in parts]
        share = largest_share(known)
        with column:
            if share is None:
                st.caption(f"{fund.short}没有按类别公布{word}。")
                continue
            st.markdown(f"**{escaped(f'{share[0]}占{fund.short}{word}的 {numbers.percent(share[1])}')}**")
            drawn = sorted(
                (row for row in known if row[1] is not None), key=lambda row: row[1] or 0, reverse=True
            )
            scaled = [
                Bar(category, value / numbers.WAN if unit == "万元" and value is not None else value)
                for category, value in drawn[:BARS_DRAWN]
            ]
            st.altair_chart(
                bars(scaled, unit, decimals=2 if unit == "万元" else 0),
                width="stretch",
                key=f"bars_{fund.insutype}_{name}",
            )


def growth_sheet(lines: Sequence[Growth]) -> None:
    """The comparisons with their base year and its reason."""
    columns = (
        Column("险种", "name"), Column("项目"), Column("本期", "number"), Column("基期", "number"),
        Column("增减", "number", "middle"), Column("增幅", "number"), Column("比较基年及理由", "text", "middle"),
    )  # fmt: skip
    rows = tuple(
        Row((Cell(one.fund), Cell(one.item), Cell(one.now), Cell(one.then), Cell(one.change), Cell(one.pct, strong=True),
             Cell(one.base, hint=one.base)))
        for one in lines
    )  # fmt: skip
    sheet(columns, [Part("", rows)], key="growth")


def check_sheet(lines: Sequence[Check]) -> None:
    """Published totals against the sums of their parts."""
    columns = (
        Column("险种", "name"), Column("期间", "short", "middle"), Column("公布项"), Column("公布数", "number"),
        Column("各项之和", "number"), Column("差额(公布减各项)", "number"),
    )  # fmt: skip
    rows = tuple(
        Row((Cell(one.fund), Cell(one.span), Cell(one.item), Cell(one.printed), Cell(one.added),
             Cell(one.difference, strong=one.differs)))
        for one in lines
    )  # fmt: skip
    sheet(columns, [Part("", rows)], key="checks")


def ratio_sheet(rows: Sequence[tuple[str, str, str, str]]) -> None:
    """Published reimbursement ratios: fund, span, level, percent."""
    columns = (
        Column("险种", "name"),
        Column("期间"),
        Column("机构层级"),
        Column("实际报销比例(%)", "number"),
    )
    sheet(columns, [Part("", tuple(Row(tuple(Cell(text) for text in row)) for row in rows))], key="ratios")


def outlook_sheet(lines: Sequence[Outlook]) -> None:
    """Year end by fund and side, in 万元."""
    columns = (
        Column("险种", "name"), Column("项目"), Column("年初至今(万元)", "number", "middle"), Column("预计全年(万元)", "number"),
        Column("80% 区间", "number"), Column("95% 区间", "number", "middle"), Column("基准:上年同月法", "number", "wide"),
        Column("做法", "line", "wide"),
    )  # fmt: skip
    rows = tuple(
        Row((Cell(one.fund), Cell(one.item), Cell(one.so_far), Cell(one.year_end, strong=True), Cell(one.band80),
             Cell(one.band95), Cell(one.benchmark), Cell(one.note, hint=one.verdict or one.note)))
        for one in lines
    )  # fmt: skip
    sheet(columns, [Part("", rows)], key="outlook")


def missing_sheet(lines: Sequence[Missing]) -> None:
    """What is not loaded, which file brings it, and what it would show."""
    columns = (
        Column("未载入", "name"),
        Column("由哪个文件带来", "text"),
        Column("载入后可见", "text", "middle"),
    )
    rows = tuple(Row((Cell(one.what), Cell(one.file), Cell(one.brings, hint=one.brings))) for one in lines)
    sheet(columns, [Part("", rows)], key="missing")


def figures(found: Sequence[Fund], states: Mapping[str, TableState]) -> pa.Table:
    """Every KPI of every fund for the export, values with four decimals in the KPI's own unit."""
    rows = [
        {
            "fund": fund.name,
            "name": declarations()[kpi].label,
            "value": None if (value := fund.value(kpi)) is None else numbers.rounded(value, 4),
            "unit": declarations()[kpi].unit,
            "growth": ";".join(words for words in notes(fund, kpi) if words.startswith("较")),
            "note": why_none(fund, kpi, states),
        }
        for fund in found
        for kpi in declarations()
        if declarations()[kpi].group == "基金运行" and (kpi in fund.values or kpi in TILES)
    ]
    schema = pa.schema(
        [
            (field.name, pa.decimal128(24, 4) if field.name == "value" else pa.string())
            for field in FIGURE_FIELDS
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def event_marks(rows: Sequence[Mapping[str, object]]) -> list[Mark]:
    """Rows of ``fund_events.sql`` as marks."""
    return [
        Mark(row["event_date"], str(row["title"])) for row in rows if isinstance(row["event_date"], dt.date)
    ]


def event_words(marks: Sequence[Mark]) -> str:
    """事件:① 2025-09-01 智能审核规则库更新;…"""
    named = [
        f"{sign} {numbers.date(mark.day)} {mark.word}" for sign, mark in zip(NUMBERS, marks, strict=False)
    ]
    return f"事件:{';'.join(named)}。" if named else ""


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
