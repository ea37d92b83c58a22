"""Colours and the one chart theme of the design, for screens and documents alike. Imports no user interface."""

from __future__ import annotations

from typing import Any

INK, SECONDARY, LINES = "#1B2733", "#5B6B7A", "#DDE3E9"
ACCENT, COMPARISON = "#1F5FA8", "#9DB4CC"
GOOD, BAD, ATTENTION = "#1E7F5C", "#B83A2E", "#B7791F"
SERIES = ("#1F5FA8", "#D98E2B", "#4E9F8A", "#8A6BB1", "#C25B6B", "#7A8794")


def chart_config(font: str) -> dict[str, Any]:
    """The Vega-Lite config of every chart: tokens of the design, no frame, light grid, all text in ``font``."""
    text = {"labelFont": font, "titleFont": font, "labelColor": SECONDARY, "titleColor": SECONDARY}
    axis = {**text, "labelFontSize": 12, "titleFontSize": 12, "gridColor": LINES, "domainColor": LINES}
    return {
        "font": font,
        "background": "#FFFFFF",
        "view": {"stroke": None},
        "axis": {**axis, "tickColor": LINES, "titleFontWeight": "normal"},
        "axisY": {
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "end",
            "titleY": -8,
            "domain": False,
        },
        "legend": {**text, "orient": "top", "title": None},
        "range": {"category": list(SERIES)},
        "title": {"font": font, "anchor": "start", "color": INK},
    }
