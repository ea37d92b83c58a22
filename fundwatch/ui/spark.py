"""A month line as small as a word: values, control limits, target; drawn as SVG text, so that it also prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fundwatch.ui.charts import ACCENT, INK

WIDTH, HEIGHT, EDGE = 104, 18, 3


@dataclass(frozen=True)
class Spark:
    """What is drawn: values oldest first (None is a gap), limits and target where there are any, the last point's colour."""

    values: Sequence[Decimal | float | None]
    lower: float | None = None
    upper: float | None = None
    target: Decimal | None = None
    last_colour: str = ACCENT
    #: so many points at the end are not final: the last is hollow, the coloured one stands before them
    open_points: int = 0


def svg(spark: Spark, words: str) -> str:
    """The SVG element; ``words`` is its text alternative and must already be escaped."""
    known = [float(value) for value in spark.values if value is not None]
    if len(known) < 2:
        return ""
    extent = [*known, *(edge for edge in (spark.lower, spark.upper) if edge is not None)]
    if spark.target is not None:
        extent.append(float(spark.target))
    low, high = min(extent), max(extent)
    room = high - low or 1.0

    def down(value: float) -> float:
        return round(HEIGHT - EDGE - (value - low) / room * (HEIGHT - 2 * EDGE), 1)

    parts = [f'<svg width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{words}"><title>{words}</title>']
    if spark.lower is not None and spark.upper is not None:
        top = down(spark.upper)
        parts.append(
            f'<rect x="0" y="{top}" width="{WIDTH}" height="{round(down(spark.lower) - top, 1)}" fill="#EEF1F4"/>'
        )
    if spark.target is not None:
        level = down(float(spark.target))
        parts.append(
            f'<line x1="0" x2="{WIDTH}" y1="{level}" y2="{level}" stroke="{INK}" stroke-width="0.8" stroke-dasharray="3 2"/>'
        )
    parts += [_line(run, down, len(spark.values)) for run in _runs(spark.values)]
    final = [place for place in _places(spark.values) if place < len(spark.values) - spark.open_points]
    look = [(place, f'fill="{spark.last_colour}"') for place in final[-1:]]
    look += [
        (place, f'fill="#FFFFFF" stroke="{ACCENT}"') for place in _places(spark.values) if place not in final
    ]
    for place, paint in look:
        height = down(float(spark.values[place] or 0))
        parts.append(f'<circle cx="{_across(place, len(spark.values))}" cy="{height}" r="2.4" {paint}/>')
    return "".join([*parts, "</svg>"])


def _places(values: Sequence[Decimal | float | None]) -> list[int]:
    return [place for place, value in enumerate(values) if value is not None]


def _across(place: int, count: int) -> float:
    return round(EDGE + place * (WIDTH - 2 * EDGE) / max(count - 1, 1), 1)


def _line(run: Sequence[tuple[int, float]], down, count: int) -> str:
    if len(run) == 1:
        place, value = run[0]
        return f'<circle cx="{_across(place, count)}" cy="{down(value)}" r="1.4" fill="{ACCENT}"/>'
    points = " ".join(f"{_across(place, count)},{down(value)}" for place, value in run)
    return f'<polyline points="{points}" fill="none" stroke="{ACCENT}" stroke-width="1.4"/>'


def _runs(values: Sequence[Decimal | float | None]) -> list[list[tuple[int, float]]]:
    """Unbroken runs of (place, value): a missing month breaks the line."""
    runs: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place, float(value)))
    return [run for run in runs if run]
