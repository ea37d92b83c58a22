"""The funnel drawn: institutions as points over their size, limits grey, names only outside; a click opens the profile."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st

from fundwatch.screens.peers import Edge, Peer, PeerView
from fundwatch.stats.words import POSITION
from fundwatch.ui import address, numbers
from fundwatch.ui.charts import ACCENT, ATTENTION, COMPARISON, FONT, GOOD, INK, SECONDARY
from fundwatch.ui.shell import Page
from fundwatch.ui.specs import kept
from fundwatch.ui.table import Field
from fundwatch.ui.words import escaped

HEIGHT = 340
#: sizes that differ by more than this stand on a logarithmic axis
WIDE_SPAN = 20
#: the room of a label, as parts of the chart's width and height
LABEL_WIDTH, LABEL_HEIGHT = 0.3, 0.06
LIMIT_LINES = "#B4BFCA"
#: colour of a point by what it means; inside the limits all are alike
FILLS = {"concern": ATTENTION, "favourable": GOOD, "neutral": ACCENT, "inside": COMPARISON}
PROFILE_SCREEN = "institution"
OUTSIDE_FIELDS = (
    Field("name", "机构"), Field("value", "数值(%)", "percent"), Field("numerator", "分子", "int", "件"),
    Field("denominator", "分母", "int", "件"), Field("place", "位置"), Field("limits", "99.8% 控制限(%)"),
)  # fmt: skip


def show_funnel(
    page: Page, view: PeerView, key: str, *, opens: tuple[str, str] | None = (PROFILE_SCREEN, "code")
) -> None:
    """The finding as heading, the chart, how to read it; a click on a point opens a screen with its key as parameter.

    ``opens``: address of the screen and name of the parameter, the institution's profile unless told; None: nothing.

    Where limits would mislead, the reason stands in the chart's place.
    """
    st.markdown(f"**{escaped(view.title)}**")
    if view.why_none:
        return
    event: Any = st.vega_lite_chart(
        spec=kept(funnel_chart, view),
        width="stretch",
        on_select="rerun",
        selection_mode="unit",
        key=key,
        alt=view.text,
    )
    st.caption(escaped(view.caption))
    chosen = _chosen(event, view)
    if opens and chosen and chosen != view.own:
        screen, parameter = opens
        address.open_screen(screen, page.entry.url_path, **{"fixmedins_code": None, parameter: chosen})


def funnel_chart(view: PeerView) -> alt.LayerChart:
    """Limits at 95 % (dashed) and 99.8 % (solid), the value of all together, points; selection ``unit`` gives ``键``."""
    across = _across(view)
    layers = [*_limit_layers(view.curve, across), _centre(view)]
    chosen = alt.selection_point(name="unit", fields=["键"], on="click", empty=False)
    points = alt.Chart(_frame(view)).encode(x=across, y=_up())
    layers += [
        points.mark_point(size=70, filled=True, opacity=0.95, cursor="pointer", strokeWidth=1.5)
        .encode(
            fill=alt.Fill("色:N", scale=None),
            stroke=alt.condition("datum['本机构']", alt.value(INK), alt.value("#FFFFFF")),
            size=alt.condition("datum['本机构']", alt.value(150), alt.value(70)),
            tooltip=[
                alt.Tooltip(name, type="nominal") for name in ("机构", "数值", "件数", "位置", "控制限")
            ],
        )
        .add_params(chosen),
        *(
            points.transform_filter(f"datum['侧'] == '{side}'")
            .mark_text(align=side, dx=8 if side == "left" else -8, font=FONT, fontSize=12, color=INK)
            .encode(text="名:N")
            for side in ("left", "right")
        ),
    ]
    return alt.layer(*layers).properties(height=HEIGHT)


def outside_rows(view: PeerView) -> pa.Table:
    """The institutions outside 95 % as a list, further out first and then by code: no order of values."""
    found = [peer for peer in view.peers if peer.meaning != "inside"]
    found.sort(key=lambda peer: (not peer.outside, peer.key))
    schema = pa.schema([
        ("fixmedins_code", pa.string()), ("name", pa.string()), ("value", pa.decimal128(12, 4)), ("numerator", pa.int64()),
        ("denominator", pa.int64()), ("place", pa.string()), ("limits", pa.string()),
    ])  # fmt: skip
    return pa.Table.from_pylist([_row(peer) for peer in found], schema=schema)


def _row(peer: Peer) -> dict[str, Any]:
    return {
        "fixmedins_code": peer.key, "name": peer.name, "value": peer.value, "numerator": int(peer.numerator),
        "denominator": int(peer.denominator), "place": POSITION[peer.position], "limits": _limits(peer),
    }  # fmt: skip


def _frame(view: PeerView) -> pd.DataFrame:
    named, places = labels(view), _places(view)
    return pd.DataFrame(
        [
            {
                "键": peer.key,
                "规模": float(peer.denominator),
                "值": float(peer.value),
                "色": FILLS[peer.meaning],
                "本机构": peer.key == view.own,
                "名": peer.name if peer.key in named else "",
                "侧": "right" if places[peer.key][0] > 1 - LABEL_WIDTH else "left",
                "机构": peer.name,
                "数值": numbers.percent(peer.value, 2),
                "件数": f"{numbers.plain(peer.numerator)} / {numbers.plain(peer.denominator)}",
                "位置": POSITION[peer.position],
                "控制限": f"{_limits(peer)}%",
            }
            for peer in view.peers
        ]
    )


def labels(view: PeerView) -> set[str]:
    """The named points whose labels do not lie over one another: one's own first, then the larger institutions."""
    places = _places(view)
    order = sorted(view.named, key=lambda peer: (peer.key != view.own, -peer.denominator, peer.key))
    kept: list[str] = []
    for peer in order:
        across, up = places[peer.key]
        near = [
            key
            for key in kept
            if abs(places[key][1] - up) < LABEL_HEIGHT and abs(places[key][0] - across) < LABEL_WIDTH
        ]
        if not near:
            kept.append(peer.key)
    return set(kept)


def _places(view: PeerView) -> dict[str, tuple[float, float]]:
    """Where the points lie in the chart, each way from 0 to 1."""
    is_wide = _is_wide(view)
    sizes = [math.log(peer.denominator) if is_wide else float(peer.denominator) for peer in view.peers]
    low = min(sizes) if is_wide else 0.0
    room = max(sizes) - low or 1.0
    values = [float(peer.value) for peer in view.peers]
    height = max(*values, *(edge.upper_95 for edge in view.curve)) - min(values) or 1.0
    return {
        peer.key: ((size - low) / room, (value - min(values)) / height)
        for peer, size, value in zip(view.peers, sizes, values, strict=True)
    }


def _is_wide(view: PeerView) -> bool:
    sizes = [peer.denominator for peer in view.peers]
    return max(sizes) > WIDE_SPAN * min(sizes)


def _limits(peer: Peer) -> str:
    return f"{numbers.plain(peer.lower_998, 1)}–{numbers.plain(peer.upper_998, 1)}"


def _across(view: PeerView) -> alt.X:
    scale = alt.Scale(type="log", nice=False) if _is_wide(view) else alt.Scale(zero=True, nice=True)
    return alt.X(
        "规模:Q",
        title=view.size_label,
        scale=scale,
        axis=alt.Axis(grid=False, format=",d", tickCount=6, tickMinStep=1),
    )


def _up() -> alt.Y:
    return alt.Y("值:Q", title="%", axis=alt.Axis(tickCount=5))


def _limit_layers(curve: Sequence[Edge], across: alt.X) -> list[alt.Chart]:
    frame = pd.DataFrame(
        [
            {"规模": edge.size, "限": name, "值": getattr(edge, name)}
            for name in ("lower_998", "lower_95", "upper_95", "upper_998")
            for edge in curve
        ]
    )
    line = alt.Chart(frame).mark_line(color=LIMIT_LINES, strokeWidth=1.2)
    dash = alt.condition("indexof(datum['限'], '95') >= 0", alt.value([4, 3]), alt.value([1, 0]))
    ends = alt.Chart(pd.DataFrame([
        {"规模": curve[-1].size, "值": curve[-1].upper_998, "字": "99.8%"},
        {"规模": curve[-1].size, "值": curve[-1].lower_998, "字": "99.8%"},
    ])).mark_text(align="right", dy=-7, font=FONT, fontSize=11, color=SECONDARY)  # fmt: skip
    return [
        line.encode(x=across, y=_up(), detail="限:N", strokeDash=dash),
        ends.encode(x=across, y=_up(), text="字:N"),
    ]


def _centre(view: PeerView) -> alt.Chart:
    frame = pd.DataFrame([{"值": float(view.centre or Decimal(0))}])
    return alt.Chart(frame).mark_rule(color=SECONDARY, strokeWidth=1.2).encode(y="值:Q")


def _chosen(event: Any, view: PeerView) -> str:
    """The code of the point just clicked; unknown ones from the browser are refused."""
    found = (event.get("selection") or {}).get("unit") if event else None
    key = str(found[0].get("键", "")) if found else ""
    return key if key in {peer.key for peer in view.peers} else ""
