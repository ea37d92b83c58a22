"""Part of 机构地图 with several counties: an indicator by county, on the towns' own outlines and as a list; a click looks at one county."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from fundwatch.geo import Outline
from fundwatch.kpi.declaration import COUNTY
from fundwatch.screens import counties as screen
from fundwatch.screens import map as places
from fundwatch.screens.counties import Rollup
from fundwatch.ui import address, deck, map_view
from fundwatch.ui.deck import NARROW, TOWNS, WIDE
from fundwatch.ui.shell import Page
from fundwatch.ui.table import show_list

NO_AREAS = "没有带区划代码的县界文件,各县区只能看下方清单。县界 GeoJSON 的区域应有 town_code(以县区的 6 位区划开头)。"


def draw(outline: Outline | None, found: Rollup, key: tuple[Any, ...], words: str) -> None:
    """The areas of the outline, each in its county's colour; a click looks at that county."""
    records = screen.areas(outline, found)
    if outline is None or not records:
        st.info(NO_AREAS, icon=":material/map:")
        return
    room = NARROW if deck.on_phone() else WIDE
    stamp = (*key, outline.source, outline.bounds, room, COUNTY)
    made = deck.frozen(lambda: deck.towns_deck(outline, records, found.scale, room), stamp)
    state = st.pydeck_chart(
        made,  # type: ignore[arg-type]
        height=room[1] + 20,
        on_select="rerun",
        selection_mode="single-object",
        key="map_counties",
        alt=f"{words}下方清单是同样的数。",
    )
    chosen = state["selection"]["objects"].get(TOWNS)
    if chosen and (code := chosen[0]["properties"]["code"]):
        _look_at(screen.county_of(code))
    st.caption("点选一个县区可看该县区的机构分布。")


def legend(found: Rollup, months: Sequence[str], insurance: str) -> None:
    """What the shades mean, and what is in no county."""
    words = found.scale.words if found.scale else ()
    entries = [
        (deck.square_mark(deck.TOWN_STEPS[deck.spread(n, len(words))]), text) for n, text in enumerate(words)
    ]
    if any(row["value"] == 0 for row in found.rows):
        entries.append((deck.square_mark(deck.WHITE), "为零"))
    if none := sum(row["value"] is None for row in found.rows):
        entries.append((deck.square_mark(deck.UNKNOWN), f"没有数值 {none:,} 个县区"))
    notes = [places.DIRECTIONS[found.kpi.better]]
    notes.append(
        "县区按参保地。"
        if found.kpi.listing.county
        else "县区按机构的定点归属区划,空白时取机构编号第 2 至 7 位。"
    )
    notes.append(f"基金支付:{map_view.map_words.months_words(months)},{insurance},已减退费,按机构所在县区。")
    if found.elsewhere_cnt:
        notes.append(f"另有 {found.elsewhere_cnt:,} 家机构不在县区表所列的县区,计入合计,不计入任何县区。")
    deck.legend(entries, notes)


def county_list(page: Page, found: Rollup) -> None:
    """The counties in the order of their codes; a row looks at that county."""
    st.subheader("县区清单", anchor=False)
    show_list(
        page,
        found.table,
        found.fields,
        key="county_list",
        search=False,
        open_row=lambda row: _look_at(row["admdvs"]),
    )


def _look_at(code: str) -> None:
    address.put({COUNTY: code, "view": None, "town_code": None})
    st.rerun()
