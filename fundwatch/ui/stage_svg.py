"""The charts of the presentation as SVG: a month line with its target, lying bars; text large enough for the last row of seats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from fundwatch import numbers
from fundwatch.chart_theme import ACCENT, COMPARISON, INK, LINES, SECONDARY
from fundwatch.documents import Chart

#: the drawing in its own units; the screen scales it
WIDTH, HEIGHT = 800, 430
LEFT, RIGHT, TOP, BOTTOM = 84, 70, 46, 48
LABEL_WIDTH, BAR_ROOM = 300, 110
TEXT = 19
STEPS = 4
#: steps of an axis, times a power of ten
NICE = (1, 2, 2.5, 5, 10)
HUNDRED = 100.0
LONGEST_LABEL = 15
#: one line of text in drawing units
LINE = 22
PAGE = "#FFFFFF"


@dataclass(frozen=True)
class _Point:
    """A month's place in the drawing, its value, and whether the month is still being dealt with."""

    x: float
    y: float
    value: Decimal
    is_open: bool


def chart_svg(chart: Chart, open_months: int = 0) -> str:
    """The chart; every text from data is escaped. Coordinates are drawing units, figures come from the exact values.

    The last ``open_months`` of a line are still being dealt with: hollow, reached by a broken line, and so named.
    """
    body = _line(chart, open_months) if chart.kind == "line" else _bars(chart)
    words = escape(f"{chart.title}:{chart.words}")
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{words}"><title>{words}</title>{body}</svg>'


def _line(chart: Chart, open_months: int) -> str:
    known = [float(value) for series in chart.series for value in series.values if value is not None]
    low, high, step = _span(known, chart.unit)
    count = len(chart.categories)

    def across(place: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (place / max(count - 1, 1))

    def up(value: Decimal | float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (float(value) - low) / (high - low))

    parts = [_text(LEFT, 20, f"{chart.title},单位:{chart.unit}", SECONDARY, "start")]
    for place in range(round((high - low) / step) + 1):
        value = low + place * step
        y = up(value)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{LINES}"/>')
        parts.append(_text(LEFT - 10, y + 6, _tick(value, step), SECONDARY, "end"))
    for place, category in enumerate(chart.categories):
        # With twelve months every second one has its name.
        if (count - 1 - place) % (2 if count > 7 else 1) == 0:
            parts.append(_text(across(place), HEIGHT - 14, category, SECONDARY, "middle"))
    goal_y = None
    if len(chart.series) > 1:
        goal = next(value for value in chart.series[1].values if value is not None)
        y = goal_y = up(goal)
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{INK}" stroke-width="2" stroke-dasharray="9 6"/>'
        )
        parts.append(_text(WIDTH - 4, max(y - 10, TOP - 8), "目标", INK, "end"))
    points = [
        _Point(across(place), up(value), value, place >= count - open_months)
        for place, value in enumerate(chart.series[0].values)
        if value is not None
    ]
    return "".join([*parts, *_curve(points), *_last_words(points[-1], goal_y, chart.decimals)])


def _curve(points: Sequence[_Point]) -> list[str]:
    """The line through the months and a mark for each; months still open are hollow, with a broken line to them."""
    settled = sum(not point.is_open for point in points)
    parts = []
    for part, broken in ((points[:settled], ""), (points[max(settled - 1, 0) :], ' stroke-dasharray="3 7"')):
        if len(part) > 1:
            path = " ".join(f"{point.x:.1f},{point.y:.1f}" for point in part)
            parts.append(
                f'<polyline points="{path}" fill="none" stroke="{ACCENT}" stroke-width="4"{broken}/>'
            )
    return parts + [
        f'<circle cx="{point.x:.1f}" cy="{point.y:.1f}" r="5" stroke="{ACCENT}" stroke-width="2" '
        f'fill="{PAGE if point.is_open else ACCENT}"/>'
        for point in points
    ]


def _last_words(last: _Point, goal_y: float | None, decimals: int) -> list[str]:
    """The last value beside its point, below the word of the target line where the two would meet."""
    y = last.y + 7
    if goal_y is not None and goal_y - LINE < last.y < goal_y + LINE:
        y = max(goal_y, last.y) + LINE
    parts = [_text(last.x + 12, y, numbers.plain(last.value, decimals), ACCENT, "start", bold=True)]
    if last.is_open:
        parts.append(_text(WIDTH - 4, y + LINE, "办理中", SECONDARY, "end"))
    return parts


def _bars(chart: Chart) -> str:
    rows = len(chart.categories)
    most = max(float(v) for series in chart.series for v in series.values if v is not None) or 1.0
    step = (HEIGHT - TOP - 10) / rows
    thick = min(26.0, step * 0.72 / len(chart.series))
    room = WIDTH - LABEL_WIDTH - BAR_ROOM
    shades = (ACCENT, COMPARISON)
    parts = [_text(0, 20, f"{chart.title},单位:{chart.unit}", SECONDARY, "start")]
    for place, series in enumerate(chart.series):
        x = LABEL_WIDTH + place * 150
        parts.append(f'<rect x="{x}" y="6" width="16" height="16" fill="{shades[place]}"/>')
        parts.append(_text(x + 24, 20, series.name, SECONDARY, "start"))
    for row, category in enumerate(chart.categories):
        top = TOP + row * step + (step - thick * len(chart.series)) / 2
        label = category if len(category) <= LONGEST_LABEL else f"{category[: LONGEST_LABEL - 1]}…"
        parts.append(_text(LABEL_WIDTH - 12, TOP + row * step + step / 2 + 6, label, INK, "end"))
        for place, series in enumerate(chart.series):
            value = series.values[row]
            if value is None:
                continue
            y, wide = top + place * thick, room * float(value) / most
            parts.append(
                f'<rect x="{LABEL_WIDTH}" y="{y:.1f}" width="{wide:.1f}" height="{thick - 3:.1f}" fill="{shades[place]}"/>'
            )
            said = numbers.plain(value, chart.decimals)
            parts.append(_text(LABEL_WIDTH + wide + 8, y + thick / 2 + 5, said, INK, "start"))
    return "".join(parts)


def _span(known: Sequence[float], unit: str) -> tuple[float, float, float]:
    """Lowest and highest value of the axis and the step between its round numbers; a share ends at 100 where none is above."""
    low, high = min(known), max(known)
    rough = (high - low or abs(high) or 1.0) / STEPS
    tens = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * tens for nice in NICE if nice * tens >= rough)
    floor, ceiling = math.floor(low / step) * step, math.ceil(high / step) * step
    if floor == ceiling:
        floor, ceiling = floor - step, ceiling + step
    if unit == "%" and high <= HUNDRED:
        ceiling = min(ceiling, HUNDRED)
    return floor, ceiling, step


def _tick(value: float, step: float) -> str:
    decimals = max(0, -math.floor(math.log10(step)))
    return numbers.plain(Decimal(repr(round(value, 6))), decimals)


def _text(x: float, y: float, words: str, colour: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{TEXT}" fill="{colour}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'
