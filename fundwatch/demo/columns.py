"""Vectorised columns: numbers inside, text only at the door.

Claim tables are dictionaries of equally long NumPy arrays (``Frame``): money in fen (int64), times as
``datetime64[s]``, names as positions in a word list. No value is ``NONE`` in numbers and NaT in times.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Frame = dict[str, np.ndarray]
#: "no value" in an integer array
NONE = np.int64(-(2**62))
DAY = np.timedelta64(86_400, "s")
_STEPS = 4096
_QUANTILES = np.array([NormalDist().inv_cdf((step + 0.5) / _STEPS) for step in range(_STEPS)])


def size(frame: Frame) -> int:
    return len(next(iter(frame.values())))


def pick(frame: Frame, rows: np.ndarray | slice) -> Frame:
    """The rows named by a mask, positions or a slice."""
    return {name: values[rows] for name, values in frame.items()}


def stack(frames: Sequence[Frame]) -> Frame:
    return {name: np.concatenate([frame[name] for frame in frames]) for name in frames[0]}


def spread_normal(rng: np.random.Generator, count: int) -> np.ndarray:
    """Normal deviates spread evenly over the distribution, so that means hold in small samples too."""
    places = (rng.permutation(count) + rng.random(count)) / max(count, 1)
    return _QUANTILES[np.minimum((places * _STEPS).astype(np.int64), _STEPS - 1)]


def spread_choice(rng: np.random.Generator, count: int, weights: np.ndarray) -> np.ndarray:
    """Positions in ``weights`` drawn in proportion, spread evenly (shares hold in small samples too)."""
    places = (rng.permutation(count) + rng.random(count)) / max(count, 1)
    return np.searchsorted(np.cumsum(weights) / np.sum(weights), places, side="right").clip(
        0, len(weights) - 1
    )


def share_of(fen: np.ndarray, ratio: np.ndarray | float) -> np.ndarray:
    """``ratio`` of an amount in fen, rounded to the fen. The ratio is a wish; the result is the money."""
    return np.rint(fen * ratio).astype(np.int64)


def money(fen: np.ndarray) -> pa.Array:
    """Fen as DECIMAL(18,2), exactly: the integers become the decimal's own 128-bit words."""
    return _decimal(fen, 18, 2)


def price(micro: np.ndarray) -> pa.Array:
    """Millionths of a yuan as DECIMAL(18,6)."""
    return _decimal(micro, 18, 6)


def _decimal(units: np.ndarray, precision: int, scale: int) -> pa.Array:
    units = np.ascontiguousarray(units, dtype=np.int64)
    words = np.empty((len(units), 2), dtype=np.int64)
    words[:, 0], words[:, 1] = units, units >> 63
    made = pa.Array.from_buffers(pa.decimal128(precision, scale), len(units), [None, pa.py_buffer(words)])
    return pc.if_else(pa.array(units != NONE), made, None)


def number(values: np.ndarray) -> pa.Array:
    return pa.array(values, mask=values == NONE)


def moment(times: np.ndarray) -> pa.Array:
    return pa.array(times.astype("M8[s]"))


def date(times: np.ndarray) -> pa.Array:
    return pa.array(times.astype("M8[D]"))


def word(words: Sequence[str | None], places: np.ndarray) -> pa.Array:
    """The words at the places; a negative place is no value."""
    return pa.array(words, pa.string()).take(pa.array(places, mask=places < 0))


def label(prefix: str, numbers: np.ndarray, width: int) -> pa.Array:
    """Identifiers ``prefix`` + zero-padded number; NONE is no value."""
    text = pc.utf8_lpad(number(numbers).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), text, "")


def flag(values: np.ndarray) -> pa.Array:
    """1, 0, or no value where negative."""
    return word(["0", "1"], values.astype(np.int64))
