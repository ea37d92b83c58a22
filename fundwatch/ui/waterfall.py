"""A money ladder as a waterfall: totals from zero, what comes off hangs between them; every bar has its words and its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import altair as alt
import pandas as pd

from fundwatch.ui import numbers
from fundwatch.ui.charts import ACCENT, AXIS_ROOM, COMPARISON, FONT, INK, SECONDARY

ROW_HEIGHT = 34
#: outlined is what is due, solid came in, light is what is left out or handed over (design.md: plan as outline)
FILLS = {"plan": "#FFFFFF", "done": ACCENT, "rest": COMPARISON}
STROKES = {"plan": ACCENT, "done": ACCENT, "rest": COMPARISON}


@dataclass(frozen=True)
class Step:
    """One bar between ``start`` and ``end`` (元). ``amount`` is what is written, negative for what comes off."""

    name: str
    start: Decimal
    end: Decimal
    amount: Decimal
    look: Literal["plan", "done", "rest"]
    key: str
    note: str = ""


def waterfall(steps: Sequence[Step]) -> alt.LayerChart:
    """The ladder from top to bottom, on one scale in 万元 or 元. A click selects ``key`` (selection name ``bar``)."""
    unit = numbers.money_unit([step.amount for step in steps])
    scale = numbers.WAN if unit == "万元" else Decimal(1)
    frame = pd.DataFrame(
        [
            {
                "名称": step.name,
                "始": float(min(step.start, step.end) / scale),
                "终": float(max(step.start, step.end) / scale),
                "键": step.key,
                "样": step.look,
                "数值": numbers.money_in(step.amount, unit),
                "元": f"{numbers.plain(step.amount, 2)} 元",
                "说明": step.note,
            }
            for step in steps
        ]
    )
    order = [step.name for step in steps]
    down = alt.Y(
        "名称:N",
        sort=order,
        title=None,
        axis=alt.Axis(labelLimit=140, ticks=False, domain=False, labelFontSize=13, labelColor=INK),
    )
    across = alt.X(
        "始:Q", title=unit, scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(format=",.0f", tickCount=4)
    )
    looks = list(FILLS)
    chosen = alt.selection_point(name="bar", fields=["键"], on="click", empty=False)
    base = alt.Chart(frame).encode(y=down)
    drawn = (
        base.mark_bar(height=18, cursor="pointer", strokeWidth=1.5)
        .encode(
            x=across,
            x2="终:Q",
            fill=alt.Fill("样:N", scale=alt.Scale(domain=looks, range=list(FILLS.values())), legend=None),
            stroke=alt.Stroke(
                "样:N", scale=alt.Scale(domain=looks, range=list(STROKES.values())), legend=None
            ),
            tooltip=[alt.Tooltip("名称:N"), alt.Tooltip("元:N", title="金额"), alt.Tooltip("说明:N")],
        )
        .add_params(chosen)
    )
    words = base.mark_text(align="left", dx=6, font=FONT, fontSize=12, color=INK).encode(
        x="终:Q", text="数值:N"
    )
    zero = alt.Chart(pd.DataFrame([{"始": 0}])).mark_rule(color=SECONDARY).encode(x="始:Q")
    return alt.layer(zero, drawn, words).properties(
        height=ROW_HEIGHT * len(steps) + AXIS_ROOM, padding={"left": 5, "top": 5, "bottom": 5, "right": 70}
    )


def waterfall_in_words(steps: Sequence[Step]) -> str:
    """The text alternative: every bar with its amount in 元 and its note."""
    return ";".join(
        f"{step.name} {numbers.plain(step.amount, 2)} 元" + (f"({step.note})" if step.note else "")
        for step in steps
    )
