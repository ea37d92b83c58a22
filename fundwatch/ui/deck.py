"""The map's drawing: county outline, town labels and circles in one deck, without tiles or any address outside.

The JSON of a deck is cached per version and choice (``frozen``): making it anew cost 0.3 s a run for 1,000 institutions.
"""

from __future__ import annotations

import html
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pydeck as pdk
import streamlit as st

from fundwatch.geo import Area, Outline, bounds
from fundwatch.screens.map import Shade, Spot, View
from fundwatch.screens.scale import Scale
from fundwatch.ui import numbers
from fundwatch.ui.charts import ACCENT, BAD, FONT, INK, LINES, SECONDARY

INSTITUTIONS, TOWNS = "institutions", "towns"
#: pale to accent; the strong colour stays free for what asks for a look
STEPS = ("#E3ECF6", "#BCD2E9", "#8FB3D9", "#5F90C6", "#1F5FA8")
#: towns carry labels in ink, so their scale stays lighter
TOWN_STEPS = ("#E1EBF6", "#CFDEEF", "#BBD0E7", "#A0BDDD", "#82A6CF")
PALE, PANEL, WHITE, BORDER = "#DCE7F3", "#F6F8FA", "#FFFFFF", "#C9D2DB"
UNKNOWN = "#D9DCE0"
LARGEST, SMALLEST = 26.0, 3.5
#: rooms in which the county must fit when the screen opens, in pixels
WIDE, NARROW = (760, 520), (330, 360)
TIP_STYLE = {
    "backgroundColor": WHITE, "color": INK, "border": f"1px solid {LINES}", "fontSize": "13px", "lineHeight": "1.6",
    "padding": "8px 12px", "fontFamily": FONT,
}  # fmt: skip
Colour = list[int]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class FrozenDeck:
    """What Streamlit reads of a deck; the JSON is made once and kept as text."""

    text: str
    _tooltip: Mapping[str, Any]
    mapbox_key: None = None
    layers: tuple[()] = ()

    def to_json(self) -> str:
        return self.text


def on_phone() -> bool:
    """Whether the browser says that it is a phone's: the county must fit into a narrower room at first."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def frozen(make: Callable[[], str], key: tuple[Any, ...]) -> FrozenDeck:
    """The deck of this key from the cache, else made now. ``key`` holds version, choices and outline."""
    return FrozenDeck(_text(make, key), {"text": "{tip}", "style": TIP_STYLE})


@st.cache_data(ttl="10m", max_entries=50, show_spinner=False)
def _text(_make: Callable[[], str], key: tuple[Any, ...]) -> str:
    return _make()


def institutions_deck(
    view: View, outline: Outline | None, room: tuple[int, int], box: Box | None = None
) -> str:
    """Circles by institution: area for fund paid, look for the KPI. ``box``: what the first view shows, else the county."""
    largest = max((spot.fund for spot in view.on_map if spot.fund), default=Decimal(0))
    # Larger circles first, so that small ones stay reachable on top; what asks for a look comes last.
    ordered = sorted(
        view.on_map, key=lambda spot: (spot.shade in {Shade.LEAD, Shade.NO}, -(spot.fund or 0), spot.code)
    )
    steps = len(view.scale.words) if view.scale else 1
    circles = [_circle(spot, largest, steps, view.label) for spot in ordered]
    layers = [*_ground(outline), *_labels(outline)]
    layers.append(
        pdk.Layer(
            "ScatterplotLayer",
            circles,
            id=INSTITUTIONS,
            get_position="place",
            get_radius="radius",
            get_fill_color="fill",
            get_line_color="line",
            get_line_width="width",
            radius_units=pdk.types.String("pixels"),
            line_width_units=pdk.types.String("pixels"),
            stroked=True,
            pickable=True,
            auto_highlight=True,
        )
    )
    places = [tuple(circle["place"]) for circle in circles]
    return _deck(layers, box or (outline.bounds if outline else bounds(places)), room)


def towns_deck(
    outline: Outline, records: Iterable[Mapping[str, Any]], scale: Scale | None, room: tuple[int, int]
) -> str:
    """Towns filled by what they have per 10,000 residents; rows of ``fundwatch.screens.density``."""
    by_code = {row["town_code"]: row for row in records}
    return _deck(
        [*_ground(outline, by_code, scale), *_labels(outline, INK, middle=True)], outline.bounds, room
    )


def _ground(
    outline: Outline | None,
    by_code: Mapping[str, Mapping[str, Any]] | None = None,
    scale: Scale | None = None,
) -> list[pdk.Layer]:
    if outline is None:
        return []
    features = [_feature(area, (by_code or {}).get(area.code or ""), scale) for area in outline.areas]
    return [
        pdk.Layer(
            "GeoJsonLayer",
            {"type": "FeatureCollection", "features": features},
            id=TOWNS,
            get_fill_color="properties.fill",
            get_line_color=_rgb(BORDER),
            line_width_min_pixels=1,
            pickable=by_code is not None,
            auto_highlight=by_code is not None,
            highlight_color=_rgb(ACCENT, 60),
        )
    ]


def _feature(area: Area, row: Mapping[str, Any] | None, scale: Scale | None) -> dict[str, Any]:
    fill, tip = _rgb(PANEL), ""
    if row is not None:
        fill, tip = _rgb(town_colour(row["value"], scale)), row["tip"]
    polygons = [[[_rounded(point) for point in ring] for ring in polygon] for polygon in area.polygons]
    return {
        "type": "Feature",
        "geometry": {"type": "MultiPolygon", "coordinates": polygons},
        "properties": {"fill": fill, "tip": tip, "code": area.code},
    }


def _labels(outline: Outline | None, colour: str = SECONDARY, *, middle: bool = False) -> list[pdk.Layer]:
    named = [area for area in outline.areas if area.name] if outline else []
    if not named:
        return []
    return [
        pdk.Layer(
            "TextLayer",
            [
                {"name": area.name, "place": _rounded(area.middle if middle else area.label_place)}
                for area in named
            ],
            id="labels",
            get_position="place",
            get_text="name",
            get_size=12,
            size_max_pixels=13,
            get_color=_rgb(colour),
            # Without String() pydeck writes an expression, and nothing is drawn.
            character_set=pdk.types.String("auto"),
            font_family=pdk.types.String(FONT),
        )
    ]


def _circle(spot: Spot, largest: Decimal, steps: int, label: str) -> dict[str, Any]:
    fill, line, width = look(spot.shade, spread(spot.step, steps))
    share = float(spot.fund / largest) if spot.fund and spot.fund > 0 and largest else 0.0
    return {
        "code": spot.code,
        "place": _rounded(spot.place or (0.0, 0.0)),
        "radius": round(max(SMALLEST, LARGEST * math.sqrt(share)), 1),
        "fill": _rgb(fill, 225) if fill else [255, 255, 255, 150],
        "line": _rgb(line),
        "width": width,
        "tip": tip(spot, label),
    }


def look(shade: Shade, step: int) -> tuple[str | None, str, float]:
    """Fill (None: hollow), line and line width of a circle; shape differs too, so that colour is not alone."""
    match shade:
        case Shade.LEAD:
            return BAD, INK, 1.5
        case Shade.NO:
            return ACCENT, WHITE, 0.8
        case Shade.YES:
            return PALE, "#9DB4CC", 0.8
        case Shade.NONE:
            return None, "#9AA7B3", 1.0
        case _:
            return STEPS[step], "#7F93A8", 0.6


def tip(spot: Spot, label: str) -> str:
    """The hover card, four lines; ``label`` names the KPI."""
    fund = numbers.money(spot.fund)
    kind = spot.kind if spot.level == "药店" else f"{spot.kind} {spot.level}"
    return "\n".join((
        spot.name, f"{kind} · {spot.town} · 协议{spot.agreement}" if spot.agreement != "无有效协议"
        else f"{kind} · {spot.town} · 无有效协议",
        f"{label}:{spot.shown}", f"基金支付:{fund}" if spot.fund is not None else "基金支付:本期没有结算",
    ))  # fmt: skip


def town_colour(value: Decimal | None, scale: Scale | None) -> str:
    """A town's fill: white for none, grey where nothing can be calculated, else the step."""
    if value is None or scale is None:
        return UNKNOWN if value is None else WHITE
    return TOWN_STEPS[spread(scale.step(value), len(scale.words))] if value else WHITE


def circle_mark(shade: Shade, step: int = 0, steps: int = 1) -> str:
    """A circle of the legend, as the map draws it (CSS of one mark)."""
    fill, line, width = look(shade, spread(step, steps))
    edge = ACCENT if line == WHITE else line
    return f"border-radius:50%;background:{fill or WHITE};border:{width}px solid {edge}"


def square_mark(colour: str) -> str:
    """A square of the legend: a town of this colour."""
    return f"border-radius:2px;background:{colour};border:1px solid {BORDER}"


def legend(entries: Sequence[tuple[str, str]], notes: Sequence[str]) -> None:
    """The legend in words: one mark and its meaning per line, and notes below."""
    rows = "".join(
        '<div style="display:flex;align-items:center;gap:8px;margin:5px 0">'
        f'<span style="flex:none;box-sizing:border-box;width:15px;height:15px;{mark}"></span>'
        f"<span>{html.escape(words)}</span></div>"
        for mark, words in entries
    )
    below = "".join(f'<div style="margin-top:6px">{html.escape(note)}</div>' for note in notes)
    st.html(
        f'<div style="font-size:14px;color:{INK};line-height:1.5">{rows}'
        f'<div style="color:{SECONDARY};font-size:13px;margin-top:10px">{below}</div></div>'
    )


def spread(step: int, steps: int) -> int:
    """The colour of a step where there are fewer than five: the ends stay the ends."""
    return len(STEPS) - 1 if steps < 2 else round(step * (len(STEPS) - 1) / (steps - 1))


def _deck(layers: list[pdk.Layer], box: Box, room: tuple[int, int]) -> str:
    west, south, east, north = box
    state = pdk.ViewState(
        longitude=round((west + east) / 2, 5),
        latitude=round((south + north) / 2, 5),
        zoom=round(zoom(box, room), 2),
        min_zoom=5,
        max_zoom=16,
    )
    # No map_style argument: with one, even an empty one, the browser asks a tile server.
    made = pdk.Deck(layers=layers, initial_view_state=state, map_provider=None).to_json()
    # pydeck indents, which makes the text three times as long.
    return json.dumps(json.loads(made), ensure_ascii=False, separators=(",", ":"))


def zoom(box: Box, room: tuple[int, int]) -> float:
    """The Web Mercator zoom at which the box fits into the room, with some air around it."""
    west, south, east, north = box
    across = max((east - west) / 360, 1e-4)
    down = max((_mercator(north) - _mercator(south)) / (2 * math.pi), 1e-4)
    return math.log2(min(room[0] / across, room[1] / down) * 0.94 / 512)


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _rounded(place: tuple[float, float]) -> list[float]:
    """Five decimals: a metre."""
    return [round(place[0], 5), round(place[1], 5)]


def _rgb(colour: str, alpha: int = 255) -> Colour:
    return [int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16), alpha]
