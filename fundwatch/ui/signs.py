"""Small signs for 变化 and 达标把握, drawn as SVG so that they print and need no icon font. A word always stands beside them.

Circles speak of change, squares of the target; the arrow says on which side of the mean the last month lies, the colour what that
means for the KPI. Where a KPI has no direction the sign stays grey-blue.
"""

from __future__ import annotations

from fundwatch.stats.xmr import Assurance, Variation
from fundwatch.ui.charts import ATTENTION, BAD, COMPARISON, GOOD, SECONDARY

UP = '<path d="M7 10.4V4M4.4 6.4 7 3.8l2.6 2.6" {stroke}/>'
DOWN = '<path d="M7 3.6V10M4.4 7.6 7 10.2l2.6-2.6" {stroke}/>'
WAVE = '<path d="M3.4 7.4q1.8-3 3.6-.4t3.6-.4" {stroke}/>'
CHECK = '<path d="M3.8 7.2l2.3 2.4 4.2-4.8" {stroke}/>'
CROSS = '<path d="M4.3 4.3l5.4 5.4M9.7 4.3l-5.4 5.4" {stroke}/>'
STROKE = 'fill="none" stroke="{colour}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"'
CIRCLE = '<circle cx="7" cy="7" r="6.2" fill="{fill}" stroke="{edge}"/>'
SQUARE = '<rect x="0.8" y="0.8" width="12.4" height="12.4" rx="2.4" fill="{fill}" stroke="{edge}"/>'
WHITE = "#FFFFFF"
VARIATION_FILL = {
    Variation.IMPROVEMENT: GOOD, Variation.CONCERN: ATTENTION, Variation.NEUTRAL_HIGH: SECONDARY, Variation.NEUTRAL_LOW: SECONDARY,
}  # fmt: skip
ASSURANCE_LOOK = {Assurance.PASS: (GOOD, CHECK), Assurance.FAIL: (BAD, CROSS)}


def variation_sign(variation: Variation | None, above: bool) -> str:
    """The sign of the last month; empty where nothing is judged. ``above``: the month lies above the mean."""
    if variation is None:
        return ""
    if variation is Variation.COMMON:
        return _svg(CIRCLE, WHITE, COMPARISON, WAVE, SECONDARY)
    fill = VARIATION_FILL[variation]
    return _svg(CIRCLE, fill, fill, UP if above else DOWN, WHITE)


def assurance_sign(assurance: Assurance) -> str:
    """The sign of the target; empty where there is none to meet."""
    if assurance is Assurance.NONE:
        return ""
    if assurance is Assurance.HIT_AND_MISS:
        return _svg(SQUARE, WHITE, COMPARISON, WAVE, SECONDARY)
    fill, glyph = ASSURANCE_LOOK[assurance]
    return _svg(SQUARE, fill, fill, glyph, WHITE)


def _svg(shape: str, fill: str, edge: str, glyph: str, line: str) -> str:
    inside = shape.format(fill=fill, edge=edge) + glyph.format(stroke=STROKE.format(colour=line))
    return f'<svg class="sign" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">{inside}</svg>'
