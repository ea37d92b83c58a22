"""How complete and how old the data are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fundwatch.contracts import contracts
from fundwatch.kpi.value import ratio

#: older data get a band across the screen
OLD_AFTER_DAYS = 7


@dataclass(frozen=True)
class Completeness:
    """Table-months loaded and expected, from each table's first loaded month to the end of the period.

    ``never_loaded`` names dated tables without any row; they are listed apart and not expected.
    Source: precise.md, Output.
    """

    loaded: int
    expected: int
    never_loaded: tuple[str, ...]

    @property
    def percent(self) -> Decimal | None:
        """loaded ÷ expected in %, None when nothing is expected."""
        return ratio(Decimal(self.loaded), Decimal(self.expected), 100)


def completeness(records: Sequence[Mapping[str, object]], end: dt.date) -> Completeness:
    """From rows of ``freshness.sql`` (table_name, first_month, months_loaded) up to the month of ``end``."""
    seen = {str(record["table_name"]) for record in records}
    dated = [contract.table for contract in contracts().values() if contract.dated_by]
    return Completeness(
        loaded=sum(int(str(record["months_loaded"])) for record in records),
        expected=sum(_months(str(record["first_month"]), end) for record in records),
        never_loaded=tuple(table for table in dated if table not in seen),
    )


def _months(first: str, end: dt.date) -> int:
    begin = dt.date.fromisoformat(f"{first}-01")
    return (end.year - begin.year) * 12 + end.month - begin.month + 1


def days_old(data_through: dt.date, today: dt.date) -> int:
    """Whole days between the newest data and today; never below 0."""
    return max(0, (today - data_through).days)
