"""What stands beside a value and needs more than an SQL aggregate: the date, exact arithmetic, or a model over the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from fundwatch.kpi.value import pace_per_week
from fundwatch.stats.sampling import Stratum, stratified

FEN = Decimal("0.01")
LEVEL = 90  # percent, two-sided


@dataclass(frozen=True)
class Beside:
    """What a built-in extra is made of; ``gathered`` is what its SQL aggregate collected over the list."""

    numerator: Decimal
    denominator: Decimal
    end: dt.date
    gathered: Any


@dataclass(frozen=True)
class BuiltIn:
    """``sql``: an aggregate over the list's columns that collects what ``compute`` needs."""

    compute: Callable[[Beside], Any]
    sql: str | None = None


def sample_interval(strata: Sequence[Mapping[str, Any]] | None) -> tuple[Decimal, Decimal] | None:
    """Two-sided 90 % limits of an extrapolated sum in 元, to the fen; None without an extrapolated stratum.

    A stratum has ``universe``, ``sample`` (documents), ``found`` (元 in the sample) and ``deviation`` (元). Source: RAT-STATS, see
    ``fundwatch.stats.sampling``.
    """
    if not strata:
        return None
    found = stratified(
        [
            Stratum(row["universe"], row["sample"], Fraction(row["found"]) / row["sample"], row["deviation"])
            for row in strata
        ]
    ).interval(LEVEL)
    return (_fen(found.lower), _fen(found.upper)) if found else None


def _limit(side: int) -> Callable[[Beside], Decimal | None]:
    def compute(beside: Beside) -> Decimal | None:
        limits = sample_interval(beside.gathered)
        return limits[side] if limits else None

    return compute


def _fen(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(FEN, ROUND_HALF_UP)


_STRATA = """list(struct_pack(universe := doc_cnt, sample := rchk_cnt, found := vola_amt, deviation := deviation))
    filter (where standing = '放大')"""
BUILT_IN_EXTRAS: dict[str, BuiltIn] = {
    "pace_per_week": BuiltIn(lambda beside: pace_per_week(beside.numerator, beside.denominator, beside.end)),
    "sample_lower90": BuiltIn(_limit(0), _STRATA),
    "sample_upper90": BuiltIn(_limit(1), _STRATA),
}


def extra_sql(text: str) -> str | None:
    """The aggregate behind an extra of a declaration: its own SQL, that of the built-in it names, or None."""
    built_in = BUILT_IN_EXTRAS.get(text)
    return built_in.sql if built_in else text
