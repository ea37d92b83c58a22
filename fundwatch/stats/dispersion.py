"""Overdispersion of a funnel: do institutions differ by more than chance? Source: FunnelPlotR,
R/od_adjustment.R.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

WINSORISE = 0.1  # share pulled in at each end before the dispersion is measured


@dataclass(frozen=True)
class Dispersion:
    """``phi`` above 1: institutions differ by more than chance; ``tau2``: variance between them,
    transformed scale.
    """

    phi: float
    tau2: float


def dispersion(scores: Sequence[float], errors: Sequence[float], winsorise: float = WINSORISE) -> Dispersion:
    """Overdispersion from z-scores and their standard errors; (0, 0) without scores, tau2 0 for a single
    unit.
    """
    count = len(scores)
    if not count:
        return Dispersion(0.0, 0.0)
    low, high = np.quantile(scores, [winsorise, 1 - winsorise])
    phi = float(np.mean(np.clip(scores, low, high) ** 2))
    weights = 1 / np.asarray(errors) ** 2
    if count < 2 or count * phi < count - 1:
        return Dispersion(phi, 0.0)
    between = (count * phi - (count - 1)) / (weights.sum() - (weights**2).sum() / weights.sum())
    return Dispersion(phi, max(0.0, float(between)))
