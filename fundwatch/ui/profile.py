"""Parts of 机构画像: the head, the comparison with the level as dots and ranges, fund by month, timeline, settlements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st

from fundwatch.access import entry_at
from fundwatch.kpi import Kpi, declarations
from fundwatch.screens.institution import Band, Fact, Standing, distance
from fundwatch.ui import address, charts, numbers
from fundwatch.ui.charts import ACCENT, ATTENTION, FONT, INK, Point
from fundwatch.ui.choice import choose
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field, contract_fields
from fundwatch.ui.words import escaped

LIST_SCREEN, CASE_SCREEN = "kpi-list", "case"
#: height of one KPI's line; below it the value above the dot touches the line before
LINE_HEIGHT = 46
OUTER, INNER = "#E3E8EE", "#BCC9D6"
COMPARED = (
    Field("kpi", "指标"), Field("shown", "本机构"), Field("place", "位置"), Field("peers", "同级别"), Field("way", "比较方式"),
)  # fmt: skip
TIMELINE = (
    Field("shown_date", "日期"), Field("kind", "类别"), Field("what", "事项"), Field("detail", "内容"),
    Field("amount", "金额", "amount", "元"),
)  # fmt: skip
SETTLEMENT_COLUMNS = (
    "setl_id", "setl_time", "psn_no", "gend", "age", "insutype", "med_type", "begndate", "enddate", "medfee_sumamt", "inscp_amt",
    "fund_pay_sumamt", "psn_pay", "refd_setl_flag",
)  # fmt: skip


def facts(row: Sequence[Fact]) -> None:
    """The head's facts in equal boxes; attention is a word with an icon, not a colour alone."""
    with st.container(horizontal=True, gap="small", key="tiles_facts"):
        for number, fact in enumerate(row):
            with st.container(border=True, height="stretch", gap="xsmall", key=f"fact_{number}"):
                st.caption(fact.name)
                mark = ":orange[:material/error:] " if fact.attention else ""
                st.markdown(f"{mark}**{escaped(fact.word)}**")
                st.caption(escaped(fact.note) or "　")


def compared_rows(standings: Sequence[Standing]) -> pa.Table:
    """The comparison as a list, for reading, for the click and for export."""
    return pa.Table.from_pylist(
        [
            {
                "id": one.kpi.id,
                "kpi": one.kpi.label,
                "shown": one.shown,
                "place": one.place,
                "peers": one.peers_words,
                "way": one.way.value,
            }
            for one in standings
        ],
        schema=pa.schema([(name, pa.string()) for name in ("id", "kpi", "shown", "place", "peers", "way")]),
    )


def comparison(standings: Sequence[Standing]) -> alt.LayerChart | None:
    """Dots and ranges, one line per KPI on a scale of its own; None when nothing can be compared."""
    drawn = [one for one in standings if one.band is not None and one.value is not None]
    if not drawn:
        return None
    frame = pd.DataFrame(
        [_line(one, one.band, one.value) for one in drawn if one.band and one.value is not None]
    )
    base = alt.Chart(frame).encode(
        y=alt.Y(
            "指标:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelLimit=170, ticks=False, domain=False, labelFontSize=13, labelColor=INK),
        )
    )

    def across(name: str) -> alt.X:
        return alt.X(f"{name}:Q", axis=None, scale=alt.Scale(domain=[-0.02, 1.12], nice=False))

    tooltip = [alt.Tooltip(name, type="nominal") for name in ("指标", "本机构", "同级别", "位置")]
    colour = alt.condition("datum['突出']", alt.value(ATTENTION), alt.value(ACCENT))
    layers = [
        base.mark_bar(height=10, color=OUTER, cornerRadius=5).encode(x=across("外低"), x2="外高:Q"),
        base.mark_bar(height=10, color=INNER).encode(x=across("内低"), x2="内高:Q"),
        base.mark_tick(thickness=2, size=18, color=INK).encode(x=across("中")),
        base.mark_point(size=110, filled=True, opacity=1, stroke="#FFFFFF", strokeWidth=1.5).encode(
            x=across("值"), color=colour, tooltip=tooltip
        ),
        base.mark_text(dy=-13, font=FONT, fontSize=12, color=INK).encode(x=across("值"), text="本机构:N"),
    ]
    return alt.layer(*layers).properties(height=LINE_HEIGHT * len(drawn))


def _line(one: Standing, band: Band, value: Decimal) -> dict[str, Any]:
    """Positions between 0 and 1: each KPI has its own unit, so only places on its own line can be compared."""
    top = max(band.high, value, Decimal(100) if one.kpi.unit == "%" and band.high <= 100 else band.high)
    low = min(band.low, value, Decimal(0))
    room = float(top - low) or 1.0

    def at(point: Decimal) -> float:
        return round(float(point - low) / room, 4)

    return {
        "指标": one.kpi.label, "外低": at(band.low), "内低": at(band.inner_low), "中": at(band.middle), "内高": at(band.inner_high),
        "外高": at(band.high), "值": at(value), "本机构": one.shown, "同级别": one.peers_words, "位置": one.place,
        "突出": one.stands_out,
    }  # fmt: skip


def comparison_words(standings: Sequence[Standing]) -> str:
    """The chart's text alternative."""
    return (
        ";".join(f"{one.kpi.label} {one.shown},{one.place}" for one in standings if one.band is not None)
        + "。"
    )


def kpi_chooser(limited: Sequence[Standing]) -> Kpi:
    """Which KPI the two charts below show: first one that lies furthest from its level; kept in the address."""
    ordered = sorted(limited, key=distance)
    words = {
        one.kpi.id: one.kpi.label + (f"({one.place.split('(')[0]})" if one.stands_out else "")
        for one in ordered
    }
    with st.columns([1, 3])[0]:
        chosen = choose("look", "逐项查看", words, next(iter(address.values("look")), ordered[0].kpi.id))
    return declarations()[chosen]


def fund_chart(months: Sequence[Mapping[str, Any]], newest_whole: str) -> None:
    """Fund paid by month; a month after the last whole one is hollow."""
    if not months:
        st.caption("没有这家机构的结算。")
        return
    unit = numbers.money_unit(row["fund_pay_sumamt"] for row in months)
    scale = numbers.WAN if unit == "万元" else Decimal(1)
    points = [
        Point(row["ym"], row["fund_pay_sumamt"] / scale, whole=row["ym"] <= newest_whole)
        for row in months[-18:]
    ]
    st.altair_chart(
        charts.trend(points, unit, decimals=2), width="stretch", alt=charts.trend_in_words(points, unit, 2)
    )
    st.caption("结算的基金支付,已减退费,全部险种与参保地。")


def timeline(page: Page, context: Context, rows: pa.Table, code: str) -> None:
    """Everything that happened, newest first; a row opens its case, the list it belongs to, or that month's settlements."""

    def open_row(row: dict[str, Any]) -> None:
        kind, ref = row["ref_kind"], row["ref"]
        if kind == "month":
            address.put({"ym": ref})
            st.rerun()
        target = entry_at(CASE_SCREEN if kind == "case" else LIST_SCREEN)
        known = kind == "case" or ref in declarations()
        if target is None or not known or not target.open_to(page.roles):
            st.info("这一行没有可以打开的下一级,或当前角色不能查看。", icon=":material/info:")
            return
        if kind == "case":
            address.open_screen(CASE_SCREEN, page.entry.url_path, case_id=ref, ym=None)
        address.open_screen(
            LIST_SCREEN, page.entry.url_path, kpi=ref, fixmedins_code=code, code=None, ym=None
        )

    part_list(
        page,
        context,
        "时间线",
        rows,
        TIMELINE,
        key="timeline",
        open_row=open_row,
        money="元",
        empty="没有任何记录。",
    )


def compared_list(page: Page, context: Context, rows: pa.Table, code: str) -> None:
    """The comparison as a list; a row opens the KPI's rows of this institution."""

    def open_row(row: dict[str, Any]) -> None:
        if entry_at(LIST_SCREEN) is not None:
            address.open_screen(
                LIST_SCREEN, page.entry.url_path, kpi=row["id"], fixmedins_code=code, code=None, ym=None
            )

    part_list(
        page,
        context,
        "指标与同级别机构",
        rows,
        COMPARED,
        key="compared",
        open_row=open_row,
        empty="没有可以比较的指标。",
    )


def month_chooser(months: Sequence[Mapping[str, Any]]) -> str:
    """The month of the settlement list, newest first; kept in the address."""
    names = [row["ym"] for row in reversed(months)]
    words = {name: f"{numbers.month(name)}" for name in names}
    return choose("ym", "结算月份", words, next(iter(address.values("ym")), names[0]))


def settlements(page: Page, context: Context, rows: pa.Table) -> None:
    """Single settlements by pseudonym; a row opens the claim."""

    def open_row(row: dict[str, Any]) -> None:
        if entry_at(CASE_SCREEN) is not None:
            address.open_screen(
                CASE_SCREEN, page.entry.url_path, setl_id=row["setl_id"], ym=row["ym"], case_id=None
            )

    part_list(
        page,
        context,
        "结算清单",
        rows,
        contract_fields("setl_d", SETTLEMENT_COLUMNS),
        key="settlements",
        open_row=open_row,
        money="元",
        empty="这个月没有结算。",
    )


def unknown(code: str) -> None:
    """The state for a code that no register row has."""
    with st.container(border=True):
        st.markdown("**没有找到这家机构**")
        said = f"定点医药机构表中没有编号“{code}”。" if code else "网址中没有机构编号(code)。"
        st.write(escaped(f"{said}请从机构地图或任一清单点选机构,或核对编号是否写全(H 或 P 加 11 位数字)。"))
