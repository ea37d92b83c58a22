"""监管总览 drawn: from its rows to tiles, the table and the export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pyarrow as pa
import streamlit as st

from fundwatch.access import entry_at
from fundwatch.screens.overview import Group, Line
from fundwatch.stats.limits import TRIAL_BELOW
from fundwatch.stats.words import RULE
from fundwatch.stats.xmr import Variation
from fundwatch.ui import address, numbers
from fundwatch.ui.charts import ACCENT, ATTENTION, GOOD
from fundwatch.ui.sheet import Cell, Column, Part, Row
from fundwatch.ui.shell import Page
from fundwatch.ui.signs import assurance_sign, variation_sign
from fundwatch.ui.spark import Spark
from fundwatch.ui.table import Field
from fundwatch.ui.targets import TONE_COLOURS, TONE_ICONS, TONE_WORDS, Tone, target_line
from fundwatch.ui.tile import LIST_SCREEN
from fundwatch.ui.words import escaped

COLUMNS = (
    Column("指标", "name"),
    Column("本期", "number"),
    Column("目标", "number", "middle"),
    Column("差距", "short"),
    Column("趋势(12个月)", "spark", "middle"),
    Column("变化", "short", "middle"),
    Column("达标把握", "short", "wide"),
    Column("一句话", "line", "wide"),
)
STANDING: Mapping[Tone, str] = {"good": "达标", "bad": "未达标", "attention": "期限未到", "neutral": ""}
UNRIPE = ";空心点的月份仍在办理,不作判断"
POINT = {Variation.IMPROVEMENT: GOOD, Variation.CONCERN: ATTENTION}


def parts_of(page: Page, groups: Sequence[Group]) -> list[Part]:
    """The table's rows, each with the address of what a click opens; what needs nobody first is folded."""
    return [
        Part(
            group.name,
            tuple(_row(page, line) for line in group.lines),
            group.owner,
            shown=group.shown,
            folded=group.folded.replace("(", "\n("),
            is_open=_everything(),
        )
        for group in groups
    ]


def opens(page: Page, line: Line) -> tuple[str, Mapping[str, str | None]] | None:
    """Where a row leads: the KPI's own screen where it has one, else the list behind it; None without permission."""
    changes = {"kpi": line.kpi.id, "insutype": line.insutype}
    own = entry_at(line.kpi.screen)
    if own is not None and own.url_path != page.entry.url_path and own.open_to(page.roles):
        return own.url_path, {"insutype": line.insutype} if line.insutype else {}
    listing = entry_at(LIST_SCREEN)
    return (LIST_SCREEN, changes) if listing is not None and listing.open_to(page.roles) else None


def as_table(groups: Sequence[Group]) -> pa.Table:
    """The rows for the export, values with four decimals in the KPI's own unit."""
    lines = [(group.name, line) for group in groups for line in group.lines]
    values = [None if line.number is None else line.number.value for _, line in lines]
    columns: dict[str, pa.Array] = {
        "part": pa.array([part for part, _ in lines], pa.string()),
        "name": pa.array([line.name for _, line in lines], pa.string()),
        "value": pa.array(
            [None if value is None else numbers.rounded(value, 4) for value in values], pa.decimal128(24, 4)
        ),
        "unit": pa.array([line.kpi.unit for _, line in lines], pa.string()),
        "target": pa.array([line.target for _, line in lines], pa.string()),
        "gap": pa.array([_gap(line) for _, line in lines], pa.string()),
        "variation": pa.array([line.variation_full for _, line in lines], pa.string()),
        "assurance": pa.array([line.assurance for _, line in lines], pa.string()),
        "sentence": pa.array([line.sentence for _, line in lines], pa.string()),
    }
    return pa.table(columns)


FIELDS = (
    Field("part", "环节"), Field("name", "指标"), Field("value", "本期", "price"), Field("unit", "单位"),
    Field("target", "目标"), Field("gap", "差距"), Field("variation", "变化"), Field("assurance", "达标把握"),
    Field("sentence", "一句话"),
)  # fmt: skip


def _row(page: Page, line: Line) -> Row:
    target = opens(page, line)
    where = None
    if target is not None:
        entry = entry_at(target[0])
        query = address.onward(address.current(), page.entry.url_path, target[1])
        where = (f"/{entry.url_path}", query) if entry else None
    return Row(
        id=line.id if target else "",
        address=where,
        cells=(
            Cell(line.name, hint=line.kpi.definition.numerator),
            Cell(line.value, hint=line.note, strong=line.tone == "bad"),
            Cell(line.target),
            Cell(_gap(line), hint=STANDING[line.tone], tone=line.tone, marked=True),
            Cell(hint=_trend_words(line), spark=_spark(line)),
            Cell(
                line.variation,
                hint=line.variation_full,
                tone=line.variation_tone,
                sign=variation_sign(line.series.last, line.series.last_is_above),
                quiet=line.series.last is None,
            ),
            Cell(
                line.assurance,
                tone=line.assurance_tone,
                sign=assurance_sign(line.series.chart.assurance) if line.series.chart else "",
                quiet=line.series.chart is None,
            ),
            Cell(line.sentence, hint=line.sentence),
        ),
    )


def _gap(line: Line) -> str:
    """差 6.5 个百分点; 达标."""
    return TONE_WORDS["good"] if line.tone == "good" else line.gap


def _spark(line: Line) -> Spark:
    series = line.series
    segment = series.chart.segments[-1] if series.chart and series.chart.segments else None
    goal = target_line(line.number.target) if line.number and line.number.target else None
    return Spark(
        values=series.drawn,
        lower=segment.lower if segment else None,
        upper=segment.upper if segment else None,
        target=goal,
        last_colour=POINT.get(series.last, ACCENT) if series.last else ACCENT,
        open_points=len(series.unripe),
    )


def _trend_words(line: Line) -> str:
    """The text alternative of the month line: first and last month, what the last month says."""
    drawn = zip(line.series.drawn_months, line.series.drawn, strict=True)
    known = [(month, value) for month, value in drawn if value is not None]
    if not known:
        return f"{line.name}没有月度数值"
    (first, then), (last, now) = known[0], known[-1]
    return (
        f"{line.name}:{numbers.month(first)} {_said(line, then)},{numbers.month(last)} {_said(line, now)};"
        f"{line.variation_full}{UNRIPE if line.series.unripe else ''}"
    )


def _said(line: Line, value: Decimal) -> str:
    return str(numbers.shown(value, line.kpi.unit))


FOLDED, EVERYTHING = "重点指标", "全部指标"
LEGEND = (
    "● 未达标 ◷ 期限未到 ✓ 达标;"
    "灰带为控制限,虚线为目标,实心末点为最近一个完整月份,空心点的月份仍在办理、不作判断;"
    f"控制限按完整月份计算,不足{TRIAL_BELOW}个月的标为试用限。变化按四条规则判断:{'、'.join(RULE.values())}。"
    "异常波动是需要了解原因的信号,不是结论。各环节先列需要处理的指标,其余点击环节名下的字样展开。"
)


def show_switch(count: int) -> None:
    """Folded parts or all indicators; in the address as ``show=all``."""
    st.session_state["show_choice"] = EVERYTHING if _everything() else FOLDED
    st.segmented_control(
        "显示范围",
        [FOLDED, EVERYTHING],
        key="show_choice",
        format_func=lambda word: f"{word}({count} 行)" if word == EVERYTHING else word,
        label_visibility="collapsed",
        on_change=_show_chosen,
    )


def _everything() -> bool:
    return "all" in address.values("show")


def _show_chosen() -> None:
    address.put({"show": "all" if st.session_state["show_choice"] == EVERYTHING else None})


def headline(line: Line) -> str:
    """A key figure in one line of Markdown: name, value in bold, standing with icon and word, gap."""
    tone = ""
    if TONE_WORDS[line.tone]:
        tone = f" :small[:{TONE_COLOURS[line.tone]}[{TONE_ICONS[line.tone]} {escaped(_gap(line))}]]"
    return f":small[{escaped(line.name)}] **{escaped(line.value)}**{tone}"
