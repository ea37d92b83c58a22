"""What the two sides of a ratio are: sums of 元, counts, or shares of counts (a visit scaled to a year).

The engine's decimals tell: the lake keeps money to the fen, counts have no places, shares have more than two.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

import pyarrow as pa

from fundwatch.kpi import KpiValue
from fundwatch.screens.fields import Paged
from fundwatch.ui import numbers

Side = Literal["amount", "int", "quantity"]
FEN = 2


def sides_of(numerator: int, denominator: int) -> tuple[Side, Side]:
    """Kinds of both sides from their decimal places; beside money a scaled denominator (a mean month) is money too."""
    first: Side = "int" if numerator == 0 else "amount" if numerator == FEN else "quantity"
    if denominator == 0:
        return first, "int"
    return first, "amount" if first == "amount" or denominator == FEN else "quantity"


def places(value: Decimal | None) -> int:
    """Decimal places of a value as the engine gave it."""
    return 0 if value is None else max(0, -int(value.as_tuple().exponent))


def sides_of_values(values: Iterable[KpiValue]) -> tuple[Side, Side]:
    """Kinds of both sides of a split; an empty cell says nothing, so the value with most places decides."""
    found = list(values)
    return sides_of(
        max((places(number.numerator) for number in found), default=0),
        max((places(number.denominator) for number in found), default=0),
    )


def sides_of_rows(rows: pa.Table | Paged) -> tuple[Side, Side]:
    """Kinds of both sides of a list, from the types of its columns."""
    scales = [getattr(rows.schema.field(name).type, "scale", 0) for name in ("numerator", "denominator")]
    return sides_of(*scales)


def side_words(value: Decimal, kind: Side) -> str:
    """12,345.60 元, 340, or 2,389.31."""
    return (
        f"{numbers.plain(value, 2)} 元"
        if kind == "amount"
        else numbers.plain(value, 2 * (kind == "quantity"))
    )
