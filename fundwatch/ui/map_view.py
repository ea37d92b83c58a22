"""Parts of 机构地图: the two maps with their clicks, their legends in words, and the lists that stand for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.clock import china_today
from fundwatch.errors import UserError
from fundwatch.geo import Outline, joined, read_outline
from fundwatch.kpi import Kpi
from fundwatch.screens import map as screen
from fundwatch.screens import map_words
from fundwatch.screens.counties import outline_of
from fundwatch.screens.map import Drawn, Shade, View
from fundwatch.ui import address, deck, numbers
from fundwatch.ui.county import counties
from fundwatch.ui.deck import INSTITUTIONS, NARROW, WIDE
from fundwatch.ui.query import loaded_tables
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field, show_list
from fundwatch.ui.words import escaped

PROFILE = "institution"
#: choices of this screen that mean nothing on the next
LEFT_BEHIND = dict.fromkeys(("kpi", "view", "measure", "distance", "cluster"))
NO_OUTLINE = "本县还没有县界文件,只画机构位置。把县界 GeoJSON 放到数据目录 state/outline.geojson 后刷新即可。"
_LIST = pa.schema([
    ("fixmedins_code", pa.string()), ("fixmedins_name", pa.string()), ("fixmedins_type", pa.string()),
    ("level_class", pa.string()), ("town_name", pa.string()), ("agreement_state", pa.string()), ("shown", pa.string()),
    ("value", pa.decimal128(28, 10)), ("fund_pay_sumamt", pa.decimal128(18, 2)), ("lead", pa.string()),
    ("drawn", pa.string()),
])  # fmt: skip


def county_outline(page: Page) -> Outline | None:
    """The outline of what is looked at: the county, one of several, or all of them; a file that cannot be used is named on screen and
    the map goes without."""
    county = page.sight.county or str(page.settings.get("county_admdvs", china_today()) or "")
    several = counties(page.warehouse)
    try:
        if several:
            return joined(page.home, several)
        outline = read_outline(page.home, county)
        return outline_of(outline, county) if page.sight.county else outline
    except UserError as error:
        st.warning(escaped(error.message), icon=":material/map:")
        return None


def listed(view: View, kpi: Kpi) -> pa.Table:
    """The list of institutions as a table."""
    return pa.Table.from_pylist(screen.list_rows(view), schema=_LIST)


def fields(kpi: Kpi, view: View) -> list[Field]:
    """The list's columns: a yes-or-no KPI has a word, others their value."""
    shown = (
        Field("shown", kpi.label)
        if screen.is_yes_no(kpi)
        else Field("value", kpi.label, "amount" if kpi.unit == "元" else "quantity", kpi.unit)
    )
    own = [
        Field("fixmedins_name", "机构名称"), Field("fixmedins_type", "机构类别"), Field("level_class", "机构级别"),
        Field("town_name", "乡镇"), Field("agreement_state", "协议状态"), shown,
        Field("fund_pay_sumamt", "基金支付", "amount", "元"), Field("drawn", "图上位置"),
        Field("fixmedins_code", "机构编号"),
    ]  # fmt: skip
    if view.limits_used:
        own.insert(6, Field("lead", "提示"))
    return own


def nothing(page: Page) -> None:
    """What to say when there is no institution at all: which table is missing, and where the numbers are instead."""
    table = next(state for state in loaded_tables(page) if state.table == "fixmedins_b")
    if table.is_loaded and table.rows:
        return
    with st.container(border=True):
        st.markdown("**还没有可以画在图上的机构**")
        st.write(
            "机构地图需要“定点医药机构”表(fixmedins_b),本数据中没有这张表;只有汇总数的县可以在基金运行页面查看收支。"
        )
        st.caption("载入 fixmedins_b 后,机构、协议和结算会自动出现在图上,不需要另外设置。")


def draw_institutions(
    page: Page,
    view: View,
    outline: Outline | None,
    key: tuple[Any, ...],
    words: str,
    *,
    box: deck.Box | None = None,
) -> None:
    """The circles; a click opens the profile. ``box``: what the first view shows, else the county."""
    if not view.on_map and outline is None:
        st.info(
            "没有一家机构有可用的坐标,也没有县界文件,图画不出来;下方清单不受影响。", icon=":material/map:"
        )
        return
    room = NARROW if deck.on_phone() else WIDE
    stamp = (*key, outline and outline.source, outline and outline.bounds, room, box, INSTITUTIONS)
    made = deck.frozen(lambda: deck.institutions_deck(view, outline, room, box), stamp)
    state = st.pydeck_chart(
        made,  # type: ignore[arg-type]
        height=room[1] + 20,
        on_select="rerun",
        selection_mode="single-object",
        key=f"map_institutions_{box}" if box else "map_institutions",
        alt=f"{words}下方清单与图中的圆一一对应。",
    )
    chosen = state["selection"]["objects"].get(INSTITUTIONS)
    if chosen:
        address.open_screen(PROFILE, page.entry.url_path, code=chosen[0]["code"], **LEFT_BEHIND)
    st.caption("点选一个圆可打开机构画像。滚轮缩放,按住拖动。" if outline else NO_OUTLINE)


def institution_legend(
    kpi: Kpi, view: View, months: Sequence[str], insurance: str, outline: Outline | None
) -> None:
    """What colours, shapes and areas mean."""
    entries: list[tuple[str, str]] = []
    if screen.is_yes_no(kpi) and not view.missing:
        yes, no = screen.yes_no_words(kpi)
        entries = [
            (deck.circle_mark(Shade.NO), f"{no} {view.count(Shade.NO):,} 家"),
            (deck.circle_mark(Shade.YES), f"{yes} {view.count(Shade.YES):,} 家"),
        ]
    elif view.scale:
        steps = len(view.scale.words)
        entries = [
            (deck.circle_mark(Shade.STEP, n, steps), words) for n, words in enumerate(view.scale.words)
        ]
    if view.limits_used:
        entries.append((deck.circle_mark(Shade.LEAD), "超出同级别 99.8% 控制限(疑点,未核实)"))
    if view.count(Shade.NONE):
        entries.append(
            (
                deck.circle_mark(Shade.NONE),
                f"{screen.NOT_COUNTED if screen.is_yes_no(kpi) and not view.missing else '没有数值'} "
                f"{view.count(Shade.NONE):,} 家",
            )
        )
    notes = [screen.DIRECTIONS[kpi.better], *area_notes(view, months, insurance)]
    if map_words.off_map_words(view):
        notes.append(f"{map_words.off_map_words(view)}见清单“图上位置”。")
    if outline:
        notes.append(f"县界文件 {outline.source},坐标统一换算为 WGS-84。")
    deck.legend(entries, notes)


def area_notes(view: View, months: Sequence[str], insurance: str) -> list[str]:
    """What the area of a circle means."""
    largest = max((spot.fund for spot in view.on_map if spot.fund), default=None)
    notes = [f"圆面积:基金支付({map_words.months_words(months)},{insurance},已减退费)。"]
    return notes if largest is None else [*notes, f"最大的圆:{numbers.money(largest)}。"]


def institution_list(page: Page, rows: pa.Table, kpi: Kpi, view: View) -> None:
    """Every institution, on the map or not; a row opens the profile."""
    if view.off_map:
        with st.expander(escaped(map_words.off_map_words(view).rstrip("。"))):
            off = rows.filter([word != Drawn.DRAWN.value for word in rows.column("drawn").to_pylist()])
            show_list(
                page,
                off,
                fields(kpi, view),
                key="off_map",
                open_row=lambda row: open_profile(page, row),
                search=False,
            )
    st.subheader("机构清单", anchor=False)
    show_list(page, rows, fields(kpi, view), key="map_list", open_row=lambda row: open_profile(page, row))


def open_profile(page: Page, row: dict[str, Any]) -> None:
    address.open_screen(PROFILE, page.entry.url_path, code=row["fixmedins_code"], **LEFT_BEHIND)
