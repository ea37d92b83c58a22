"""Parts of 机构地图 for planning: towns by what they have for their people, and institutions that stand close together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from fundwatch.geo import Outline
from fundwatch.screens.clusters import (
    DISTANCES,
    Cluster,
    Clusters,
    cluster_rows,
    drawn,
    member_rows,
)
from fundwatch.screens.clusters import gaps as cluster_gaps
from fundwatch.screens.density import Density, gaps
from fundwatch.screens.map import Shade, View
from fundwatch.ui import address, deck, map_view, numbers
from fundwatch.ui.choice import choose
from fundwatch.ui.deck import NARROW, TOWNS, WIDE
from fundwatch.ui.shell import Page
from fundwatch.ui.table import Field, show_list
from fundwatch.ui.words import escaped

DISTANCE = "map_cluster_metres"
_TOWNS = pa.schema([
    ("town_code", pa.string()), ("town_name", pa.string()), ("population", pa.int64()), ("value", pa.decimal128(18, 2)),
    ("institution_cnt", pa.int64()), ("medical_cnt", pa.int64()), ("hospital_cnt", pa.int64()),
    ("pharmacy_cnt", pa.int64()), ("beds", pa.int64()), ("note", pa.string()),
])  # fmt: skip
_MEMBERS = pa.schema([
    ("number", pa.int64()), ("fixmedins_code", pa.string()), ("fixmedins_name", pa.string()),
    ("fixmedins_type", pa.string()), ("level_class", pa.string()), ("town_name", pa.string()),
    ("agreement_state", pa.string()), ("nearest_name", pa.string()), ("metres", pa.int64()),
    ("fund_pay_sumamt", pa.decimal128(18, 2)),
])  # fmt: skip
_CLUSTERS = pa.schema([
    ("number", pa.int64()), ("code", pa.string()), ("towns", pa.string()), ("members", pa.int64()), ("medical", pa.int64()),
    ("pharmacies", pa.int64()), ("least", pa.int64()), ("width", pa.int64()), ("names", pa.string()),
])  # fmt: skip
MEMBER_FIELDS = (
    Field("number", "聚集", "int"), Field("fixmedins_name", "机构名称"), Field("fixmedins_type", "机构类别"),
    Field("level_class", "机构级别"), Field("town_name", "乡镇"), Field("nearest_name", "最近的机构"),
    Field("metres", "距离", "int", "米"), Field("fund_pay_sumamt", "基金支付", "amount", "元"),
    Field("agreement_state", "协议状态"), Field("fixmedins_code", "机构编号"),
)  # fmt: skip
CLUSTER_FIELDS = (
    Field("number", "聚集", "int"), Field("towns", "乡镇"), Field("members", "机构", "int", "家"),
    Field("medical", "医疗机构", "int", "家"), Field("pharmacies", "零售药店", "int", "家"),
    Field("least", "最近两家", "int", "米"), Field("width", "最远两家", "int", "米"), Field("names", "机构名称"),
)  # fmt: skip


def town_fields(found: Density) -> tuple[Field, ...]:
    """The columns of the towns' list."""
    label = f"每万人{found.measure.label}"
    return (
        Field("town_name", "乡镇"), Field("population", "常住人口", "int", "人"),
        Field("value", label, "quantity", found.measure.unit), Field("institution_cnt", "定点机构", "int", "家"),
        Field("medical_cnt", "医疗机构", "int", "家"), Field("hospital_cnt", "定级医院", "int", "家"),
        Field("pharmacy_cnt", "零售药店", "int", "家"), Field("beds", "床位", "int", "张"), Field("note", "说明"),
        Field("town_code", "乡镇代码"),
    )  # fmt: skip


def town_table(found: Density) -> pa.Table:
    """The towns as a table."""
    return pa.Table.from_pylist([_part(row, _TOWNS) for row in found.towns], schema=_TOWNS)


def member_table(found: Clusters) -> pa.Table:
    """Members of all clusters as a table."""
    return pa.Table.from_pylist(member_rows(found), schema=_MEMBERS)


def _part(row: dict[str, Any], schema: pa.Schema) -> dict[str, Any]:
    return {name: row[name] for name in schema.names}


def draw_towns(page: Page, outline: Outline | None, found: Density, key: tuple[Any, ...], words: str) -> None:
    """The towns; a click shows the institutions of that town."""
    if outline is None or not any(area.code for area in outline.areas):
        st.info("没有带乡镇代码的县界文件,密度只能看下方清单。", icon=":material/map:")
        return
    room = NARROW if deck.on_phone() else WIDE
    stamp = (*key, outline.source, outline.bounds, room, TOWNS)
    made = deck.frozen(lambda: deck.towns_deck(outline, found.towns, found.scale, room), stamp)
    state = st.pydeck_chart(
        made,  # type: ignore[arg-type]
        height=room[1] + 20,
        on_select="rerun",
        selection_mode="single-object",
        key="map_towns",
        alt=f"{words}下方清单是同样的数。",
    )
    chosen = state["selection"]["objects"].get(TOWNS)
    if chosen and (code := chosen[0]["properties"]["code"]):
        _show_town(code)
    st.caption("点选一个乡镇可看该乡镇的机构分布。")


def town_legend(found: Density, on_date: dt.date) -> None:
    """What the shades of the towns mean, and what they cannot say."""
    measure = found.measure
    st.markdown(f"**每万人口{measure.label}({measure.unit})**")
    words = found.scale.words if found.scale else ()
    entries = [
        (deck.square_mark(deck.TOWN_STEPS[deck.spread(n, len(words))]), text) for n, text in enumerate(words)
    ]
    if found.none:
        entries.append((deck.square_mark(deck.WHITE), f"没有{measure.label} {len(found.none):,} 个乡镇"))
    if found.unknown:
        entries.append((deck.square_mark(deck.UNKNOWN), f"不能计算 {len(found.unknown):,} 个乡镇"))
    notes = [
        *gaps(found),
        f"机构:{numbers.date(on_date)}协议有效且登记有效的机构,按所在乡镇。定级医院:三级、二级、一级。",
        "人口:乡镇表的常住人口。供布局规划参考,不评价机构。",
    ]
    if measure.field == "beds":
        notes.insert(-1, "床位:机构填报的床位数合计,未填报的机构不计。")
    deck.legend(entries, notes)


def town_list(page: Page, found: Density) -> None:
    """The density as a list; a row shows the institutions of that town."""
    st.subheader("乡镇清单", anchor=False)
    rows = town_table(found)
    show_list(
        page, rows, town_fields(found), key="town_list", open_row=lambda row: _show_town(row["town_code"])
    )


def _show_town(code: str) -> None:
    address.put({"town_code": code, "view": None, "measure": None})
    st.rerun()


def distance_words(own: int) -> dict[str, str]:
    """The distances to choose from; the bureau's own comes first and stands for no choice."""
    return {str(own): f"{own} 米(本局设定)"} | {
        str(metres): f"{metres} 米" for metres in DISTANCES if metres != own
    }


def choose_distance(own: int, chosen: int) -> None:
    """The distance up to which two institutions are neighbours."""
    choose("distance", "相邻距离(直线)", distance_words(own), str(chosen))


def draw_clusters(
    page: Page,
    view: View,
    outline: Outline | None,
    key: tuple[Any, ...],
    words: str,
    *,
    found: Clusters,
    chosen: Cluster | None,
) -> None:
    """The institutions, those of a cluster solid; with a chosen cluster the first view shows it alone."""
    stamp = (*key, found.limit, chosen and chosen.code)
    map_view.draw_institutions(
        page, drawn(view, found), outline, stamp, words, box=chosen.box if chosen else None
    )


def cluster_legend(view: View, found: Clusters, months: Sequence[str], insurance: str) -> None:
    """What solid and pale mean."""
    on_map = drawn(view, found).on_map
    count = {shade: sum(spot.shade is shade for spot in on_map) for shade in Shade}
    entries = [
        (deck.circle_mark(Shade.NO), f"{found.limit} 米内有其他机构 {count[Shade.NO]:,} 家"),
        (deck.circle_mark(Shade.YES), f"{found.limit} 米内没有其他机构 {count[Shade.YES]:,} 家"),
    ]
    if count[Shade.NONE]:
        entries.append((deck.circle_mark(Shade.NONE), f"不参加计算 {count[Shade.NONE]:,} 家"))
    notes = [
        *cluster_gaps(found),
        "相邻的机构连成一处,所以一处的最远两家可以超过相邻距离。按筛选后的机构计算。",
        "距离是坐标之间的直线距离;坐标相同可能是同一地址,也可能是按乡镇填写。",
        "供布局规划参考,聚集本身不是疑点。",
        *map_view.area_notes(view, months, insurance),
    ]
    deck.legend(entries, notes)


def cluster_lists(page: Page, found: Clusters, chosen: Cluster | None) -> None:
    """The clusters, and their members with the distance to the nearest; a member opens its profile."""
    if not found.clusters:
        return
    st.subheader("聚集清单", anchor=False)
    # Another key once a cluster is chosen: a row that stays selected would choose it again after 看全部聚集.
    own = f"cluster_list_{chosen.code}" if chosen else "cluster_list"
    clusters = pa.Table.from_pylist(cluster_rows(found), schema=_CLUSTERS)
    show_list(page, clusters, CLUSTER_FIELDS, key=own, open_row=lambda row: _show_cluster(row["code"]))
    st.subheader(escaped(f"聚集 {chosen.number} 的机构" if chosen else "聚集中的机构"), anchor=False)
    if chosen and st.button("看全部聚集", icon=":material/zoom_out_map:"):
        _show_cluster(None)
    rows = member_table(found)
    if chosen:
        rows = rows.filter([number == chosen.number for number in rows.column("number").to_pylist()])
    key = f"member_list_{chosen.code}" if chosen else "member_list"
    show_list(page, rows, MEMBER_FIELDS, key=key, open_row=lambda row: map_view.open_profile(page, row))


def _show_cluster(code: str | None) -> None:
    if address.values("cluster") != ([code] if code else []):
        address.put({"cluster": code})
        st.rerun()
