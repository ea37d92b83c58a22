"""The SELECT of the list behind a number, of a part of it, and of its totals, over the same steps that the number sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fundwatch.kpi.declaration import Kpi
from fundwatch.kpi.select import select
from fundwatch.kpi.writer import list_steps, with_steps

#: names that a text looked for, and the codes whose words hold it, are bound to
SEARCHED, SEARCHED_CODES = "searched_text", "searched_codes_"
Only = Literal["short", "counted"]
#: rows that keep a ratio down, and rows that stand in the numerator
ONLY: dict[Only, str] = {"short": "numerator < denominator", "counted": "numerator <> 0"}


@dataclass(frozen=True)
class Look:
    """Which rows of a list are looked at: those that fall short or are counted, those that hold ``text`` in one of ``columns``."""

    only: Only | None = None
    text: str = ""
    columns: tuple[str, ...] = ()


EVERYTHING = Look()


def list_sql(kpi: Kpi, filters: Sequence[str] = (), look: Look = EVERYTHING, *, limited: bool = False) -> str:
    """The list: the declared columns, then numerator and denominator (NULL for counts and amounts), in a fixed order; with ``limited``
    the rows ``$row_limit`` after ``$row_offset``."""
    denominator = "denominator" if kpi.is_ratio else "null as denominator"
    columns = [*[column.name for column in kpi.columns], "numerator", denominator]
    part = "\nlimit $row_limit offset $row_offset" if limited else ""
    steps = list_steps(kpi, (), filters)
    return with_steps(kpi, steps, select(columns, "listed", [_looked(kpi, look)]) + "\norder by all" + part)


def totals_sql(kpi: Kpi, filters: Sequence[str] = (), look: Look = EVERYTHING) -> str:
    """One row: how many rows ``list_sql`` gives and what they sum to; short_cnt and counted_cnt of them are ``ONLY`` such."""
    columns = [
        "count(*) as row_cnt",
        "sum(numerator) as numerator",
        f"{'sum(denominator)' if kpi.is_ratio else 'null'} as denominator",
        *[f"count(*) filter (where {sql}) as {name}_cnt" for name, sql in ONLY.items()],
    ]
    return with_steps(kpi, list_steps(kpi, (), filters), select(columns, "listed", [_looked(kpi, look)]))


def _looked(kpi: Kpi, look: Look) -> str | None:
    """The condition on listed rows that ``look`` makes; a text is looked for in any case, and among the words of codes."""
    terms = [ONLY[look.only]] if look.only else []
    if look.text.strip():
        held = []
        for column in kpi.columns:
            if column.name in look.columns:
                held.append(f"contains(lower(cast({column.name} as varchar)), lower(${SEARCHED}))")
                held += (
                    [f"list_contains(${SEARCHED_CODES}{column.name}, {column.name})"] if column.codes else []
                )
        terms.append(" or ".join(held) or "1 = 0")
    return " and ".join(f"({term})" for term in terms) or None
