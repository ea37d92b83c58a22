"""The parts of 举报投诉: tiles, by channel and month, and the list with its clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.kpi import declarations
from fundwatch.screens import complaints as view
from fundwatch.screens.clocks import Clock
from fundwatch.screens.loop import LEDGER_STARTS_WITHIN_DAYS
from fundwatch.ui import address, numbers
from fundwatch.ui.charts import Point, trend, trend_in_words
from fundwatch.ui.export import Taken
from fundwatch.ui.filters import Filters
from fundwatch.ui.kpi_list import opener
from fundwatch.ui.ledger import as_lists, choose_one, choose_several, count_tile, missing_table, monthly
from fundwatch.ui.part import choose_part
from fundwatch.ui.part_list import Context, part_list
from fundwatch.ui.period import Period
from fundwatch.ui.query import kpi_values, page_query
from fundwatch.ui.sheet import Cell, Column, Part, Row, sheet
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field
from fundwatch.ui.tile import draw, tile_of
from fundwatch.ui.words import escaped

KPIS = ("complaint_reply_rate", "complaint_on_time_rate")
SHOW, CHANNEL = "show", "channel"
#: fewer months than this make no line
LEAST_POINTS = 3


@dataclass(frozen=True)
class Scene:
    """What every part of the screen is made of. ``groups`` are those received in the period."""

    page: Page
    period: Period
    filters: Filters
    clock: Clock
    complaints: pa.Table
    counts: view.Counts
    groups: list[dict[str, Any]]
    through: dt.date | None

    @property
    def context(self) -> Context:
        return Context("举报投诉", self.period, self.filters, self.through)


def read(page: Page, period: Period, filters: Filters, clock: Clock, through: dt.date | None) -> Scene:
    """The complaints of the period with their clocks, and those received in it by month and channel."""
    asked = {"first_day": period.start, "day": clock.day, **as_lists(filters)}
    rows = page_query(page, "complaints_list", **asked).to_pylist()
    table = view.ledger(rows, period.start, clock)
    groups = page_query(page, "complaints_groups", **asked).to_pylist()
    return Scene(page, period, filters, clock, table, view.counts(table, clock.day), groups, through)


def top_tiles(scene: Scene) -> None:
    """Answered and closed in time as KPIs, then what was found and what was paid out."""
    asked = (scene.page, KPIS, scene.period.start, scene.period.end)
    values = {value.kpi: value for value in kpi_values(*asked, filters=scene.filters.for_kpi)}
    months = monthly(scene.page, KPIS, scene.period, scene.filters)
    found = scene.counts
    share = numbers.percent(found.verified_share)
    with st.container(horizontal=True, gap="small", key="tiles_complaints"):
        for kpi in KPIS:
            draw(scene.page, tile_of(declarations()[kpi], values[kpi], months[kpi]))
        note = f"期内收到并办结 {found.closed} 件,查实 {found.verified} 件"
        count_tile("verified", "查实率", share, note, _narrowing("verified"))
        rewarded = sum(row["rewarded_cnt"] for row in scene.groups)
        said = f"期内收到的举报中 {rewarded} 件有奖励"
        count_tile("reward", "举报奖励金额", str(numbers.money(found.reward)), said, _narrowing("rewarded"))


def _narrowing(show: str) -> dict[str, str | None]:
    return {SHOW: show, CHANNEL: None, "part": None}


def channels_card(scene: Scene) -> None:
    """Complaints received in the period by channel; a row narrows the list to that channel."""
    groups = view.by(scene.groups, "channel").to_pylist()
    st.subheader(escaped(_channel_title(groups)), anchor=False)
    if not groups:
        st.caption("期内没有收到举报投诉。")
        return
    columns = (
        Column("渠道", "name"), Column("收到(件)", "number"), Column("已回复(件)", "number"), Column("已超期(件)", "number"),
        Column("查实(件)", "number"), Column("查实率(%)", "number", "middle"), Column("奖励(元)", "number", "middle"),
    )  # fmt: skip
    body = tuple(
        Row(
            (
                Cell(row["name"]), Cell(numbers.plain(row["received_cnt"])), Cell(numbers.plain(row["replied_cnt"])),
                Cell(numbers.plain(row["overdue_cnt"]), tone="bad" if row["overdue_cnt"] else "neutral", marked=True),
                Cell(numbers.plain(row["verified_cnt"])), Cell(numbers.plain(row["verified_pct"], 2)),
                Cell(numbers.plain(row["reward_amt"], 2)),
            ),
            row["name"],
            (f"/{scene.page.entry.url_path}", {**address.current(), CHANNEL: [row["name"]], SHOW: ["received"]}),
        )
        for row in groups
    )  # fmt: skip
    opened = sheet(columns, [Part("", body)], key="channels")
    st.caption("期内收到的举报投诉。查实率 = 查实 ÷ 已办结;没有办结的不计。点选一行,下方清单只列该渠道。")
    if opened:
        address.put({CHANNEL: opened, SHOW: "received", "part": None})
        st.rerun()


def _channel_title(groups: list[dict[str, Any]]) -> str:
    if not groups:
        return "按渠道"
    first, whole = groups[0], sum(row["received_cnt"] for row in groups)
    return f"{first['name']}最多,{whole} 件中占 {first['received_cnt']} 件"


def months_card(scene: Scene) -> None:
    """Complaints received by month, with the same months of last year where the ledger has them."""
    points = _points(scene)
    st.subheader(escaped(_month_title(points)), anchor=False)
    if len(points) < LEAST_POINTS:
        st.caption("期内不足三个月,不画趋势;逐月件数见下方“分月”。")
        return
    st.altair_chart(trend(points, "件", decimals=0, name="收到"), width="stretch")
    light = ",浅色为上年同月" if any(point.last_year is not None for point in points) else ""
    st.caption(f"按收到日期{light}。")
    with st.expander("文字说明"):
        st.write(trend_in_words(points, "件", 0))


def _points(scene: Scene) -> list[Point]:
    """One point a month of the period up to the clock's day; a month without complaint is 0, since the ledger covers it."""
    before = scene.period.year_before()
    asked = {"first_day": before.start, "day": before.end, **as_lists(scene.filters)}
    first = page_query(scene.page, "complaints_first_day").to_pylist()[0]["first_day"]
    # Last year counts only where the ledger had begun, as on 监管总览.
    has_last_year = first is not None and (first - before.start).days <= LEDGER_STARTS_WITHIN_DAYS
    then = page_query(scene.page, "complaints_groups", **asked).to_pylist() if has_last_year else []
    return view.months(scene.groups, then, scene.period.start, scene.clock.day, has_last_year)


def _month_title(points: list[Point]) -> str:
    known = [point for point in points if point.value]
    if not known:
        return "按月"
    most = max(known, key=lambda point: (Decimal(point.value or 0), point.month))
    return f"{numbers.month(most.month)}收到最多,{numbers.plain(most.value)} 件"


def list_taken(scene: Scene) -> Taken:
    """All complaints of the ledger."""
    name = f"举报投诉台账(截至 {numbers.date(scene.clock.day)})"
    kpis = [declarations()[kpi] for kpi in KPIS]
    return Taken(name, scene.complaints, view.FIELDS, scene.period, scene.filters, scene.through, kpis)


def show_part(scene: Scene) -> None:
    """The chosen part below the charts."""
    PARTS[choose_part({name: word for name, (word, _) in PARTS.items()})][1](scene)


def _list(scene: Scene) -> None:
    left, right = st.columns(2)
    with left:
        show = choose_one("清单范围", SHOW, {name: word for name, (word, _) in view.NARROWINGS.items()})
    with right:
        known = sorted({view.channel_of(row) for row in scene.complaints.select(["channel"]).to_pylist()})
        channels = choose_several("渠道", CHANNEL, known)
    rows = view.narrowed(scene.complaints, show, channels)
    part_list(
        scene.page, scene.context, "举报投诉清单", rows, view.FIELDS, key="complaints", money="元",
        empty="所选范围内没有举报投诉。", open_row=opener(scene.page, rows.column_names),
    )  # fmt: skip
    st.caption(
        "按时钟排列:超期最久的在前,其次是已办结而没有回复的,再按办结期限;已回复的在后。"
        "点选一行打开关联案件;没有关联案件的打开机构画像。受理和回复没有登记期限,只计天数,不作判定。"
    )


def _groups(column: str, label: str) -> Callable[[Scene], None]:
    def shown(scene: Scene) -> None:
        fields = [Field("name", label), *view.GROUP_FIELDS]
        part_list(
            scene.page, scene.context, f"按{label}(期内收到)", view.by(scene.groups, column), fields, key=column, money="元",
            empty=missing_table(scene.page, "complaint") or "期内没有收到举报投诉。",
        )  # fmt: skip

    return shown


PARTS: Mapping[str, tuple[str, Callable[[Scene], None]]] = {
    "list": ("举报投诉清单", _list),
    "channel": ("分渠道", _groups("channel", "渠道")),
    "month": ("分月", _groups("month", "收到月份")),
}
