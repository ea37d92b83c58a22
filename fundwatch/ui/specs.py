"""Specifications of charts, made once for the same view and kept: building and checking one costs more than the numbers in it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import altair as alt

KEPT = 128


def kept(build: Callable[[Any], alt.LayerChart | None], view: Hashable) -> dict[str, Any] | None:
    """The specification of ``build(view)``, for ``st.vega_lite_chart(spec=…)``; None where there is nothing to draw.

    Views are frozen records of everything drawn, so a new version of the data is another view.
    """
    found = _kept(build, view)
    # Streamlit takes the data out of the specification it is given.
    return copy.deepcopy(found)


@lru_cache(maxsize=KEPT)
def _kept(build: Callable[[Any], alt.LayerChart | None], view: Hashable) -> dict[str, Any] | None:
    chart = build(view)
    return None if chart is None else chart.to_dict()
