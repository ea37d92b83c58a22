"""What counts as a number here: int, float, Decimal or Fraction, finite; None is "no value"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

Number = int | float | Decimal | Fraction


def exact(value: Number) -> Fraction:
    """``value`` without rounding. Raises ValueError for NaN and infinity, TypeError for booleans and text."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        raise TypeError(f"a number is needed, not {value!r}")
    if not math.isfinite(value):
        raise ValueError(f"a finite number is needed, not {value!r}; no value is None")
    return Fraction(value)


def mean(values: Sequence[Fraction]) -> Fraction:
    """Exact arithmetic mean of at least one value."""
    return sum(values, Fraction(0)) / len(values)


def spread(values: Sequence[Fraction]) -> float:
    """Sample standard deviation (n - 1) of at least two values."""
    centre = mean(values)
    return math.sqrt(sum(((value - centre) ** 2 for value in values), Fraction(0)) / (len(values) - 1))
