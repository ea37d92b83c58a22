"""The list behind an indicator as an export reads it: piece by piece from the engine, without columns a role does not see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

from fundwatch.access import PERSONAL_COLUMNS
from fundwatch.errors import UserError
from fundwatch.export.files import About
from fundwatch.export.text import Column
from fundwatch.kpi import Kpi, batches, declarations, rows, totals
from fundwatch.screens.fields import Field, header, visible
from fundwatch.screens.kpi_rows import fields_of
from fundwatch.ui import numbers
from fundwatch.workbooks.ask import Ask
from fundwatch.workbooks.make import WHY_MISSING, Carrier
from fundwatch.workbooks.meaning import meaning


@dataclass(frozen=True)
class KpiList:
    """The whole list of one KPI in the period asked, or of one cell of a split (``key``)."""

    ask: Ask
    kpi: Kpi
    key: Mapping[str, str | None] = field(default_factory=dict)

    @cached_property
    def schema(self) -> pa.Schema:
        return self._seen(rows(*self._asked, limit=1)).schema

    @property
    def column_names(self) -> list[str]:
        return self.schema.names

    @cached_property
    def num_rows(self) -> int:
        return totals(*self._asked).row_cnt

    def found(self, text: str, columns: Sequence[str]) -> int:
        """An export is never searched."""
        raise NotImplementedError

    def part(self, text: str, columns: Sequence[str], first: int, count: int) -> pa.Table:
        """``count`` rows from the ``first`` on."""
        return self._seen(rows(*self._asked, limit=count, offset=first))

    def to_batches(self, max_chunksize: int | None = None) -> Iterator[pa.RecordBatch]:
        """All rows in the list's order."""
        for batch in batches(*self._asked):
            yield from self._seen(pa.Table.from_batches([batch])).to_batches(max_chunksize)

    @cached_property
    def fields(self) -> list[Field]:
        """The columns with labels and units."""
        return visible(fields_of(self.kpi, self), self.column_names, self.ask.hidden_columns)

    @property
    def declared(self) -> list[Field]:
        """All columns of the list, also those that a role does not see: what its rows are does not depend on who looks."""
        return fields_of(self.kpi, self)

    @property
    def columns(self) -> list[Column]:
        return [Column(field.name, header(field), field.codes) for field in self.fields]

    @property
    def _asked(self) -> tuple:  # type: ignore[type-arg]
        ask = self.ask
        return (
            ask.warehouse, ask.settings, self.kpi.id, ask.period.start, ask.period.end, dict(self.key), ask.filters.for_kpi,
        )  # fmt: skip

    def _seen(self, table: pa.Table) -> pa.Table:
        return table.drop_columns([n for n in table.column_names if n in self.ask.hidden_columns])


def kpi_list(ask: Ask, kpi: str, key: Mapping[str, str | None], carrier: Carrier) -> KpiList:
    """The list of a KPI. Raises UserError where rows of single persons would leave without a reason."""
    if kpi not in declarations():
        raise UserError(f"没有指标 {kpi}。", exit_code=2)
    found = KpiList(ask, declarations()[kpi], key)
    if is_personal(found.fields) and not carrier.why.strip():
        raise UserError(WHY_MISSING)
    return found


def is_personal(fields: Sequence[Field]) -> bool:
    """Whether these columns show rows at the level of one person or claim."""
    return any(field.name in PERSONAL_COLUMNS for field in fields)


def about(listed: KpiList, carrier: Carrier) -> About:
    """The lines of the sheet 口径 of a list: content, period, filters, definition, version, who, when, why."""
    ask, period = listed.ask, listed.ask.period
    defined = meaning(ask, [listed.kpi.id])
    [row] = defined.rows.to_pylist()
    return [
        ("内容", f"{listed.kpi.label}明细"),
        ("期间", f"{period.words}({numbers.date(period.start)} 至 {numbers.date(period.end)})"),
        ("筛选", ask.filters.words),
        ("行数", f"{listed.num_rows:,}"),
        ("金额单位", "元(见各列标题)"),
        *((field.label, str(row[field.name] or numbers.NONE)) for field in defined.fields),
        ("导出人", carrier.words),
        ("导出时间", f"{carrier.at:%Y-%m-%d %H:%M:%S}"),
        *([("导出理由", carrier.why.strip())] if carrier.why.strip() else []),
    ]
